//! One credential format: what it is called, what words give it away, what it looks like around them.

use super::assignment::assignment;
use super::shape::{Class, begins, byte_at, is_expression, is_random, is_template, is_variable};
use crate::finding::{Confidence, Strength};
use crate::rules::inside::harmless::{is_cloud_name, is_slug};
use crate::rules::names::names_no_secret;
use crate::rules::secret::is_placeholder;
use std::ops::Range;

/// One credential format.
pub struct Detector {
    /// The inventory's word for it, in kebab case.
    pub kind: &'static str,
    /// Texts of which one stands in or beside every credential of the kind. They hold no character that JSON escapes,
    /// so that they are found in a string that nobody has decoded.
    pub literals: &'static [&'static str],
    /// Whether it can be guessed.
    pub strength: Strength,
    /// How sure a match is.
    pub confidence: Confidence,
    /// Where its format is documented.
    pub reference: &'static str,
    form: Form,
    verify: Option<fn(&str) -> bool>,
}

/// What it looks like around the literal.
enum Form {
    /// The literal, then so many characters of a class.
    Prefixed { class: Class, length: (usize, usize) },
    /// So many characters, the literal, so many more: the signature that some issuers put inside. What follows the
    /// literal may end in padding.
    Signed { class: Class, before: (usize, usize), after: (usize, usize) },
    /// A value that only its name tells: the literal stands in the name, and so does one of the words.
    Named { says: &'static [&'static str], class: Class, length: (usize, usize) },
    /// Only a value that is nothing else can be told to be one.
    Whole(fn(&str) -> bool),
    /// Anything else.
    Custom(fn(&str, Range<usize>) -> Vec<Found>),
}

/// Where a credential stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The secret itself.
    pub(super) secret: Range<usize>,
    /// What the detector says, unless the surroundings say otherwise.
    pub(super) confidence: Option<Confidence>,
    pub(super) strength: Option<Strength>,
}

impl Found {
    /// One of which the detector says all there is to say.
    pub(super) fn at(secret: Range<usize>) -> Self {
        Self { secret, confidence: None, strength: None }
    }

    /// The same, as sure as that.
    pub(super) fn sure(self, confidence: Confidence) -> Self {
        Self { confidence: Some(confidence), ..self }
    }

    /// The same, as strong as that.
    pub(super) fn strong(self, strength: Strength) -> Self {
        Self { strength: Some(strength), ..self }
    }
}

impl Detector {
    const fn new(kind: &'static str, literals: &'static [&'static str], form: Form, confidence: Confidence) -> Self {
        Self { kind, literals, strength: Strength::Unguessable, confidence, reference: "", form, verify: None }
    }

    /// A token that begins with a literal, followed by `least` to `most` characters of a class.
    pub(super) const fn prefixed(
        kind: &'static str,
        literals: &'static [&'static str],
        class: Class,
        least: usize,
        most: usize,
    ) -> Self {
        Self::new(kind, literals, Form::Prefixed { class, length: (least, most) }, Confidence::High)
    }

