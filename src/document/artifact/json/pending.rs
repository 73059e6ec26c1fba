//! Attributes that wait for what stands behind them: marks follow values, and an address may follow both.

use super::cursor::{Cursor, Damages, Read};
use super::marks::{MAX_MARKS, Marks};
use super::values::{Attribute, Form, Reader};
use crate::document::artifact::{Owner, Problem, Section, Visitor};
use crate::text::Span;

/// Most attributes that wait at once. Terraform writes addresses first, so of a resource with more of them only what a
/// stranger wrote in another order goes without.
const MAX_WAITING: usize = 500_000;

/// Attributes that room is made for at once, and bytes of their names.
const USUAL: usize = 64;
const USUAL_NAMES: usize = 1024;

/// Attributes of one or more objects with the same owner but for the instance.
#[derive(Default)]
pub(super) struct Pending {
    names: String,
    /// Where the name stands among the names, where the value stands in the file, and how it is written.
    attributes: Vec<(Span, Span, Form)>,
    objects: Vec<Object>,
    marks_kept: usize,
}

struct Object {
    /// Attributes from where the object before ends up to here.
    end: usize,
    instance: String,
    marks: Marks,
}

impl Object {
    /// The marks of an attribute; of one part of it that stands alone those of all of it.
    fn marks_of(&self, attribute: Attribute<'_>) -> &Marks {
        if attribute.name.is_empty() { &self.marks } else { self.marks.name(attribute.top()) }
    }
}

impl Pending {
    /// How many marks may still be kept.
    pub(super) fn marks_left(&self) -> usize {
        MAX_MARKS.saturating_sub(self.marks_kept)
    }

    /// Adds the next value as an attribute.
    pub(super) fn attribute(&mut self, cursor: &mut Cursor<'_>, name: &str, form: Form) -> Read {
        let start = self.names.len();
        self.names.push_str(name);
        self.add(cursor, start, form)
    }

    /// Adds the members of the next value, which is an object of attributes.
    pub(super) fn attributes(&mut self, cursor: &mut Cursor<'_>, form: Form) -> Read {
        let mut start = self.names.len();
        let mut more = cursor.enter(&mut self.names)?;
        while more {
            self.add(cursor, start, form)?;
            start = self.names.len();
            more = cursor.next_key(&mut self.names)?;
        }
        Ok(())
    }

    /// Adds the next value as an attribute, whose name starts there and is the last.
    fn add(&mut self, cursor: &mut Cursor<'_>, start: usize, form: Form) -> Read {
        let (span, result) = cursor.pass();
        if self.attributes.len() < 2 * MAX_WAITING {
            self.attributes.push((Span::new(start, self.names.len()), span, form));
        } else {
            self.names.truncate(start);
            cursor.note_too_many();
        }
        result
    }

    /// Ends an object: all attributes since the last one are of this instance and have these marks.
    pub(super) fn close(&mut self, instance: String, marks: Marks, marks_left: usize) {
        self.marks_kept = MAX_MARKS.saturating_sub(marks_left);
        self.objects.push(Object { end: self.attributes.len(), instance, marks });
    }

    /// Ends the one object that there is.
    pub(super) fn close_one(&mut self, marks: Marks) -> &mut Self {
        self.close(String::new(), marks, self.marks_left());
        self
    }

    /// Whether so much waits that it should be visited with what is known so far.
    pub(super) fn is_full(&self) -> bool {
        self.attributes.len() + self.objects.len() >= MAX_WAITING || self.marks_kept >= MAX_MARKS
    }

    /// Hands all that waits to the visitor, and forgets it.
    pub(super) fn visit(&mut self, reader: &mut Reader<'_>, section: Section, address: &str, kind: &str) {
        if self.objects.is_empty() {
            return;
        }
        let owner = Owner { section, address: address.to_owned(), kind: kind.to_owned() };
        // The next one is mostly of the same size.
        let next = Self {
            names: String::with_capacity(self.names.len().min(USUAL_NAMES)),
            attributes: Vec::with_capacity(self.attributes.len().min(USUAL)),
            ..Self::default()
        };
        reader.offer(Later { owner, pending: std::mem::replace(self, next) });
    }
}

/// Values that were read over: of one owner, but for the instance.
pub struct Later {
    owner: Owner,
    pending: Pending,
}

impl Later {
    /// How many bytes its values stand in.
    pub fn extent(&self) -> usize {
        let spans = || self.pending.attributes.iter().map(|(_, span, _)| *span);
        let (first, last) = (spans().next().unwrap_or_default(), spans().next_back().unwrap_or_default());
        last.end.saturating_sub(first.start) as usize
    }

    /// Hands the values to a visitor; `bytes` are those of the artifact. Says what could not be read.
    pub fn tell(self, bytes: &[u8], visitor: &mut dyn Visitor) -> Option<Problem> {
        let damages = Damages::default();
        self.visit(&mut Reader::new(bytes, &damages, visitor));
        damages.problem()
    }

    /// Hands the values to the reader's visitor.
    pub(super) fn visit(mut self, reader: &mut Reader<'_>) {
        let length = self.owner.address.len();
        let mut start = 0;
        for object in &self.pending.objects {
            self.owner.address.truncate(length);
            self.owner.address.push_str(&object.instance);
            for (name, span, form) in &self.pending.attributes[start..object.end] {
                let attribute = Attribute { name: &self.pending.names[name.range()], span: *span, form: *form };
                reader.visit(&self.owner, attribute, object.marks_of(attribute));
            }
            start = object.end;
        }
    }
}
