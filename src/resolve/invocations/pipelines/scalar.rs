//! A YAML scalar as a script whose bytes keep their places in the file.

use crate::resolve::invocations::script::{Script, Segment};
use crate::text::Source;
use crate::text::yaml::{Node, NodeKind};

/// The text of a scalar. Every piece that stands in the file byte for byte keeps its place, through indentation,
/// folding and escapes; where that cannot be told, all of the scalar is the place.
pub(in crate::resolve::invocations) fn script<'a>(source: &'a Source, node: &'a Node) -> Option<Script<'a>> {
    let NodeKind::Scalar { text, .. } = &node.kind else { return None };
    let text = text.as_bytes();
    let raw = source.slice(node.span);
    let start = node.span.start as usize;
    if raw == text {
        return Some(Script::verbatim(text, start));
    }
    let segments = match raw.first() {
        Some(quote @ (b'"' | b'\'')) if raw.len() >= 2 => {
            let inner = &raw[1..raw.len() - 1];
            if inner == text {
                return Some(Script::verbatim(text, start + 1));
            }
            quoted(text, inner, *quote, start + 1)
        }
        Some(b'|' | b'>') => {
            let body = memchr::memchr(b'\n', raw).map_or(raw.len(), |newline| newline + 1);
            lines(text, &raw[body..], start + body)
        }
        _ => lines(text, raw, start),
    };
    Some(Script::mapped(text, segments.unwrap_or_default(), node.span))
}

/// Lines of a block or plain scalar: each one's content stands in the text, after blanks that indentation and folding
/// have changed.
fn lines(text: &[u8], raw: &[u8], start: usize) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let (mut at, mut offset) = (0, 0);
    for line in raw.split(|byte| *byte == b'\n') {
        let content = line.trim_ascii();
        if !content.is_empty() {
            at += text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if at == text.len() {
                break;
            }
            if !text[at..].starts_with(content) {
                return None;
            }
            let indent = line.len() - line.trim_ascii_start().len();
            segments.push(Segment { at, source: start + offset + indent, len: content.len() });
            at += content.len();
        }
        offset += line.len() + 1;
    }
    text[at..].trim_ascii().is_empty().then_some(segments)
}

/// A quoted scalar with escapes, on one line.
fn quoted(text: &[u8], raw: &[u8], quote: u8, start: usize) -> Option<Vec<Segment>> {
    let mut segments: Vec<Segment> = Vec::new();
    let (mut at, mut offset) = (0, 0);
    while offset < raw.len() {
        let rest = &raw[offset..];
        let skip = usize::from(rest[0] == if quote == b'"' { b'\\' } else { quote });
        let byte = match (quote, rest.get(1)) {
            _ if skip == 0 => rest[0],
            (b'\'', Some(b'\'')) => b'\'',
            (b'"', Some(b'n')) => b'\n',
            (b'"', Some(b't')) => b'\t',
            (b'"', Some(escaped @ (b'"' | b'\\' | b'/' | b' '))) => *escaped,
            _ => return None,
        };
        if text.get(at) != Some(&byte) {
            return None;
        }
        match segments.last_mut() {
            Some(last) if skip == 0 && last.source + last.len == start + offset => last.len += 1,
            _ => segments.push(Segment { at, source: start + offset + skip, len: 1 }),
        }
        at += 1;
        offset += 1 + skip;
    }
    (at == text.len()).then_some(segments)
}

#[cfg(test)]
mod tests {
    use crate::text::{RepoPath, Source, yaml};

    #[test]
    fn words_keep_their_places() {
        for text in [
            "run: terraform init KEY",
            "run: \"terraform init KEY\"",
            "run: \"terraform \\\"init\\\" KEY\"",
            "run: 'terraform ''init'' KEY'",
            "run: |\n  terraform init \\\n    KEY\n  next",
            "run: |-\r\n    terraform\r\n    KEY\r\n",
            "run: >-\n  terraform init\n  KEY\n\n  next",
            "run: terraform\n  init KEY",
            "é: é\nrun: |\n  é KEY",
        ] {
            let source = Source::new(RepoPath::new("x.yml"), text.as_bytes());
            let document = yaml::parse(source.bytes()).unwrap().remove(0);
            let script = super::script(&source, document.get("run").unwrap()).unwrap();
            let at = memchr::memmem::find(&script.bytes, b"KEY").unwrap();
            let (span, exact) = script.span(at..at + 3);
            assert!(exact && source.text(span) == Some("KEY"), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_placed_is_placed_roughly() {
        let text = "run: \"a\\x41 KEY\"";
        let source = Source::new(RepoPath::new("x.yml"), text.as_bytes());
        let document = yaml::parse(source.bytes()).unwrap().remove(0);
        let script = super::script(&source, document.get("run").unwrap()).unwrap();
        assert_eq!(script.span(0..1), (document.get("run").unwrap().span, false));
    }
}
