//! A place in a JSON text that is read from the front, with spans of the whole file.
//!
//! What cannot be read is passed over where brackets and quotes still tell how far it reaches: a damaged value in the
//! middle does not cost the rest. Only what has no end stops the reading.

use super::lenient;
use crate::document::artifact::Problem;
use crate::text::Span;
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use std::cell::Cell;

/// Why nothing more of a value is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It cannot be read. What is wrong stands in the [`Damages`].
    Broken,
    /// What was sought is found.
    Enough,
}

/// What reading comes to.
pub(super) type Read<T = ()> = Result<T, Stop>;

/// The first thing that could not be read: one mishap has many followers.
#[derive(Debug, Default)]
pub(super) struct Damages(Cell<Option<(usize, &'static str)>>);

impl Damages {
    /// Notes that something could not be read at a byte of the file.
    fn note(&self, at: usize, what: &'static str) {
        if self.0.get().is_none() {
            self.0.set(Some((at, what)));
        }
    }

    /// Where and what, if there was anything.
    pub(super) fn problem(&self) -> Option<Problem> {
        self.0.get().map(|(at, what)| Problem { span: Some(Span::at(at)), message: what.to_owned() })
    }
}

/// A place in a JSON text.
pub(super) struct Cursor<'j> {
    bytes: &'j [u8],
    jiter: Jiter<'j>,
    /// Offset in the file of what `jiter` calls 0.
    base: usize,
    damages: &'j Damages,
    /// Whether something was found to have no end: what it stands in has none either.
    endless: bool,
}

impl<'j> Cursor<'j> {
    /// A cursor at an offset of a file.
    pub(super) fn new(bytes: &'j [u8], at: usize, damages: &'j Damages) -> Self {
        let base = at.min(bytes.len());
        Self { bytes, jiter: Jiter::new(&bytes[base..]), base, damages, endless: false }
    }

    /// Another cursor in the same file.
    pub(super) fn at(&self, offset: usize) -> Self {
        Self::new(self.bytes, offset, self.damages)
    }

    /// Offset in the file of the next byte.
    pub(super) fn place(&self) -> usize {
        self.base + self.jiter.current_index()
    }

    /// What comes next.
    pub(super) fn peek(&mut self) -> Read<Peek> {
        let peek = self.jiter.peek().map_err(|error| self.stop(&error))?;
        if matches!(peek.into_inner(), b'<' | b'=' | b'>' | b'|') && self.pass_conflict() {
            return self.jiter.peek().map_err(|error| self.stop(&error));
        }
        Ok(peek)
    }

    /// Passes over the next value and says where it stands: of one that has no end, the rest of the file.
    pub(super) fn pass(&mut self) -> (Span, Read) {
        let peek = self.peek();
        let start = self.place();
        let result = peek.and_then(|peek| self.jiter.known_skip(peek).or_else(|error| self.mend(start, &error)));
        let end = if result.is_ok() { self.place() } else { self.bytes.len() };
        (Span::new(start, end), result)
    }

    /// Passes over the next value.
    pub(super) fn skip(&mut self) -> Read {
        self.pass().1
    }

    /// Passes over the next value, which is nested deeper than anything that Terraform writes.
    pub(super) fn skip_too_deep(&mut self) -> Read {
        self.damages.note(self.place(), TOO_DEEP);
        self.skip()
    }

    /// Notes that the last value is not looked at, as there are too many beside it.
    pub(super) fn note_too_many(&self) {
        self.damages.note(self.place(), "more attributes in one object than are looked at");
    }

    /// Adds the next value, which is a string, to a buffer.
    pub(super) fn append_string(&mut self, buffer: &mut String) -> Read {
        let error = match self.jiter.known_str() {
            Ok(text) => {
                buffer.push_str(text);
                return Ok(());
            }
            Err(error) => error,
        };
        let start = self.place();
        self.mend(start, &error)?;
        buffer.push_str(&lenient::decode(&self.bytes[start..self.place()]));
        Ok(())
    }

    /// Adds the next value, which is a number, to a buffer as it is written.
    pub(super) fn append_number(&mut self, buffer: &mut String) -> Read {
        let (span, result) = self.pass();
        // What passes for a number is ASCII, and what does not is of no use.
        buffer.push_str(std::str::from_utf8(&self.bytes[span.range()]).unwrap_or_default());
        result
    }

    /// The next value, if it is a string.
    pub(super) fn string(&mut self) -> Read<Option<String>> {
        if self.peek()? != Peek::String {
            return self.skip().map(|()| None);
        }
        let mut text = String::new();
        self.append_string(&mut text).map(|()| Some(text))
    }

    /// The next value, if it is a whole number that is not negative.
    pub(super) fn count(&mut self) -> Read<Option<u64>> {
        if !self.peek()?.is_num() {
            return self.skip().map(|()| None);
        }
        let mut text = String::new();
        self.append_number(&mut text).map(|()| text.parse().ok())
    }

    /// Whether the next value is `true`.
    pub(super) fn is_true(&mut self) -> Read<bool> {
        let is_true = self.peek()? == Peek::True;
        self.skip().map(|()| is_true)
    }

    /// Visits the members of the next value, if it is an object. The visitor reads each one's value.
    pub(super) fn members(&mut self, mut visit: impl FnMut(&mut Self, &str) -> Read) -> Read {
        let mut key = String::new();
        let mut more = self.enter(&mut key)?;
        while more {
            let start = self.place();
            visit(self, &key).or_else(|stop| self.resume(start, stop))?;
            key.clear();
            more = self.next_key(&mut key)?;
        }
        Ok(())
    }

    /// Visits the elements of the next value, if it is an array. The visitor reads each one.
    pub(super) fn elements(&mut self, mut visit: impl FnMut(&mut Self) -> Read) -> Read {
        if self.peek()? != Peek::Array {
            return self.skip();
        }
        let mut more = self.first_element()?;
        while more {
            let start = self.place();
            visit(self).or_else(|stop| self.resume(start, stop))?;
            more = self.next_element()?;
        }
        Ok(())
    }

    /// Enters the next value, which is an array. Whether it has elements.
    pub(super) fn first_element(&mut self) -> Read<bool> {
        self.jiter.known_array().map(|next| next.is_some()).map_err(|error| self.stop(&error))
    }

    /// Goes on to the next element of the array that it is in, if there is one.
    pub(super) fn next_element(&mut self) -> Read<bool> {
        match self.jiter.array_step() {
            Ok(next) => Ok(next.is_some()),
            Err(_) if self.pass_conflict() => Ok(self.bytes.get(self.place()) != Some(&b']') || self.leave()),
            Err(error) => Err(self.stop(&error)),
        }
    }

    /// Enters the next value, if it is an object, and adds its first key to a buffer; passes over any other value.
    /// Whether there is a key.
    pub(super) fn enter(&mut self, buffer: &mut String) -> Read<bool> {
        if self.peek()? == Peek::Object { self.first_key(buffer) } else { self.skip().map(|()| false) }
    }

    /// Enters the next value, which is an object, and adds its first key to a buffer. Whether there is one.
    pub(super) fn first_key(&mut self, buffer: &mut String) -> Read<bool> {
        let error = match self.jiter.known_object() {
            Ok(key) => {
                buffer.push_str(key.unwrap_or_default());
                return Ok(key.is_some());
            }
            Err(error) => error,
        };
        self.mend_key(buffer, &error)
    }

    /// Goes on to the next member of the object that it is in and adds its key to a buffer. Whether there is one.
    pub(super) fn next_key(&mut self, buffer: &mut String) -> Read<bool> {
        let error = match self.jiter.next_key() {
            Ok(key) => {
                buffer.push_str(key.unwrap_or_default());
                return Ok(key.is_some());
            }
            Err(error) => error,
        };
        self.mend_key(buffer, &error)
    }

    /// Notes what follows the text's one value.
    pub(super) fn finish(&mut self) {
        if let Err(error) = self.jiter.finish() {
            self.stop(&error);
        }
    }

    /// Whether the next value is an object of a `value` and the `type` of it: how a value is written whose type its
    /// attribute does not say.
    ///
    /// <https://github.com/zclconf/go-cty/blob/v1.16.2/cty/json/marshal.go> (`marshalDynamic`)
    pub(super) fn is_typed_value(&self) -> bool {
        fn look(jiter: &mut Jiter<'_>) -> Option<()> {
            let mut key = jiter.next_object().ok()??;
            for turn in 0..2 {
                match (key, turn) {
                    ("value", _) => jiter.next_skip().ok()?,
                    ("type", _) => skip_type(jiter)?,
                    _ => return None,
                }
                let next = jiter.next_key().ok()?;
                if turn == 1 {
                    return next.is_none().then_some(());
                }
                key = next?;
            }
            None
        }
        look(&mut self.jiter.clone()).is_some()
    }

    fn reseat(&mut self, offset: usize) {
        self.base = offset;
        self.jiter = Jiter::new(&self.bytes[offset..]);
    }

    fn stop(&self, error: &JiterError) -> Stop {
        self.damages.note(self.base + error.index, message(error));
        Stop::Broken
    }

    /// Goes on behind a damaged value that starts at `start`.
    fn mend(&mut self, start: usize, error: &JiterError) -> Read {
        let stop = self.stop(error);
        self.resume(start, stop)
    }

    /// Goes on behind a value that starts at `start`, of which nothing more can be read.
    fn resume(&mut self, start: usize, stop: Stop) -> Read {
        if stop == Stop::Enough || self.endless {
            return Err(stop);
        }
        let end = lenient::end_of_value(self.bytes, lenient::past_space(self.bytes, start));
        self.endless = end.is_none();
        self.reseat(end.ok_or(stop)?);
        Ok(())
    }

    /// Goes on behind the marks of a merge conflict, if it stands before one: state in git has them at times.
    fn pass_conflict(&mut self) -> bool {
        let at = self.place();
        let end = lenient::past_conflict(self.bytes, at);
        if end > at {
            self.damages.note(at, "a merge conflict that is not resolved");
            self.reseat(end);
        }
        end > at
    }

    /// Leaves an array or object, before whose end it stands. False: nothing more is in it.
    fn leave(&mut self) -> bool {
        self.reseat(self.place() + 1);
        false
    }

    /// Goes on behind a damaged key, or a merge conflict before it.
    fn mend_key(&mut self, buffer: &mut String, error: &JiterError) -> Read<bool> {
        if !self.pass_conflict() {
            self.stop(error);
        }
        let start = self.place();
        match self.bytes.get(start) {
            Some(b'"') => {}
            Some(b'}') => return Ok(self.leave()),
            _ => return Err(Stop::Broken),
        }
        let end = lenient::end_of_string(self.bytes, start).ok_or(Stop::Broken)?;
        let colon = lenient::past_space(self.bytes, end);
        if self.bytes.get(colon) != Some(&b':') {
            return Err(Stop::Broken);
        }
        buffer.push_str(&lenient::decode(&self.bytes[start..end]));
        self.reseat(colon + 1);
        Ok(true)
    }
}

/// Passes over a type as cty writes it: `"string"`, `["list", "string"]`.
fn skip_type(jiter: &mut Jiter<'_>) -> Option<()> {
    let mut inside = jiter.clone();
    let known = match inside.peek().ok()? {
        Peek::String => matches!(inside.known_str().ok()?, "string" | "number" | "bool" | "dynamic"),
        Peek::Array => {
            inside.known_array().ok()??;
            matches!(inside.next_str().ok()?, "object" | "map" | "list" | "set" | "tuple")
        }
        _ => false,
    };
    jiter.next_skip().ok().filter(|()| known)
}

const TOO_DEEP: &str = "nested too deeply";

/// What an error says of the text, without any of it.
fn message(error: &JiterError) -> &'static str {
    let JiterErrorType::JsonError(error) = &error.error_type else { return "not what is expected here" };
    match error {
        JsonErrorType::EofWhileParsingList
        | JsonErrorType::EofWhileParsingObject
        | JsonErrorType::EofWhileParsingString
        | JsonErrorType::EofWhileParsingValue => "the text ends in the middle of a value",
        JsonErrorType::ControlCharacterWhileParsingString => "a control character in a string",
        JsonErrorType::InvalidUnicodeCodePoint => "a string that is not UTF-8",
        JsonErrorType::InvalidEscape
        | JsonErrorType::LoneLeadingSurrogateInHexEscape
        | JsonErrorType::UnexpectedEndOfHexEscape => "a string with an escape that JSON does not know",
        JsonErrorType::InvalidNumber | JsonErrorType::NumberOutOfRange => "a malformed number",
        JsonErrorType::RecursionLimitExceeded => TOO_DEEP,
        JsonErrorType::TrailingCharacters => "more text behind the end",
        _ => "not JSON",
    }
}
