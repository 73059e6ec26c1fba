//! The JSON syntax: the same tree from JSON, with the block types that Terraform gives each place.
//!
//! <https://developer.hashicorp.com/terraform/language/syntax/json>, and
//! <https://github.com/hashicorp/hcl/blob/main/json/structure.go>.

mod schema;
#[cfg(test)]
mod tests;
mod value;

use super::ast::{Attribute, Block, Body, Label};
use super::native::Parsed;
use super::problem::Problem;
use super::scan::valid_copy;
use crate::text::Span;
use compact_str::CompactString;
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use schema::{Schema, Text};
use value::Reader;

/// What a JSON file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFlavour {
    /// Configuration: `*.tf.json`, `*.tofu.json`. Known block types become blocks, strings are templates where
    /// Terraform takes them for such, and references where it takes them for those (`depends_on`, `provider`).
    Configuration,
    /// Plain values: `*.tfvars.json`, backend configuration. Each key of the top level is an attribute; strings are
    /// literal.
    Values,
}

/// How deep blocks may nest; what is deeper stays an attribute.
const MAX_BLOCK_DEPTH: usize = 64;
/// How many problems are noted in one file.
const MAX_PROBLEMS: usize = 200;

/// Parses a file in the JSON syntax. It never fails; a file that is not JSON is empty, with a problem. Comments,
/// trailing commas and their like, which Terraform refuses, are a problem and taken nonetheless.
pub fn parse_json(bytes: &[u8], flavour: JsonFlavour) -> Parsed {
    let mut copy = valid_copy(bytes);
    if copy.starts_with(b"\xef\xbb\xbf") {
        copy[..3].fill(b' ');
    }
    // The copy is UTF-8 by construction.
    let text = String::from_utf8(copy).unwrap_or_default();
    let mut problems = Vec::new();
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let result = parse_to_ast(&text, &CollectOptions::default(), &strict).or_else(|error| {
        problems.push(refusal(&error));
        parse_to_ast(&text, &CollectOptions::default(), &ParseOptions::default())
    });
    let schema = match flavour {
        JsonFlavour::Configuration => &schema::ROOT,
        JsonFlavour::Values => &schema::VALUES,
    };
    let mut builder = Builder { reader: Reader { text: &text }, problems };
    let body = match result {
        Ok(result) => builder.root(result.value.as_ref(), schema),
        Err(_) => Body::default(),
    };
    Parsed { body, problems: builder.problems }
}

fn refusal(error: &ParseError) -> Problem {
    let message = error.kind().to_string();
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    let message: String = first.into_iter().chain(letters).collect();
    Problem::file(span(error.range()), &format!("the file is not plain JSON: {message}"))
}

fn span(range: jsonc_parser::common::Range) -> Span {
    Span::new(range.start, range.end)
}

struct Builder<'a> {
    reader: Reader<'a>,
    problems: Vec<Problem>,
}

/// A key as Terraform reads it.
struct Key<'a> {
    text: &'a str,
    span: Span,
}

impl<'a> Key<'a> {
    fn of(property: &'a ObjectProp<'_>) -> Self {
        Self { text: property.name.as_str(), span: span(property.name.range()) }
    }

    fn label(&self) -> Label {
        Label { text: self.text.into(), span: self.span }
    }
}

impl Builder<'_> {
    fn problem(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn root(&mut self, value: Option<&Value<'_>>, schema: &Schema) -> Body {
        match value {
            Some(value @ (Value::Object(_) | Value::Array(_))) => self.body(value, schema, 0),
            other => {
                let place = other.map_or(Span::at(0), |value| span(value.range()));
                self.problem(Problem::file(place, "an object is expected here"));
                Body::default()
            }
        }
    }

    fn body(&mut self, value: &Value<'_>, schema: &Schema, depth: usize) -> Body {
        let mut body = Body::default();
        for property in properties(value) {
            let key = Key::of(property);
            // A comment, by Terraform's convention.
            if key.text == "//" {
                continue;
            }
            match schema.block(key.text) {
                Some((labels, inner)) if depth < MAX_BLOCK_DEPTH && holds_blocks(&property.value) => {
                    let kind = CompactString::from(key.text);
                    let header = Header { kind: &kind, span: key.span, labels: Vec::new() };
                    self.blocks(&header, labels, &property.value, inner, depth, &mut body.blocks);
                }
                Some(_) if matches!(property.value, Value::NullKeyword(_)) => {}
                known => {
                    if known.is_some() {
                        let message = "a block of this type must be an object or an array of objects";
                        self.problem(Problem::attribute(span(property.value.range()), message));
                    }
                    body.attributes.push(self.attribute(&key, property, schema.reading(key.text)));
                }
            }
        }
        body.attributes.shrink_to_fit();
        body.blocks.shrink_to_fit();
        body
    }

    fn attribute(&mut self, key: &Key<'_>, property: &ObjectProp<'_>, text: Text) -> Attribute {
        let value = self.reader.value(&property.value, text, 0, &mut |problem| {
            if self.problems.len() < MAX_PROBLEMS {
                self.problems.push(problem);
            }
        });
        let span = key.span.join(value.span);
        Attribute { name: key.text.into(), name_span: key.span, value, span }
    }

    /// The blocks of one type: `missing` more levels of keys are labels.
    fn blocks(
        &mut self,
        header: &Header<'_>,
        missing: usize,
        value: &Value<'_>,
        schema: &Schema,
        depth: usize,
        out: &mut Vec<Block>,
    ) {
        if missing > 0 {
            for property in properties(value) {
                let key = Key::of(property);
                if holds_blocks(&property.value) {
                    let mut labels = header.labels.clone();
                    labels.push(key.label());
                    let header = Header { kind: header.kind, span: key.span, labels };
                    self.blocks(&header, missing - 1, &property.value, schema, depth, out);
                } else if key.text != "//" && !matches!(property.value, Value::NullKeyword(_)) {
                    self.problem(Problem::file(span(property.value.range()), "an object is expected here"));
                }
            }
            return;
        }
        let bodies = match value {
            Value::Array(array) => &array.elements[..],
            single => std::slice::from_ref(single),
        };
        for value in bodies.iter().filter(|value| matches!(value, Value::Object(_))) {
            let place = span(value.range());
            out.push(Block {
                kind: header.kind.clone(),
                labels: header.labels.clone(),
                body: self.body(value, schema, depth + 1),
                header: header.span,
                span: header.span.join(place),
                inner: Span::at(place.start as usize + 1),
            });
        }
    }
}

/// The part of a block before its body. In JSON the type may stand far from the last label: it is that label's key
/// which points at one block.
struct Header<'a> {
    kind: &'a CompactString,
    span: Span,
    labels: Vec<Label>,
}

fn holds_blocks(value: &Value<'_>) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(array) => {
            array.elements.iter().all(|element| matches!(element, Value::Object(_) | Value::NullKeyword(_)))
        }
        _ => false,
    }
}

/// The properties of an object, or of all objects of an array.
fn properties<'a, 'b>(value: &'a Value<'b>) -> impl Iterator<Item = &'a ObjectProp<'b>> {
    let values = match value {
        Value::Array(array) => &array.elements[..],
        single => std::slice::from_ref(single),
    };
    values.iter().filter_map(Value::as_object).flat_map(|object| &object.properties)
}
