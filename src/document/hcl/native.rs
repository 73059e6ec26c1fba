//! The native syntax: files, and expressions and templates on their own.

use super::ast::{Attribute, Block, Body, Expr, ExprKind, Label, Part};
use super::convert::{Converter, Place};
use super::expression::{Values, is_too_large, parse_copy};
use super::lexer::{self, Entry};
use super::literal::{self, Style};
use super::problem::Problem;
use super::scan::{self, Event, Scan};
use crate::text::Span;
use compact_str::CompactString;
use std::ops::Range;

/// A parsed file.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What it holds; of a broken file, all that could be made out.
    pub body: Body,
    /// What could not be parsed.
    pub problems: Vec<Problem>,
}

/// Parses a file in the native syntax. It never fails: what cannot be read becomes
/// [`Unparsed`](ExprKind::Unparsed) with a problem beside it. The work is bounded and linear in the file's length; the
/// stack must hold 8 MB in debug builds.
pub fn parse(bytes: &[u8]) -> Parsed {
    let Scan { events, labels, mut problems, copy } = scan::scan(bytes);
    // The copy is UTF-8 by construction; were it not, the values would be unparsed.
    let copy = String::from_utf8(copy).unwrap_or_default();
    let mut values = Values { source: bytes, copy: &copy, object_cost: 0 };
    let mut stack: Vec<Block> = Vec::new();
    let mut root = Body::default();
    for event in events {
        match event {
            Event::Attribute { name, value, lexed } => {
                let value = values.parse(value, &lexed, &mut problems);
                let name_span = Span::new(name.start, name.end);
                let span = name_span.join(value.span);
                let name = word(bytes, name);
                let attribute = Attribute { name, name_span, value, span };
                stack.last_mut().map_or(&mut root, |block| &mut block.body).attributes.push(attribute);
            }
            Event::Open { kind, labels: range, brace } => {
                let labels: Vec<Label> = labels[range].iter().map(|label| self::label(bytes, label)).collect();
                let start = Span::new(kind.start, kind.end);
                let header = labels.last().map_or(start, |last| start.join(last.span));
                let inner = Span::at(brace + 1);
                let kind = word(bytes, kind);
                stack.push(Block { kind, labels, body: Body::default(), header, span: start, inner });
            }
            Event::Close(at) => {
                let Some(mut block) = stack.pop() else { continue };
                block.inner = block.inner.join(Span::at(at));
                block.span = block.span.join(Span::new(at, (at + 1).min(bytes.len())));
                shrink(&mut block.body);
                stack.last_mut().map_or(&mut root, |parent| &mut parent.body).blocks.push(block);
            }
        }
    }
    shrink(&mut root);
    problems.sort_by_key(|problem| problem.span);
    Parsed { body: root, problems }
}

fn shrink(body: &mut Body) {
    body.attributes.shrink_to_fit();
    body.blocks.shrink_to_fit();
}

/// The text of a name or label, without quotes.
fn word(bytes: &[u8], range: Range<usize>) -> CompactString {
    match &bytes[range] {
        [b'"', inner @ ..] => {
            let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
            literal::unescape(inner, Style::Quoted).into()
        }
        bare => literal::word(bare),
    }
}

fn label(bytes: &[u8], range: &Range<usize>) -> Label {
    Label { text: word(bytes, range.clone()), span: Span::new(range.start, range.end) }
}

/// Parses an expression on its own, as Terraform does with the values of `-var` arguments; spans are those of `text`.
/// Line breaks mean nothing in it.
///
/// # Errors
/// The [`Problem`] for which it is no expression.
pub fn parse_expression(text: &str) -> Result<Expr, Problem> {
    expression(text, Place::Shifted(0))
}

/// Parses an expression; `place` says where its text stands.
pub(super) fn expression(text: &str, place: Place) -> Result<Expr, Problem> {
    let converter = Converter::bracketed(text.as_bytes(), place);
    let whole = converter.span(1..text.len() + 1);
    let mut copy = format!("({text}\n)").into_bytes();
    let lexed = lexer::lex(text.as_bytes(), &mut copy[1..=text.len()], 0, Entry::Enclosed);
    if lexed.fault.is_some() || lexed.next < text.len() {
        return Err(Problem::attribute(whole, "a bracket, template or string is not closed, or was not opened"));
    }
    if is_too_large(text.len(), &lexed) {
        return Err(Problem::attribute(whole, "the expression is too large to be parsed"));
    }
    let copy = utf8(copy, whole)?;
    let parsed = parse_copy(&copy, &converter)?;
    match parsed.kind {
        ExprKind::Parenthesis(inner) => Ok(*inner),
        _ => Err(Problem::attribute(whole, "more than one expression")),
    }
}

/// Parses a template on its own, as `templatefile` does; spans are those of `text`.
///
/// # Errors
/// The [`Problem`] for which it is no template.
pub fn parse_template(text: &str) -> Result<Box<[Part]>, Problem> {
    let parsed = template(text, Place::Shifted(0))?;
    Ok(match parsed.kind {
        ExprKind::Template(parts) => parts,
        ExprKind::String(literal) => Box::new([Part::Literal(literal, parsed.span)]),
        _ => Box::default(),
    })
}

/// Parses a template; `place` says where its text stands.
pub(super) fn template(text: &str, place: Place) -> Result<Expr, Problem> {
    let converter = Converter::template(text.as_bytes(), place);
    let whole = converter.span(1..text.len() + 1);
    let mut copy = format!("\"{text}\"").into_bytes();
    let lexed = lexer::lex(text.as_bytes(), &mut copy[1..=text.len()], 0, Entry::Template);
    if lexed.fault.is_some() || lexed.next < text.len() {
        return Err(Problem::attribute(whole, "an interpolation or directive is not closed"));
    }
    if is_too_large(text.len(), &lexed) {
        return Err(Problem::attribute(whole, "the template is too large to be parsed"));
    }
    let copy = utf8(copy, whole)?;
    parse_copy(&copy, &converter)
}

fn utf8(copy: Vec<u8>, whole: Span) -> Result<String, Problem> {
    String::from_utf8(copy).map_err(|_| Problem::attribute(whole, "the text is not UTF-8"))
}
