//! Where policies are read from: the working tree, or a git revision.

use crate::document::git;
use crate::policy::Files;
use crate::text::RepoPath;
use std::io;
use std::path::{Path, PathBuf};

/// Policies are small; a larger file is none.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The bytes of a file that is no longer than `most`.
///
/// # Errors
/// Those of the file; `FileTooLarge` of a longer one, and `InvalidInput` of what is no file.
pub(super) fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    use io::Read as _;
    // A pipe or device is never opened: that would wait for its writer.
    if !path.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

/// Files on disk, relative to a root.
pub(super) struct OnDisk {
    /// The repository's root.
    pub root: PathBuf,
}

impl Files for OnDisk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        read_regular(&self.root.join(path), MAX_BYTES)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(self.root.join(path))?;
        Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }
}

/// Files of a git revision.
pub(super) struct AtRevision {
    /// The repository's objects.
    pub objects: git::Objects,
    /// The revision, resolved by git.
    pub revision: String,
}

impl Files for AtRevision {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let found = self.objects.read_at(&self.revision, &RepoPath::new(path)).map_err(io::Error::other)?;
        found.map(<[u8]>::into_vec).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let directory = RepoPath::new(path);
        let tracked = self.objects.tree(&self.revision).map_err(io::Error::other)?;
        let inside = tracked.iter().filter(|file| file.path.parent() == directory);
        let names: Vec<String> = inside.map(|file| file.path.name().to_owned()).collect();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names) }
    }
}
