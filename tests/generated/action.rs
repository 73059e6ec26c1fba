//! Text of `action.yml`: its inputs are the options of `credlint check`, in the words of its help.

use clap::{Arg, ArgAction};
use std::fmt::Write as _;

/// Options that are no inputs: a job has nothing staged, and nobody at a terminal; what is printed are annotations; where
/// reports go has inputs of its own. Who needs one all the same has the input `args`.
const NOT_INPUTS: [&str; 14] = [
    "color",
    "diff",
    "fix",
    "format",
    "help",
    "history",
    "ignored",
    "jobs",
    "output",
    "quiet",
    "staged",
    "verbose",
    "version",
    "write-baseline",
];

/// Formats that the action always writes, with the input and output that say where; `markdown` becomes the summary.
const REPORTS: [(&str, &str); 3] = [("json", "report"), ("sarif", "sarif"), ("markdown", "")];

/// Text of `action.yml`.
pub(super) fn action() -> String {
    let command = credlint::cli::command();
    let check = command.find_subcommand("check").expect("there is a command `check`");
    let options: Vec<&Arg> =
        check.get_arguments().filter(|arg| arg.get_long().is_some_and(|long| !NOT_INPUTS.contains(&long))).collect();
    let reports: Vec<_> =
        REPORTS.into_iter().filter(|(format, _)| credlint::output::format(format).is_some()).collect();
    let publishes = options.iter().any(|arg| arg.get_long() == Some("publish"));
    let mut out = String::from(HEAD);
    input(&mut out, "paths", "Files, directories or globs to check, one a line; the whole repository if empty");
    for option in &options {
        input(&mut out, long(option), &described(option));
    }
    for (format, name) in reports.iter().filter(|(_, name)| !name.is_empty()) {
        let format = format.to_uppercase();
        let says =
            format!("Where the report is written as {format}; a file in the runner's temporary directory if empty");
        input(&mut out, name, &says);
    }
    for (name, says) in OWN_INPUTS {
        input(&mut out, name, says);
    }
    if publishes {
        let says = "The token to publish with; the README says what it must be allowed";
        let _ = writeln!(
            out,
            "  token:\n    description: {says}\n    required: false\n    default: ${{{{ github.token }}}}"
        );
    }
    out.push_str("outputs:\n");
    for (name, says) in OUTPUTS {
        output(&mut out, name, says);
    }
    for (format, name) in reports.iter().filter(|(_, name)| !name.is_empty()) {
        output(&mut out, name, &format!("Path of the report as {}", format.to_uppercase()));
    }
    out.push_str(STEPS);
    let names: Vec<String> = options.iter().map(|option| format!("{}:{}", kind(option), long(option))).collect();
    let formats: Vec<&str> = reports.iter().map(|(format, _)| *format).collect();
    let _ = writeln!(out, "        ACTION_OPTIONS: {}", names.join(" "));
    let _ = writeln!(out, "        ACTION_REPORTS: {}", formats.join(" "));
    if publishes {
        out.push_str("        GITHUB_TOKEN: ${{ inputs.token }}\n");
    }
    let inputs = options.iter().map(|option| long(option)).chain(reports.iter().map(|(_, name)| *name));
    for name in ["paths"].into_iter().chain(inputs).chain(["args", "working-directory"]).filter(|name| !name.is_empty())
    {
        let variable = name.to_uppercase().replace('-', "_");
        let _ = writeln!(out, "        INPUT_{variable}: ${{{{ inputs.{name} }}}}");
    }
    out
}

fn long(option: &Arg) -> &str {
    option.get_long().expect("only options with a long name are inputs")
}

fn input(out: &mut String, name: &str, says: &str) {
    let _ = writeln!(out, "  {name}:\n    description: {}\n    required: false\n    default: \"\"", quoted(says));
}

fn output(out: &mut String, name: &str, says: &str) {
    let value = format!("${{{{ steps.check.outputs.{name} }}}}");
    let _ = writeln!(out, "  {name}:\n    description: {}\n    value: {value}", quoted(says));
}

/// A string of JSON is one of YAML.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}

/// What `action/check.sh` makes of it: one argument, one for each line, a switch, or a switch that may have a value.
fn kind(option: &Arg) -> &'static str {
    let fewest = option.get_num_args().map_or(1, |range| range.min_values());
    match option.get_action() {
        ArgAction::SetTrue => "flag",
        ArgAction::Append => "list",
        _ if fewest == 0 => "optional",
        _ => "value",
    }
}

/// The help of an option, with what else a reader of a workflow must know.
fn described(option: &Arg) -> String {
    let mut says = option.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> = option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    match kind(option) {
        "list" => says.push_str("; one a line"),
        "flag" => says.push_str("; true or false"),
        "optional" if values.is_empty() => says.push_str("; true, or names with commas between them"),
        "optional" => {
            let _ = write!(says, "; true, or {}", values.join(" or "));
        }
        _ if !values.is_empty() => {
            let _ = write!(says, " ({})", values.join(", "));
        }
        _ => {}
    }
    for default in option.get_default_values().iter().filter(|_| option.get_action().takes_values()) {
        let _ = write!(says, "; {} if empty", default.to_string_lossy());
    }
    says
}

const OWN_INPUTS: [(&str, &str); 4] = [
    ("args", "More arguments of `credlint check`, one a line; no shell ever reads them"),
    ("working-directory", "Directory of the repository to check, if it is not the workspace"),
    (
        "version",
        "The release to run, X.Y.Z; the commit that this action is used at must hold its checksums, and its own release is \
         what it takes if empty",
    ),
    ("binary", "Path or name of credlint's program, if it is to be none of a release"),
];

const OUTPUTS: [(&str, &str); 3] = [
    ("exit-code", "0 nothing at or above fail-on, 1 something, 2 could not do what was asked"),
    ("findings", "Number of findings"),
    ("errors", "Number of findings at the level error"),
];

const HEAD: &str = "\
# The inputs are the options of `credlint check`: `UPDATE=1 cargo test --test main generated` writes this file anew.
name: credlint
description: Keeps credentials hygienic in Terraform and OpenTofu repositories
author: The credlint developers
branding:
  icon: lock
  color: purple
inputs:
";

const STEPS: &str = "\
runs:
  using: composite
  steps:
    - id: install
      name: Find credlint
      shell: bash
      run: bash \"$GITHUB_ACTION_PATH/action/install.sh\"
      env:
        INPUT_BINARY: ${{ inputs.binary }}
        INPUT_VERSION: ${{ inputs.version }}
    - id: check
      name: Check
      shell: bash
      run: bash \"$GITHUB_ACTION_PATH/action/check.sh\"
      env:
        ACTION_BINARY: ${{ steps.install.outputs.binary }}
";
