//! Functions on files and paths. Only what stands in the repository is read.

use super::context::{Call, Outcome, flag, refusal};
use super::{FileText, Template};
use crate::resolve::{Kind, Origin, Reason, Value};
use std::collections::BTreeSet;

/// The file; unknown if it is not in the repository, for it may be there when Terraform runs.
fn read(call: &Call<'_>) -> Result<FileText, Reason> {
    let path = call.text(0)?;
    let file = call.host.read(&path).ok_or_else(|| call.unsupported())?;
    call.spend(file.text.len() / 64)?;
    Ok(file)
}

pub(super) fn file(call: &Call<'_>) -> Outcome {
    let file = read(call)?;
    Ok(Value { kind: Kind::String(file.text), origin: Origin { literal: Some(file.place), ..Origin::default() } })
}

pub(super) fn filebase64(call: &Call<'_>) -> Outcome {
    let text = [file(call)?];
    super::encoding::base64encode(&call.with(&text))
}

pub(super) fn fileexists(call: &Call<'_>) -> Outcome {
    read(call).map(|_| flag(true))
}

/// What the template makes has the origin that rendering gives it, else that of the file.
pub(super) fn templatefile(call: &Call<'_>) -> Outcome {
    let file = read(call)?;
    let variables = call.map(1)?;
    let rendered = call.host.render(&Template { text: &file.text, place: Some(&file.place), variables, files: true });
    Ok(placed(rendered, &Origin { literal: Some(file.place.clone()), ..Origin::default() }))
}

pub(super) fn templatestring(call: &Call<'_>) -> Outcome {
    let template = call.value(0)?;
    let Kind::String(text) = &template.kind else { return Err(refusal(template)) };
    let variables = call.map(1)?;
    let place = template.origin.literal.as_ref();
    let rendered = call.host.render(&Template { text, place, variables, files: false });
    Ok(placed(rendered, &template.origin))
}

fn placed(mut value: Value, origin: &Origin) -> Value {
    if value.origin.literal.is_none() && matches!(value.kind, Kind::String(_) | Kind::Partial(_)) {
        value.origin = Origin { sensitive: value.origin.sensitive || origin.sensitive, ..origin.clone() };
    }
    value
}

pub(super) fn basename(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    let trimmed = path.trim_end_matches('/');
    let name = match trimmed.rsplit('/').next() {
        _ if path.is_empty() => ".",
        Some(name) if !name.is_empty() => name,
        _ => "/",
    };
    call.made_of(name, call.value(0)?)
}

pub(super) fn dirname(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    let directory = path.rfind('/').map_or("", |at| &path[..=at]);
    call.made_of(clean(directory), call.value(0)?)
}

/// The shortest path that says the same, as Go's `filepath.Clean`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            other => parts.push(other),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// Only the home directory is expanded; it is not known here.
pub(super) fn pathexpand(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path.starts_with('~') { Err(call.unsupported()) } else { call.made_of(path, call.value(0)?) }
}

/// Patterns are those of <https://developer.hashicorp.com/terraform/language/functions/fileset>.
pub(super) fn fileset(call: &Call<'_>) -> Outcome {
    let (directory, pattern) = (call.text(0)?, call.text(1)?);
    // Escapes are not known to the library; a way out of the directory is not for this program.
    if pattern.contains('\\') || pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
        return Err(call.unsupported());
    }
    let files = call.host.list(&directory).ok_or_else(|| call.unsupported())?;
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    let mut found = BTreeSet::new();
    for one in braces(&pattern).ok_or_else(|| call.unsupported())? {
        let pattern = glob::Pattern::new(&one.replace("[^", "[!")).map_err(|_| call.unsupported())?;
        call.spend(files.len())?;
        found.extend(files.iter().filter(|file| pattern.matches_with(file, options)).cloned());
    }
    call.new_list(found.into_iter().map(|file| Value::string(&file)).collect())
}

/// The patterns that `{a,b}` stands for. None for nested or open braces, or more than a few.
fn braces(pattern: &str) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    let mut rest = pattern;
    while let Some(open) = rest.find(['{', '}']) {
        let inner = rest[open..].strip_prefix('{')?;
        let close = inner.find(['{', '}']).filter(|at| inner.as_bytes()[*at] == b'}')?;
        let choices: Vec<&str> = inner[..close].split(',').collect();
        if all.len() * choices.len() > 64 {
            return None;
        }
        let before = &rest[..open];
        all = all.iter().flat_map(|one| choices.iter().map(move |choice| format!("{one}{before}{choice}"))).collect();
        rest = &inner[close + 1..];
    }
    Some(all.into_iter().map(|one| one + rest).collect())
}
