//! The search through a text of any size, piece by piece.

use super::merge::MAX_DISTINCT;
use super::written::Written;
use super::{Named, arguments, authorization, names};
use crate::document::artifact::LogText;
use crate::finding::{Confidence, Secret, Strength};
use crate::rules::artifacts::Why;
use crate::rules::detect;
use crate::rules::inside::harmless::is_harmless;
use crate::rules::inside::is_plausible;
use crate::rules::secret::{Judgement, aws_access_key_id, judge_secret, kind_of, strength};
use crate::text::Span;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

/// What is looked for in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::artifacts) enum Reach {
    /// Credentials of known formats.
    Formats,
    /// All that stands in logs.
    Log,
}

/// A secret in a text.
pub(in crate::rules::artifacts) struct Hit {
    /// Where it stands in the file.
    pub(in crate::rules::artifacts) span: Span,
    /// The header's, argument's or attribute's name; empty where there is none.
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) secret: Secret,
    pub(super) id: Option<String>,
    pub(super) strength: Strength,
    pub(super) why: Why,
    pub(super) confidence: Confidence,
}

/// A part of a file that is searched.
pub(in crate::rules::artifacts) struct Part<'a> {
    pub(in crate::rules::artifacts) bytes: &'a [u8],
    /// Where it stands in the file.
    pub(in crate::rules::artifacts) offset: usize,
    /// Where in the file what is told begins: the rest is there to be looked at.
    pub(in crate::rules::artifacts) own: Range<usize>,
    /// Spans of the file that were judged already, ascending.
    pub(in crate::rules::artifacts) judged: &'a [Span],
}

impl Part<'_> {
    fn tells(&self, at: usize) -> bool {
        let before = self.judged.partition_point(|span| span.start as usize <= at);
        let judged = before > 0 && at < self.judged[before - 1].end as usize;
        self.own.contains(&at) && !judged
    }
}

/// What one task looks at.
const PIECE: usize = 1 << 20;

/// What a piece sees of its neighbours, so that nothing is cut in two: a line in most logs, a private key in all.
const CONTEXT: usize = 64 << 10;

/// The secrets in a part of a file, in order: each value once for every piece of it, with how often it stands there.
pub(in crate::rules::artifacts) fn search(part: &Part<'_>, reach: Reach) -> Vec<(Hit, usize)> {
    let starts: Vec<usize> = (0..part.bytes.len()).step_by(PIECE).collect();
    starts.into_par_iter().map(|start| piece(part, start, reach)).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The secrets that begin in the piece at `start`.
fn piece(part: &Part<'_>, start: usize, reach: Reach) -> Vec<(Hit, usize)> {
    let from = start.saturating_sub(CONTEXT);
    let seen = &part.bytes[from..part.bytes.len().min(start + PIECE + CONTEXT)];
    let own = part.offset + start..part.offset + start + PIECE;
    let hits = match reach {
        Reach::Formats => formats(&LogText::plain(seen, part.offset + from)),
        Reach::Log => all(&LogText::new(seen, part.offset + from)),
    };
    let (mut distinct, mut known): (Vec<(Hit, usize)>, HashMap<u64, usize>) = (Vec::new(), HashMap::new());
    let hasher = RandomState::new();
    let told = |hit: &Hit| own.contains(&(hit.span.start as usize)) && part.tells(hit.span.start as usize);
    for hit in hits.into_iter().filter(told) {
        let hash = hasher.hash_one(hit.secret.expose());
        match known.get(&hash) {
            Some(index) => distinct[*index].1 += 1,
            // More than are told of a whole file: one too many says that there are more.
            None if distinct.len() > MAX_DISTINCT => {}
            None => {
                known.insert(hash, distinct.len());
                distinct.push((hit, 1));
            }
        }
    }
    distinct
}

fn formats(log: &LogText) -> Vec<Hit> {
    let hits = detect::find(log.text()).into_iter().filter(|hit| hit.confidence > Confidence::Low);
    hits.filter_map(|hit| {
        Some(Hit {
            span: log.span(&hit.secret),
            name: name_before(log.text(), hit.secret.start).to_owned(),
            kind: hit.kind,
            secret: Secret::new(log.text().get(hit.secret)?),
            id: hit.id,
            strength: hit.strength,
            why: Why::Format,
            confidence: hit.confidence,
        })
    })
    .collect()
}

/// The name that the value at an offset is given.
fn name_before(text: &str, at: usize) -> &str {
    let before = text[..at].trim_end_matches(['"', '\'', '`', '\\', '[', '{', ' ']);
    let before = ["Bearer", "bearer", "Token", "token"].iter().find_map(|scheme| before.strip_suffix(scheme));
    let before = before.unwrap_or(&text[..at]).trim_end_matches(['"', '\'', '`', '\\', '[', '{', ' ']);
    let Some(before) = before.strip_suffix(['=', ':']) else { return "" };
    let before = before.trim_end_matches(['"', '\'', '`', '\\', ' ', '>']);
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let name = &before[before.trim_end_matches(of_name).len()..];
    // A longer one was generated.
    if name.len() <= 80 && name.split(['_', '-', '.']).all(|part| part.len() <= 32) { name } else { "" }
}

/// What formats, arguments and names tell.
fn all(log: &LogText) -> Vec<Hit> {
    let mut hits = formats(log);
    for named in arguments::secrets(log.text()).into_iter().chain(names::named(log.text())) {
        hits.extend(by_name(log, &named));
    }
    hits.sort_by_key(|hit| (hit.span.start, hit.why, Reverse(hit.confidence)));
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut().filter(|last| last.span.overlaps(hit.span)) {
            Some(last) => merge(last, hit),
            None => kept.push(hit),
        }
    }
    kept
}

