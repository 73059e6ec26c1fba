//! One value: the short forms at once, all others through hcl-edit.

use super::ast::{Expr, ExprKind, Step, Traversal};
use super::convert::{Converter, TooDeep};
use super::lexer::{Fault, Lexed, continues_identifier, identifier_end};
use super::problem::Problem;
use crate::text::Span;
use compact_str::CompactString;
use std::ops::Range;

/// Values over this many bytes are not parsed: the largest real file has 157 KB.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Objects with more lines and commas than this are not parsed: hcl-edit compares each key with all before it.
const MAX_OBJECT: u32 = 5_000;
/// How much of that work one file may cause, as the sum of the squares of the objects' sizes.
const MAX_OBJECT_COST: u64 = 50_000_000;
/// How many equal keys of one value are told apart, and how many bytes may be parsed anew for that.
const MAX_RENAMED: usize = 64;
const MAX_REPARSED: usize = 4 * 1024 * 1024;
/// How many problems are noted in one file.
const MAX_PROBLEMS: usize = 200;
/// What hcl-edit says of an equal key.
const EQUAL_KEY: &str = "unique object key";

/// Parses the values of one file.
pub(super) struct Values<'a> {
    /// The file.
    pub source: &'a [u8],
    /// Its normalised copy.
    pub copy: &'a str,
    /// What objects have cost so far.
    pub object_cost: u64,
}

impl Values<'_> {
    /// The expression in `range`; unparsed with a problem if there is none to be had.
    pub(super) fn parse(&mut self, range: Range<usize>, lexed: &Lexed, problems: &mut Vec<Problem>) -> Expr {
        let span = Span::new(range.start, range.end);
        let result = match lexed.fault {
            Some(Fault::OpenString) => Err(Problem::attribute(span, "a string is not closed on its line")),
            // The scanner has noted it already.
            Some(Fault::Unbalanced) => return Expr { kind: ExprKind::Unparsed, span },
            None => match short_form(&self.source[range.clone()], range.start) {
                Some(expr) => return expr,
                None => self.long_form(range, lexed),
            },
        };
        result.unwrap_or_else(|problem| {
            if problems.len() < MAX_PROBLEMS {
                problems.push(problem);
            }
            Expr { kind: ExprKind::Unparsed, span }
        })
    }

    fn long_form(&mut self, range: Range<usize>, lexed: &Lexed) -> Result<Expr, Problem> {
        let span = Span::new(range.start, range.end);
        if range.is_empty() {
            return Err(Problem::attribute(span, "a value is expected here"));
        }
        self.object_cost = self.object_cost.saturating_add(lexed.object_cost);
        if is_too_large(range.len(), lexed) || self.object_cost > MAX_OBJECT_COST {
            return Err(Problem::attribute(span, "the value is too large to be parsed"));
        }
        let converter = Converter::value(self.source, range.start);
        parse_copy(self.copy.get(range).unwrap_or_default(), &converter)
    }
}

/// Whether a value is beyond what hcl-edit takes in reasonable time.
pub(super) fn is_too_large(length: usize, lexed: &Lexed) -> bool {
    length > MAX_BYTES || lexed.largest_object > MAX_OBJECT || lexed.object_cost > MAX_OBJECT_COST
}

/// Parses a normalised copy with hcl-edit and converts the result.
pub(super) fn parse_copy(copy: &str, converter: &Converter<'_>) -> Result<Expr, Problem> {
    let mut renamed: Option<String> = None;
    let mut reparsed = 0;
    for attempt in 0..=MAX_RENAMED {
        let text = renamed.as_deref().unwrap_or(copy);
        let error = match hcl_edit::parser::parse_expr(text) {
            Ok(expression) => {
                return converter.root(&expression).map_err(|TooDeep| {
                    Problem::attribute(converter.span(0..copy.len()), "the expression is nested too deeply")
                });
            }
            Err(error) => error,
        };
        let offset = error.location().offset();
        reparsed += copy.len();
        if error.message().contains(EQUAL_KEY)
            && reparsed <= MAX_REPARSED
            && let Some(next) = rename_key(text, offset, attempt)
        {
            renamed = Some(next);
            continue;
        }
        let message = format!("the expression cannot be parsed: {}", error.message());
        return Err(Problem::attribute(converter.span(offset..offset), message));
    }
    Err(Problem::attribute(converter.span(0..copy.len()), "too many object keys are equal"))
}

/// Makes the object key at `offset` another one of the same length: Terraform takes equal keys, the last counts. Names
/// are read from the original text, so that only the parser sees the change.
fn rename_key(text: &str, offset: usize, attempt: usize) -> Option<String> {
    const LETTERS: &[u8] = b"ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkjihgfedcba_";
    let bytes = text.as_bytes();
    let key = offset + bytes.get(offset..)?.iter().position(|byte| continues_identifier(*byte))?;
    let mut out = bytes.to_vec();
    let mut number = attempt;
    for byte in out[key..].iter_mut().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').take(4) {
        *byte = LETTERS[number % LETTERS.len()];
        number /= LETTERS.len();
    }
    String::from_utf8(out).ok().filter(|out| out != text)
}

/// Plain strings, whole numbers, keywords and references: most values there are.
fn short_form(value: &[u8], start: usize) -> Option<Expr> {
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
