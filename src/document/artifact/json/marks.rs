//! Which parts of a value the artifact itself marks as sensitive.

use super::cursor::{Cursor, Read};
use jiter::Peek;
use std::collections::BTreeMap;

/// Most marks that are kept apart at once. What has more is taken as sensitive as a whole.
pub(super) const MAX_MARKS: usize = 100_000;

/// Deepest mark that is kept apart.
const MAX_DEPTH: usize = 64;

/// Marks of a value and its parts.
#[derive(Debug, Default)]
pub(super) struct Marks {
    whole: bool,
    names: BTreeMap<Box<str>, Marks>,
    indexes: BTreeMap<usize, Marks>,
}

/// Nothing is marked.
pub(super) static UNMARKED: Marks = Marks { whole: false, names: BTreeMap::new(), indexes: BTreeMap::new() };

/// All is marked.
pub(super) static MARKED: Marks = Marks { whole: true, names: BTreeMap::new(), indexes: BTreeMap::new() };

/// One step into a value.
enum Step {
    Name(Box<str>),
    Index(usize),
}

impl Marks {
    /// All is marked, or nothing.
    pub(super) fn all(whole: bool) -> Self {
        Self { whole, ..Self::default() }
    }

    /// Whether all of the value is marked.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Whether neither the value nor a part of it is marked.
    pub(super) fn is_none(&self) -> bool {
        !self.whole && self.names.is_empty() && self.indexes.is_empty()
    }

    /// The marks of an attribute or of a map's element.
    pub(super) fn name(&self, name: &str) -> &Marks {
        if self.whole { self } else { self.names.get(name).unwrap_or(&UNMARKED) }
    }

    /// The marks of a list's element.
    pub(super) fn index(&self, index: usize) -> &Marks {
        if self.whole { self } else { self.indexes.get(&index).unwrap_or(&UNMARKED) }
    }

    /// Adds `sensitive_attributes` of a state: a list of paths, each a list of steps. `left` counts what may be kept.
    ///
    /// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statefile/version4.go> (`marshalPaths`)
    pub(super) fn add_paths(&mut self, cursor: &mut Cursor<'_>, left: &mut usize) -> Read {
        cursor.elements(|cursor| {
            let mut path = Vec::new();
            let mut open = true;
            if cursor.peek()? == Peek::Array {
                cursor.elements(|cursor| {
                    // What cannot be told apart further is marked as a whole.
                    match read_step(cursor)? {
                        Some(step) if open && path.len() < MAX_DEPTH => path.push(step),
                        _ => open = false,
                    }
                    Ok(())
                })?;
            } else if let Some(text) = cursor.string()? {
                path.extend(
                    text.split(['.', '[', ']']).filter(|part| !part.is_empty()).take(MAX_DEPTH).map(step_of_text),
                );
            }
            if !path.is_empty() {
                self.add(path, left);
            }
            Ok(())
        })
    }

    /// Adds a mirror, as `show -json` writes it: `true` in the place of what is sensitive.
    ///
    /// <https://developer.hashicorp.com/terraform/internals/json-format#change-representation>
    pub(super) fn add_mirror(&mut self, cursor: &mut Cursor<'_>, left: &mut usize) -> Read {
        self.add_mirror_at(cursor, left, 0)
    }

    fn add_mirror_at(&mut self, cursor: &mut Cursor<'_>, left: &mut usize, depth: usize) -> Read {
        match cursor.peek()? {
            Peek::True => {
                self.whole = true;
                cursor.skip()
            }
            Peek::Array | Peek::Object if depth >= MAX_DEPTH || *left == 0 => {
                self.whole = true;
                cursor.skip()
            }
            Peek::Array => {
                let mut index = 0;
                cursor.elements(|cursor| {
                    let part = part_of_mirror(cursor, left, depth)?;
                    keep(&mut self.indexes, index, part);
                    index += 1;
                    Ok(())
                })
            }
            Peek::Object => cursor.members(|cursor, key| {
                let part = part_of_mirror(cursor, left, depth)?;
                keep(&mut self.names, key.into(), part);
                Ok(())
            }),
            _ => cursor.skip(),
        }
    }

    /// Marks a part.
    fn add(&mut self, path: Vec<Step>, left: &mut usize) {
        let mut part = self;
        for step in path {
            if *left == 0 {
                break;
            }
            *left -= 1;
            part = match step {
                Step::Name(name) => part.names.entry(name).or_default(),
                Step::Index(index) => part.indexes.entry(index).or_default(),
            };
        }
        part.whole = true;
    }
}

fn part_of_mirror(cursor: &mut Cursor<'_>, left: &mut usize, depth: usize) -> Read<Marks> {
    let mut part = Marks::default();
    part.add_mirror_at(cursor, left, depth + 1)?;
    if !part.is_none() {
        *left = left.saturating_sub(1);
    }
    Ok(part)
}

