//! Names that try to be commands, colours or other lines.

use super::fixture::{input, source};
use super::{in_actions, rendered};
use credlint::finding::{Finding, Notification, Place};
use credlint::output::Context;
use credlint::report::{Report, build};
use credlint::text::{RepoPath, Source, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

const NAMES: [&[u8]; 19] = [
    b"b\n::set-output name=pwn::1,line=999.yml",
    b"d,line=999,title=OK.yml",
    b"a\r\n::error::x",
    b"%0A::error::x",
    b"%0a%0D%25",
    b"a:b::c",
    b"::error::x",
    b"  ::warning file=x::y",
    b"##[set-output name=a;]b",
    b"x ##[error]y",
    b"####[error]y",
    b"##vso[task.complete result=Succeeded;]",
    b"\x1b[2J\x1b]0;title\x07",
    b"\xc2\x9b31m",
    b"ok\xe2\x80\xaemt.niam",
    b"zero\xe2\x80\x8bwidth\xef\xbb\xbf",
    b"\xff\xfe\n::add-mask::e",
    b"\x0b\x0c\x85\xe2\x80\xa8::debug::x",
    b"::abababababababababababababababab-::",
];

fn report(name: &[u8]) -> Report {
    let text = String::from_utf8_lossy(name).into_owned();
    let path = RepoPath::from_bytes(name);
    let file = Arc::new(Source::new(path.clone(), [b"x = 1 ", name].concat()));
    let place = Place::new(&file, Span::new(0, 5));
    let finding = Finding::new("tfvars-secret", place.clone(), format!("in {text}"))
        .address(text.as_str())
        .attribute(text.as_str())
        .module(text.as_str())
        .related(place, text.as_str())
        .remedy(text.as_str())
        .command(text.as_str());
    let mut input = input(vec![finding]);
    input.root = text.clone();
    input.whole_tree = false;
    input.notifications = vec![Notification::warning(&path, text)];
    build(input)
}

/// A command as GitHub's runner understands it.
#[derive(Debug, PartialEq, Eq)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    data: String,
}

/// What the runner does with lines, from its `ActionCommand` and `ActionCommandManager`
/// (<https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>).
fn obeyed(text: &str) -> Vec<Command> {
    let names = [
        "set-output",
        "save-state",
        "add-mask",
        "add-matcher",
        "remove-matcher",
        "debug",
        "warning",
        "error",
        "notice",
        "group",
        "endgroup",
        "echo",
        "stop-commands",
        "set-env",
        "add-path",
    ];
    let mut stopped: Option<String> = None;
    let mut commands = Vec::new();
    for line in text.split(['\n', '\r']) {
        let known =
            |name: &str| names.contains(&name.to_ascii_lowercase().as_str()) || stopped.as_deref() == Some(name);
        let Some(command) = modern(line, known).or_else(|| legacy(line, known)) else { continue };
        match &stopped {
            Some(token) if *token == command.name => stopped = None,
            Some(_) => {}
            None if command.name == "stop-commands" => stopped = Some(command.data),
            None => commands.push(command),
        }
    }
    assert_eq!(stopped, None, "commands are resumed");
    commands
}

fn modern(line: &str, known: impl Fn(&str) -> bool) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let properties = properties.trim().split(',').filter_map(|pair| {
        let (key, value) = pair.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())?;
        let value = unescape(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
        Some((key.to_owned(), value))
    });
    known(name).then(|| Command {
        name: name.to_owned(),
        properties: properties.collect(),
        data: unescape(data).replace("%25", "%"),
    })
}

fn legacy(line: &str, known: impl Fn(&str) -> bool) -> Option<Command> {
    let rest = &line[line.find("##[")? + 3..];
    let (head, data) = rest.split_once(']')?;
    let name = head.split(' ').next()?;
    known(name).then(|| Command { name: name.to_owned(), properties: BTreeMap::new(), data: data.to_owned() })
}

