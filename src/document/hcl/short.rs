//! The short forms of values, read at once: most values there are. All others are for hcl-edit, and whatever is read
//! here comes out as it would through hcl-edit.

use super::ast::{Call, Expr, ExprKind, Part, Step, Traversal};
use super::lexer::identifier_end;
use crate::text::Span;
use compact_str::CompactString;
use std::ops::Range;

/// Brackets in brackets beyond this are hcl-edit's.
const MAX_DEPTH: usize = 32;

/// Plain strings, whole numbers, keywords and references.
pub(super) fn scalar(value: &[u8], start: usize) -> Option<Expr> {
    let span = Span::new(start, start + value.len());
    let kind = match value {
        [b'"', inner @ .., b'"'] if !inner.iter().any(|byte| matches!(byte, b'"' | b'\\' | b'$' | b'%')) => {
            ExprKind::String(std::str::from_utf8(inner).ok()?.into())
        }
        [b'0'..=b'9', ..] if value.iter().all(u8::is_ascii_digit) => {
            ExprKind::Number(CompactString::from_utf8(value).ok()?)
        }
        [first, ..] if first.is_ascii_alphabetic() || *first == b'_' => return reference(value, start),
        _ => return None,
    };
    Some(Expr { kind, span })
}

/// `a.b.c`, and the keywords.
fn reference(value: &[u8], start: usize) -> Option<Expr> {
    if !value.is_ascii() {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    let root_end = identifier_end(value, 0);
    let span = Span::new(start, start + root_end);
    let mut expr = match &text[..root_end] {
        keyword @ ("true" | "false" | "null") => {
            let kind = if keyword == "null" { ExprKind::Null } else { ExprKind::Bool(keyword == "true") };
            return (root_end == value.len()).then_some(Expr { kind, span });
        }
        root => Expr { kind: ExprKind::Variable(root.into()), span },
    };
    let mut at = root_end;
    while at < value.len() {
        let end = identifier_end(value, at + 1);
        let starts_name = value.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        if value[at] != b'.' || !starts_name || at > 1024 {
            return None;
        }
        let step = Step::Attribute(text[at + 1..end].into());
        expr = Expr {
            kind: ExprKind::Traversal(Box::new(Traversal { source: expr, step })),
            span: Span::new(start, start + end),
        };
        at = end;
    }
    Some(expr)
}

/// Lists, objects, calls and strings with references in them, as long as all that they hold is short, too.
pub(super) fn nested(source: &[u8], copy: &str, range: Range<usize>) -> Option<Expr> {
    let copy = copy.as_bytes().get(..range.end)?;
    let mut reader = Reader { source, copy, at: range.start };
    let expr = reader.value(0)?;
    (reader.at == range.end).then_some(expr)
}

/// Reads the normalised copy of a value, in which the items of objects are separated by commas alone.
struct Reader<'a> {
    source: &'a [u8],
    /// Up to the value's end.
    copy: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Expr> {
        let start = self.at;
        let kind = match *self.copy.get(start)? {
            _ if depth > MAX_DEPTH => return None,
            b'"' => self.quoted()?,
            b'[' => ExprKind::Tuple(self.items(b']', depth)?),
            b'{' => self.object(depth)?,
            _ => {
                let word = self.word();
                match self.copy.get(word.end) {
                    Some(b'(') => self.call(word, depth)?,
                    _ => return self.scalar(word),
                }
            }
        };
        Some(Expr { kind, span: Span::new(start, self.at) })
    }

    /// What an identifier, a reference or a number may be written with, from here on.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let is_in = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        self.at += self.copy[start..].iter().take_while(|byte| is_in(byte)).count();
        start..self.at
    }

    fn scalar(&self, word: Range<usize>) -> Option<Expr> {
        let text = &self.source[word.clone()];
        // Not a name where a value may stand.
        if text == b"for" { None } else { scalar(text, word.start) }
    }

    fn call(&mut self, name: Range<usize>, depth: usize) -> Option<ExprKind> {
        let ExprKind::Variable(name) = self.scalar(name)?.kind else { return None };
        Some(ExprKind::Call(Box::new(Call { name, arguments: self.items(b')', depth)?, expand: false })))
    }

    /// Goes over blanks; what comes then.
    fn next(&mut self) -> Option<u8> {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += self.copy.get(self.at..)?.iter().take_while(blank).count();
        self.copy.get(self.at).copied()
    }

    /// Goes over a comma, or stays before the bracket that closes.
    fn separator(&mut self, close: u8) -> Option<()> {
        match self.next()? {
            b',' => self.at += 1,
            byte if byte == close => {}
            _ => return None,
        }
        Some(())
    }

    /// Values with commas between them, in brackets.
    fn items(&mut self, close: u8, depth: usize) -> Option<Box<[Expr]>> {
        self.at += 1;
        let mut items = Vec::new();
        while self.next()? != close {
            items.push(self.value(depth + 1)?);
            self.separator(close)?;
        }
        self.at += 1;
        Some(items.into())
    }

    fn object(&mut self, depth: usize) -> Option<ExprKind> {
        self.at += 1;
        let mut items = Vec::new();
        while self.next()? != b'}' {
            let key = self.key()?;
            if !matches!(self.next()?, b'=' | b':') {
                return None;
            }
            self.at += 1;
            self.next()?;
            items.push((key, self.value(depth + 1)?));
            self.separator(b'}')?;
        }
        self.at += 1;
        Some(ExprKind::Object(items.into()))
    }

    /// A bare word, keyword or not, or a string.
    fn key(&mut self) -> Option<Expr> {
        let start = self.at;
        let kind = match *self.copy.get(start)? {
            b'"' => self.quoted()?,
            first if first.is_ascii_alphabetic() || first == b'_' => {
                let word = self.word();
                let name = std::str::from_utf8(&self.source[word]).ok()?;
                if name == "for" || name.contains('.') {
                    return None;
                }
                ExprKind::Variable(name.into())
            }
            _ => return None,
        };
        Some(Expr { kind, span: Span::new(start, self.at) })
    }

    /// A string, with references in it or none; no escapes and no directives.
    fn quoted(&mut self) -> Option<ExprKind> {
        // A heredoc is a string in the copy.
        if self.source[self.at] != b'"' {
            return None;
        }
        self.at += 1;
        let mut parts = Vec::new();
        loop {
            let literal = self.at..self.at + memchr::memchr3(b'"', b'$', b'\\', &self.copy[self.at..])?;
            let text = std::str::from_utf8(&self.source[literal.clone()]).ok()?;
            if text.contains('%') {
                return None;
            }
            self.at = literal.end + 1;
            let ends = self.copy[literal.end] == b'"';
            if ends && parts.is_empty() {
                return Some(ExprKind::String(text.into()));
            }
            if !text.is_empty() {
                parts.push(Part::Literal(text.into(), Span::new(literal.start, literal.end)));
            }
            if ends {
                return Some(ExprKind::Template(parts.into()));
            }
            parts.push(Part::Interpolation(self.interpolation()?));
        }
    }

    /// `{reference}`, behind a `$`.
    fn interpolation(&mut self) -> Option<Expr> {
        if self.copy.get(self.at) != Some(&b'{') {
            return None;
        }
        self.at += 1;
        let word = self.word();
        if self.copy.get(self.at) != Some(&b'}') {
            return None;
        }
        self.at += 1;
        self.scalar(word)
    }
}

