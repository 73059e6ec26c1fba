//! Repositories that mean harm.

use super::{all, of, paths, text};
use crate::git_repository::Directory;
use credlint::document::collect::{CollectError, Request, Tree, collect};
use credlint::document::git::GitError;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn nothing_that_the_configuration_names_is_run() {
    let directory = Directory::with_git();
    directory.write(".gitattributes", "*.tf filter=evil diff=evil\n");
    directory.write("main.tf", "text");
    directory.commit();
    let marker = directory.path("marker");
    let command = format!("touch {}", marker.display());
    directory.write("evil.sh", &format!("#!/bin/sh\n{command}\n"));
    let script = directory.path("evil.sh");
    assert!(Command::new("chmod").arg("+x").arg(&script).status().unwrap().success());
    let script = script.display();
    directory.write(
        ".git/config",
        &format!(
            "[core]\nrepositoryformatversion = 0\nbare = false\nfsmonitor = {script}\nhooksPath = {hooks}\n\
             sshCommand = {script}\npager = {script}\neditor = {script}\nalternateRefsCommand = {script}\n\
             worktree = /\nexcludesFile = /dev/zero\nattributesFile = /dev/zero\n\
             [filter \"evil\"]\nclean = {script}\nsmudge = {script}\nprocess = {script}\nrequired = true\n\
             [diff \"evil\"]\ncommand = {script}\ntextconv = {script}\n[diff]\nexternal = {script}\n\
             [credential]\nhelper = !{script}\n[uploadpack]\npackObjectsHook = {script}\n\
             [include]\npath = /dev/zero\n[alias]\nstatus = !{script}\n[gpg]\nprogram = {script}\n",
            hooks = directory.root.display()
        ),
    );
    for hook in ["post-index-change", "fsmonitor-watchman", "post-checkout", "reference-transaction"] {
        directory.write(&format!(".git/hooks/{hook}"), &format!("#!/bin/sh\n{command}\n"));
        let hook = directory.path(&format!(".git/hooks/{hook}"));
        assert!(Command::new("chmod").arg("+x").arg(hook).status().unwrap().success());
    }
    for tree in [Tree::Worktree, Tree::Index, Tree::Revision("HEAD".to_owned())] {
        let collected = of(&directory, tree);
        assert_eq!(collected.root, directory.root, "core.worktree was followed");
        assert_eq!(text(&collected, "main.tf"), "text");
    }
    assert!(!marker.exists(), "a command was run");
    // The trap does work: git itself falls into it, once it is not stopped by the files without end.
    let config = std::fs::read_to_string(directory.path(".git/config")).unwrap();
    let config: Vec<&str> =
        config.lines().filter(|line| !line.contains("/dev/zero") && !line.contains("worktree")).collect();
    directory.write(".git/config", &config.join("\n"));
    let _ = Command::new("git").args(["add", "main.tf"]).current_dir(&directory.root).output().unwrap();
    assert!(marker.exists(), "the trap is not set");
}

/// Writes an object and returns its id.
fn object(directory: &Directory, kind: &str, bytes: &[u8]) -> String {
    let mut child = Command::new("git")
        .args(["hash-object", "--literally", "-w", "--stdin", "-t", kind])
        .current_dir(&directory.root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn raw(id: &str) -> Vec<u8> {
    (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()).collect()
}

fn tree_object(directory: &Directory, entries: &[(&str, &str, &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(format!("{mode} {name}\0").as_bytes());
        bytes.extend(raw(id));
    }
    object(directory, "tree", &bytes)
}

#[test]
fn a_tree_that_stands_for_billions_of_files_is_refused() {
    let directory = Directory::with_git();
    let blob = object(&directory, "blob", b"x");
    let names: Vec<String> = (0..1000).map(|number| format!("{number:0>200}")).collect();
    let mut entries: Vec<(&str, &str, &str)> = names.iter().map(|name| ("100644", name.as_str(), &*blob)).collect();
    let mut tree = tree_object(&directory, &entries);
    for _ in 0..4 {
        let below = tree.clone();
        entries = names.iter().map(|name| ("40000", name.as_str(), &*below)).collect();
        tree = tree_object(&directory, &entries);
    }
    let mut request = Request::new(&directory.root, Vec::new());
    request.tree = Tree::Revision(tree);
    assert_eq!(collect(&request).err(), Some(CollectError::Git(GitError::TooMany)));
}

#[test]
fn a_tree_nested_without_end_is_refused() {
    let directory = Directory::with_git();
    let blob = object(&directory, "blob", b"x");
    let mut tree = tree_object(&directory, &[("100644", "f", &blob)]);
    let name = "d".repeat(250);
    for _ in 0..20 {
        tree = tree_object(&directory, &[("40000", &name, &tree)]);
    }
    let mut request = Request::new(&directory.root, Vec::new());
    request.tree = Tree::Revision(tree);
    assert_eq!(collect(&request).err(), Some(CollectError::Git(GitError::TooMany)));
}

#[test]
fn paths_that_lead_out_of_the_repository_are_dropped() {
    let directory = Directory::with_git();
    let blob = object(&directory, "blob", b"x");
    let inner = tree_object(&directory, &[("100644", "x.tf", &blob)]);
    let tree = tree_object(
        &directory,
        &[("40000", "..", &inner), ("40000", ".git", &inner), ("100644", "a/b.tf", &blob), ("100644", "ok.tf", &blob)],
    );
    let collected = of(&directory, Tree::Revision(tree));
    assert!(paths(&collected).iter().all(|path| !path.contains("..") && !path.contains(".git")));
    assert!(paths(&collected).contains(&"ok.tf"));
}

#[test]
fn a_missing_object_is_an_error_and_not_an_empty_file() {
    let directory = Directory::with_git();
    directory.write("main.tf", "text");
    directory.commit();
    let id = directory.git(&["rev-parse", "HEAD:main.tf"]);
    std::fs::remove_file(directory.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let collected = of(&directory, Tree::Revision("HEAD".to_owned()));
    let error = collected.read(&collected.files[0]).err().unwrap();
    assert_eq!(error.to_string(), format!("object {id} is missing from git's database or damaged"));
}

#[test]
fn a_directory_that_looks_like_a_bare_repository_is_a_directory() {
    let directory = Directory::with_git();
    directory.write("trap/HEAD", "ref: refs/heads/main\n");
    directory.write("trap/config", "[core]\nbare = true\nworktree = /\n");
    directory.write("trap/main.tf", "");
    std::fs::create_dir_all(directory.path("trap/objects")).unwrap();
    std::fs::create_dir_all(directory.path("trap/refs")).unwrap();
    let collected = collect(&Request::new(directory.path("trap"), Vec::new())).unwrap();
    assert_eq!(collected.root, directory.root);
    assert_eq!(paths(&collected), ["trap/HEAD", "trap/config", "trap/main.tf"]);
}

#[test]
fn a_directory_tree_of_great_depth_is_walked() {
    let directory = Directory::with_git();
    let deep = "d/".repeat(1500);
    std::fs::create_dir_all(directory.path(&deep)).unwrap();
    std::fs::write(directory.path(&format!("{deep}main.tf")), "").unwrap();
    assert_eq!(all(&directory).files.len(), 1);
}
