//! Makefiles and justfiles: variables, and the commands of recipes.

use super::super::lexer::{Dialect, Lexer};
use super::super::make::{assignment, just_assignment, logical_lines, recipe_line};
use super::super::script::Script;
use super::draft::Draft;
use super::{Holder, Site, commands};
use crate::text::Source;

pub(super) fn read(source: &Source, is_just: bool, draft: &mut Draft<'_>) {
    let dialect = if is_just { Dialect::Posix } else { Dialect::Make };
    let site = Site { job: 0, group: draft.group(), on_demand: false };
    for (start, line) in logical_lines(source.bytes()) {
        let indented = line.starts_with(b"\t") || (is_just && line.starts_with(b" "));
        if indented {
            commands::read(&recipe_line(start, line), dialect, site, draft);
        } else if let Some((name, range)) = variable(line, is_just) {
            let script = Script::verbatim(&line[range.clone()], start + range.start);
            draft.setting(name, Lexer::new(&script, dialect).value(), Holder::Variable, site);
        }
    }
}

/// A variable's name, and where its value stands without quotes.
fn variable(line: &[u8], is_just: bool) -> Option<(&str, std::ops::Range<usize>)> {
    let (name, value) = if is_just {
        just_assignment(line)?
    } else {
        let (name, value, _) = assignment(line)?;
        (name, value)
    };
    let blanks = line[value..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let (start, end) = (value + blanks, value + line[value..].trim_ascii_end().len());
    let text = line.get(start..end)?;
    match text {
        [open @ (b'"' | b'\''), .., close] if open == close && text.len() > 1 => Some((name, start + 1..end - 1)),
        _ => Some((name, start..end)),
    }
}