#[test]
fn the_model_of_the_runner_is_fooled_by_raw_text() {
    assert_eq!(obeyed("::error file=b\n::set-output name=pwn::1,line=999.yml::x").len(), 1);
    assert_eq!(obeyed("x ##[error]y").len(), 1);
    assert_eq!(obeyed("::stop-commands::t\n::error::x\n##[error]y\n::t::\n::error::x").len(), 1);
}

#[test]
fn github_sees_the_intended_commands_and_no_other() {
    for name in NAMES {
        let report = report(name);
        for context in [in_actions(), Context::default()] {
            let text = rendered("github", &report, &context);
            let commands = obeyed(&text);
            assert_eq!(commands.len(), 1, "{name:?}: {text}");
            let keys: Vec<&str> = commands[0].properties.keys().map(String::as_str).collect();
            assert_eq!(keys, ["col", "endColumn", "endLine", "file", "line", "title"], "{name:?}: {text}");
            assert_eq!(commands[0].properties["line"], "1", "{name:?}");
            assert_eq!(commands[0].properties["title"], "tfvars-secret", "{name:?}");
        }
    }
}

#[test]
fn a_path_that_needs_only_quoting_reaches_github_as_it_is() {
    for name in ["d,line=999,title=OK.yml", "%0A::error::x", "a:b::c", "é 漢.tf"] {
        let text = rendered("github", &report(name.as_bytes()), &Context::default());
        assert_eq!(obeyed(&text)[0].properties["file"], name);
    }
}

#[test]
fn text_and_json_command_nothing_in_actions() {
    for name in NAMES {
        let report = report(name);
        let verbose = Context { verbose: true, ..in_actions() };
        let quiet = Context { quiet: true, ..in_actions() };
        for (format, context) in [("text", &verbose), ("text", &quiet), ("json", &verbose)] {
            let text = rendered(format, &report, context);
            assert_eq!(obeyed(&text), [], "{name:?}: {text}");
        }
    }
}

#[test]
fn nothing_treacherous_is_written_and_lines_stay_lines() {
    let lines_of = |text: &str| text.lines().count();
    for format in credlint::output::ALL {
        let plain = lines_of(&rendered(format.name, &report(b"plain"), &in_actions()));
        for name in NAMES {
            let text = rendered(format.name, &report(name), &in_actions());
            let bad = |c: &char| {
                (c.is_control() && *c != '\n')
                    || matches!(*c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            };
            assert_eq!(text.chars().find(bad), None, "{}: {name:?}", format.name);
            assert_eq!(lines_of(&text), plain, "{}: {name:?}: {text}", format.name);
            assert!(!text.contains("##["), "{}: {name:?}", format.name);
        }
    }
}

#[test]
fn json_says_the_names_as_they_are() {
    for name in NAMES {
        let text = rendered("json", &report(name), &Context::default());
        let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(json["findings"][0]["path"], RepoPath::from_bytes(name).shown());
        assert_eq!(json["findings"][0]["address"], *String::from_utf8_lossy(name));
    }
}

#[test]
fn more_findings_than_github_shows_are_counted() {
    let file = source("a.tf", &"x = 1\n".repeat(40));
    let finding = |rule, line: usize| {
        Finding::new(rule, Place::new(&file, Span::new(line * 6, line * 6 + 5)), "m").attribute(line.to_string())
    };
    let mut findings: Vec<Finding> = (0..30).map(|line| finding("tfvars-secret", line)).collect();
    findings.push(finding("backend-static-credential", 35));
    findings.extend((0..10).map(|line| finding("provider-unpinned", line)));
    let mut input = input(findings);
    input.whole_tree = false;
    let commands = obeyed(&rendered("github", &build(input), &in_actions()));
    let count = |name: &str| commands.iter().filter(|command| command.name == name).count();
    assert_eq!((count("error"), count("warning")), (10, 10));
    assert_eq!(commands[0].properties["title"], "backend-static-credential", "the worst comes first");
    assert_eq!(commands[9].data, "22 more at level error: see the log");
}
