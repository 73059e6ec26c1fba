//! The values of an attribute: each string and number with its path, handed to the visitor.

use super::cursor::{Cursor, Damages, Read};
use super::marks::Marks;
use super::pending::Later;
use crate::document::artifact::{Leaf, Owner, Visitor};
use crate::text::Span;
use jiter::Peek;

/// Deepest value that is looked at.
const MAX_DEPTH: usize = 120;

/// Deepest place at which a value may bring its own type.
const MAX_TYPED_DEPTH: usize = 8;

/// How an attribute's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// As it is, or, where its attribute does not say its type, as an object of `value` and `type`.
    Typed,
    /// One part of it, whose place the key tells: `ingress.2541437006.cidr_blocks.0`.
    Flat,
    /// As an expression of the configuration: `constant_value`, or `references` to something else.
    ///
    /// <https://developer.hashicorp.com/terraform/internals/json-format#expression-representation>
    Expression,
}

/// An attribute that was read over, to be looked at when its marks are known.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'n> {
    /// Its name; empty where the owner is the value.
    pub(super) name: &'n str,
    /// Where its value stands.
    pub(super) span: Span,
    /// How it is written.
    pub(super) form: Form,
}

impl Attribute<'_> {
    /// The name of the attribute that it is or is a part of.
    pub(super) fn top(&self) -> &str {
        match self.form {
            Form::Flat => self.name.split('.').next().unwrap_or_default(),
            _ => self.name,
        }
    }

    /// Whether it says how many parts there are (`tags.%`, `ingress.#`), which is no value.
    fn is_count(&self) -> bool {
        self.form == Form::Flat && (self.name.ends_with(".%") || self.name.ends_with(".#"))
    }

    /// Adds its path. Of a part that stands alone, indexes and the hashes of sets are left out.
    ///
    /// <https://github.com/hashicorp/terraform/blob/v0.11.15/flatmap/flatten.go>
    fn path(&self, path: &mut String) {
        if self.form != Form::Flat {
            return path.push_str(self.name);
        }
        let is_index = |part: &str| {
            let digits = part.trim_start_matches(['~', '-']);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        for part in self.name.split('.').filter(|part| !is_index(part)) {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
    }
}

/// What is read from, and who hears of it.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    damages: &'a Damages,
    visitor: &'a mut dyn Visitor,
    /// The path of the value that is being read, kept for its memory.
    path: String,
    /// The text of the value that is being read.
    text: String,
}

impl<'a> Reader<'a> {
    /// Reads from a file for a visitor.
    pub(super) fn new(bytes: &'a [u8], damages: &'a Damages, visitor: &'a mut dyn Visitor) -> Self {
        Self { bytes, damages, visitor, path: String::new(), text: String::new() }
    }

    /// A cursor at an offset of the file.
    pub(super) fn cursor(&self, at: usize) -> Cursor<'a> {
        Cursor::new(self.bytes, at, self.damages)
    }

    /// Offers values to the visitor to be told later, or tells them.
    pub(super) fn offer(&mut self, values: Later) {
        if let Some(values) = self.visitor.later(values) {
            values.visit(self);
        }
    }

    /// Hands an attribute's values to the visitor: all if it wants them, else those that are marked.
    pub(super) fn visit(&mut self, owner: &Owner, attribute: Attribute<'_>, marks: &Marks) {
        if attribute.is_count() {
            return;
        }
        let wanted = self.visitor.wants(owner, attribute.top(), Some(attribute.span), marks.is_whole());
        if wanted || !marks.is_none() {
            self.path.clear();
            attribute.path(&mut self.path);
            let mut cursor = self.cursor(attribute.span.start as usize);
            let mut walk = Walk { owner, visitor: self.visitor, path: &mut self.path, text: &mut self.text, wanted };
            // Where the value cannot be read further, what it says up to there is told.
            let _ = walk.value(&mut cursor, marks, attribute.form, 0);
        }
    }
}

/// A walk through one attribute.
struct Walk<'w> {
    owner: &'w Owner,
    visitor: &'w mut dyn Visitor,
    path: &'w mut String,
    text: &'w mut String,
    /// Whether values that are not marked are told as well.
    wanted: bool,
}

impl Walk<'_> {
    fn value(&mut self, cursor: &mut Cursor<'_>, marks: &Marks, form: Form, depth: usize) -> Read {
        let peek = cursor.peek()?;
        match peek {
            _ if !self.wanted && marks.is_none() => cursor.skip(),
            Peek::Array | Peek::Object if depth >= MAX_DEPTH => cursor.skip_too_deep(),
            Peek::Object if form == Form::Typed && depth <= MAX_TYPED_DEPTH && cursor.is_typed_value() => {
                self.typed(cursor, marks, depth)
            }
            Peek::Object => self.object(cursor, marks, form, depth),
            Peek::Array => self.array(cursor, marks, form, depth),
            Peek::String => self.leaf(cursor, marks, false),
            _ if peek.is_num() => self.leaf(cursor, marks, true),
            _ => cursor.skip(),
        }
    }

    fn leaf(&mut self, cursor: &mut Cursor<'_>, marks: &Marks, number: bool) -> Read {
        let start = cursor.place();
        self.text.clear();
        if number {
            cursor.append_number(self.text)?
        } else {
            cursor.append_string(self.text)?
        }
        if !self.text.is_empty() {
            let span = Some(Span::new(start, cursor.place()));
            let leaf = Leaf { path: self.path, text: self.text, number, span, marked: marks.is_whole() };
            self.visitor.leaf(self.owner, leaf);
        }
        Ok(())
    }

    fn array(&mut self, cursor: &mut Cursor<'_>, marks: &Marks, form: Form, depth: usize) -> Read {
        let mut more = cursor.first_element()?;
        let mut index = 0;
        while more {
            self.value(cursor, marks.index(index), form, depth + 1)?;
            more = cursor.next_element()?;
            index += 1;
        }
        Ok(())
    }

    fn object(&mut self, cursor: &mut Cursor<'_>, marks: &Marks, form: Form, depth: usize) -> Read {
        let outer = self.path.len();
        if outer > 0 {
            self.path.push('.');
        }
        let start = self.path.len();
        let mut more = cursor.first_key(self.path)?;
        while more {
            let name = &self.path[start..];
            let marks = marks.name(name);
            match (form, name) {
                (Form::Expression, "constant_value") => {
                    self.path.truncate(outer);
                    self.value(cursor, marks, Form::Plain, depth + 1)?;
                    // The separator, or nothing, as it stood there before.
                    if outer > 0 {
                        self.path.push('.');
                    }
                }
                (Form::Expression, "references") => cursor.skip()?,
                _ => self.value(cursor, marks, form, depth + 1)?,
            }
            self.path.truncate(start);
            more = cursor.next_key(self.path)?;
        }
        self.path.truncate(outer);
        Ok(())
    }

    /// An object of `value` and `type`: the value stands for it, in marks and in the path.
    fn typed(&mut self, cursor: &mut Cursor<'_>, marks: &Marks, depth: usize) -> Read {
        cursor.members(
            |cursor, key| {
                if key == "value" { self.value(cursor, marks, Form::Plain, depth + 1) } else { cursor.skip() }
            },
        )
    }
}
