//! YAML with positions: what the policy, workflows and pipelines are read by.
//!
//! Built on the events of [granit-parser](https://docs.rs/granit-parser), a YAML 1.2 parser that takes what
//! the parsers of GitHub and others take beyond the letter (a closing bracket at the start of its line). Words mean what the
//! [core schema](https://yaml.org/spec/1.2.2/#103-core-schema) says: `off`, `no` and `on` are strings, not booleans.

mod build;

pub use build::parse;

use super::{LineIndex, Position, Span};

/// Nesting deeper than this is refused.
pub const MAX_DEPTH: usize = 128;
/// More nodes than this, aliases expanded, are refused.
pub const MAX_NODES: usize = 1_000_000;
/// More bytes of text than this, copied by aliases, are refused.
pub const MAX_COPIED_BYTES: usize = 16 << 20;

/// A value and where it stands. What an alias stands for is a copy of the anchor's node, with the anchor's spans: the
/// bytes to look at, and to change, are there.
#[derive(Clone)]
pub struct Node {
    /// Its bytes: of a quoted scalar with its quotes, of a block scalar from the first line's text to the last
    /// line's; without anchor and tag.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of node.
#[derive(Clone)]
pub enum NodeKind {
    /// A scalar.
    Scalar {
        /// Its text, escapes and folding resolved.
        text: Box<str>,
        /// Whether it is written without quotes, block indicator or tag, so that it may mean other than a string.
        plain: bool,
    },
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, in the order it is written; a broken file may hold a key twice.
    Mapping(Vec<(Node, Node)>),
}

/// Why a text is no YAML. Holds nothing of the text: that may be secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {}, column {}", position.line, position.column)]
pub struct YamlError {
    /// The byte at which reading ended.
    pub offset: u32,
    /// Line and column of that byte.
    pub position: Position,
    /// What is wrong.
    pub message: String,
}

impl YamlError {
    fn new(bytes: &[u8], offset: usize, message: impl Into<String>) -> Self {
        let offset = Span::at(offset.min(bytes.len())).start;
        Self { offset, position: LineIndex::new(bytes).position(bytes, offset), message: message.into() }
    }
}

impl Node {
    /// The text of any scalar, whatever it may mean: `true` gives "true". None for null and for collections.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar that is a string by the core schema: not null, a boolean or a number.
    pub fn as_string(&self) -> Option<&str> {
        let NodeKind::Scalar { text, plain } = &self.kind else { return None };
        let other = *plain && (is_null(text) || self.as_bool().is_some() || is_number(text));
        (!other).then_some(text)
    }

    /// A boolean of the core schema.
    pub fn as_bool(&self) -> Option<bool> {
        match self.plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// An integer of the core schema: decimal, `0o17`, `0x1f`; none if it takes more than 64 bits.
    pub fn as_int(&self) -> Option<i64> {
        let text = self.plain()?;
        if let Some(digits) = text.strip_prefix("0o") {
            return unsigned(digits, 8);
        }
        if let Some(digits) = text.strip_prefix("0x") {
            return unsigned(digits, 16);
        }
        text.parse().ok()
    }

    /// A floating point number of the core schema, integers too.
    pub fn as_float(&self) -> Option<f64> {
        let text = self.plain()?;
        match text.trim_start_matches(['-', '+']) {
            ".inf" | ".Inf" | ".INF" => Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
            _ if matches!(text, ".nan" | ".NaN" | ".NAN") => Some(f64::NAN),
            _ if is_number(text) => self.as_int().map_or_else(|| text.parse().ok(), |whole| Some(whole as f64)),
            _ => None,
        }
    }

    /// Whether it is null by the core schema: `null`, `~`, or nothing at all.
    pub fn is_null(&self) -> bool {
        self.plain().is_some_and(is_null)
    }

    /// The items, if it is a sequence.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is a mapping.
    pub fn as_mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a mapping's key; the last one, if the key is there twice. Does not look into merge keys.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key and value of a mapping's key, as [`Node::get`].
    pub fn entry(&self, key: &str) -> Option<(&Node, &Node)> {
        let entries = self.as_mapping()?;
        entries.iter().rev().find(|(name, _)| name.as_str() == Some(key)).map(|(name, value)| (name, value))
    }

    /// The entries of a mapping with its [merge keys](https://yaml.org/type/merge.html) `<<` resolved: the mapping's
    /// own keys stay in order, merged ones follow, the first of equal keys counts. Empty for anything else.
    pub fn merged(&self) -> Vec<(&Node, &Node)> {
        let mut out = Vec::new();
        let mut seen = std::collections::HashSet::new();
        self.merge_into(&mut out, &mut seen);
        out
    }

    fn merge_into<'a>(&'a self, out: &mut Vec<(&'a Node, &'a Node)>, seen: &mut std::collections::HashSet<&'a str>) {
        let entries = self.as_mapping().unwrap_or_default();
        let is_merge = |key: &Node| key.plain() == Some("<<");
        for (key, value) in entries.iter().filter(|(key, _)| !is_merge(key)) {
            if key.as_str().is_none_or(|name| seen.insert(name)) {
                out.push((key, value));
            }
        }
        for (_, value) in entries.iter().filter(|(key, _)| is_merge(key)) {
            match &value.kind {
                NodeKind::Sequence(items) => items.iter().for_each(|item| item.merge_into(out, seen)),
                _ => value.merge_into(out, seen),
            }
        }
    }

    fn plain(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, plain: true } => Some(text),
            _ => None,
        }
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn unsigned(digits: &str, radix: u32) -> Option<i64> {
    digits.chars().all(|digit| digit.is_digit(radix)).then(|| i64::from_str_radix(digits, radix).ok()).flatten()
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, `0o…`, `0x…`, infinity, not a number.
fn is_number(text: &str) -> bool {
    let all = |text: &str, radix| !text.is_empty() && text.chars().all(|digit| digit.is_digit(radix));
    if text.strip_prefix("0o").is_some_and(|rest| all(rest, 8))
        || text.strip_prefix("0x").is_some_and(|rest| all(rest, 16))
        || matches!(text, ".nan" | ".NaN" | ".NAN")
    {
        return true;
    }
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(body, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = body.split_once(['e', 'E']).map_or((body, None), |(m, e)| (m, Some(e)));
    let exponent_fits = exponent.is_none_or(|exponent| all(exponent.strip_prefix(['-', '+']).unwrap_or(exponent), 10));
    let mantissa_fits = match mantissa.split_once('.') {
        None => all(mantissa, 10),
        Some(("", fraction)) => all(fraction, 10),
        Some((whole, fraction)) => all(whole, 10) && (fraction.is_empty() || all(fraction, 10)),
    };
    exponent_fits && mantissa_fits
}

/// Scalars may be secrets: only kind, size and place are formatted.
impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            NodeKind::Scalar { .. } => f.write_str("scalar")?,
            NodeKind::Sequence(items) => write!(f, "sequence({})", items.len())?,
            NodeKind::Mapping(entries) => write!(f, "mapping({})", entries.len())?,
        }
        write!(f, "[{}..{}]", self.span.start, self.span.end)
    }
}

#[cfg(test)]
mod tests;
