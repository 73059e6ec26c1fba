//! The pages in `docs/` that say what the program says of itself.

use credlint::rules::{ALL, Rule, explain};
use std::fmt::Write as _;

/// Text of `docs/rules.md`: a table of all rules by group, then a section for each. A rule's heading is its id, so its
/// anchor is its id as well: the addresses that findings give lead there.
pub(super) fn rules() -> String {
    let mut out = String::from(
        "# Rules\n\nWritten from the rules themselves; `UPDATE=1 cargo test generated` writes this page anew. \
         `credlint rules RULE` prints one\nof these pages. The level is the one of the built-in policy `recommended`.\n",
    );
    let mut group = None;
    for rule in ALL {
        if group != Some(rule.group) {
            group = Some(rule.group);
            let title = rule.group.title();
            let _ =
                write!(out, "\n## {title}\n\n| rule | what it finds | severity | level |\n| --- | --- | --- | --- |\n");
        }
        let (severity, level) = (rule.severity.as_str(), rule.recommended.as_str());
        let summary = rule.summary.replace('|', "\\|");
        let _ = writeln!(out, "| [`{0}`](#{0}) | {summary} | {severity} | {level} |", rule.id);
    }
    out.push_str("\n---\n");
    for rule in ALL {
        let _ = write!(out, "\n{}", section(rule));
    }
    out
}

/// A rule's page, one heading deeper than it prints for itself.
fn section(rule: &Rule) -> String {
    let mut fenced = false;
    let deeper = |line: &str| {
        fenced ^= line.starts_with("```");
        let more = if line.starts_with('#') && !fenced { "#" } else { "" };
        format!("{more}{line}\n")
    };
    explain(rule).lines().map(deeper).collect()
}

/// Text of `docs/formats.md`: every format and what it is for.
pub(super) fn formats() -> String {
    let mut out = String::from(
        "# Formats of reports\n\nWritten from the formats themselves; `UPDATE=1 cargo test generated` writes this page anew.\n\n\
         `--format NAME` writes a format to standard output, `--output NAME=FILE` to a file; of the latter there may be \
         several in\none run. Each is held against its own validator by the tests.\n\n\
         | name | what it is |\n| --- | --- |\n",
    );
    for format in credlint::output::ALL {
        let _ = writeln!(out, "| `{}` | {} |", format.name, format.summary);
    }
    out.push_str(
        "\nFindings that are suppressed stand in `json` and `html` and, as suppressions, in `sarif`; the others leave them out, but\nfor \
         the text with `--verbose`. GitHub shows suppressed results like all others when such a file is uploaded to code \
         scanning.\n",
    );
    out
}

/// Text of `docs/cli.md`: the help of every command, as wide as a page.
pub(super) fn command_line() -> String {
    let mut out = String::from(
        "# Command line\n\nWritten from the arguments themselves; `UPDATE=1 cargo test generated` writes this page anew.\n",
    );
    let mut command = credlint::cli::command().term_width(100).max_term_width(100);
    command.build();
    command = without_environment(command);
    describe(&mut command, &mut out);
    out
}

/// The page names the variables; what they are set to where the test runs is not its matter.
fn without_environment(command: clap::Command) -> clap::Command {
    command.mut_args(|arg| arg.hide_env_values(true)).mut_subcommands(without_environment)
}

fn describe(command: &mut clap::Command, out: &mut String) {
    let name = command.get_bin_name().unwrap_or("credlint").to_owned();
    let help = command.render_long_help().to_string();
    let help: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let _ = write!(out, "\n## {name}\n\n```text\n{}\n```\n", help.trim_end());
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        describe(inner, out);
    }
}