/// Of two that meet one stays: a format knows what it is, the command line knows where a value ends.
fn merge(first: &mut Hit, second: Hit) {
    if first.span == second.span {
        // A header's scheme says how its value is decoded: of a password that stands elsewhere too this is the same.
        let decoded = second.secret != first.secret;
        match second.name.is_empty() {
            true => {}
            false if decoded => *first = second,
            false => first.name = second.name,
        }
        return;
    }
    let argument = second.why == Why::Named && second.confidence == Confidence::High;
    let cut_short = argument && first.span.start == second.span.start;
    if cut_short || (first.why == Why::Named && second.why == Why::Format) {
        *first = second;
    }
}

/// A value behind a secret's name, if it is a secret.
fn by_name(log: &LogText, named: &Named<'_>) -> Option<Hit> {
    let text = log.text();
    let name = named.name.trim_start_matches(['-', '.']);
    let mut value = named.written.value(text);
    let mut kind = kind_of(name, &value);
    if authorization::is_name(name) {
        let password = authorization::basic_password(&value);
        kind = if password.is_some() { "password" } else { kind_of("token", &value) };
        value = password.unwrap_or(value);
    } else if is_form(text, &named.written) {
        value = decoded(&value);
    }
    let plain = !is_masked(&value) && !is_type(&value) && !is_key_id(&value);
    let expected = match named.certain {
        true => judge_secret(&value) == Judgement::Secret && !is_harmless(&value),
        false => is_plausible(name, &value) && !is_prose(&value),
    };
    (plain && expected).then(|| Hit {
        span: log.span(&named.written.range),
        name: name.to_owned(),
        kind,
        id: None,
        strength: strength(&value),
        why: Why::Named,
        confidence: if named.certain { Confidence::High } else { Confidence::Medium },
        secret: Secret::new(value),
    })
}

/// Whether a value is the public half of a pair, alone or with the scope of a signature behind it.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html>
fn is_key_id(value: &str) -> bool {
    value.split('/').next().and_then(aws_access_key_id).is_some()
}

/// Whether a bare value is one of a form or of a URL's query.
fn is_form(text: &str, written: &Written) -> bool {
    let bare = written.layers == 0;
    bare && (text[written.end..].starts_with('&')
        || before_name(text, &written.range).is_some_and(|c| c == '&' || c == '?'))
}

fn before_name(text: &str, value: &Range<usize>) -> Option<char> {
    let name = text[..value.start].strip_suffix('=')?;
    name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')).chars().next_back()
}

/// A value of a form without its escapes: <https://url.spec.whatwg.org/#concept-urlencoded-parser>
fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

/// Whether a program has hidden a value before it wrote it: in part or as a whole.
fn is_masked(value: &str) -> bool {
    const MARKS: [&str; 8] =
        ["***", "redacted", "sensitive", "masked", "omitted", "hidden", "filtered", "known after apply"];
    let lower = value.to_ascii_lowercase();
    MARKS.iter().any(|mark| lower.contains(mark))
}

/// Whether a value is the name of a type: the types of dynamic values are logged beside them.
/// <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>
fn is_type(value: &str) -> bool {
    const TYPES: [&str; 11] =
        ["string", "number", "bool", "dynamic", "list", "set", "map", "object", "tuple", "any", "integer"];
    TYPES.contains(&value)
}

/// Whether a value is a sentence about a secret.
fn is_prose(value: &str) -> bool {
    const WORDS: [&str; 12] = ["the", "a", "an", "is", "are", "of", "to", "for", "must", "be", "not", "this"];
    let words: Vec<String> = value.split_whitespace().map(str::to_ascii_lowercase).collect();
    words.len() >= 3 && words.iter().any(|word| WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests;
