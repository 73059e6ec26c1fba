//! Whole configurations against Terraform itself.
//!
//! `differential.md` holds them: each heading is a case, the fenced blocks with a name are its files, the one without
//! holds expressions of the root module, one a line. A line that starts with `? ` is one that this program leaves open
//! (unknown, or one of several values of which Terraform's is one); every other one must be wholly known and equal.
//! The line `Root: directory` says where Terraform is run, if it is not at the top.

use super::Setup;
use crate::hcl_differential::terraform::terraform;
use crate::rules::markdown::{Piece, pieces};
use crate::rules::memory::Files;
use base64::Engine as _;
use credlint::resolve::{Kind, Number, Reason, Tree, Value};
use serde_json::Value as Json;
use std::path::Path;

const CASES: &str = include_str!("differential.md");

/// What both sides answer to an expression in error.
const REFUSED: &str = "refused";

#[derive(Default)]
struct Case {
    title: String,
    root: String,
    files: Files,
    /// The expression, and whether it must be wholly known.
    expressions: Vec<(String, bool)>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for piece in pieces(CASES) {
        if let Piece::Heading(2, title) = piece {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        match piece {
            Piece::Fence(Some(name), text) => _ = case.files.insert(name.to_owned(), text),
            Piece::Fence(None, text) => {
                let lines = text.lines().filter(|line| !line.is_empty());
                case.expressions.extend(lines.map(|line| match line.strip_prefix("? ") {
                    Some(open) => (open.to_owned(), false),
                    None => (line.to_owned(), true),
                }));
            }
            Piece::Line(line) => case.root = line.strip_prefix("Root: ").unwrap_or_default().to_owned(),
            Piece::Heading(..) => {}
        }
    }
    cases
}

/// Terraform's answers: JSON, or [`REFUSED`].
fn theirs(case: &Case) -> Vec<String> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (path, text) in &case.files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is below the directory")).expect("it is writable");
        std::fs::write(path, text).expect("the directory is writable");
    }
    let root = directory.path().join(&case.root);
    if case.files.values().any(|text| text.contains("module")) {
        terraform(&root, &["init", "-backend=false", "-no-color"], "");
    }
    ask(&root, &case.expressions).unwrap_or_else(|output| panic!("{}: terraform says {output}", case.title))
}

fn ask(root: &Path, expressions: &[(String, bool)]) -> Result<Vec<String>, String> {
    let each: Vec<String> = expressions.iter().map(|(e, _)| format!("try(jsonencode({e}), \"{REFUSED}\")")).collect();
    let question = format!("base64encode(nonsensitive(jsonencode([{}])))\n", each.join(", "));
    let output = String::from_utf8(terraform(root, &["console", "-no-color"], &question)).expect("UTF-8");
    let answer = output.lines().last().unwrap_or_default().trim_matches('"');
    let bytes = base64::engine::general_purpose::STANDARD.decode(answer).map_err(|_| output.clone())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

fn ours(case: &Case) -> Vec<Value> {
    let evaluate = |tree: &Tree<'_>| case.expressions.iter().map(|(text, _)| super::evaluate(tree, text)).collect();
    Setup::new(case.files.clone()).in_tree(&case.root, evaluate)
}

/// The value as JSON, if it is wholly known.
fn json(value: &Value) -> Option<Json> {
    Some(match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(flag) => Json::Bool(*flag),
        Kind::Number(Number::Integer(integer)) => serde_json::from_str(&integer.to_string()).expect("a number"),
        Kind::Number(Number::Float(float)) => Json::from(*float),
        Kind::String(text) => Json::String(text.to_string()),
        Kind::List(values) => Json::Array(values.iter().map(json).collect::<Option<_>>()?),
        Kind::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| Some((key.clone(), json(value)?))).collect::<Option<_>>()?)
        }
        Kind::Partial(_) | Kind::Either(_) | Kind::Unknown(_) => return None,
    })
}

/// Whether it, or a part of it, is in error.
fn is_refused(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(reason) => matches!(reason, Reason::Invalid | Reason::Undeclared(_)),
        Kind::Partial(values) | Kind::List(values) => values.iter().any(is_refused),
        Kind::Map(entries) => entries.values().any(is_refused),
        _ => false,
    }
}

/// Whether Terraform's value is one of those that this program leaves open.
fn may_be(value: &Value, theirs: &Json) -> bool {
    match (&value.kind, theirs) {
        _ if is_refused(value) => theirs == REFUSED,
        (Kind::Unknown(_), _) => true,
        (Kind::Either(values), _) => values.iter().any(|value| may_be(value, theirs)),
        (Kind::Partial(parts), Json::String(text)) => {
            let known = parts.iter().filter_map(Value::as_str);
            known.into_iter().try_fold(text.as_str(), |rest, piece| Some(rest.split_once(piece)?.1)).is_some()
        }
        (Kind::List(values), Json::Array(theirs)) => {
            values.len() == theirs.len() && values.iter().zip(theirs).all(|(value, theirs)| may_be(value, theirs))
        }
        (Kind::Map(entries), Json::Object(theirs)) => {
            entries.keys().eq(theirs.keys().collect::<std::collections::BTreeSet<_>>())
                && entries.iter().all(|(key, value)| may_be(value, &theirs[key]))
        }
        _ => json(value).as_ref() == Some(theirs),
    }
}

#[test]
fn values_are_terraforms_own_or_open() {
    let mut wrong = Vec::new();
    let mut known = 0;
    for case in cases() {
        let both = theirs(&case).into_iter().zip(ours(&case));
        for ((expression, must), (theirs, ours)) in case.expressions.iter().zip(both) {
            let decided = is_refused(&ours) || json(&ours).is_some();
            let theirs = if theirs == REFUSED { Json::from(REFUSED) } else { theirs.parse().expect("JSON") };
            known += usize::from(decided);
            if decided != *must || !may_be(&ours, &theirs) {
                let said = json(&ours).map_or_else(|| format!("{:?}", ours.kind), |json| json.to_string());
                wrong.push(format!("{}: {expression}\n  terraform {theirs}\n  ours      {said}", case.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{} expressions differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 100, "only {known} are known");
}
