//! Whether git would ignore a path: git itself says so.

use super::{all, of};
use crate::git_repository::Directory;
use credlint::document::collect::Tree;
use credlint::document::{IgnoreRules, ReadOnDemand};
use credlint::text::RepoPath;

/// Directory of a `.gitignore` and its text.
const RULES: [(&str, &str); 4] = [
    (".gitignore", "# comment\n*.tfstate\n!kept.tfstate\n/only-root\nbuild/\nx/y.log\n**/deep/*.z\n\\#odd\ntrail  \n"),
    ("a/.gitignore", "!terraform.tfstate\n.terraform/*\n!.terraform/keep\r\ncr.txt\r\n[ab].q\n"),
    ("a/b/.gitignore", "*\n!*.tf\n"),
    ("build/.gitignore", "!inside\n"),
];

const PATHS: [&str; 30] = [
    "terraform.tfstate",
    "errored.tfstate",
    "kept.tfstate",
    "only-root",
    "c/only-root",
    "build/inside",
    "c/build/inside",
    "c/build",
    "x/y.log",
    "c/x/y.log",
    "deep/a.z",
    "c/d/deep/a.z",
    "deep/a/b.z",
    "#odd",
    "trail",
    "a/terraform.tfstate",
    "a/errored.tfstate",
    "a/.terraform/x",
    "a/.terraform/keep",
    "a/.terraform/x/keep",
    "a/c/.terraform/x",
    "a/cr.txt",
    "a/b.q",
    "a/c/b.q",
    "a/b/main.tf",
    "a/b/main.txt",
    "a/b/c/main.tf",
    "excluded",
    "c/excluded/x",
    "a/é.tfstate",
];

fn repository() -> Directory {
    let directory = Directory::with_git();
    for (path, text) in RULES {
        directory.write(path, text);
    }
    directory.write(".git/info/exclude", "excluded\n");
    directory
}

/// File, line and whether it is ignored of the pattern that decides, as git says it: `file:line:pattern<TAB>path`.
fn of_git(directory: &Directory, path: &str) -> Option<(String, u32, bool)> {
    // The first path keeps the status at success.
    let arguments = ["-c", "core.quotePath=false", "check-ignore", "--no-index", "--verbose", "--non-matching"];
    let arguments: Vec<&str> = arguments.into_iter().chain(["errored.tfstate", path]).collect();
    let said = directory.git(&arguments);
    let (rule, _) = said.lines().nth(1).unwrap().split_once('\t').unwrap();
    let mut parts = rule.splitn(3, ':');
    let (file, line, pattern) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    Some((file.to_owned(), line.parse().ok()?, !pattern.starts_with('!')))
}

#[test]
fn git_says_the_same() {
    let directory = repository();
    let collected = all(&directory);
    let mut rules = IgnoreRules::of(&collected);
    for path in PATHS {
        let decision = rules.decision(&RepoPath::new(path)).map(|decision| {
            let file = decision.file.map_or(".git/info/exclude".to_owned(), |file| file.as_str().to_owned());
            (file, decision.line, decision.ignored)
        });
        assert_eq!(decision, of_git(&directory, path), "{path}");
    }
}

#[test]
fn the_rules_are_those_of_the_tree_that_is_judged() {
    let directory = Directory::with_git();
    directory.write(".gitignore", "one\n");
    directory.commit();
    directory.write(".gitignore", "two\n");
    directory.git(&["add", ".gitignore"]);
    directory.write(".gitignore", "three\n");
    directory.write("a/.gitignore", "*\n");
    for (tree, ignored) in [(Tree::Revision("HEAD".into()), "one"), (Tree::Index, "two"), (Tree::Worktree, "three")] {
        let collected = of(&directory, tree);
        let mut rules = IgnoreRules::of(&collected);
        let found: Vec<_> = ["one", "two", "three"].into_iter().filter(|p| rules.ignores(&RepoPath::new(p))).collect();
        assert_eq!(found, [ignored]);
        // A file that ignores itself is in no tree but the one on disk.
        assert_eq!(rules.ignores(&RepoPath::new("a/x")), ignored == "three");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_holds_no_rules() {
    let directory = Directory::with_git();
    assert!(std::process::Command::new("mkfifo").arg(directory.path(".gitignore")).status().unwrap().success());
    directory.write("rules", "x\n");
    std::fs::create_dir(directory.path("a")).unwrap();
    std::os::unix::fs::symlink("../rules", directory.path("a/.gitignore")).unwrap();
    let collected = all(&directory);
    assert_eq!(collected.gitignore(&RepoPath::new("")), None);
    assert!(!IgnoreRules::of(&collected).ignores(&RepoPath::new("a/x")), "git follows no link there");
}
