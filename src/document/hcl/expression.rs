//! One value: the short forms at once, all others through hcl-edit.

use super::ast::{Expr, ExprKind};
use super::convert::{Converter, TooDeep};
use super::lexer::{Fault, Lexed, continues_identifier};
use super::problem::Problem;
use super::short;
use crate::text::Span;
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
const TOO_MANY_EQUAL: &str = "too many object keys are equal";

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
            None => match short::scalar(&self.source[range.clone()], range.start) {
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
        let copy = self.copy.get(range.clone()).unwrap_or_default();
        let converter = Converter::value(self.source, range.start);
        let Some(expr) = short::nested(self.source, self.copy, range) else { return parse_copy(copy, &converter) };
        debug_assert!(is_same(&expr, parse_copy(copy, &converter)), "hcl-edit makes something else of it");
        Ok(expr)
    }
}

/// Whether hcl-edit makes the same of a value, unless it gives up on equal keys.
fn is_same(short: &Expr, parsed: Result<Expr, Problem>) -> bool {
    match parsed {
        Ok(expr) => format!("{expr:?}") == format!("{short:?}"),
        Err(problem) => problem.message == TOO_MANY_EQUAL || problem.message.contains(EQUAL_KEY),
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
    Err(Problem::attribute(converter.span(0..copy.len()), TOO_MANY_EQUAL))
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
