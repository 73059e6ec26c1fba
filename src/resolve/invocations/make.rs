//! [Makefiles](https://www.gnu.org/software/make/manual/make.html) and [justfiles](https://just.systems/man/en/):
//! recipes and the variables in them.

use super::assignments;
use super::lexer::{Dialect, Lexer};
use super::scope::{Binding, Scope};
use super::script::Script;
use super::shell::{self, Context};
use super::words::Word;
use super::{Found, PathPattern, own_directory};
use crate::text::Source;

/// A line with those it is continued on: its first byte and its bytes.
pub(super) type Line<'a> = (usize, &'a [u8]);

pub(super) fn makefile(source: &Source, found: &mut Found) {
    let lines = logical_lines(source.bytes());
    let mut scope = Scope::default();
    bind_make(&lines, &mut scope);
    // An included file's recipes run where the file that includes it stands.
    let included = source.path.name().ends_with(".mk");
    let own = if included { PathPattern::anything() } else { own_directory(&source.path) };
    scope.names.insert("CURDIR".to_owned(), curdir(&own));
    let context = Context { dialect: Dialect::Make, start: own.clone(), own, scope: &scope };
    let one_shell = lines.iter().any(|(_, line)| line.starts_with(b".ONESHELL"));
    let mut recipe: Vec<Script<'_>> = Vec::new();
    let mut defining = false;
    for (start, line) in lines {
        let word = first_word(line);
        match word {
            b"define" => defining = true,
            b"endef" => defining = false,
            _ => {}
        }
        let command = line.starts_with(b"\t") || (defining && word != b"define");
        match inline_recipe(line) {
            _ if command => recipe.push(recipe_line(start, line)),
            Some(at) => recipe.push(recipe_line(start + at, &line[at..])),
            None => {
                cli_args(start, line, &context, found);
                if !one_shell || !line.trim_ascii().is_empty() {
                    flush(&mut recipe, one_shell, &context, found);
                }
            }
        }
    }
    flush(&mut recipe, one_shell, &context, found);
}

fn curdir(own: &PathPattern) -> Binding {
    let what = match own.as_known() {
        Some(_) => super::words::What::Directory(own.clone()),
        None => super::words::What::Hole(String::new()),
    };
    let piece = super::words::Piece { what, span: crate::text::Span::default(), exact: false };
    Binding::Value(Word { pieces: vec![piece], ..Word::default() })
}

/// Runs the lines of a recipe: each in a shell of its own, unless the Makefile asks for one shell.
fn flush(recipe: &mut Vec<Script<'_>>, one_shell: bool, context: &Context<'_>, found: &mut Found) {
    let lines = std::mem::take(recipe);
    if one_shell {
        shell::run(&lines, context, found);
    } else {
        lines.iter().for_each(|line| shell::run(std::slice::from_ref(line), context, found));
    }
}

/// `export TF_CLI_ARGS_init = ...`
fn cli_args(start: usize, line: &[u8], context: &Context<'_>, found: &mut Found) {
    let Some((name, value, _)) = assignment(line) else { return };
    let Some(subcommand) = assignments::cli_args(name) else { return };
    let script = Script::verbatim(&line[value..], start + value);
    let words = Lexer::new(&script, Dialect::Make).all_words();
    let here = super::scope::Here { current: &context.start, own: &context.own };
    let words: Vec<Word> = words.iter().flat_map(|word| context.scope.expand(word, here)).collect();
    found.arguments(subcommand, &words, script.span(0..script.bytes.len()).0, PathPattern::anything());
}

/// A line of a recipe without the marks `@`, `-` and `+`.
pub(super) fn recipe_line(start: usize, line: &[u8]) -> Script<'_> {
    let marks = line.iter().take_while(|byte| matches!(byte, b'\t' | b' ' | b'@' | b'-' | b'+')).count();
    Script::verbatim(&line[marks..], start + marks)
}

/// The recipe behind the `;` of a rule, `target: prerequisite ; command`.
fn inline_recipe(line: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', line)?;
    let semicolon = memchr::memchr(b';', line)?;
    let assigns = memchr::memchr(b'=', &line[..semicolon]).is_some();
    let comment = memchr::memchr(b'#', &line[..semicolon]).is_some();
    (colon < semicolon && !assigns && !comment).then_some(semicolon + 1)
}

