//! The bytes of collected files.

use super::{Collected, FileEntry, Tree};
use crate::document::git::{GitError, MAX_FILE_BYTES, Objects};
use std::io::Read;

/// Why a collected file's bytes could not be read. The caller knows the path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Larger than what is read.
    #[error("the file has {size} bytes, more than the {MAX_FILE_BYTES} that are read")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
    },
    /// It is no regular file any more.
    #[error("the file was replaced by something else while it was checked")]
    NotAFile,
    /// The operating system refuses.
    #[error("the file cannot be read: {0}")]
    Io(std::io::ErrorKind),
    /// Git's database refuses.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// Reads files on one thread: keep one a thread, as it keeps git's caches.
pub struct Reader {
    objects: Option<Objects>,
}

impl Reader {
    pub(super) fn new(collected: &Collected) -> Self {
        let from_git = collected.tree != Tree::Worktree;
        Self { objects: collected.repository.as_ref().filter(|_| from_git).map(|repository| repository.objects()) }
    }

    /// The file's bytes from the tree that was collected. Symbolic links are not followed; pipes and devices are not
    /// opened; git's filters are not applied, so the bytes are the ones that a program in the working tree reads.
    ///
    /// # Errors
    /// [`ReadError`]; a file over [`MAX_FILE_BYTES`] is refused before it is read.
    pub fn read(&self, file: &FileEntry) -> Result<Box<[u8]>, ReadError> {
        match (&self.objects, file.blob) {
            (Some(objects), Some(blob)) => objects.blob(blob).map_err(|error| match error {
                GitError::TooLarge { size, .. } => ReadError::TooLarge { size },
                other => ReadError::Git(other),
            }),
            _ => from_disk(file),
        }
    }
}

fn from_disk(file: &FileEntry) -> Result<Box<[u8]>, ReadError> {
    let failed = |error: std::io::Error| ReadError::Io(error.kind());
    // Before it is opened: opening a pipe would wait for its writer.
    let metadata = file.os_path.symlink_metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge { size: metadata.len() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    let opened = std::fs::File::open(&file.os_path).map_err(failed)?;
    opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 {
        size if size > MAX_FILE_BYTES => Err(ReadError::TooLarge { size }),
        _ => Ok(bytes.into_boxed_slice()),
    }
}
