//! What only Unix has: links, pipes, odd names.

use super::{all, asked, notes, paths, text};
use crate::git_repository::Directory;
use credlint::document::collect::{ArgumentProblem, CollectError, ReadError, Request, Tree, collect};
use credlint::document::git::MAX_FILE_BYTES;
use credlint::finding::Level;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

fn fifo(path: &std::path::Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn links_are_noted_and_never_followed() {
    let outside = Directory::without_git();
    outside.write("secret.tf", "outside");
    let directory = Directory::with_git();
    directory.write("common/common.tf", "common");
    symlink("../common/common.tf", directory.path("common/../a.tf")).unwrap();
    std::fs::remove_file(directory.path("a.tf")).unwrap();
    std::fs::create_dir(directory.path("live")).unwrap();
    symlink("../common/common.tf", directory.path("live/common.tf")).unwrap();
    symlink("common.tf", directory.path("live/second.tf")).unwrap();
    symlink("../common", directory.path("live/module")).unwrap();
    symlink(outside.path("secret.tf"), directory.path("live/out.tf")).unwrap();
    symlink(&outside.root, directory.path("live/outdir")).unwrap();
    symlink("loop.tf", directory.path("live/loop.tf")).unwrap();
    symlink("nowhere.tf", directory.path("live/dangling.tf")).unwrap();
    symlink("../.git/config", directory.path("live/git.tf")).unwrap();
    for committed in [false, true] {
        if committed {
            directory.commit();
        }
        for tree in [Tree::Worktree, Tree::Index] {
            if tree == Tree::Index && !committed {
                continue;
            }
            let collected = super::of(&directory, tree.clone());
            assert_eq!(paths(&collected), ["common/common.tf"], "{tree:?}");
            let links: Vec<_> =
                collected.links.iter().map(|l| (l.path.as_str(), l.target.as_str(), l.directory)).collect();
            assert_eq!(
                links,
                [
                    ("live/common.tf", "common/common.tf", false),
                    ("live/module", "common", true),
                    ("live/second.tf", "common/common.tf", false)
                ],
                "{tree:?}"
            );
            let notes = notes(&collected);
            assert_eq!(notes.len(), 4, "{notes:?}");
            assert!(notes.iter().all(|note| note.contains("not followed")));
        }
    }
    let named = |path: &str| collect(&Request::new(&directory.root, vec!["common".to_owned(), path.to_owned()]));
    assert_eq!(asked(&named("live/second.tf").unwrap()), ["common/common.tf"]);
    let Err(CollectError::Arguments(errors)) = named("live/out.tf") else { panic!("accepted") };
    assert_eq!(errors[0].problem, ArgumentProblem::Outside);
    let Err(CollectError::Arguments(errors)) = named("live/loop.tf") else { panic!("accepted") };
    assert!(matches!(errors[0].problem, ArgumentProblem::Unreadable(_)));
}

#[test]
fn tracked_files_behind_a_directory_that_became_a_link_are_deleted() {
    let outside = Directory::without_git();
    outside.write("main.tf", "outside");
    let directory = Directory::with_git();
    directory.write("a/main.tf", "inside");
    directory.commit();
    std::fs::remove_dir_all(directory.path("a")).unwrap();
    symlink(&outside.root, directory.path("a")).unwrap();
    assert!(paths(&all(&directory)).is_empty());
}

#[test]
fn pipes_and_sockets_are_never_opened() {
    let directory = Directory::with_git();
    fifo(&directory.path("main.tf"));
    let _socket = std::os::unix::net::UnixListener::bind(directory.path("s.tf")).unwrap();
    assert!(paths(&all(&directory)).is_empty());
    let named = collect(&Request::new(&directory.root, vec!["main.tf".to_owned()]));
    let Err(CollectError::Arguments(errors)) = named else { panic!("accepted") };
    assert_eq!(errors[0].problem, ArgumentProblem::NotAFile);
}

#[test]
fn a_file_that_became_something_else_is_not_read() {
    let directory = Directory::with_git();
    for name in ["pipe.tf", "link.tf", "gone.tf", "dir.tf", "same.tf"] {
        directory.write(name, "text");
    }
    let collected = all(&directory);
    for name in ["pipe.tf", "link.tf", "gone.tf", "dir.tf"] {
        std::fs::remove_file(directory.path(name)).unwrap();
    }
    fifo(&directory.path("pipe.tf"));
    symlink("/etc/hostname", directory.path("link.tf")).unwrap();
    std::fs::create_dir(directory.path("dir.tf")).unwrap();
    let read = |name: &str| collected.read(collected.files.iter().find(|file| file.path.as_str() == name).unwrap());
    assert_eq!(read("pipe.tf"), Err(ReadError::NotAFile));
    assert_eq!(read("link.tf"), Err(ReadError::NotAFile));
    assert_eq!(read("dir.tf"), Err(ReadError::NotAFile));
    assert_eq!(read("gone.tf"), Err(ReadError::Io(std::io::ErrorKind::NotFound)));
    assert_eq!(text(&collected, "same.tf"), "text");
}

#[test]
fn a_file_too_large_is_refused_before_it_is_read() {
    let directory = Directory::with_git();
    let file = std::fs::File::create(directory.path("big.tfstate")).unwrap();
    file.set_len(MAX_FILE_BYTES + 1).unwrap();
    let collected = all(&directory);
    let size = MAX_FILE_BYTES + 1;
    assert_eq!(collected.read(&collected.files[0]), Err(ReadError::TooLarge { size }));
    directory.git(&["-c", "core.bigFileThreshold=1m", "add", "big.tfstate"]);
    let staged = super::of(&directory, Tree::Index);
    assert_eq!(staged.read(&staged.files[0]), Err(ReadError::TooLarge { size }));
}

#[test]
fn names_that_are_no_text_or_hold_a_newline() {
    let directory = Directory::with_git();
    let names: [&[u8]; 4] = [b"odd\xff.tf", b"new\nline.tf", b"back\\slash.tf", b"blank .tf"];
    for name in names {
        std::fs::write(directory.root.join(OsStr::from_bytes(name)), name).unwrap();
    }
    std::fs::create_dir(directory.root.join(OsStr::from_bytes(b"d\xfe"))).unwrap();
    std::fs::write(directory.root.join(OsStr::from_bytes(b"d\xfe/main.tf")), b"below").unwrap();
    let expected = ["back\\slash.tf", "blank .tf", "d\\xfe/main.tf", "new\nline.tf", "odd\\xff.tf"];
    let check = |tree: Tree, tracked: bool| {
        let collected = super::of(&directory, tree);
        assert_eq!(paths(&collected), expected);
        assert!(collected.files.iter().all(|file| file.tracked == tracked));
        let bytes: Vec<_> = collected.files.iter().map(|file| collected.read(file).unwrap().into_vec()).collect();
        assert_eq!(bytes, [names[2], names[3], b"below", names[1], names[0]]);
    };
    check(Tree::Worktree, false);
    directory.commit();
    check(Tree::Worktree, true);
    check(Tree::Index, true);
    check(Tree::Revision("HEAD".to_owned()), true);
    // Ignored now, so that the walk does not meet them and the index leads to them.
    directory.write(".git/info/exclude", "*.tf\n");
    check(Tree::Worktree, true);
}

#[test]
fn a_gitignore_that_is_no_file_stops_nothing_and_is_said() {
    let directory = Directory::with_git();
    directory.write("a/tracked.tf", "");
    directory.write("main.tf", "");
    directory.commit();
    directory.write("a/untracked.tf", "");
    fifo(&directory.path("a/.gitignore"));
    let collected = all(&directory);
    assert_eq!(paths(&collected), ["a/tracked.tf", "main.tf"]);
    assert_eq!(collected.notifications.len(), 1);
    assert_eq!(collected.notifications[0].level, Level::Error);
    std::fs::remove_file(directory.path("a/.gitignore")).unwrap();
    symlink("/dev/zero", directory.path(".gitignore")).unwrap();
    let collected = all(&directory);
    assert_eq!(paths(&collected), ["a/tracked.tf", "main.tf"]);
    assert_eq!(collected.notifications[0].level, Level::Error);
}

#[test]
fn a_repository_of_another_user_is_read() {
    let directory = Directory::with_git();
    directory.write(".gitignore", "x.tf\n");
    directory.write("main.tf", "text");
    directory.commit();
    directory.write("x.tf", "");
    let change = |path: &str| std::os::unix::fs::chown(directory.path(path), Some(4242), Some(4242));
    if ["", ".git", ".git/config", ".git/index", ".git/HEAD", "main.tf"].into_iter().any(|path| change(path).is_err()) {
        return; // only root may give files away
    }
    let collected = all(&directory);
    assert_eq!(paths(&collected), [".gitignore", "main.tf"]);
    assert!(collected.files.iter().all(|file| file.tracked));
    assert_eq!(text(&super::of(&directory, Tree::Revision("HEAD".to_owned())), "main.tf"), "text");
}
