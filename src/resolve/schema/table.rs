//! Tables that are text: one line an entry, sorted by its key, found by halving and never parsed as a whole.

/// A table: lines of a key and what is known of it. Lines that begin with `#` stand first and say what it is.
#[derive(Clone, Copy)]
pub(super) struct Table {
    text: &'static str,
    separator: u8,
}

impl Table {
    /// A table whose lines separate the key from the rest by `separator`.
    pub(super) const fn new(text: &'static str, separator: u8) -> Self {
        Self { text, separator }
    }

    /// What stands behind a key; None where the table does not have it.
    pub(super) fn find(self, key: &str) -> Option<&'static str> {
        if key.starts_with('#') {
            return None;
        }
        let bytes = self.text.as_bytes();
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            // The line that holds the middle; it lies within `low..high`, as these are starts of lines.
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', &bytes[low..middle]).map_or(low, |at| low + at + 1);
            let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
            let line = &bytes[start..end];
            let key_end = memchr::memchr(self.separator, line).unwrap_or(line.len());
            match line[..key_end].cmp(key.as_bytes()) {
                std::cmp::Ordering::Equal => return Some(self.text[start + key_end..end].trim_start()),
                std::cmp::Ordering::Less => low = (end + 1).min(high),
                std::cmp::Ordering::Greater => high = start,
            }
        }
        None
    }

    /// Its entries: key and rest.
    #[cfg(test)]
    pub(super) fn entries(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let separator = char::from(self.separator);
        let lines = self.text.lines().filter(|line| !line.starts_with('#'));
        lines.map(move |line| line.split_once(separator).unwrap_or((line, "")))
    }
}
