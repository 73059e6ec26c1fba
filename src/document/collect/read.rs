//! The bytes of collected files.

use super::{Collected, FileEntry, Tree};
use crate::document::artifact::{Contents, MAX_WHOLE_BYTES, Windows};
use crate::document::git::{GitError, MAX_FILE_BYTES, Objects};
use crate::text::Source;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

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
        self.read_up_to(file, MAX_FILE_BYTES)
    }

    /// The same of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn read_up_to(&self, file: &FileEntry, limit: u64) -> Result<Box<[u8]>, ReadError> {
        let limit = limit.min(MAX_FILE_BYTES);
        match (&self.objects, file.blob) {
            (Some(objects), Some(blob)) => match objects.blob(blob) {
                Ok(bytes) if bytes.len() as u64 > limit => Err(ReadError::TooLarge { size: bytes.len() as u64 }),
                Ok(bytes) => Ok(bytes),
                Err(GitError::TooLarge { size, .. }) => Err(ReadError::TooLarge { size }),
                Err(other) => Err(ReadError::Git(other)),
            },
            _ => from_disk(&file.os_path, limit),
        }
    }

    /// A text in windows, however large it is.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn windows(&self, file: &FileEntry) -> Result<Windows, ReadError> {
        let opened: Box<dyn Read + Send> = match self.objects.is_some() && file.blob.is_some() {
            true => Box::new(std::io::Cursor::new(self.read(file)?)),
            false => Box::new(open_on_disk(&file.os_path)?.0),
        };
        Ok(Windows::new(file.path.clone(), opened))
    }

    /// The first `count` bytes of a file, or all of a shorter one.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn head(&self, file: &FileEntry, count: usize) -> Result<Vec<u8>, ReadError> {
        if self.objects.is_some() && file.blob.is_some() {
            return self.read(file).map(|bytes| bytes[..bytes.len().min(count)].to_vec());
        }
        let (opened, size) = open_on_disk(&file.os_path)?;
        let mut bytes = Vec::with_capacity(count.min(usize::try_from(size).unwrap_or(count)));
        opened.take(count as u64).read_to_end(&mut bytes).map_err(|error| ReadError::Io(error.kind()))?;
        Ok(bytes)
    }

    /// The content of an artifact: all of it, or of one over [`MAX_WHOLE_BYTES`] its windows.
    ///
    /// # Errors
    /// As [`Reader::read`]; git's objects have the limit that they have there.
    pub fn open(&self, file: &FileEntry) -> Result<Contents, ReadError> {
        if self.objects.is_none() || file.blob.is_none() {
            let (opened, size) = open_on_disk(&file.os_path)?;
            if size > MAX_WHOLE_BYTES {
                return Ok(Contents::Large(Windows::new(file.path.clone(), Box::new(opened))));
            }
            let bytes = match in_parts(&opened, size) {
                Some(bytes) => bytes,
                None => whole(&opened, size, MAX_WHOLE_BYTES)?,
            };
            return Ok(Contents::Whole(Arc::new(Source::new(file.path.clone(), bytes))));
        }
        self.read(file).map(|bytes| Contents::Whole(Arc::new(Source::new(file.path.clone(), bytes))))
    }
}

/// Opens a regular file; with it its size in bytes.
fn open_on_disk(path: &Path) -> Result<(File, u64), ReadError> {
    let opened = open_at_once(path)?;
    let metadata = opened.metadata().map_err(failed)?;
    if metadata.is_file() { Ok((opened, metadata.len())) } else { Err(ReadError::NotAFile) }
}

/// Opens what stands at a path: no link, and a pipe without waiting for its writer.
#[cfg(unix)]
fn open_at_once(path: &Path) -> Result<File, ReadError> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let opened = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path);
    opened.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) => ReadError::NotAFile,
        _ => failed(error),
    })
}

/// Opens what stands at a path, if it is a regular file.
#[cfg(not(unix))]
fn open_at_once(path: &Path) -> Result<File, ReadError> {
    match path.symlink_metadata().map_err(failed)?.is_file() {
        true => File::open(path).map_err(failed),
        false => Err(ReadError::NotAFile),
    }
}

fn failed(error: std::io::Error) -> ReadError {
    ReadError::Io(error.kind())
}

/// The bytes of a regular file of at most `limit` bytes; no link is followed.
pub(super) fn from_disk(path: &Path, limit: u64) -> Result<Box<[u8]>, ReadError> {
    let (opened, size) = open_on_disk(path)?;
    whole(&opened, size, limit)
}

/// The bytes of an open file that had this size: those that are appended meanwhile are left out. Files of the kernel
/// tell no size.
fn whole(opened: &File, size: u64, limit: u64) -> Result<Box<[u8]>, ReadError> {
    if size > limit {
        return Err(ReadError::TooLarge { size });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let most = if size == 0 { limit + 1 } else { size };
    opened.take(most).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 {
        size if size > limit => Err(ReadError::TooLarge { size }),
        _ => Ok(bytes.into_boxed_slice()),
    }
}

/// The bytes of a large file, its parts read side by side. None for a file that is not large enough, or that cannot be
/// read so. The caller may hold no lock, as other work may be done on its thread meanwhile.
#[cfg(unix)]
fn in_parts(opened: &File, size: u64) -> Option<Box<[u8]>> {
    use rayon::prelude::*;
    use std::os::unix::fs::FileExt;
    const PART: usize = 4 << 20;
    let size = usize::try_from(size).ok().filter(|size| *size > 2 * PART)?;
    let mut bytes = vec![0; size];
    let parts = bytes.par_chunks_mut(PART).enumerate();
    let read = |(number, part): (usize, &mut [u8])| opened.read_exact_at(part, (number * PART) as u64);
    parts.try_for_each(read).ok()?;
    Some(bytes.into_boxed_slice())
}

#[cfg(not(unix))]
fn in_parts(_opened: &File, _size: u64) -> Option<Box<[u8]>> {
    None
}
