//! Names that try to be commands, colours or other lines.

use super::fixture::{input, source};
use super::{in_actions, rendered};
use credlint::finding::{CredentialUse, Finding, Notification, Occurrence, Place, Secret, Strength, Verification};
use credlint::output::Context;
use credlint::report::{Report, build};
use credlint::text::{RepoPath, Source, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const NAMES: &[&[u8]] = &[
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
    b"x ##teamcity[buildStatus status='SUCCESS']",
    b"x' SEVERITY='INFO']\n##teamcity[message text='y",
    b"|n|'|]##teamcity[message text='y']",
    b"a;code=]x##vso[task.setvariable variable=PATH]/tmp",
    b"%0A##vso[task.complete result=Succeeded;]%3B%5D",
    b"]]><failure/>",
    b"\" onclick=\"x\" a='",
    b"</failure></testcase><!-- &amp; &#10; &x; ",
    b"<script>alert(1)</script><img src=x onerror=y>",
    b"![x](https://evil.example/a.png)[y](https://evil.example)",
    b"`` `code` ``` ~~~ `",
    b"a | b \\| c \\",
    b"@octocat @org/team #12 GH-12 org/repo#12 !12 %v1 ~bug :tada: $x$",
    b"https://evil.example www.evil.example mail@evil.example ftp://evil.example",
    b"**bold** _it_ ~~no~~ # head > quote - list 1. one --- ===",
    b"\"]:::x --> y[\"z",
    b"%%{init: {'theme': 'x'}}%% click a \"javascript:alert(1)\"",
    b"{0} {{x}} ${{ github.token }} \\n \\u0000 \xef\xbf\xbe\xef\xbf\xbf",
];

pub(super) fn report(name: &[u8]) -> Report {
    let text = String::from_utf8_lossy(name).into_owned();
    let path = RepoPath::from_bytes(name);
    let file = Arc::new(Source::new(path.clone(), [b"x = 1 ", name].concat()));
    let place = Place::new(&file, Span::new(0, 5));
    let finding = Finding::new("tfvars-secret", place.clone(), format!("in {text}"))
        .address(text.as_str())
        .attribute(text.as_str())
        .module(text.as_str())
        .related(place, text.as_str())
        .remedy(text.clone())
        .command(text.as_str());
    let mut input = input(vec![finding]);
    input.root = text.clone();
    input.whole_tree = false;
    input.notifications = vec![Notification::warning(&path, text)];
    build(input)
}

/// The same with a credential, which has a place in pictures.
pub(super) fn with_credential(name: &[u8]) -> Report {
    asked(name, None)
}

/// And with what its issuer says of it.
pub(super) fn asked(name: &[u8], verification: Option<Verification>) -> Report {
    let file = Arc::new(Source::new(RepoPath::from_bytes(name), b"password = hunter2-hunter2".as_slice()));
    let place = Place::new(&file, Span::new(11, 26));
    let secret = Secret::new("hunter2-hunter2");
    let credential = CredentialUse::new("password", secret, Strength::Guessable, Occurrence::Text, place.clone());
    let credential = CredentialUse { verification: verification.map(Arc::new), ..credential };
    let finding = Finding::new("tfvars-secret", place, "m").credential(credential);
    build(credlint::report::Input { whole_tree: false, ..input(vec![finding]) })
}

/// A command as GitHub's runner understands it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    data: String,
}

