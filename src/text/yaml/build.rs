//! Events to nodes, within the limits.

use super::{MAX_COPIED_BYTES, MAX_DEPTH, MAX_NODES, Node, NodeKind, YamlError};
use crate::text::Span;
use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use std::collections::HashMap;

/// The documents of a YAML text; none for an empty one.
///
/// # Errors
/// [`YamlError`] if it is not UTF-8, not YAML, or beyond [`MAX_DEPTH`], [`MAX_NODES`] or [`MAX_COPIED_BYTES`].
pub fn parse(bytes: &[u8]) -> Result<Vec<Node>, YamlError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| YamlError::new(bytes, error.valid_up_to(), "the text is not UTF-8"))?;
    let mut builder = Builder { text, ..Builder::default() };
    let offset = |marker: &Marker| marker.byte_offset().unwrap_or(text.len());
    // The parser has no recursion, and ends by itself at 255 open brackets, before it hands out an event of them.
    for event in Parser::new_from_str(text) {
        // Its messages are fixed texts; they quote nothing of the file but a bracket or a reserved character.
        let (event, span) = event.map_err(|error| YamlError::new(bytes, offset(error.marker()), error.info()))?;
        let span = Span::new(offset(&span.start), offset(&span.end));
        builder.event(event, span).map_err(|refusal| YamlError::new(bytes, span.start as usize, refusal.message()))?;
    }
    Ok(builder.documents)
}

/// The first byte from `at` on that is neither white space nor a comment's; at most `end`.
fn skip_blank(text: &str, mut at: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    while at < end {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => at = memchr::memchr(b'\n', &bytes[at..end]).map_or(end, |newline| at + newline),
            // A byte order mark.
            0xef if bytes[at..end].starts_with("\u{feff}".as_bytes()) => at += 3,
            _ => break,
        }
    }
    at
}

/// Why a well-formed text is refused.
#[derive(Clone, Copy)]
enum Refusal {
    Depth,
    Nodes,
    Copied,
    Circular,
}

impl Refusal {
    fn message(self) -> &'static str {
        match self {
            Refusal::Depth => "nested more than 128 levels deep",
            Refusal::Nodes => "more than 1000000 values",
            Refusal::Copied => "aliases copy more than 16 MiB of text",
            Refusal::Circular => "an alias stands for something that holds the alias itself",
        }
    }
}

/// A collection that is still open.
struct Open {
    start: u32,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>, Option<Node>),
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    copied: usize,
}

