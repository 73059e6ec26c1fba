//! JSON with the place of every value: a tree of nodes with byte spans.

use super::Span;
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

/// Most values that one text may hold: a tree costs about a hundred bytes a value while it is built.
pub const MAX_VALUES: usize = 4_000_000;

/// One value and where it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the value; of a string with its quotes.
    pub span: Span,
    /// The value.
    pub kind: NodeKind,
}

/// A value.
#[derive(Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written: JSON sets no bound on its size or precision.
    Number(Box<str>),
    /// A string, its escapes decoded.
    String(Box<str>),
    /// The elements in order.
    Array(Vec<Node>),
    /// The members in order; a name that is given twice stands here twice.
    Object(Vec<(Key, Node)>),
}

/// The name of an object's member.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// The name, its escapes decoded.
    pub text: Box<str>,
    /// The bytes of the name with its quotes.
    pub span: Span,
}

/// Why a text is not JSON. The message never quotes the text, which may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonError {
    /// Byte at which the text stops to be JSON.
    pub offset: u32,
    /// What is wrong there, in lower case.
    pub message: &'static str,
}

impl Node {
    /// The decoded text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of `true` and `false`.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A number that is whole and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.kind {
            NodeKind::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The elements of an array; empty for anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The members of an object in order; empty for anything else.
    pub fn members(&self) -> &[(Key, Node)] {
        match &self.kind {
            NodeKind::Object(members) => members,
            _ => &[],
        }
    }

    /// The member of that name; of several the last, which is the one that Go's `encoding/json`, and so Terraform, keeps.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().rev().find(|(key, _)| &*key.text == name).map(|(_, node)| node)
    }

    /// The member at the end of a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind == NodeKind::Null
    }
}

/// Values may be secrets: only the span and the sort are ever formatted.
impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sort = match &self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "bool",
            NodeKind::Number(_) => "number",
            NodeKind::String(_) => "string",
            NodeKind::Array(_) => "array",
            NodeKind::Object(_) => "object",
        };
        write!(f, "{sort}[{}..{}]", self.span.start, self.span.end)
    }
}

impl std::fmt::Debug for NodeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NodeKind(..)")
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "key[{}..{}]", self.span.start, self.span.end)
    }
}

/// Parses one JSON value as RFC 8259 has it: comments, trailing commas and the other extensions are refused. A leading
/// byte order mark is passed over; spans count it.
///
/// # Errors
/// [`JsonError`] when the text is not UTF-8 or not JSON, is nested too deeply (some 250 objects in one another), or
/// holds more than [`MAX_VALUES`] values.
pub fn parse(bytes: &[u8]) -> Result<Node, JsonError> {
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = std::str::from_utf8(&bytes[mark..])
        .map_err(|error| error_at(mark + error.valid_up_to(), "the text is not UTF-8"))?;
    // Every value but the first follows one of these; those inside strings only make the bound stricter.
    let values = 1 + text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if values > MAX_VALUES {
        return Err(error_at(mark, "the text holds too many values"));
    }
    let parsed = parse_to_ast(text, &COLLECT, &STRICT)
        .map_err(|error| error_at(mark + error.range().start, message(error.kind())))?;
    let Some(value) = parsed.value else { return Err(error_at(bytes.len(), "the text holds no value")) };
    Build { text, mark }.node(value)
}

/// Nothing but the values.
const COLLECT: CollectOptions = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };

