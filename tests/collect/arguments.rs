//! PATH and glob arguments.

use super::{asked, near, paths};
use crate::git_repository::Directory;
use credlint::document::collect::{ArgumentProblem, CollectError, Collected, Request, Tree, collect};
use credlint::text::RepoPath;

fn tree() -> Directory {
    let directory = Directory::with_git();
    for path in
        ["main.tf", "a/main.tf", "a/b/main.tf", "a/b/x.tfvars", "c/[1].tf", "c/1.tf", ".github/workflows/ci.yml"]
    {
        directory.write(path, "");
    }
    directory.commit();
    directory
}

fn run(from: &std::path::Path, arguments: &[&str], tree: Tree) -> Result<Collected, CollectError> {
    let mut request = Request::new(from, arguments.iter().map(|a| (*a).to_owned()).collect());
    request.tree = tree;
    collect(&request)
}

#[test]
fn paths_and_globs_say_what_is_asked_from_every_tree() {
    let directory = tree();
    let cases: [(&str, &[&str], &[&str]); 14] = [
        ("", &["a"], &["a/b/main.tf", "a/b/x.tfvars", "a/main.tf"]),
        ("", &["./a/", "main.tf"], &["a/b/main.tf", "a/b/x.tfvars", "a/main.tf", "main.tf"]),
        ("a", &["b"], &["a/b/main.tf", "a/b/x.tfvars"]),
        ("a", &["../main.tf"], &["main.tf"]),
        ("a/b", &[".."], &["a/b/main.tf", "a/b/x.tfvars", "a/main.tf"]),
        ("", &["*.tf"], &["main.tf"]),
        ("", &["**/*.tf"], &["a/b/main.tf", "a/main.tf", "c/1.tf", "c/[1].tf", "main.tf"]),
        ("a", &["**/*.tf"], &["a/b/main.tf", "a/main.tf"]),
        ("", &["*/b"], &["a/b/main.tf", "a/b/x.tfvars"]),
        ("a/b", &["../../*.tf"], &["main.tf"]),
        ("", &["c/[1].tf"], &["c/[1].tf"]),
        ("", &["c/[12].tf"], &["c/1.tf"]),
        ("", &["c/?.tf", "a/b/x.tfvars"], &["a/b/x.tfvars", "c/1.tf"]),
        ("c", &["*.tf"], &["c/1.tf", "c/[1].tf"]),
    ];
    for (from, arguments, expected) in cases {
        for tree in [Tree::Worktree, Tree::Index, Tree::Revision("HEAD".to_owned())] {
            let collected = run(&directory.path(from), arguments, tree.clone()).unwrap();
            assert_eq!(asked(&collected), expected, "{from} {arguments:?} {tree:?}");
            assert_eq!(collected.files.len(), 7);
        }
    }
    let absolute = directory.path("a/b");
    let glob = format!("{}/c/*.tf", directory.root.display());
    let collected = run(&directory.path("c"), &[absolute.to_str().unwrap(), &glob], Tree::Worktree).unwrap();
    assert_eq!(asked(&collected), ["a/b/main.tf", "a/b/x.tfvars", "c/1.tf", "c/[1].tf"]);
}

#[test]
fn all_arguments_that_cannot_be_met_are_reported_at_once() {
    let directory = tree();
    let long = "x".repeat(5000);
    let arguments = ["main.tf", "nowhere.tf", "*.nothing", "..", "", "a/[.tf", &long, ".git/config", "main.tf/x"];
    let Err(CollectError::Arguments(errors)) = run(&directory.root, &arguments, Tree::Worktree) else {
        panic!("accepted");
    };
    let mut problems: Vec<_> = errors.iter().map(|error| (error.argument.as_str(), error.problem)).collect();
    problems.retain(|(argument, _)| argument.len() < 100);
    assert_eq!(
        problems,
        [
            ("nowhere.tf", ArgumentProblem::NotFound),
            ("..", ArgumentProblem::Outside),
            ("", ArgumentProblem::NotFound),
            ("a/[.tf", ArgumentProblem::Pattern),
            (".git/config", ArgumentProblem::GitDirectory),
            ("main.tf/x", ArgumentProblem::NotFound),
            ("*.nothing", ArgumentProblem::NoMatch),
        ]
    );
    let long = errors.iter().find(|error| error.argument.len() == 5000).unwrap();
    assert!(matches!(long.problem, ArgumentProblem::Unreadable(_)), "{:?}", long.problem);
    let shown = CollectError::Arguments(errors).to_string();
    assert!(shown.starts_with("nowhere.tf: no such file or directory; ..: outside the repository; "), "{shown}");

    let Err(CollectError::Arguments(errors)) = run(&directory.root, &["nowhere.tf", "../nothing"], Tree::Index) else {
        panic!("accepted");
    };
    assert_eq!(
        errors.iter().map(|error| error.problem).collect::<Vec<_>>(),
        [ArgumentProblem::NotFound, ArgumentProblem::Outside]
    );
}

