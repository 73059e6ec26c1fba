//! Symbolic links inside the root.

use super::arguments::holds_some;
use super::walk::repo_path;
use crate::document::git::{Objects, Tracked, TrackedKind};
use crate::text::RepoPath;
use std::path::Path;

/// A symbolic link that leads to a place inside the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Where the link stands.
    pub path: RepoPath,
    /// Where it leads to in the end.
    pub target: RepoPath,
    /// Whether it leads to a directory.
    pub directory: bool,
}

/// Most links that are followed from one to the next; Linux has the same bound.
const MAX_HOPS: usize = 40;

/// Where a link on disk leads to; `None` out of the root, into `.git`, in a circle or nowhere.
pub(super) fn on_disk(root: &Path, path: &RepoPath, os_path: &Path) -> Option<Link> {
    let real = os_path.canonicalize().ok()?;
    let target = repo_path(root, &real)?;
    if target.as_str().split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
        return None;
    }
    let metadata = real.metadata().ok()?;
    (metadata.is_file() || metadata.is_dir()).then(|| Link { path: path.clone(), target, directory: metadata.is_dir() })
}

/// Where a tracked link leads to among the tracked paths, which are ordered. Links in the middle of a target's path are
/// not resolved.
pub(super) fn in_tree(objects: &Objects, tracked: &[Tracked], link: &Tracked) -> Option<Link> {
    let mut at = link;
    for _ in 0..MAX_HOPS {
        let text = objects.blob(at.id).ok()?;
        let text = std::str::from_utf8(&text).ok().filter(|text| !text.starts_with('/'))?;
        let target = at.path.parent().join(text);
        if target.escapes_root() {
            return None;
        }
        let found = tracked.binary_search_by(|item| item.path.cmp(&target)).ok().and_then(|index| tracked.get(index));
        match found {
            Some(item) if item.kind == TrackedKind::Link => at = item,
            Some(item) if item.kind == TrackedKind::File => {
                return Some(Link { path: link.path.clone(), target, directory: false });
            }
            None if target.as_str().is_empty() || holds_some(tracked, &target) => {
                return Some(Link { path: link.path.clone(), target, directory: true });
            }
            _ => return None,
        }
    }
    None
}