/// RFC 8259 without extensions.
const STRICT: ParseOptions = ParseOptions {
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

fn error_at(offset: usize, message: &'static str) -> JsonError {
    JsonError { offset: u32::try_from(offset).unwrap_or(u32::MAX), message }
}

/// Our words instead of the parser's, which quote the text here and there.
fn message(kind: &ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::CommentsNotAllowed => "comments are not allowed in JSON",
        ParseErrorKind::TrailingCommasNotAllowed => "a trailing comma is not allowed in JSON",
        ParseErrorKind::ExpectedComma => "a comma is missing",
        ParseErrorKind::ExpectedColonAfterObjectKey => "a colon is missing after a name",
        ParseErrorKind::ExpectedObjectValue => "a value is missing after a name",
        ParseErrorKind::ExpectedStringObjectProperty => "a name must stand in double quotes",
        ParseErrorKind::SingleQuotedStringsNotAllowed => "a string must stand in double quotes",
        ParseErrorKind::MultipleRootJsonValues => "more text follows the value",
        ParseErrorKind::NestingDepthExceeded => "the values are nested too deeply",
        ParseErrorKind::UnterminatedArray => "an array is not closed",
        ParseErrorKind::UnterminatedObject => "an object is not closed",
        ParseErrorKind::UnterminatedCommentBlock => "a comment is not closed",
        ParseErrorKind::String(_) => "a string is not closed or holds an invalid escape",
        ParseErrorKind::ExpectedDigit
        | ParseErrorKind::ExpectedDigitFollowingNegativeSign
        | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral
        | ParseErrorKind::BareDecimalPointNumbersNotAllowed
        | ParseErrorKind::HexadecimalNumbersNotAllowed
        | ParseErrorKind::NonFiniteNumbersNotAllowed
        | ParseErrorKind::UnaryPlusNumbersNotAllowed => "a number is malformed",
        _ => "this is not JSON",
    }
}

/// Turns the parser's tree into ours. The recursion is as deep as the parser's, which bounds it.
struct Build<'a> {
    text: &'a str,
    mark: usize,
}

