//! Literal text of strings and templates: escapes, strip markers, and the indentation of `<<-` heredocs.
//!
//! As in <https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser.go> (`ParseStringLiteralToken`) and
//! <https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go>.

use compact_str::CompactString;
use std::ops::Range;

/// How literal text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Between quotes, with backslash escapes.
    Quoted,
    /// In a heredoc or a template file: only `$${` and `%%{` are escapes, and each line is a token of its own.
    Bare {
        /// Whether it is a `<<-` heredoc.
        dedent: bool,
    },
}

/// A token of a template.
pub(super) enum Token {
    /// Literal text, and the bytes it comes from.
    Literal(String, Range<usize>),
    /// `${...}` or `%{...}`, and whether its ends have a strip marker.
    Sequence { strips_before: bool, strips_after: bool },
}

impl Token {
    /// The text, if it is literal.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Token::Literal(text, _) => Some(text),
            Token::Sequence { .. } => None,
        }
    }
}

/// The literal tokens that `range` of `source` holds.
pub(super) fn tokens(source: &[u8], range: Range<usize>, style: Style, out: &mut Vec<Token>) {
    let mut start = range.start;
    while start < range.end {
        let end = match style {
            Style::Quoted => range.end,
            Style::Bare { .. } => {
                memchr::memchr(b'\n', &source[start..range.end]).map_or(range.end, |found| start + found + 1)
            }
        };
        out.push(Token::Literal(unescape(&source[start..end], style), start..end));
        start = end;
    }
}

/// Applies strip markers and indentation. A marker takes the blanks of one neighbouring token only: in a heredoc, those
/// of one line.
pub(super) fn lay_out(tokens: &mut [Token], style: Style) {
    for index in 0..tokens.len() {
        let Token::Sequence { strips_before, strips_after } = tokens[index] else { continue };
        if strips_before
            && let Some(Token::Literal(text, _)) = index.checked_sub(1).and_then(|before| tokens.get_mut(before))
        {
            text.truncate(text.trim_end().len());
        }
        if strips_after && let Some(Token::Literal(text, _)) = tokens.get_mut(index + 1) {
            text.drain(..text.len() - text.trim_start().len());
        }
    }
    if style == (Style::Bare { dedent: true }) {
        dedent(tokens);
    }
}

/// Removes the indentation that all lines share. A line that starts with a sequence has none; blank lines neither count
/// nor change.
fn dedent(tokens: &mut [Token]) {
    let mut shared = usize::MAX;
    let mut line_starts = Vec::new();
    let mut starts_line = true;
    for (index, token) in tokens.iter().enumerate() {
        let Token::Literal(text, _) = token else {
            if starts_line {
                shared = 0;
            }
            starts_line = false;
            continue;
        };
        if starts_line {
            let trimmed = text.trim_start();
            if !trimmed.is_empty() || !text.ends_with('\n') {
                shared = shared.min(text[..text.len() - trimmed.len()].chars().count());
                line_starts.push(index);
            }
        }
        starts_line = text.ends_with('\n');
    }
    for index in line_starts {
        if let Token::Literal(text, _) = &mut tokens[index] {
            let cut = text.char_indices().nth(shared).map_or(text.len(), |(at, _)| at);
            text.drain(..cut);
        }
    }
}

/// The text that a literal stands for. An escape that Terraform does not know stays as it is written; bytes that are
/// not UTF-8 become U+FFFD.
pub(super) fn unescape(raw: &[u8], style: Style) -> String {
    let raw = String::from_utf8_lossy(raw);
    let mut out = String::with_capacity(raw.len());
    let mut rest = &*raw;
    while let Some(at) = rest.find(['\\', '$', '%']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (text, length) = escape(rest, style).unwrap_or((char::from(rest.as_bytes()[0]), 1));
        out.push(text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The character that an escape at the start of `rest` stands for, and how many bytes of it are used up.
fn escape(rest: &str, style: Style) -> Option<(char, usize)> {
    match rest.as_bytes() {
        // The brace is ordinary text then.
        [b'$', b'$', b'{', ..] => Some(('$', 2)),
        [b'%', b'%', b'{', ..] => Some(('%', 2)),
        [b'\\', letter, ..] if style == Style::Quoted => match letter {
            b'n' => Some(('\n', 2)),
            b'r' => Some(('\r', 2)),
            b't' => Some(('\t', 2)),
            b'"' => Some(('"', 2)),
            b'\\' => Some(('\\', 2)),
            b'u' => code_point(rest, 4),
            b'U' => code_point(rest, 8),
            _ => None,
        },
        _ => None,
    }
}

fn code_point(rest: &str, digits: usize) -> Option<(char, usize)> {
    let hex = rest.get(2..2 + digits)?;
    if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let code = u32::from_str_radix(hex, 16).ok()?;
    Some((char::from_u32(code)?, 2 + digits))
}

/// A name or number as it is written; bytes that are not UTF-8 become U+FFFD.
pub(super) fn word(raw: &[u8]) -> CompactString {
    std::str::from_utf8(raw).map_or_else(|_| CompactString::from_utf8_lossy(raw), CompactString::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(unescape(br#"a\n\t\"\\\u00e9\U0001F600"#, Style::Quoted), "a\n\t\"\\\u{e9}\u{1F600}");
        assert_eq!(unescape(b"$${x} %%{y} $ % $$", Style::Quoted), "${x} %{y} $ % $$");
        assert_eq!(unescape(b"$$${x}", Style::Quoted), "$${x}");
        assert_eq!(unescape(br"\n \d", Style::Bare { dedent: false }), r"\n \d");
        assert_eq!(unescape(br"\d \u12 \ud800", Style::Quoted), r"\d \u12 \ud800");
    }
}
