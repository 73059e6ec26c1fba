//! `yamlencode`: block style, strings in double quotes, those of several lines as literal blocks.

use crate::resolve::functions::context::{Call, Outcome, longest_origin};
use crate::resolve::functions::convert::number_text;
use crate::resolve::{Kind, Reason, Value};

/// A line is folded at a space behind this column.
const WIDTH: usize = 80;

pub(in crate::resolve::functions) fn yamlencode(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let mut writer = Writer { call, out: String::new() };
    match &value.kind {
        Kind::List(values) if !values.is_empty() => writer.sequence(values, 0, false)?,
        Kind::Map(entries) if !entries.is_empty() => writer.mapping(entries.iter(), 0, false)?,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {
            writer.scalar(value, 0)?;
            writer.out.push_str("...\n");
        }
        _ => writer.scalar(value, 0)?,
    }
    let origin = longest_origin([value]);
    let mut text = call.made_of(writer.out, value)?;
    text.origin = origin;
    Ok(text)
}

struct Writer<'a> {
    call: &'a Call<'a>,
    out: String,
}

/// The depth was bounded by the survey of the arguments.
impl Writer<'_> {
    fn pad(&mut self, indent: usize) {
        self.out.push_str(&" ".repeat(indent));
    }

    /// `inline`: the first item stands behind the dash of the sequence around it.
    fn sequence(&mut self, values: &[Value], indent: usize, inline: bool) -> Result<(), Reason> {
        for (nth, value) in values.iter().enumerate() {
            if nth > 0 || !inline {
                self.pad(indent);
            }
            self.out.push_str("- ");
            match &value.kind {
                Kind::List(values) if !values.is_empty() => self.sequence(values, indent + 2, true)?,
                Kind::Map(entries) if !entries.is_empty() => self.mapping(entries.iter(), indent + 2, true)?,
                _ => self.scalar(value, indent)?,
            }
        }
        Ok(())
    }

    fn mapping<'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v String, &'v Value)>,
        indent: usize,
        inline: bool,
    ) -> Result<(), Reason> {
        for (nth, (key, value)) in entries.enumerate() {
            if nth > 0 || !inline {
                self.pad(indent);
            }
            // Long keys are written in another form.
            if key.len() > 100 || key.contains('\n') {
                return Err(self.call.unsupported());
            }
            self.quoted(key, None)?;
            self.out.push(':');
            match &value.kind {
                // A sequence in a mapping is not indented.
                Kind::List(values) if !values.is_empty() => {
                    self.out.push('\n');
                    self.sequence(values, indent, false)?;
                }
                Kind::Map(entries) if !entries.is_empty() => {
                    self.out.push('\n');
                    self.mapping(entries.iter(), indent + 2, false)?;
                }
                _ => {
                    self.out.push(' ');
                    self.scalar(value, indent)?;
                }
            }
        }
        Ok(())
    }

    fn scalar(&mut self, value: &Value, indent: usize) -> Result<(), Reason> {
        self.call.spend(1)?;
        match &value.kind {
            Kind::Null => self.out.push_str("null"),
            Kind::Bool(flag) => self.out.push_str(if *flag { "true" } else { "false" }),
            Kind::Number(number) => self.out.push_str(&number_text(*number)),
            Kind::List(_) => self.out.push_str("[]"),
            Kind::Map(_) => self.out.push_str("{}"),
            Kind::String(text) if text.contains('\n') && fits_block(text) => return self.literal(text, indent + 2),
            Kind::String(text) => self.quoted(text, Some(indent + 2))?,
            Kind::Partial(_) | Kind::Either(_) | Kind::Unknown(_) => return Err(Reason::Invalid),
        }
        self.out.push('\n');
        Ok(())
    }

    fn literal(&mut self, text: &str, indent: usize) -> Result<(), Reason> {
        if text.chars().any(|character| character != '\n' && !is_plain(character)) {
            return Err(self.call.unsupported());
        }
        self.out.push('|');
        if text.starts_with([' ', '\n']) {
            self.out.push('2');
        }
        let (body, chomp) = match text.strip_suffix('\n') {
            None => (text, "-"),
            Some(body) if body.is_empty() || body.ends_with('\n') => (body, "+"),
            Some(body) => (body, ""),
        };
        self.out.push_str(chomp);
        self.out.push('\n');
        for line in body.split('\n') {
            if !line.is_empty() {
                self.call.spend_bytes(indent)?;
                self.pad(indent);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
        Ok(())
    }

    /// In double quotes, folded with the indentation given.
    fn quoted(&mut self, text: &str, fold: Option<usize>) -> Result<(), Reason> {
        let line_start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let mut column = self.out[line_start..].chars().count() + 1;
        self.out.push('"');
        let mut after_space = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let last = characters.peek().is_none();
            if character == ' ' {
                match fold.filter(|_| !after_space && column > WIDTH && at > 0 && !last) {
                    Some(indent) => {
                        self.call.spend_bytes(indent)?;
                        self.out.push('\n');
                        self.pad(indent);
                        column = indent;
                        if characters.peek().is_some_and(|(_, next)| *next == ' ') {
                            self.out.push('\\');
                            column += 1;
                        }
                    }
                    None => {
                        self.out.push(' ');
                        column += 1;
                    }
                }
                after_space = true;
                continue;
            }
            let escape = match character {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\t' => "\\t",
                '\n' => "\\n",
                '\r' => "\\r",
                _ if is_plain(character) => "",
                _ => return Err(self.call.unsupported()),
            };
            match escape {
                "" => {
                    self.out.push(character);
                    column += 1;
                }
                escape => {
                    self.out.push_str(escape);
                    column += 2;
                }
            }
            after_space = false;
        }
        self.out.push('"');
        Ok(())
    }
}

/// Characters that are written as they are, without doubt.
fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a1}'..='\u{2027}' | '\u{2030}'..='\u{d7ff}')
}

/// Spaces before a line's end and tabs would be lost in a block.
fn fits_block(text: &str) -> bool {
    !text.contains(" \n") && !text.ends_with(' ') && !text.contains(['\t', '\r'])
}
