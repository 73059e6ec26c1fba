//! Texts put together from known and unknown pieces.

use super::context::{Call, Outcome, refusal};
use crate::resolve::functions::convert;
use crate::resolve::{Kind, Origin, Reason, Value};

/// A text in the making. Its origin is that of its longest piece that a literal made.
pub(super) struct Pieces<'a> {
    call: &'a Call<'a>,
    done: Vec<Value>,
    /// The known text since the last unknown piece.
    open: String,
    open_origin: Longest,
    whole_origin: Longest,
}

/// The origin of the longest piece so far.
#[derive(Default)]
struct Longest {
    length: usize,
    origin: Origin,
}

impl Longest {
    /// Of pieces of equal length the later one counts: arguments come after what surrounds them.
    fn offer(&mut self, length: usize, origin: &Origin) {
        if origin.literal.is_some() && length > 0 && length >= self.length {
            *self = Self { length, origin: origin.clone() };
        }
    }
}

impl<'a> Pieces<'a> {
    /// An empty text.
    pub(super) fn new(call: &'a Call<'a>) -> Self {
        let (open_origin, whole_origin) = (Longest::default(), Longest::default());
        Self { call, done: Vec::new(), open: String::new(), open_origin, whole_origin }
    }

    /// Adds known text.
    pub(super) fn text(&mut self, text: &str, origin: &Origin) -> Result<(), Reason> {
        self.call.spend_bytes(text.len())?;
        self.open.push_str(text);
        self.open_origin.offer(text.len(), origin);
        self.whole_origin.offer(text.len(), origin);
        Ok(())
    }

    /// Adds a value that becomes a string, or a piece of one if it is not known.
    pub(super) fn value(&mut self, value: &Value) -> Result<(), Reason> {
        self.mapped(value, str::to_owned)
    }

    /// Adds a value that becomes a string, its known text changed piece by piece.
    pub(super) fn mapped(&mut self, value: &Value, change: impl Fn(&str) -> String) -> Result<(), Reason> {
        let converted = convert::to_string(value);
        match &converted.kind {
            Kind::String(text) => self.text(&change(text), &converted.origin),
            Kind::Partial(parts) => {
                for part in parts.iter() {
                    match part.as_str() {
                        Some(text) => self.text(&change(text), &part.origin)?,
                        None => self.unknown(part.clone())?,
                    }
                }
                Ok(())
            }
            // A value that cannot become a string at all is an error of the whole; one not yet known is a piece.
            Kind::Unknown(Reason::Invalid | Reason::Undeclared(_) | Reason::Budget) => Err(refusal(&converted)),
            Kind::Unknown(_) => self.unknown(converted),
            _ => Err(Reason::Invalid),
        }
    }

    /// Adds a piece that is not known.
    pub(super) fn unknown(&mut self, value: Value) -> Result<(), Reason> {
        self.call.spend(1)?;
        self.close();
        self.done.push(value);
        Ok(())
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            let origin = std::mem::take(&mut self.open_origin).origin;
            let text = std::mem::take(&mut self.open);
            self.done.push(Value { kind: Kind::String(text.into()), origin });
        }
    }

    /// The text: a string if all of it is known.
    pub(super) fn finish(mut self) -> Outcome {
        let origin = std::mem::take(&mut self.whole_origin).origin;
        if self.done.is_empty() {
            return Ok(Value { kind: Kind::String(self.open.into()), origin });
        }
        self.close();
        if self.done.len() == 1 {
            return Ok(self.done.remove(0));
        }
        Ok(Value { kind: Kind::Partial(self.done.into()), origin })
    }
}