    /// A token with the literal inside, and how many characters stand before and after it.
    pub(super) const fn signed(
        kind: &'static str,
        literals: &'static [&'static str],
        class: Class,
        before: (usize, usize),
        after: (usize, usize),
    ) -> Self {
        Self::new(kind, literals, Form::Signed { class, before, after }, Confidence::High)
    }

    /// A value of `least` to `most` characters that only its name tells: the literal and one of the words stand in it
    /// (words in lower case, without separators; none where the literals say it all).
    pub(super) const fn named(
        kind: &'static str,
        literals: &'static [&'static str],
        says: &'static [&'static str],
        class: Class,
        least: usize,
        most: usize,
    ) -> Self {
        Self::new(kind, literals, Form::Named { says, class, length: (least, most) }, Confidence::Medium)
    }

    /// Anything else: the function is given the text and where the literal stands in it, and looks at a bounded part.
    pub(super) const fn custom(
        kind: &'static str,
        literals: &'static [&'static str],
        look: fn(&str, Range<usize>) -> Vec<Found>,
    ) -> Self {
        Self::new(kind, literals, Form::Custom(look), Confidence::High)
    }

    /// A format too plain to be looked for in a text: the function is given a value that may be one as a whole.
    pub(super) const fn whole(kind: &'static str, is: fn(&str) -> bool) -> Self {
        Self::new(kind, &[], Form::Whole(is), Confidence::Medium)
    }

    /// The same, with a check of the whole token: one that fails it is most likely made up.
    pub(super) const fn verified_by(self, verify: fn(&str) -> bool) -> Self {
        Self { verify: Some(verify), ..self }
    }

    /// The same, as sure as that.
    pub(super) const fn sure(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// The same, for what a person may have chosen.
    pub(super) const fn guessable(self) -> Self {
        Self { strength: Strength::Guessable, ..self }
    }

    /// The same, with where its format is documented.
    pub(super) const fn see(self, reference: &'static str) -> Self {
        Self { reference, ..self }
    }

    /// What stands around a literal of this detector. `looked` is where its last look ended: what lies before has been
    /// judged already, which keeps a text that repeats a literal from being looked at many times over.
    pub(super) fn look(&self, text: &str, literal: Range<usize>, looked: &mut usize) -> Vec<Found> {
        match self.form {
            Form::Prefixed { .. } if literal.start < *looked => Vec::new(),
            Form::Prefixed { class, length } => {
                let end = literal.end + class.run(text, literal.end, length.1 + 1);
                *looked = end;
                self.judge(text, literal.start..end, literal.end..end, length)
            }
            Form::Signed { class, before, after } => {
                let start = literal.start - class.run_before(text, literal.start, before.1 + 1);
                let mut end = literal.end + class.run(text, literal.end, after.1 + 1);
                while end < literal.end + after.1 && byte_at(text, end) == b'=' {
                    end += 1;
                }
                let fits = (before.0..=before.1).contains(&(literal.start - start));
                if fits { self.judge(text, start..end, literal.end..end, after) } else { Vec::new() }
            }
            Form::Named { says, class, length } => named(text, literal, says, class, length).into_iter().collect(),
            Form::Custom(look) => look(text, literal),
            Form::Whole(_) => Vec::new(),
        }
    }

    /// Whether a value is of a format that is told by nothing else.
    pub(super) fn is_whole(&self, value: &str) -> bool {
        matches!(self.form, Form::Whole(is) if is(value))
    }

    /// A token whose part after the literal is `rest`, if that is as long as it must be and the token looks like one.
    fn judge(&self, text: &str, token: Range<usize>, rest: Range<usize>, length: (usize, usize)) -> Vec<Found> {
        // A full stop after a token ends the sentence.
        let stops = text[rest.clone()].bytes().rev().take_while(|byte| *byte == b'.').count();
        let (token, rest) = (token.start..token.end - stops, rest.start..rest.end - stops);
        let fits = (length.0..=length.1).contains(&rest.len());
        let random = if rest.is_empty() { token.clone() } else { rest };
        if !fits || !begins(text, token.start) || !is_random(&text[random]) {
            return Vec::new();
        }
        let whole = &text[token.clone()];
        let found = Found::at(token);
        let made_up = whole.contains("1234567890") || self.verify.is_some_and(|verify| !verify(whole));
        vec![if made_up { found.sure(Confidence::Low) } else { found }]
    }
}

fn named(text: &str, literal: Range<usize>, says: &[&str], class: Class, length: (usize, usize)) -> Option<Found> {
    let (name, value) = assignment(text, &literal)?;
    let letters = letters_of(name);
    let ends_in_one = says.iter().any(|word| letters.ends_with(word)) || name.ends_with(&text[literal]);
    let fits = (length.0..=length.1).contains(&value.len());
    let says_it = says.is_empty() || says.iter().any(|word| letters.contains(word));
    // `client_secret_name` says it as well, but of something else; `secret_id` is what an AppRole calls it.
    let telling = says_it && (ends_in_one || !names_no_secret(name));
    let written = &text[value.clone()];
    let name_only = is_slug(written) || is_cloud_name(written);
    if name_only || (!is_quoted(text, value.start) && is_code(text, &value)) {
        return None;
    }
    let real = || class.all(written) && is_random(written) && !is_template(written) && !is_placeholder(written);
    (fits && telling && real()).then(|| Found::at(value))
}

/// Whether what stands in no quotes is a program's: an expression of names, a variable, a call.
fn is_code(text: &str, value: &Range<usize>) -> bool {
    let written = &text[value.clone()];
    is_variable(written) || is_expression(written) || matches!(byte_at(text, value.end), b'(' | b'[' | b'{')
}

fn is_quoted(text: &str, at: usize) -> bool {
    matches!(text.as_bytes()[..at].last(), Some(b'"' | b'\'' | b'`'))
}

/// Whether a name has a word in it, whatever the case and the separators: `DD_API_KEY` says `apikey`.
pub(super) fn says_word(name: &str, word: &str) -> bool {
    letters_of(name).contains(word)
}

fn letters_of(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
