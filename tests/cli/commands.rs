//! Nothing that the program says is a command to a CI system's runner, whatever files, policies and arguments are called.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use super::case::credlint;
use crate::git_repository::Directory;
use crate::outputs::hostile::obeyed;

/// A directory, a part of an address, a rule and a reason.
const NAME: &str = "d\n::error::pwn ##[error]x ##vso[task.complete]y\u{1b}[31m\u{202e}";

fn repository() -> Directory {
    let directory = Directory::with_git();
    let provider = "provider \"aws\" {\n  access_key = \"AKIAIOSFODNN7EXAMPLE\"\n  \
                    secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n}\n";
    directory.write(&format!("{NAME}/main.tf"), provider);
    let text = serde_json::to_string(NAME).unwrap();
    let policy = format!(
        "version: 1\nextends: [recommended]\nexceptions:\n  - rule: backend-local\n    path: \"x ##vso[y]\"\n    \
         reason: {text}\n    expires: 2999-01-01\ncustom:\n  - id: own\n    level: error\n    \
         select: {{ block: provider.aws }}\n    require: {{ region: {{ in: [{text}] }} }}\n    message: {text}\n"
    );
    directory.write(".credlint.yaml", &policy);
    directory.write("bad.yaml", &format!("version: 1\n{text}: 1\nrules: {{ {text}: error }}\n"));
    directory.commit();
    directory
}

#[test]
fn no_words_of_the_program_are_a_command() {
    let directory = repository();
    let runs: &[(i32, &[&str])] = &[
        (1, &[]),
        (1, &["--verbose"]),
        (1, &["--quiet"]),
        (1, &["--format", "sarif"]),
        (0, &["--staged", "--verify=plan"]),
        (0, &["verify", "--verify=plan"]),
        (0, &["policy", "show"]),
        (0, &["policy", "check"]),
        (0, &["policy", "exceptions"]),
        (2, &["policy", "check", "--policy", "bad.yaml"]),
        (2, &["policy", "check", "--policy", NAME]),
        (2, &["policy", "show", "--policy-ref", NAME]),
        (2, &["--baseline", NAME]),
        (2, &["--base", NAME]),
        (2, &["--format", NAME]),
        (2, &["--output", NAME]),
        (2, &["--verify-host", NAME, "--verify"]),
        (2, &["--publish=\n::error::x"]),
        (2, &["publish", NAME]),
        (2, &["publish", "--to", NAME, "report.json"]),
        (2, &["rules", NAME]),
        (2, &["no\n::error::pwn"]),
        (2, &["--\n::error::pwn"]),
    ];
    for (status, arguments) in runs {
        for actions in [None, Some(("GITHUB_ACTIONS", "true"))] {
            let output = credlint(&directory.root).args(*arguments).envs(actions).output().unwrap();
            let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
            assert_eq!(output.status.code(), Some(*status), "{arguments:?}: {said}");
            // Without the runner's own variable nobody guards what stands on standard output, and no runner reads it.
            if actions.is_some() {
                assert_eq!(obeyed(&said), [], "{arguments:?}: {said}");
            }
            for bad in ["##[", "##vso[", "\u{1b}", "\u{202e}"] {
                assert!(!said.contains(bad), "{arguments:?}: {bad:?} in {said}");
            }
        }
    }
}

#[test]
fn a_policy_that_is_shown_means_the_same() {
    let directory = repository();
    let shown = |arguments: &[&str]| credlint(&directory.root).args(arguments).output().unwrap().stdout;
    let first = shown(&["policy", "exceptions"]);
    directory.write("shown.yaml", &String::from_utf8(shown(&["policy", "show"])).unwrap());
    assert_eq!(shown(&["policy", "exceptions", "--policy", "shown.yaml"]), first);
    assert!(!first.is_empty());
}