#[cfg(test)]
mod tests {
    use super::super::convert::Converter;
    use super::super::expression::parse_copy;
    use super::super::lexer::{Entry, lex};
    use super::*;

    /// What is made of `text`; hcl-edit must make the same of it.
    fn read(text: &str) -> Option<Expr> {
        let mut copy = text.as_bytes().to_vec();
        let lexed = lex(text.as_bytes(), &mut copy, 0, Entry::Value);
        if lexed.fault.is_some() {
            return None;
        }
        let copy = String::from_utf8(copy).unwrap();
        let short = nested(text.as_bytes(), &copy, 0..lexed.end)?;
        let parsed = parse_copy(&copy[..lexed.end], &Converter::value(text.as_bytes(), 0));
        assert_eq!(format!("{:?}", Ok::<_, ()>(&short)), format!("{parsed:?}"), "{text}");
        Some(short)
    }

    #[test]
    fn what_is_short() {
        let texts = [
            "[]",
            "[ 1, \"a\" ,var.b,\n # why\n true, ]",
            "{}",
            "{ a = 1, \"b c\" : null }",
            "{\r\n  a = 1 # one\r\n\r\n  b-c = [x.y] /* two */\r\n}",
            "{ a = 1, a = 2\n \"${var.k}-x\" = local.v }",
            "{ null = 1, true = 2 }",
            "\"${var.a}\"",
            "\"a ${var.b} ü ${c}\"",
            "jsonencode({\n a = [{ b = \"c\" }]\n})",
            "merge(var.a, { b = f() },)",
        ];
        for text in texts {
            assert!(read(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_left_to_hcl_edit() {
        let texts = [
            "[for a in b : a]",
            "{ for a, b in c : a => b }",
            "[a + b]",
            "[a[0], b.*.c, d.0]",
            "{ (a) = 1 }",
            "{ a.b = 1 }",
            "{ a = 1 b = 2 }",
            "{ a == 1 }",
            "{ a\n = 1 }",
            "f(a...)",
            "a::f(b)",
            "a.f(b)",
            "[<<E\nx\nE\n]",
            "\"\\n\"",
            "\"$${a}\"",
            "\"${ a }\"",
            "\"${a ? b : c}\"",
            "\"%{ if a }b%{ endif }\"",
            "\"100%\"",
            "[1.5, -1]",
            "[ü]",
        ];
        for text in texts {
            assert!(read(text).is_none(), "{text}");
        }
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&deep(MAX_DEPTH)).is_some() && read(&deep(MAX_DEPTH + 2)).is_none());
    }

    /// Any tokens in any order: most of it is nonsense, which hcl-edit refuses and so must be left to it.
    #[test]
    fn what_is_read_is_read_alike() {
        let tokens = [
            "[",
            "]",
            "{",
            "}",
            "(",
            ")",
            ",",
            ",",
            "=",
            "=",
            ":",
            "\n",
            " ",
            "a",
            "b.c",
            "d-e",
            "f(",
            "1",
            "2",
            "null",
            "for",
            "\"x\"",
            "\"y z\"",
            "\"${a.b}-c\"",
            "\"${a}${b}\"",
            "\"\\t\"",
            "\"$\"",
            "\"${\"q\"}\"",
            "# c\n",
            "/* c */",
            ".",
            "-",
            "...",
            "<<E\nx\nE\n",
            "ü",
            "{a=",
            "[b,",
            "},",
            "],",
            "{\n",
            "\n}",
        ];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |end: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % end as u64).unwrap()
        };
        let mut taken = 0;
        for _ in 0..100_000 {
            let length = 1 + below(9);
            let text: String = (0..length).map(|_| tokens[below(tokens.len())]).collect();
            taken += usize::from(read(&text).is_some());
        }
        assert!(taken > 1_000, "{taken} were read");
    }
}
