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

/// Where the lines of a text start. Lines end at `\n`; a `\r` before it belongs to the line.
///
/// It holds some bytes for each block of the text and none for each line, so that it stays small beside a text of any
/// size; what it says is counted within a block. All of its functions are given the text that it was made of.
#[derive(Debug)]
pub struct LineIndex {
    /// Of each block of [`STRIDE`] bytes: how many lines end before it. One more for the end of the text.
    before: Vec<u32>,
    /// In lines that fill whole blocks, about every [`STRIDE`] bytes: an offset between two characters, and how many
    /// characters of its line stand before it. Without these a column would cost the line, and a file in one line
    /// with many findings the square of it.
    marks: Vec<(u32, u32)>,
}

/// Bytes of a block, and between two marks.
const STRIDE: usize = 1024;

impl LineIndex {
    /// Counts the lines of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        let mut before = Vec::with_capacity(bytes.len() / STRIDE + 2);
        let mut ended = 0;
        before.push(ended);
        for block in bytes.chunks(STRIDE) {
            ended += offset(newlines(block).count());
            before.push(ended);
        }
        let mut index = Self { before, marks: Vec::new() };
        index.mark(bytes);
        index
    }

    /// Marks all lines that fill a block.
    fn mark(&mut self, bytes: &[u8]) {
        let mut block = 0;
        while block + 1 < self.before.len() {
            let line = self.before[block];
            if self.before[block + 1] > line {
                block += 1;
                continue;
            }
            let range = self.start_of(bytes, line)..self.start_of(bytes, line + 1);
            block = (range.end - 1) / STRIDE + 1;
            mark(bytes, range, &mut self.marks);
        }
    }

    /// Number of lines; an empty text has one.
    pub fn count(&self) -> u32 {
        self.before.last().map_or(1, |ended| ended + 1)
    }

    /// Line (from 1) that holds the byte at `offset`.
    pub fn line_of(&self, bytes: &[u8], offset: u32) -> u32 {
        let at = (offset as usize).min(bytes.len());
        let block = at / STRIDE;
        let within = newlines(&bytes[block * STRIDE..at]).count();
        self.before.get(block).map_or(self.count(), |before| before + self::offset(within) + 1)
    }

    /// Byte range of a line (from 1) of `bytes`, without its line ending. Empty beyond the last line.
    pub fn line_range(&self, bytes: &[u8], line: u32) -> std::ops::Range<usize> {
        let start = self.start_of(bytes, line.saturating_sub(1));
        let mut end = self.start_of(bytes, line);
        for ending in [b'\n', b'\r'] {
            if end > start && bytes[end - 1] == ending {
                end -= 1;
            }
        }
        start..end
    }

    /// Where the line begins before which so many lines end; the end of the text where there are not as many.
    fn start_of(&self, bytes: &[u8], ended: u32) -> usize {
        let Some(block) = self.before.partition_point(|before| *before < ended).checked_sub(1) else { return 0 };
        let from = (block * STRIDE).min(bytes.len());
        let nth = (ended - self.before[block] - 1) as usize;
        newlines(&bytes[from..]).nth(nth).map_or(bytes.len(), |at| from + at + 1)
    }

    /// Line and column of a byte offset of `bytes`.
    pub fn position(&self, bytes: &[u8], offset: u32) -> Position {
        let offset = offset.min(self::offset(bytes.len()));
        let line = self.line_of(bytes, offset);
        let start = self::offset(self.start_of(bytes, line - 1));
        let nearest = self.marks.partition_point(|(at, _)| *at <= offset).checked_sub(1).map(|index| self.marks[index]);
        let (from, before) = nearest.filter(|(at, _)| *at >= start).unwrap_or((start, 0));
        let column = before as usize + count_chars(&bytes[from as usize..offset as usize]);
        Position { line, column: self::offset(column + 1) }
    }
}

/// A text is never longer than offsets can say.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn newlines(bytes: &[u8]) -> memchr::Memchr<'_> {
    memchr::memchr_iter(b'\n', bytes)
}

/// Marks a long line.
fn mark(bytes: &[u8], line: std::ops::Range<usize>, marks: &mut Vec<(u32, u32)>) {
    let (mut at, mut chars) = (line.start, 0);
    while line.end - at > STRIDE {
        let next = boundary(bytes, at + STRIDE);
        chars += count_chars(&bytes[at..next]);
        marks.push((offset(next), offset(chars)));
        at = next;
    }
}

/// The first offset from `at` on that is not within a character: a character goes on for three bytes at most.
fn boundary(bytes: &[u8], at: usize) -> usize {
    let goes_on = |at: &usize| bytes.get(*at).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
    (at..at + 3).find(|at| !goes_on(at)).unwrap_or(at + 3).min(bytes.len())
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
            let line = index.line_of(&text, offset as u32);
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
    fn lines_are_where_their_ends_stand() {
        let mut text = Vec::new();
        for length in [0, 1, 4094, 4095, 4096, 4097, 3, 9000, 0, 0, 8191, 20000, 7] {
            text.extend(std::iter::repeat_n(b'x', length));
            text.extend(if length % 2 == 0 { &b"\r\n"[..] } else { b"\n" });
        }
        for text in [&text[..], &text[..text.len() - 1], b"", b"\n", b"\r", &[b'\n'; 3000], &[b'y'; 8192]] {
            let index = LineIndex::new(text);
            let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
            assert_eq!(index.count() as usize, lines.len());
            let mut start = 0;
            for (number, line) in (1..).zip(&lines) {
                let end = start + line.len() - usize::from(line.ends_with(b"\r"));
                assert_eq!(index.line_range(text, number), start..end, "line {number}");
                assert_eq!(index.line_of(text, start as u32), number);
                assert_eq!(index.line_of(text, (start + line.len()) as u32), number);
                start += line.len() + 1;
            }
            let beyond = lines.len() as u32 + 1;
            assert_eq!(index.line_range(text, beyond), text.len()..text.len());
            assert_eq!(index.line_of(text, u32::MAX), index.count());
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_one_column() {
        let text = b"\xff\xfex";
        assert_eq!(LineIndex::new(text).position(text, 2).column, 3);
    }
}
