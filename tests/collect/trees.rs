//! The index and revisions.

use super::{of, paths, text};
use crate::git_repository::Directory;
use credlint::document::collect::{CollectError, Request, Tree, collect};
use credlint::document::git::{GitError, GitRepository};
use credlint::text::RepoPath;

#[test]
fn worktree_index_and_revision_hold_their_own_content() {
    let directory = Directory::with_git();
    directory.write("main.tf", "committed");
    directory.write("old.tf", "old");
    directory.commit();
    directory.git(&["rm", "--quiet", "old.tf"]);
    directory.write("main.tf", "staged");
    directory.write("new.tf", "new");
    directory.write("announced.tf", "later");
    directory.git(&["add", "main.tf", "new.tf"]);
    directory.git(&["add", "--intent-to-add", "announced.tf"]);
    directory.write("main.tf", "working");
    std::fs::remove_file(directory.path("new.tf")).unwrap();

    let worktree = of(&directory, Tree::Worktree);
    assert_eq!((paths(&worktree), text(&worktree, "main.tf").as_str()), (vec!["announced.tf", "main.tf"], "working"));
    assert!(worktree.files.iter().all(|file| file.tracked));
    let index = of(&directory, Tree::Index);
    assert_eq!((paths(&index), text(&index, "main.tf").as_str()), (vec!["main.tf", "new.tf"], "staged"));
    for revision in ["HEAD", "main", "HEAD^{tree}", directory.git(&["rev-parse", "HEAD"]).as_str()] {
        let head = of(&directory, Tree::Revision(revision.to_owned()));
        assert_eq!((paths(&head), text(&head, "main.tf").as_str()), (vec!["main.tf", "old.tf"], "committed"));
    }
}

#[test]
fn another_index_can_be_named() {
    let directory = Directory::with_git();
    directory.write("main.tf", "one");
    directory.commit();
    std::fs::copy(directory.path(".git/index"), directory.path(".git/next-index")).unwrap();
    directory.write("main.tf", "two");
    directory.git(&["add", "main.tf"]);
    let mut request = Request::new(&directory.root, Vec::new());
    request.tree = Tree::Index;
    request.index_file = Some(directory.path(".git/next-index"));
    assert_eq!(text(&collect(&request).unwrap(), "main.tf"), "one");
}

#[test]
fn packed_objects_and_many_threads() {
    let directory = Directory::with_git();
    for number in 0..200 {
        directory.write(&format!("d{}/{number}.tf", number % 7), &format!("number {number}\n").repeat(20));
    }
    directory.commit();
    directory.git(&["gc", "--quiet", "--aggressive"]);
    let head = of(&directory, Tree::Revision("HEAD".to_owned()));
    assert_eq!(head.files.len(), 200);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let reader = head.reader();
                for file in &head.files {
                    let number = file.path.name().trim_end_matches(".tf");
                    assert!(reader.read(file).unwrap().starts_with(format!("number {number}\n").as_bytes()));
                }
            });
        }
    });
}

#[test]
fn what_cannot_be_met_is_an_error() {
    let directory = Directory::with_git();
    let fails = |tree: Tree, root: &std::path::Path| {
        let mut request = Request::new(root, Vec::new());
        request.tree = tree;
        collect(&request).err().unwrap()
    };
    let unborn = fails(Tree::Revision("HEAD".to_owned()), &directory.root);
    assert_eq!(unborn, CollectError::Git(GitError::Revision("HEAD".to_owned())));
    directory.write("main.tf", "");
    directory.commit();
    let unknown = fails(Tree::Revision("origin/main".to_owned()), &directory.root);
    assert!(unknown.hint().unwrap().contains("fetch"));
    fails(Tree::Revision("HEAD:main.tf".to_owned()), &directory.root);
    fails(Tree::Revision(String::new()), &directory.root);
    let outside = Directory::without_git();
    assert_eq!(fails(Tree::Index, &outside.root), CollectError::NotARepository(outside.root.clone()));
    directory.write(".git/index", "damaged");
    assert_eq!(fails(Tree::Worktree, &directory.root), CollectError::Git(GitError::Index));
}

#[test]
fn a_file_at_a_revision() {
    let directory = Directory::with_git();
    directory.write("ci/policy.yaml", "version: 1");
    directory.commit();
    directory.write("ci/policy.yaml", "version: 2");
    directory.commit();
    let repository = GitRepository::around(&directory.path("ci"), false).unwrap().unwrap();
    let objects = repository.objects();
    let read = |revision: &str, path: &str| objects.read_at(revision, &RepoPath::new(path));
    assert_eq!(read("HEAD~1", "ci/policy.yaml"), Ok(Some(b"version: 1".as_slice().into())));
    assert_eq!(read("HEAD", "ci/policy.yaml"), Ok(Some(b"version: 2".as_slice().into())));
    assert_eq!(read("HEAD", "ci"), Ok(None));
    assert_eq!(read("HEAD", "ci/policy.yaml/x"), Ok(None));
    assert_eq!(read("HEAD", ""), Ok(None));
    assert_eq!(read("nowhere", "ci"), Err(GitError::Revision("nowhere".to_owned())));
    assert_eq!(objects.head(), Ok(Some(directory.git(&["rev-parse", "HEAD"]))));
}

#[test]
fn sha256_and_bare_repositories() {
    let directory = Directory::without_git();
    directory.git(&["init", "--quiet", "--object-format=sha256"]);
    directory.write("main.tf", "x");
    directory.commit();
    assert!(of(&directory, Tree::Worktree).files[0].tracked);
    assert_eq!(text(&of(&directory, Tree::Index), "main.tf"), "x");
    let other = Directory::without_git();
    other.git(&["clone", "--quiet", "--bare", directory.root.to_str().unwrap(), "bare.git"]);
    let mut request = Request::new(other.path("bare.git"), Vec::new());
    request.tree = Tree::Revision("HEAD".to_owned());
    assert_eq!(text(&collect(&request).unwrap(), "main.tf"), "x");
}
