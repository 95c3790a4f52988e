//! Passwords that attackers try first because many people have them or because they leaked. The operator gives the list
//! (`avoided_passwords`). The product has no list of its own, only the words and patterns of [`super::password`]: good lists are
//! large, become outdated, and are maintained by others.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use super::password::LENGTH;
use crate::base::error::{Error, Result};

/// Largest size of a list, in bytes: some millions of passwords.
const MAX_FILE: u64 = 128 << 20;

/// Passwords that nobody may choose. Only eight bytes of a hash are kept of each, so that no plain passwords are in memory.
#[derive(Clone, Debug, Default)]
pub struct PasswordBlocklist {
    hashes: HashSet<u64>,
    state: RandomState,
}

impl PasswordBlocklist {
    /// Reads a list with one password per line. Passwords of a forbidden length are left out.
    ///
    /// # Errors
    /// A file that cannot be read or is larger than 128 MB; the error names the file.
    pub fn read(file: &Path) -> Result<Self> {
        let failed = |what: String| Error::Internal(format!("avoided_passwords: {}: {what}", file.display()));
        let size = std::fs::metadata(file).map_err(|e| failed(e.to_string()))?.len();
        if size > MAX_FILE {
            return Err(failed(format!("{size} bytes; the most is {MAX_FILE}")));
        }
        let bytes = std::fs::read(file).map_err(|e| failed(e.to_string()))?;
        let mut avoided = Self::default();
        // Lists of leaked passwords contain bytes of all kinds. A line that is no text was never typed here.
        for line in bytes.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()) {
            let password = line.trim_end_matches('\r');
            if LENGTH.contains(&password.chars().count()) {
                avoided.hashes.insert(avoided.hash(password));
            }
        }
        Ok(avoided)
    }

    /// Whether a password is on the list, regardless of upper and lower case.
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
