//! The working tree.

use super::{all, notes, paths, text, with_ignored};
use crate::git_repository::{Directory, git_in};
use credlint::document::Kind;
use credlint::document::collect::{Request, collect};
use credlint::text::RepoPath;

#[test]
fn tracked_untracked_and_ignored_files() {
    let directory = Directory::with_git();
    directory.write(".gitignore", "*.tfstate\nbuild/\n");
    directory.write("main.tf", "");
    directory.write("forced.tfstate", "{}");
    directory.write("build/forced.tf", "");
    directory.write("gone.tf", "");
    directory.git(&["add", "--force", "."]);
    directory.commit();
    std::fs::remove_file(directory.path("gone.tf")).unwrap();
    directory.write("new.tf", "");
    directory.write("a/.hidden/x.tf", "");
    directory.write("ignored.tfstate", "{}");
    directory.write("build/ignored.tf", "");
    directory.write("build/ignored.txt", "");

    let collected = all(&directory);
    assert!(collected.in_git);
    assert_eq!(
        paths(&collected),
        [".gitignore", "a/.hidden/x.tf", "build/forced.tf", "forced.tfstate", "main.tf", "new.tf"]
    );
    let tracked: Vec<_> = collected.files.iter().filter(|f| f.tracked).map(|f| f.path.as_str()).collect();
    assert_eq!(tracked, [".gitignore", "build/forced.tf", "forced.tfstate", "main.tf"]);
    assert!(collected.files.iter().all(|file| file.asked && !file.ignored));

    let collected = with_ignored(&directory);
    let ignored: Vec<_> = collected.files.iter().filter(|f| f.ignored).map(|f| f.path.as_str()).collect();
    assert_eq!(ignored, ["build/ignored.tf", "ignored.tfstate"]);
    assert_eq!(collected.files.len(), 8);
}

#[test]
fn only_gits_own_ignore_rules_count() {
    let directory = Directory::with_git();
    directory.write(".ignore", "a.tf\n");
    directory.write(".rgignore", "a.tf\n");
    directory.write("a.tf", "");
    directory.write("b.tf", "");
    directory.write("c/.gitignore", "/d.tf\n!e.tf\n");
    directory.write("c/d.tf", "");
    directory.write("c/e.tf", "");
    directory.write("e.tf", "");
    directory.write(".gitignore", "e.tf\n");
    directory.write(".git/info/exclude", "/b.tf\n");
    let collected = all(&directory);
    assert_eq!(paths(&collected), [".gitignore", ".ignore", ".rgignore", "a.tf", "c/.gitignore", "c/e.tf"]);
    let status = directory.git(&["ls-files", "--others", "--exclude-standard"]);
    let mut of_git: Vec<_> = status.lines().collect();
    of_git.sort_unstable();
    assert_eq!(paths(&collected), of_git);
}

#[test]
fn rules_above_the_repository_do_not_reach_into_it() {
    let outer = Directory::with_git();
    outer.write(".gitignore", "*.tf\n");
    outer.write("inner/main.tf", "");
    git_in(&outer.path("inner"), &["init", "--quiet"]);
    let collected = collect(&Request::new(outer.path("inner"), Vec::new())).unwrap();
    assert_eq!(collected.root, outer.path("inner"));
    assert_eq!(paths(&collected), ["main.tf"]);
}

#[test]
fn a_directory_below_the_root_finds_the_root() {
    let directory = Directory::with_git();
    directory.write("a/b/main.tf", "");
    directory.write("x.tf", "");
    let collected = collect(&Request::new(directory.path("a/b"), Vec::new())).unwrap();
    assert_eq!(collected.root, directory.root);
    assert_eq!(paths(&collected), ["a/b/main.tf", "x.tf"]);
}

#[test]
fn nested_repositories_and_submodules_are_named_and_passed_over() {
    let library = Directory::with_git();
    library.write("lib.tf", "");
    library.commit();
    let directory = Directory::with_git();
    directory.write("main.tf", "");
    directory.git(&["submodule", "--quiet", "add", library.root.to_str().unwrap(), "modules/lib"]);
    directory.commit();
    directory.write("clone/x.tf", "");
    git_in(&directory.path("clone"), &["init", "--quiet"]);
    let collected = all(&directory);
    assert_eq!(paths(&collected), [".gitmodules", "main.tf"]);
    let notes = notes(&collected);
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("clone: a git repository of its own"));
    assert!(notes[1].starts_with("modules/lib: a git repository of its own"));
    // In the submodule itself, where `.git` is a file, the submodule is what is checked.
    let inside = collect(&Request::new(directory.path("modules/lib"), Vec::new())).unwrap();
    assert_eq!((inside.root.clone(), paths(&inside)), (directory.path("modules/lib"), vec!["lib.tf"]));
    assert!(inside.files[0].tracked);
}