/// What a copied node weighs.
struct Weight {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let start = if anchor > 0 || tag.is_some() {
                    self.content(span, matches!(style, ScalarStyle::Literal | ScalarStyle::Folded))
                } else {
                    span.start as usize
                };
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| keeps_meaning(&tag));
                let kind = NodeKind::Scalar { text: text.into(), plain };
                let node = Node { span: Span::new(start, self.trim(start, span, style)), kind };
                self.count(1)?;
                self.anchor(anchor, &node)?;
                self.close(node);
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).ok_or(Refusal::Circular)?.clone();
                let weight = weigh(&node);
                self.charge(&weight)?;
                self.close(node);
            }
            Event::SequenceStart(_, anchor, _) => self.start(span, anchor, OpenKind::Sequence(Vec::new()))?,
            Event::MappingStart(_, anchor, _) => self.start(span, anchor, OpenKind::Mapping(Vec::new(), None))?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            Event::DocumentStart(..) => self.anchors.clear(),
            // What else there is stands for nothing in the text, or is off by default.
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize) -> Result<(), Refusal> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES { Err(Refusal::Nodes) } else { Ok(()) }
    }

    fn charge(&mut self, weight: &Weight) -> Result<(), Refusal> {
        self.count(weight.nodes)?;
        self.copied += weight.bytes;
        if self.copied > MAX_COPIED_BYTES {
            return Err(Refusal::Copied);
        }
        if self.open.len() + weight.depth > MAX_DEPTH { Err(Refusal::Depth) } else { Ok(()) }
    }

    fn start(&mut self, span: Span, anchor: usize, kind: OpenKind) -> Result<(), Refusal> {
        self.count(1)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(Refusal::Depth);
        }
        let start = Span::at(self.content(span, false)).start;
        self.open.push(Open { start, anchor, kind });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Refusal> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let flow = matches!(self.text.as_bytes().get(open.start as usize), Some(b'[' | b'{'));
        let (kind, last) = match open.kind {
            OpenKind::Sequence(items) => {
                let last = items.last().map(|item| item.span);
                (NodeKind::Sequence(items), last)
            }
            OpenKind::Mapping(entries, _) => {
                let last = entries.last().map(|(key, value)| key.span.join(value.span));
                (NodeKind::Mapping(entries), last)
            }
        };
        // A block collection's end is told where the next thing begins: the last thing in it says better. (One that
        // an alias put there stands elsewhere, perhaps before it.)
        let end = match last {
            _ if flow && !span.is_empty() => span.start + 1,
            Some(last) if open.start <= last.start => last.end,
            _ => span.start,
        };
        let node = Node { span: Span { start: open.start, end: end.max(open.start) }, kind };
        self.anchor(open.anchor, &node)?;
        self.close(node);
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, node: &Node) -> Result<(), Refusal> {
        if anchor > 0 {
            // The kept copy counts as well: nested anchors keep what they hold once for every level.
            let weight = weigh(node);
            self.charge(&weight)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    fn close(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.documents.push(node),
            Some(OpenKind::Sequence(items)) => items.push(node),
            Some(OpenKind::Mapping(entries, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
        }
    }

    /// Where the node itself starts: behind its anchor and tag, and behind the `|` or `>` line of a block scalar, as
    /// the parser has it for one without anchor and tag.
    fn content(&self, span: Span, block: bool) -> usize {
        let bytes = self.text.as_bytes();
        let end = span.end as usize;
        let mut at = span.start as usize;
        while at < end && matches!(bytes[at], b'&' | b'!') {
            let verbatim = bytes[at..end].starts_with(b"!<");
            let ends = |byte: &u8| match byte {
                b' ' | b'\t' | b'\r' | b'\n' => true,
                b',' | b'[' | b']' | b'{' | b'}' => !verbatim,
                _ => false,
            };
            at += bytes[at..end].iter().position(ends).unwrap_or(end - at);
            at = skip_blank(self.text, at, end);
        }
        if block {
            at = memchr::memchr(b'\n', &bytes[at..end]).map_or(end, |newline| at + newline);
            at += bytes[at..end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        }
        at
    }

    /// Where a scalar that starts at `start` ends: the parser counts blanks, line breaks and comments behind some.
    fn trim(&self, start: usize, span: Span, style: ScalarStyle) -> usize {
        let text = self.text.get(start..span.end as usize).unwrap_or_default();
        let length = match style {
            ScalarStyle::SingleQuoted => closing_single(text),
            ScalarStyle::DoubleQuoted => closing_double(text),
            _ => text.trim_end_matches([' ', '\t', '\r', '\n']).len(),
        };
        start + length
    }
}

/// Length of a single-quoted scalar that `text` starts with: two quotes in it stand for one.
fn closing_single(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\'', rest)) {
        at += found + 1;
        match bytes.get(at) {
            Some(b'\'') => at += 1,
            _ => return at,
        }
    }
    text.len()
}

/// Length of a double-quoted scalar that `text` starts with.
fn closing_double(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        match bytes[at - 1] {
            b'"' => return at,
            _ => at += 1,
        }
    }
    text.len()
}

/// Whether a tag leaves it to the text what a scalar means.
fn keeps_meaning(tag: &Tag) -> bool {
    matches!(tag.core_suffix(), Some("null" | "bool" | "int" | "float"))
}

fn weigh(node: &Node) -> Weight {
    let mut weight = Weight { nodes: 1, bytes: 0, depth: 0 };
    let mut add = |child: &Node| {
        let inner = weigh(child);
        weight.nodes += inner.nodes;
        weight.bytes += inner.bytes;
        weight.depth = weight.depth.max(inner.depth);
    };
    match &node.kind {
        NodeKind::Scalar { text, .. } => weight.bytes = text.len(),
        NodeKind::Sequence(items) => {
            items.iter().for_each(&mut add);
            weight.depth += 1;
        }
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                add(key);
                add(value);
            }
            weight.depth += 1;
        }
    }
    weight
}