/// Keeps marks that say something. Of a key that is given twice, all marks count: both values are in the file.
fn keep<K: Ord>(parts: &mut BTreeMap<K, Marks>, key: K, part: Marks) {
    if part.is_none() {
        return;
    }
    let kept = parts.entry(key).or_default();
    kept.whole |= part.whole;
    part.names.into_iter().for_each(|(name, part)| keep(&mut kept.names, name, part));
    part.indexes.into_iter().for_each(|(index, part)| keep(&mut kept.indexes, index, part));
}

/// A step of a path: `{"type": "get_attr", "value": "password"}`, `{"type": "index", "value": {"value": 0, ...}}`.
fn read_step(cursor: &mut Cursor<'_>) -> Read<Option<Step>> {
    let mut step = None;
    match cursor.peek()? {
        Peek::Object => cursor.members(|cursor, key| {
            if key == "value" {
                step = read_step_value(cursor)?;
                Ok(())
            } else {
                cursor.skip()
            }
        })?,
        _ => step = read_step_value(cursor)?,
    }
    Ok(step)
}

/// The value of a step: a name, an index, or either with its type beside it.
fn read_step_value(cursor: &mut Cursor<'_>) -> Read<Option<Step>> {
    let mut step = None;
    match cursor.peek()? {
        Peek::Object => cursor.members(|cursor, key| {
            if key == "value" {
                step = read_key(cursor)?;
                Ok(())
            } else {
                cursor.skip()
            }
        })?,
        _ => step = read_key(cursor)?,
    }
    Ok(step)
}

fn read_key(cursor: &mut Cursor<'_>) -> Read<Option<Step>> {
    if cursor.peek()? == Peek::String {
        return Ok(cursor.string()?.map(|name| Step::Name(name.into())));
    }
    Ok(cursor.count()?.and_then(|index| usize::try_from(index).ok()).map(Step::Index))
}

fn step_of_text(text: &str) -> Step {
    text.parse().map_or_else(|_| Step::Name(text.trim_matches('"').into()), Step::Index)
}

#[cfg(test)]
mod tests {
    use super::super::cursor::Damages;
    use super::*;

    fn paths(text: &str, mut left: usize) -> Marks {
        let (damages, mut marks) = (Damages::default(), Marks::default());
        let _ = marks.add_paths(&mut Cursor::new(text.as_bytes(), 0, &damages), &mut left);
        marks
    }

    fn mirror(text: &str, mut left: usize) -> Marks {
        let (damages, mut marks) = (Damages::default(), Marks::default());
        let _ = marks.add_mirror(&mut Cursor::new(text.as_bytes(), 0, &damages), &mut left);
        marks
    }

    #[test]
    fn paths_mark_what_they_lead_to_and_all_below() {
        let marks = paths(
            r#"[[{"type":"get_attr","value":"input"},{"type":"index","value":{"value":1,"type":"number"}}],
                [{"type":"get_attr","value":"tags"},{"type":"index","value":{"value":"a b","type":"string"}}],
                "master_auth[0].password", [{"value":"odd"},{"value":{"value":true,"type":"bool"}},{"value":"x"}]]"#,
            100,
        );
        assert!(!marks.name("input").is_whole() && !marks.name("input").is_none());
        assert!(marks.name("input").index(1).name("deeper").is_whole());
        assert!(marks.name("input").index(0).is_none());
        assert!(marks.name("tags").name("a b").is_whole());
        assert!(marks.name("master_auth").index(0).name("password").is_whole());
        assert!(marks.name("odd").is_whole(), "a step that is not understood does not hide the mark");
        assert!(marks.name("other").is_none() && !marks.is_none());
        assert!(paths("[[], 1, null, \"\"]", 100).is_none());
    }

    #[test]
    fn mirrors_mark_where_they_are_true() {
        let marks = mirror(r#"{"a":{"b":true,"c":false},"l":[false,{"x":true}],"e":{}}"#, 100);
        assert!(marks.name("a").name("b").is_whole() && marks.name("a").name("c").is_none());
        assert!(marks.name("l").index(1).name("x").is_whole() && marks.name("l").index(0).is_none());
        assert!(marks.name("e").is_none());
        assert!(mirror("true", 100).name("x").index(3).is_whole());
        assert!(mirror("false", 100).is_none());
    }

    #[test]
    fn too_many_or_too_deep_marks_mark_the_whole() {
        assert!(mirror(r#"{"a":true,"b":{"c":true}}"#, 1).name("b").name("d").is_whole());
        assert!(paths(r#"[[{"value":"a"},{"value":"b"}]]"#, 1).name("a").name("z").is_whole());
        let deep = format!("{}true{}", "[".repeat(150), "]".repeat(150));
        let (mut marks, mut depth) = (&mirror(&deep, 1000), 0);
        while !marks.is_whole() {
            marks = marks.index(0);
            depth += 1;
        }
        assert_eq!(depth, MAX_DEPTH);
    }
}