/// What the runner does with lines, from its `ActionCommand` and `ActionCommandManager`
/// (<https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>).
pub(crate) fn obeyed(text: &str) -> Vec<Command> {
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
    for &name in NAMES {
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
fn no_other_format_commands_anything_in_actions() {
    for &name in NAMES {
        let report = report(name);
        let verbose = Context { verbose: true, ..in_actions() };
        let quiet = Context { quiet: true, ..in_actions() };
        for format in credlint::output::ALL.iter().filter(|format| format.name != "github") {
            for context in [&verbose, &quiet] {
                let text = rendered(format.name, &report, context);
                assert_eq!(obeyed(&text), [], "{}: {name:?}: {text}", format.name);
            }
        }
    }
}

#[test]
fn nothing_treacherous_is_written_and_lines_stay_lines() {
    let lines_of = |text: &str| text.lines().count();
    for format in credlint::output::ALL {
        let plain = lines_of(&rendered(format.name, &report(b"plain"), &in_actions()));
        for &name in NAMES {
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

/// What Azure's agent does with lines: a command may stand anywhere in one, and its properties are taken apart at
/// semicolons and unescaped (<https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Agent.Sdk/CommandStringConvertor.cs>,
/// <https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Microsoft.VisualStudio.Services.Agent/Command.cs>).
fn obeyed_by_azure(text: &str) -> Vec<Command> {
    let unescape = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%5D", "]").replace("%3B", ";");
        text.replace("%AZP25", "%")
    };
    let command = |line: &str| {
        let (head, data) = line.split_once("##vso[")?.1.split_once(']')?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let properties = properties.split(';').filter_map(|pair| pair.split_once('='));
        let properties = properties.map(|(key, value)| (key.to_owned(), unescape(value))).collect();
        Some(Command { name: name.to_owned(), properties, data: unescape(data) })
    };
    text.split(['\n', '\r']).filter_map(command).collect()
}

#[test]
fn azure_sees_the_intended_commands_and_no_other() {
    assert_eq!(obeyed_by_azure("x ##vso[task.complete result=y;]z").len(), 1, "the model is fooled by raw text");
    for &name in NAMES {
        let text = rendered("azure", &report(name), &Context::default());
        let commands = obeyed_by_azure(&text);
        assert_eq!(commands.len(), 1, "{name:?}: {text}");
        assert_eq!(commands[0].name, "task.logissue");
        let properties = &commands[0].properties;
        let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "columnnumber", "linenumber", "sourcepath", "type"], "{name:?}");
        assert_eq!(properties["sourcepath"], shown(RepoPath::from_bytes(name).shown()), "{name:?}");
        assert!(commands[0].data.starts_with(&format!("in {}\n", shown(&String::from_utf8_lossy(name)))), "{name:?}");
        for format in credlint::output::ALL.iter().filter(|format| format.name != "azure") {
            let text = rendered(format.name, &report(name), &Context::default());
            assert_eq!(obeyed_by_azure(&text), [], "{}: {name:?}", format.name);
        }
    }
}

fn shown(text: &str) -> String {
    credlint::output::TerminalText::new(text).to_string()
}

/// The service messages that TeamCity finds in lines, anywhere in one, each with its attributes, unescaped.
fn obeyed_by_teamcity(text: &str) -> Vec<Command> {
    let mut found = Vec::new();
    for line in text.split(['\n', '\r']) {
        let Some((_, rest)) = line.split_once("##teamcity[") else { continue };
        let (name, mut rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut properties = BTreeMap::new();
        while let Some((key, value)) = rest.split_once("='") {
            let (mut unescaped, mut chars) = (String::new(), value.chars());
            loop {
                match chars.next().expect("a value ends with a quote") {
                    '\'' => break,
                    '[' | ']' => panic!("a bracket that is not escaped: {line}"),
                    '|' => match chars.next() {
                        Some('n') => unescaped.push('\n'),
                        Some('0') => unescaped.extend(chars.by_ref().take(5)),
                        other => unescaped.extend(other),
                    },
                    c => unescaped.push(c),
                }
            }
            properties.insert(key.trim().to_owned(), unescaped);
            rest = chars.as_str();
        }
        assert_eq!(rest, "]", "{line}");
        found.push(Command { name: name.to_owned(), properties, data: String::new() });
    }
    found
}

#[test]
fn teamcity_sees_the_intended_messages_and_no_other() {
    for &name in NAMES {
        let text = rendered("teamcity", &report(name), &Context::default());
        let messages = obeyed_by_teamcity(&text);
        let names: Vec<&str> = messages.iter().map(|message| message.name.as_str()).collect();
        assert_eq!(names, ["inspectionType", "inspection"], "{name:?}: {text}");
        let keys: Vec<&str> = messages[1].properties.keys().map(String::as_str).collect();
        assert_eq!(keys, ["SEVERITY", "file", "line", "message", "typeId"], "{name:?}");
        let path = shown(RepoPath::from_bytes(name).shown());
        assert!(!path.is_ascii() || messages[1].properties["file"] == path, "{name:?}");
        for format in credlint::output::ALL.iter().filter(|format| format.name != "teamcity") {
            let text = rendered(format.name, &report(name), &Context::default());
            assert!(obeyed_by_teamcity(&text).is_empty(), "{}: {name:?}", format.name);
        }
    }
}

#[test]
fn json_says_the_names_as_they_are() {
    for &name in NAMES {
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
