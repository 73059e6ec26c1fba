//! Byte offsets to lines and columns: the one function that does it.

/// A place for people: line and column both start at 1, the column counts characters (Unicode scalar values; a byte
/// that is not UTF-8 counts as one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The offsets at which the lines of a text start. Lines end at `\n`; a `\r` before it belongs to the line.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// In lines longer than [`STRIDE`], about every so many bytes: an offset between two characters, and how many
    /// characters of its line stand before it. Without these a column would cost the line, and a file in one line
    /// with many findings the square of it.
    marks: Vec<(u32, u32)>,
}

/// Bytes between two marks.
const STRIDE: usize = 4096;

impl LineIndex {
    /// Reads the line starts of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
        let mut marks = Vec::new();
        for (line, start) in starts.iter().enumerate() {
            let end = starts.get(line + 1).map_or(bytes.len(), |next| *next as usize);
            if end - *start as usize > STRIDE {
                mark(bytes, *start as usize..end, &mut marks);
            }
        }
        Self { starts, marks }
    }

    /// Number of lines; an empty text has one.
    pub fn count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// Line (from 1) that holds the byte at `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// Byte range of a line (from 1) of `bytes`, without its line ending. Empty beyond the last line.
    pub fn line_range(&self, bytes: &[u8], line: u32) -> std::ops::Range<usize> {
        let index = (line as usize).saturating_sub(1);
        let Some(start) = self.starts.get(index).map(|s| *s as usize) else { return bytes.len()..bytes.len() };
        let mut end = self.starts.get(index + 1).map_or(bytes.len(), |next| *next as usize - 1);
        if end > start && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        start..end
    }

    /// Line and column of a byte offset of `bytes`.
    pub fn position(&self, bytes: &[u8], offset: u32) -> Position {
        let offset = offset.min(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        let line = self.line_of(offset);
        let start = self.starts[line as usize - 1];
        let nearest = self.marks.partition_point(|(at, _)| *at <= offset).checked_sub(1).map(|index| self.marks[index]);
        let (from, before) = nearest.filter(|(at, _)| *at >= start).unwrap_or((start, 0));
        let column = before as usize + count_chars(&bytes[from as usize..offset as usize]);
        Position { line, column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }
}

/// Marks a long line.
fn mark(bytes: &[u8], line: std::ops::Range<usize>, marks: &mut Vec<(u32, u32)>) {
    let (mut at, mut chars, mut next) = (line.start, 0, line.start + STRIDE);
    let mut step = |length: usize, count: usize| {
        at += length;
        chars += count;
        if at >= next {
            marks.push((u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(chars).unwrap_or(u32::MAX)));
            next = at + STRIDE;
        }
    };
    for chunk in bytes[line].utf8_chunks() {
        chunk.valid().chars().for_each(|c| step(c.len_utf8(), 1));
        step(chunk.invalid().len(), chunk.invalid().len());
    }
}

fn count_chars(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let text = "a = \"é\"\r\nb\n".as_bytes();
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 7), Position { line: 1, column: 7 });
        assert_eq!(index.position(text, 10), Position { line: 2, column: 1 });
        assert_eq!(index.line_range(text, 1), 0..8);
        assert_eq!(index.position(text, 999), Position { line: 3, column: 1 });
    }

    #[test]
    fn columns_of_long_lines_are_counted_alike() {
        let mut text = b"short \xc3\xa9\n".to_vec();
        for piece in [&b"abc"[..], "é漢".as_bytes(), b"\xff\xe6\xbc", "𝔘".as_bytes()] {
            text.extend(piece.repeat(3000));
        }
        text.extend(b"\nend");
        let index = LineIndex::new(&text);
        for offset in (0..text.len()).step_by(997) {
            let line = index.line_of(offset as u32);
            let start = index.line_range(&text, line).start;
            let column = count_chars(&text[start..offset]) as u32 + 1;
            assert_eq!(index.position(&text, offset as u32), Position { line, column });
        }
    }

    #[test]
    fn many_columns_of_one_long_line_cost_little() {
        let text = "é".repeat(4_000_000).into_bytes();
        let index = LineIndex::new(&text);
        for nth in 0..20_000_u32 {
            assert_eq!(index.position(&text, nth * 400).column, nth * 200 + 1);
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_one_column() {
        let text = b"\xff\xfex";
        assert_eq!(LineIndex::new(text).position(text, 2).column, 3);
    }
}