#[test]
fn what_is_named_is_checked_though_git_ignores_it() {
    let directory = tree();
    directory.write(".gitignore", "secret/\n*.log\n");
    directory.write("secret/x.txt", "");
    directory.write("secret/deep/y.tf", "");
    directory.write("trace.log", "");
    let collected = run(&directory.root, &["secret", "trace.log"], Tree::Worktree).unwrap();
    assert_eq!(asked(&collected), ["secret/deep/y.tf", "secret/x.txt", "trace.log"]);
    assert!(collected.files.iter().filter(|file| file.asked).all(|file| file.ignored && !file.tracked));
    assert_eq!(
        run(&directory.root, &["*.log"], Tree::Worktree).err().map(|e| e.to_string()).unwrap(),
        "*.log: no file matches this pattern"
    );
}

#[test]
fn an_empty_directory_is_no_error() {
    let directory = tree();
    std::fs::create_dir(directory.path("empty")).unwrap();
    assert!(asked(&run(&directory.root, &["empty"], Tree::Worktree).unwrap()).is_empty());
}

#[test]
fn the_first_path_says_which_repository_is_meant() {
    let directory = tree();
    let elsewhere = Directory::without_git();
    let path = directory.path("a/main.tf");
    let collected = run(&elsewhere.root, &[path.to_str().unwrap()], Tree::Worktree).unwrap();
    assert_eq!((collected.root.as_path(), asked(&collected)), (directory.root.as_path(), vec!["a/main.tf"]));
}

#[test]
fn outside_git_only_what_is_asked_is_walked() {
    let directory = Directory::without_git();
    for path in ["x/a.tf", "x/deep/b.tf", "y/c.tf", "z/d.tf"] {
        directory.write(path, "");
    }
    let collected = run(&directory.path("x"), &["a.tf", "../y"], Tree::Worktree).unwrap();
    assert_eq!(collected.root, directory.root);
    assert_eq!(paths(&collected), ["x/a.tf", "y/c.tf"]);
    assert_eq!(asked(&collected), ["x/a.tf", "y/c.tf"]);
}

#[test]
fn near_means_the_neighbours_the_fixed_places_and_what_is_added() {
    let directory = tree();
    directory.write(".gitignore", "ignored.tf\n");
    directory.write("a/ignored.tf", "");
    directory.write("a/untracked.tf", "");
    let mut collected = near(&directory, &["a/main.tf"]);
    assert_eq!(paths(&collected), [".github/workflows/ci.yml", ".gitignore", "a/main.tf", "a/untracked.tf", "main.tf"]);
    assert_eq!(asked(&collected), ["a/main.tf"]);
    assert!(collected.file(&RepoPath::new("a/main.tf")).unwrap().tracked);
    let added = collected.add_directories(&[RepoPath::new("a/b"), RepoPath::new("a"), RepoPath::new("../x")]).unwrap();
    assert_eq!(added.iter().map(RepoPath::as_str).collect::<Vec<_>>(), ["a/b/main.tf", "a/b/x.tfvars"]);
    assert_eq!(collected.files.len(), 7);
    assert!(collected.files.is_sorted_by_key(|file| file.path.clone()));
    assert!(collected.add_directories(&[RepoPath::new("a/b"), RepoPath::new("nowhere")]).unwrap().is_empty());
    assert_eq!(asked(&collected), ["a/main.tf"]);

    assert_eq!(paths(&near(&directory, &["c/*.tf"])).len(), 5);
    let everything = near(&directory, &[]);
    assert_eq!(everything.files.len(), 9);
    let mut request = Request::new(&directory.root, vec!["a/main.tf".to_owned()]);
    request.tree = Tree::Index;
    let mut staged = credlint::document::collect::collect_near(&request).unwrap();
    assert_eq!(paths(&staged), [".github/workflows/ci.yml", "a/main.tf", "main.tf"]);
    assert_eq!(staged.add_directories(&[RepoPath::new("a/b")]).unwrap().len(), 2);
}
