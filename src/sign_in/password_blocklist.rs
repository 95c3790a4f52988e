//! Passwords that are tried first because many people have them or because they leaked: a list that the operator gives
//! (`avoided_passwords`). The product brings none of its own beside what [`super::password`] knows of words and patterns: good
//! lists are large, grow old, and are kept by others.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use super::password::LENGTH;
use crate::base::error::{Error, Result};

/// Bytes of the longest list: some millions of passwords.
const MAX_FILE: u64 = 128 << 20;

/// Passwords that nobody may choose. Eight bytes of a hash each, so that no list of plain texts lies in memory.
#[derive(Clone, Debug, Default)]
pub struct PasswordBlocklist {
    hashes: HashSet<u64>,
    state: RandomState,
}

impl PasswordBlocklist {
    /// Reads a list: a password a line. What is too short to be chosen is left out.
    ///
    /// # Errors
    /// A file that cannot be read or is larger than 128 MB, named.
    pub fn read(file: &Path) -> Result<Self> {
        let failed = |what: String| Error::Internal(format!("avoided_passwords: {}: {what}", file.display()));
        let size = std::fs::metadata(file).map_err(|e| failed(e.to_string()))?.len();
        if size > MAX_FILE {
            return Err(failed(format!("{size} bytes; the most is {MAX_FILE}")));
        }
        let bytes = std::fs::read(file).map_err(|e| failed(e.to_string()))?;
        let mut avoided = Self::default();
        // Lists of what leaked hold bytes of all kinds; a line that is no text was never typed here.
        for line in bytes.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()) {
            let password = line.trim_end_matches('\r');
            if LENGTH.contains(&password.chars().count()) {
                avoided.hashes.insert(avoided.hash(password));
            }
        }
        Ok(avoided)
    }

    /// Whether a password stands on the list, in large letters or small ones.
    #[must_use]
    pub fn contains(&self, password: &str) -> bool {
        self.hashes.contains(&self.hash(password))
    }

    fn hash(&self, password: &str) -> u64 {
        self.state.hash_one(password.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_password_a_line_whatever_else_stands_there() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("list");
        std::fs::write(&file, b"short\nPurple-Monkey-7\r\n\xff\xfe not text at all\nwith blanks in it \n").unwrap();
        let avoided = PasswordBlocklist::read(&file).unwrap();
        assert!(avoided.contains("purple-monkey-7") && avoided.contains("with blanks in it "));
        assert!(!avoided.contains("short") && !avoided.contains("purple-monkey-8"));
        assert_eq!(avoided.hashes.len(), 2);
        assert!(PasswordBlocklist::read(&dir.path().join("absent")).is_err());
    }
}