#[test]
fn a_linked_worktree_with_its_own_index_and_the_common_excludes() {
    let directory = Directory::with_git();
    directory.write("main.tf", "");
    directory.commit();
    directory.write(".git/info/exclude", "secret.tf\n");
    let other = Directory::without_git();
    directory.git(&["worktree", "add", "--quiet", other.path("wt").to_str().unwrap()]);
    other.write("wt/secret.tf", "");
    other.write("wt/new.tf", "");
    let collected = collect(&Request::new(other.path("wt"), Vec::new())).unwrap();
    assert_eq!(collected.root, other.path("wt"));
    assert_eq!(paths(&collected), ["main.tf", "new.tf"]);
    assert!(collected.files[0].tracked && !collected.files[1].tracked);
}

#[test]
fn a_path_in_conflict_counts_once() {
    let directory = Directory::with_git();
    directory.write("main.tf", "base");
    directory.commit();
    directory.git(&["checkout", "--quiet", "-b", "other"]);
    directory.write("main.tf", "theirs");
    directory.commit();
    directory.git(&["checkout", "--quiet", "main"]);
    directory.write("main.tf", "ours");
    directory.commit();
    let merge = std::panic::catch_unwind(|| directory.git(&["merge", "--quiet", "other"]));
    assert!(merge.is_err(), "the merge was to conflict");
    let collected = all(&directory);
    assert_eq!(paths(&collected), ["main.tf"]);
    assert!(text(&collected, "main.tf").contains("<<<<<<<"));
    let index = super::of(&directory, credlint::document::collect::Tree::Index);
    assert_eq!((paths(&index), text(&index, "main.tf").as_str()), (vec!["main.tf"], "ours"));
}

#[test]
fn a_sparse_checkout_holds_what_is_on_disk() {
    let directory = Directory::with_git();
    directory.write("a/main.tf", "");
    directory.write("b/deep/main.tf", "b");
    directory.commit();
    for index in ["--no-sparse-index", "--sparse-index"] {
        directory.git(&["sparse-checkout", "set", "--cone", index, "a"]);
        assert_eq!(paths(&all(&directory)), ["a/main.tf"], "{index}");
        let staged = super::of(&directory, credlint::document::collect::Tree::Index);
        assert_eq!(paths(&staged), ["a/main.tf", "b/deep/main.tf"], "{index}");
        assert_eq!(text(&staged, "b/deep/main.tf"), "b");
    }
}

#[test]
fn a_split_index_is_read() {
    let directory = Directory::with_git();
    directory.write("a.tf", "");
    directory.commit();
    directory.git(&["update-index", "--split-index"]);
    directory.write("b.tf", "");
    directory.git(&["add", "b.tf"]);
    let collected = all(&directory);
    assert_eq!(collected.files.iter().filter(|file| file.tracked).count(), 2);
}

#[test]
fn before_the_first_commit_and_without_an_index() {
    let directory = Directory::with_git();
    directory.write("main.tf", "");
    let collected = all(&directory);
    assert_eq!(paths(&collected), ["main.tf"]);
    assert!(!collected.files[0].tracked);
}

#[test]
fn outside_git_it_is_every_file() {
    let directory = Directory::without_git();
    directory.write(".gitignore", "*.tf\n");
    directory.write("main.tf", "");
    directory.write("clone/main.tf", "");
    git_in(&directory.path("clone"), &["init", "--quiet"]);
    let collected = all(&directory);
    assert!(!collected.in_git);
    assert_eq!(paths(&collected), [".gitignore", "clone/main.tf", "main.tf"]);
    assert!(collected.notifications.is_empty());
}

#[test]
fn what_init_has_fetched_is_left_out_unless_it_is_tracked() {
    let directory = Directory::with_git();
    for path in [
        ".terraform/modules/x/main.tf",
        ".terraform/modules/modules.json",
        ".terraform/terraform.tfstate",
        ".terraform/providers/p/LICENSE",
        "live/.terragrunt-cache/a/main.tf",
        "live/.terragrunt-cache/a/.terraform/terraform.tfstate",
    ] {
        directory.write(path, "{}");
    }
    let caches =
        [".terraform/modules/modules.json", ".terraform/terraform.tfstate"].map(|path| (path, all(&directory)));
    for (path, collected) in &caches {
        assert!(paths(collected).contains(path));
        assert_eq!(collected.files.len(), 3, "{:?}", paths(collected));
    }
    assert_eq!(caches[0].1.file(&RepoPath::new(".terraform/terraform.tfstate")).unwrap().kind, Kind::BackendCache);
    directory.write(".gitignore", ".terraform/\n.terragrunt-cache/\n");
    assert_eq!(paths(&all(&directory)), [".gitignore"]);
    assert_eq!(with_ignored(&directory).files.len(), 4);
    directory.git(&["add", "--force", ".terraform/modules/x/main.tf"]);
    assert_eq!(paths(&all(&directory)), [".gitignore", ".terraform/modules/x/main.tf"]);
}

#[test]
fn a_repository_that_cannot_be_opened_is_said_and_its_files_are_checked() {
    let directory = Directory::without_git();
    directory.write(".git", "gitdir: /nowhere/at/all\n");
    directory.write("main.tf", "");
    let collected = all(&directory);
    assert_eq!(paths(&collected), ["main.tf"]);
    assert!(notes(&collected)[0].contains("cannot be opened"));
    let mut request = Request::new(&directory.root, Vec::new());
    request.tree = credlint::document::collect::Tree::Index;
    assert!(collect(&request).is_err());
}
