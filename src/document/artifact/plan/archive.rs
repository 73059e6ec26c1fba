//! A zip archive that may lie: what it says of sizes is not believed, and unpacking has its bounds.

use std::fmt::Write;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// How many bytes may be unpacked.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Of one entry.
    pub(super) entry: u64,
    /// Of all together.
    pub(super) total: u64,
}

impl Limits {
    /// What an archive may hold. A plan holds its state twice, and what is planned once more: this is enough for a state
    /// of 150 MB. State and plans take a tenth to a thirtieth of their size when they are packed, bombs a thousandth.
    pub(super) fn of(archive: &[u8]) -> Self {
        const LEAST: u64 = 32 << 20;
        const MOST: u64 = 256 << 20;
        let entry = (archive.len() as u64).saturating_mul(100).clamp(LEAST, MOST);
        Self { entry, total: 2 * entry }
    }
}

/// No more bytes may be unpacked.
pub(super) struct Exhausted;

const DAMAGED: &str = "it is damaged, cut off, or packed in a way that Terraform does not use";

/// What came out of an entry.
pub(super) struct Unpacked {
    /// Its bytes, as far as they could be read.
    pub(super) bytes: Vec<u8>,
    /// Why they are not all, or not what was packed.
    pub(super) problem: Option<&'static str>,
}

/// An opened archive.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limits: Limits,
    left: u64,
}

/// Whether it is a zip archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The name of the first entry, as it stands before the entry itself; there even if the archive's end is lost.
///
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT> (4.3.7)
pub(super) fn first_name(bytes: &[u8]) -> Option<&[u8]> {
    let header = bytes.strip_prefix(b"PK\x03\x04")?;
    let length = u16::from_le_bytes([*header.get(22)?, *header.get(23)?]);
    header.get(26..26 + usize::from(length))
}

/// A name as text: bytes that are not UTF-8 and control characters escaped, and not longer than a line.
pub(super) fn shown(name: &[u8]) -> String {
    const MOST: usize = 200;
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
        if text.len() > MOST {
            break;
        }
    }
    if let Some((end, _)) = text.char_indices().nth(MOST) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}

impl<'a> Archive<'a> {
    /// Reads the list of entries.
    ///
    /// # Errors
    /// What is wrong with the list.
    pub(super) fn open(bytes: &'a [u8], limits: Limits) -> Result<Self, &'static str> {
        match ZipArchive::new(Cursor::new(bytes)) {
            Ok(zip) => Ok(Self { zip, limits, left: limits.total }),
            Err(_) => Err("the archive's list of entries is damaged or cut off; nothing of it was read"),
        }
    }

    /// The names of all entries, in the order of their indexes.
    pub(super) fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.zip.file_names_raw()
    }

    /// Whether entries of one name hide each other.
    pub(super) fn has_duplicates(&self) -> bool {
        self.zip.has_duplicate_names()
    }

    /// Unpacks one entry as far as that goes.
    ///
    /// # Errors
    /// When no more may be unpacked of this archive.
    pub(super) fn unpack(&mut self, index: usize) -> Result<Unpacked, Exhausted> {
        if self.left == 0 {
            return Err(Exhausted);
        }
        let limit = self.limits.entry.min(self.left);
        let mut bytes = Vec::new();
        let problem = match self.zip.by_index(index) {
            Ok(entry) => {
                // Room at once, as growing would take twice of it. Memory that nothing is written to costs nothing.
                bytes.reserve_exact(usize::try_from(entry.size().min(limit + 1)).unwrap_or(0));
                // One byte more tells an entry of just that size from one that goes on.
                match entry.take(limit + 1).read_to_end(&mut bytes) {
                    Ok(_) if bytes.len() as u64 > limit => {
                        bytes.pop();
                        Some("it is too large; its end was not read")
                    }
                    Ok(_) => None,
                    Err(_) => Some(DAMAGED),
                }
            }
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => Some("it is encrypted"),
            Err(_) => Some(DAMAGED),
        };
        self.left -= bytes.len() as u64;
        Ok(Unpacked { bytes, problem })
    }
}
