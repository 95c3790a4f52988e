//! Quota of evidence for a province. The rows in the store are the count of what a province keeps.

use sea_orm::FromQueryResult;

use crate::base::error::{Error, Refusal, Result};

/// Evidence that one province may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Largest number of files.
    pub files: i64,
    /// Largest size of all files, in bytes.
    pub bytes: i64,
}

/// Evidence that one province keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Used {
    /// Number of files.
    pub files: i64,
    /// Size of all files, in bytes.
    pub bytes: i64,
}

impl Default for Quota {
    /// The default is enough for forty issues a province, each with everything that its reports may hold.
    fn default() -> Self {
        Self { files: 20_000, bytes: 20 << 30 }
    }
}

/// Used share of the quota, in %, from which the remaining room is shown.
const SCARCE: i64 = 80;

impl Quota {
    /// Checks whether one more file of a size fits into the quota.
    ///
    /// # Errors
    /// `evidence.province_files`, `evidence.province_bytes`, each with the room that is used.
    pub fn admits(&self, used: Used, size: i64) -> Result<()> {
        let refused = |code| {
            let refusal = Refusal::new(code).with("used_files", used.files).with("files", self.files);
            Err(Error::field("evidence", refusal.with("used", size_of(used.bytes)).with("most", size_of(self.bytes))))
        };
        if used.files >= self.files {
            refused("evidence.province_files")
        } else if used.bytes.saturating_add(size) > self.bytes {
            refused("evidence.province_bytes")
        } else {
            Ok(())
        }
    }

    /// Whether so little room is left that the province is told before anything is refused.
    #[must_use]
    pub const fn is_scarce(&self, used: Used) -> bool {
        used.files.saturating_mul(100) >= self.files.saturating_mul(SCARCE)
            || used.bytes.saturating_mul(100) >= self.bytes.saturating_mul(SCARCE)
    }
}

/// A size in words, such as 1.2GB, 1.2MB or 340KB: MB and GB rounded half up to one decimal, KB rounded up.
#[must_use]
pub fn size_of(bytes: i64) -> String {
    let kilobytes = (bytes + 1023) / 1024;
    let tenths = |unit: u32| (bytes * 10 + (1 << (unit - 1))) >> unit;
    let (tenths, word) = match kilobytes {
        ..1024 => return format!("{kilobytes}KB"),
        1024..1_048_576 => (tenths(20), "MB"),
        _ => (tenths(30), "GB"),
    };
    format!("{}.{}{word}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_file_that_fits_is_taken_and_the_next_is_told_what_is_used() {
        let room = Quota { files: 10, bytes: 3 << 30 };
        assert!(room.admits(Used { files: 9, bytes: (3 << 30) - 5 }, 5).is_ok());
        let told = room.admits(Used { files: 9, bytes: (3 << 30) - 5 }, 6).unwrap_err().refusal();
        assert_eq!(told.code, "evidence.province_bytes");
        assert!(told.args.contains(&("used", "3.0GB".to_owned())), "{told:?}");
        let told = room.admits(Used { files: 10, bytes: 0 }, 1).unwrap_err().refusal();
        assert_eq!(told.code, "evidence.province_files");
        assert!(!room.is_scarce(Used { files: 7, bytes: 2 << 30 }));
        assert!(room.is_scarce(Used { files: 8, bytes: 0 }) && room.is_scarce(Used { files: 0, bytes: 5 << 29 }));
        assert_eq!([size_of(1), size_of(340 << 10), size_of(1_258_291)], ["1KB", "340KB", "1.2MB"]);
    }
}
