//! What the rules about files that must not be in git share: where the finding stands, and how such a file leaves.

use crate::finding::{Finding, Place};
use crate::text::{RepoPath, Source, Span, shell};
use std::sync::Arc;

/// A file as a whole. Nothing of its content is at that place, so no excerpt shows any.
pub(super) fn whole(path: &RepoPath) -> Place {
    Place::new(&Arc::new(Source::new(path.clone(), Vec::new())), Span::at(0))
}

/// What history rewriting is worth and needs.
///
/// <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository>
const HISTORY: &str = "git's history still holds it: rotate what it held first. To rewrite history as well (the last \
     command) take a fresh clone, push by force, have all other clones thrown away, and ask the forge to drop forks, \
     pull requests and caches that keep the old commits";

/// Adds to a remedy how a file or a directory with all that is in it leaves the index, stays out and leaves history.
/// `patterns` are the lines for the root's `.gitignore`.
pub(super) fn taken_out(mut finding: Finding, path: &RepoPath, is_directory: bool, patterns: &[String]) -> Finding {
    let (recursive, end) = if is_directory { ("-r ", "/") } else { ("", "") };
    finding.remedy.text = format!("{}; {HISTORY}", finding.remedy.text).into();
    finding
        .command(format!("git rm {recursive}--cached -- {}", shell::pathspec(path)))
        .command(append(patterns))
        .command(format!("git filter-repo --invert-paths --path={}", shell::quote(&format!("{}{end}", path.as_str()))))
}

/// The command that appends lines to the root's `.gitignore`.
pub(super) fn append<S: AsRef<str>>(lines: &[S]) -> String {
    let quoted: Vec<String> = lines.iter().map(|line| format!("'{}'", line.as_ref().replace('\'', r"'\''"))).collect();
    format!(r"printf '%s\n' {} >> .gitignore", quoted.join(" "))
}

/// The line of the root's `.gitignore` that means this path alone. What a line cannot hold stands for any character.
///
/// <https://git-scm.com/docs/gitignore#_pattern_format>
pub(super) fn pattern_of(path: &RepoPath) -> String {
    let mut line = String::from("/");
    for c in path.as_str().chars() {
        match c {
            '*' | '?' | '[' | '\\' => line.extend(['\\', c]),
            c if c.is_control() => line.push('?'),
            c => line.push(c),
        }
    }
    if line.ends_with(' ') {
        line.insert(line.len() - 1, '\\');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_mean_one_path() {
        for (path, line) in [("a/plan.json", "/a/plan.json"), ("#a[1]*", r"/#a\[1]\*"), ("a\nb ", r"/a?b\ ")] {
            assert_eq!(pattern_of(&RepoPath::new(path)), line);
        }
    }

    #[test]
    fn commands_are_ready_for_any_name() {
        let path = RepoPath::new("-x/it's *.tfstate");
        let found = taken_out(Finding::new("r", whole(&path), "m").remedy("r"), &path, false, &[pattern_of(&path)]);
        assert_eq!(
            found.remedy.commands,
            [
                r"git rm --cached -- ':(literal)-x/it'\''s *.tfstate'",
                r"printf '%s\n' '/-x/it'\''s \*.tfstate' >> .gitignore",
                r"git filter-repo --invert-paths --path='-x/it'\''s *.tfstate'",
            ]
        );
    }
}