/// Binds what is assigned once, outside conditions, to literal text or to references.
fn bind_make(lines: &[Line<'_>], scope: &mut Scope<'_>) {
    let (mut conditions, mut defining) = (0_usize, false);
    for (start, line) in lines.iter().filter(|(_, line)| !line.starts_with(b"\t")) {
        match first_word(line) {
            b"ifeq" | b"ifneq" | b"ifdef" | b"ifndef" => conditions += 1,
            b"endif" => conditions = conditions.saturating_sub(1),
            b"define" => defining = true,
            b"endef" => defining = false,
            _ => {}
        }
        let Some((name, value, sure)) = assignment(line) else { continue };
        let known = scope.names.contains_key(name);
        let binding = if sure && !known && conditions == 0 && !defining {
            let value = value + line[value..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let script = Script::verbatim(&line[value..], start + value);
            Binding::Words(Lexer::new(&script, Dialect::Make).all_words())
        } else {
            Binding::Unknown
        };
        scope.names.insert(name.to_owned(), binding);
    }
}

/// Name, offset of the value, and whether the value is what the name stands for (`+=`, `!=` and a target's own
/// variables are not).
pub(super) fn assignment(line: &[u8]) -> Option<(&str, usize, bool)> {
    let equals = memchr::memchr(b'=', line)?;
    let before = std::str::from_utf8(&line[..equals]).ok()?;
    let trimmed = before.trim_end_matches([':', '?', '+', '!']);
    let operator = &before[trimmed.len()..];
    let mut words = trimmed.split_whitespace().rev();
    let name = words.next()?;
    let usual = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if !usual || trimmed.contains('#') {
        return None;
    }
    let alone = words.all(|word| matches!(word, "export" | "override" | "unexport" | "private"));
    Some((name, equals + 1, alone && !matches!(operator, "+" | "!")))
}

fn first_word(line: &[u8]) -> &[u8] {
    line.split(|byte| byte.is_ascii_whitespace() || *byte == b'(').find(|word| !word.is_empty()).unwrap_or_default()
}

/// Lines, a backslash at the end joining the next.
pub(super) fn logical_lines(bytes: &[u8]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        if start > end {
            break;
        }
        let line = &bytes[start..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.ends_with(b"\\") && end < bytes.len() {
            continue;
        }
        lines.push((start, line));
        start = end + 1;
    }
    lines
}

/// Name of a justfile's variable, and where its value begins.
pub(super) fn just_assignment(line: &[u8]) -> Option<(&str, usize)> {
    let equals = memchr::memmem::find(line, b":=")?;
    let name = std::str::from_utf8(&line[..equals]).unwrap_or("").trim();
    Some((name.strip_prefix("export ").unwrap_or(name).trim(), equals + 2))
}

/// A justfile: every indented line is a command of its own, in the justfile's directory.
pub(super) fn justfile(source: &Source, found: &mut Found) {
    let lines = logical_lines(source.bytes());
    let mut scope = Scope::default();
    for (start, line) in &lines {
        let Some((name, value)) = just_assignment(line) else { continue };
        let value = line[value..].trim_ascii();
        let inner = [b'"', b'\''].iter().find_map(|quote| {
            value.strip_prefix(&[*quote])?.strip_suffix(&[*quote]).filter(|inner| !inner.contains(quote))
        });
        let binding = match inner {
            Some(inner) if !inner.contains(&b'\\') && !scope.names.contains_key(name) => {
                let at = start + (inner.as_ptr() as usize - line.as_ptr() as usize);
                Binding::Value(Lexer::new(&Script::verbatim(inner, at), Dialect::Posix).value())
            }
            _ => Binding::Unknown,
        };
        scope.names.insert(name.to_owned(), binding);
    }
    let own = own_directory(&source.path);
    let moved = lines.iter().any(|(_, line)| line.starts_with(b"set working-directory"));
    let start = if moved { PathPattern::anything() } else { own.clone() };
    let context = Context { dialect: Dialect::Posix, start, own, scope: &scope };
    let mut recipe = Vec::new();
    for (start, line) in lines {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            recipe.push(recipe_line(start, line));
        } else if !line.trim_ascii().is_empty() {
            flush_just(&mut recipe, &context, found);
        }
    }
    flush_just(&mut recipe, &context, found);
}

/// A recipe that starts with `#!` is one script.
fn flush_just(recipe: &mut Vec<Script<'_>>, context: &Context<'_>, found: &mut Found) {
    let script = recipe.first().is_some_and(|line| line.bytes.starts_with(b"#!"));
    flush(recipe, script, context, found);
}
