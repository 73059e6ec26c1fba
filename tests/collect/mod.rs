//! Which files are collected, and their bytes.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod arguments;
mod hostile;
mod ignore_rules;
mod trees;
#[cfg(unix)]
mod unix;
mod worktree;

use crate::git_repository::Directory;
use credlint::document::collect::{Collected, Request, Tree, collect, collect_near};

/// Collects everything around the root.
fn all(directory: &Directory) -> Collected {
    collect(&Request::new(&directory.root, Vec::new())).unwrap()
}

fn with_ignored(directory: &Directory) -> Collected {
    let mut request = Request::new(&directory.root, Vec::new());
    request.ignored = true;
    collect(&request).unwrap()
}

fn of(directory: &Directory, tree: Tree) -> Collected {
    let mut request = Request::new(&directory.root, Vec::new());
    request.tree = tree;
    collect(&request).unwrap()
}

fn near(directory: &Directory, paths: &[&str]) -> Collected {
    collect_near(&Request::new(&directory.root, paths.iter().map(|path| (*path).to_owned()).collect())).unwrap()
}

fn paths(collected: &Collected) -> Vec<&str> {
    collected.files.iter().map(|file| file.path.as_str()).collect()
}

fn asked(collected: &Collected) -> Vec<&str> {
    collected.files.iter().filter(|file| file.asked).map(|file| file.path.as_str()).collect()
}

fn text(collected: &Collected, path: &str) -> String {
    let file = collected.files.iter().find(|file| file.path.as_str() == path).unwrap();
    String::from_utf8(collected.read(file).unwrap().into_vec()).unwrap()
}

fn notes(collected: &Collected) -> Vec<String> {
    collected
        .notifications
        .iter()
        .map(|note| format!("{}: {}", note.path.as_ref().map_or("", |path| path.shown()), note.message))
        .collect()
}