impl Build<'_> {
    fn span(&self, range: Range) -> Span {
        Span::new(self.mark + range.start, self.mark + range.end)
    }

    fn node(&self, value: Value<'_>) -> Result<Node, JsonError> {
        let range = value.range();
        let kind = match value {
            Value::NullKeyword(_) => NodeKind::Null,
            Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
            Value::NumberLit(literal) => NodeKind::Number(literal.value.into()),
            Value::StringLit(literal) => {
                self.refuse_control_characters(range)?;
                NodeKind::String(literal.value.into())
            }
            Value::Array(array) => {
                NodeKind::Array(array.elements.into_iter().map(|value| self.node(value)).collect::<Result<_, _>>()?)
            }
            Value::Object(object) => {
                let mut members = Vec::with_capacity(object.properties.len());
                for member in object.properties {
                    let key = self.key(member.name)?;
                    members.push((key, self.node(member.value)?));
                }
                NodeKind::Object(members)
            }
        };
        Ok(Node { span: self.span(range), kind })
    }

    fn key(&self, name: ObjectPropName<'_>) -> Result<Key, JsonError> {
        let range = name.range();
        self.refuse_control_characters(range)?;
        Ok(Key { text: name.into_string().into(), span: self.span(range) })
    }

    /// The parser lets raw control characters in strings pass; RFC 8259 and Go do not.
    fn refuse_control_characters(&self, range: Range) -> Result<(), JsonError> {
        let raw = self.text.as_bytes().get(range.start..range.end).unwrap_or(&[]);
        match raw.iter().position(|byte| *byte < b' ') {
            Some(at) => Err(error_at(self.mark + range.start + at, "a control character stands in a string")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &[u8]) -> JsonError {
        match parse(text) {
            Ok(_) => panic!("accepted: {:?}", String::from_utf8_lossy(text)),
            Err(error) => error,
        }
    }

    #[test]
    fn every_value_has_its_bytes() {
        let text = br#" { "a\u0041": [null, true, -1.5e3, "x\ny"] , "b": {} } "#;
        let root = parse(text).unwrap();
        let slice = |span: Span| std::str::from_utf8(&text[span.range()]).unwrap();
        assert_eq!(slice(root.span), r#"{ "a\u0041": [null, true, -1.5e3, "x\ny"] , "b": {} }"#);
        let (key, array) = &root.members()[0];
        assert_eq!((&*key.text, slice(key.span)), ("aA", r#""a\u0041""#));
        let shown: Vec<_> = array.elements().iter().map(|node| slice(node.span)).collect();
        assert_eq!(shown, ["null", "true", "-1.5e3", r#""x\ny""#]);
        assert_eq!(array.elements()[3].as_str(), Some("x\ny"));
        assert_eq!(array.elements()[2].kind, NodeKind::Number("-1.5e3".into()));
        assert!(array.elements()[0].is_null());
    }

    #[test]
    fn a_name_given_twice_is_kept_and_the_last_counts() {
        let root = parse(br#"{"a": 1, "a": 2}"#).unwrap();
        assert_eq!(root.members().len(), 2);
        assert_eq!(root.get("a").and_then(Node::as_u64), Some(2));
        assert_eq!(parse(br#"{"a":{"b":true}}"#).unwrap().at(&["a", "b"]).and_then(Node::as_bool), Some(true));
    }

    #[test]
    fn what_rfc_8259_does_not_know_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "[",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "['a']",
            "[1 2]",
            "[1:2]",
            "{\"a\" 1}",
            "{\"a\":}",
            "// c\n1",
            "/* c */ 1",
            "1 2",
            "01",
            "+1",
            ".5",
            "5.",
            "0x1",
            "NaN",
            "Infinity",
            "-",
            "1e",
            "tru",
            "nulls",
            "\"\\x41\"",
            "\"\\",
            "\"a",
            "\"a\nb\"",
            "{\"a\tb\":1}",
            "[,]",
            "{,}",
            "]",
            "}",
        ] {
            refused(text.as_bytes());
        }
    }

    #[test]
    fn an_error_names_the_byte_and_never_the_text() {
        assert_eq!(refused(b"{\"a\": [1, 2,]}"), error_at(11, "a trailing comma is not allowed in JSON"));
        assert_eq!(refused(b"[\"\xff\"]"), error_at(2, "the text is not UTF-8"));
        assert_eq!(refused(b"\xef\xbb\xbf[\"a\x01\"]").offset, 6);
        let error = refused(br#"{"password": "hunter2\ud800"}"#);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        let node = parse(br#"{"password": "hunter2"}"#).unwrap();
        assert!(!format!("{node:?} {:?} {:?}", node.kind, node.members()).contains("hunter2"));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_counted() {
        let node = parse(b"\xef\xbb\xbf\"a\"").unwrap();
        assert_eq!((node.span, node.as_str()), (Span::new(3, 6), Some("a")));
    }

    #[test]
    fn damaged_texts_are_refused_without_a_panic() {
        let sample = "{\"é\": [\"\\u00e9\\ud83d\\ude00\", -1.5e+3, true, null, {\"b\\n\": \"😀\"}]} ".as_bytes();
        let odd = b"\"\\{}[]:,u/*e-+.0\xc3\xa9\xf0\x00\n'IN";
        for at in 0..sample.len() {
            let _ = parse(&sample[..at]);
            for byte in odd {
                let mut text = sample.to_vec();
                text[at] = *byte;
                let _ = parse(&text);
                text.insert(at, b'\\');
                let _ = parse(&text);
            }
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        // The stack of a worker thread, not the larger one of the main thread.
        let deep = std::thread::Builder::new().stack_size(2 << 20).spawn(|| {
            assert!(parse("[".repeat(1_000_000).as_bytes()).is_err());
            assert!(parse("{\"a\":".repeat(1_000_000).as_bytes()).is_err());
            assert!(parse(format!("{}1{}", "[".repeat(400), "]".repeat(400)).as_bytes()).is_ok());
            assert!(parse(format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200)).as_bytes()).is_ok());
        });
        assert!(deep.unwrap().join().is_ok());
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert_eq!(refused(many.as_bytes()).message, "the text holds too many values");
    }
}
