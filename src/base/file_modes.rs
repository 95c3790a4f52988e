//! Access to the data directory: only its owner may read and write. New files and folders get owner-only modes when they are made
//! ([`crate::base::files`]). Files of an earlier version, of a copy or made by hand are checked when a process begins to use the
//! directory.
//!
//! Files that others can read are closed without asking. Files that others can write are refused, because nobody can tell what
//! others wrote. A key that others could read is refused too, because the key has to be changed.

use std::fs::{self, Metadata, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::base::error::{Error, Result};
use crate::base::files::failed;

/// Mode bits of everybody but the owner, and the write bits among them.
const OTHERS: u32 = 0o077;
const WRITE: u32 = 0o022;

/// Checks the modes of a directory and of everything in the directory. `is_secret` tells which files nobody else may ever have
/// read.
///
/// # Errors
/// A file or folder that others may write, or a secret that others may read; the message names the command that corrects the
/// mode. A disk that fails.
pub fn guard(data: &Path, is_secret: impl Fn(&Path) -> bool) -> Result<()> {
    let own = fs::metadata(data).map_err(|e| failed(data, &e))?;
    let is_fresh = is_fresh(data)?;
    if mode(&own) & WRITE != 0 && !is_fresh {
        return Err(writable(data, data));
    }
    let mut closed = usize::from(close_with(data, &own)? && !is_fresh);
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            // Not readable for this process, such as `lost+found` of a disk.
            Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied && folder != data => continue,
            Err(e) => return Err(failed(&folder, &e)),
        };
        for entry in entries {
            let entry = entry.map_err(|e| failed(&folder, &e))?;
            let path = entry.path();
            // An entry of the data directory itself may be a link to another disk; links further down are not followed.
            let found = if folder == data { fs::metadata(&path) } else { entry.metadata() };
            let found = match found {
                Ok(found) if found.is_file() || found.is_dir() => found,
                Ok(_) => continue,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => return Err(failed(&path, &e)),
            };
            if mode(&found) & WRITE != 0 {
                return Err(writable(&path, data));
            }
            if is_secret(&path) && mode(&found) & OTHERS != 0 {
                return Err(Error::Internal(format!(
                    "{0}: others could read this key; give the site another one if somebody did, then: chmod go= {0}",
                    path.display()
                )));
            }
            closed += usize::from(close_with(&path, &found)?);
            if found.is_dir() {
                folders.push(path);
            }
        }
    }
    if closed > 0 {
        tracing::warn!(files = closed, data = %data.display(), "files and folders that others could read are closed to them");
    }
    Ok(())
}

/// Closes a file or folder to everybody but its owner.
///
/// # Errors
/// A file or folder of another owner; a disk that fails.
pub fn close(path: &Path) -> Result<()> {
    let found = fs::metadata(path).map_err(|e| failed(path, &e))?;
    close_with(path, &found).map(|_| ())
}

fn close_with(path: &Path, found: &Metadata) -> Result<bool> {
    if mode(found) & OTHERS == 0 {
        return Ok(false);
    }
    let own = Permissions::from_mode(mode(found) & !OTHERS);
    fs::set_permissions(path, own).map_err(|e| failed(path, &e))?;
    Ok(true)
}

/// Whether a directory holds nothing yet that somebody could have changed: the directory was made just now, by hand.
fn is_fresh(data: &Path) -> Result<bool> {
    let mut entries = fs::read_dir(data).map_err(|e| failed(data, &e))?;
    let is_nothing = |name: &std::ffi::OsStr| name == "lock" || name == "site.json" || name == "lost+found";
    Ok(entries.all(|entry| entry.is_ok_and(|entry| is_nothing(&entry.file_name()))))
}

fn writable(path: &Path, data: &Path) -> Error {
    Error::Internal(format!(
        "{}: others than its owner may write here; see whether they did, then: chmod -R go-w {}",
        path.display(),
        data.display()
    ))
}

fn mode(found: &Metadata) -> u32 {
    found.permissions().mode() & 0o7777
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn directory(modes: &[(&str, u32)]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        fs::create_dir_all(data.join("keys")).unwrap();
        fs::create_dir_all(data.join("log/s1")).unwrap();
        for file in ["main.db", "keys/site.key", "log/s1/checkpoint", "site.json"] {
            fs::write(data.join(file), b"x").unwrap();
        }
        for folder in ["", "keys", "log", "log/s1"] {
            fs::set_permissions(data.join(folder), Permissions::from_mode(0o755)).unwrap();
        }
        fs::set_permissions(data.join("keys/site.key"), Permissions::from_mode(0o400)).unwrap();
        for (file, bits) in modes {
            fs::set_permissions(data.join(file), Permissions::from_mode(*bits)).unwrap();
        }
        (dir, data)
    }

    fn is_key(path: &Path) -> bool {
        path.extension().is_some_and(|end| end == "key")
    }

    #[test]
    fn what_others_could_read_is_closed() {
        let (_dir, data) = directory(&[("main.db", 0o644), ("site.json", 0o640)]);
        guard(&data, is_key).unwrap();
        let bits = |file: &str| mode(&fs::metadata(data.join(file)).unwrap());
        for folder in ["", "keys", "log", "log/s1"] {
            assert_eq!(bits(folder), 0o700, "{folder}");
        }
        for file in ["main.db", "site.json", "log/s1/checkpoint"] {
            assert_eq!(bits(file), 0o600, "{file}");
        }
        assert_eq!(bits("keys/site.key"), 0o400);
    }

    #[test]
    fn what_others_could_write_and_keys_that_they_could_read_are_refused_with_the_command() {
        for (file, bits) in [
            ("main.db", 0o660),
            ("main.db", 0o602),
            ("keys", 0o770),
            ("", 0o777),
            ("log/s1", 0o707),
            ("log/s1/checkpoint", 0o666),
            ("site.json", 0o622),
            ("keys/site.key", 0o622),
        ] {
            let (_dir, data) = directory(&[(file, bits)]);
            let said = guard(&data, is_key).unwrap_err().to_string();
            assert!(said.contains(&format!("chmod -R go-w {}", data.display())), "{file}: {said}");
        }
        for bits in [0o440, 0o604] {
            let (_dir, data) = directory(&[("keys/site.key", bits)]);
            let said = guard(&data, is_key).unwrap_err().to_string();
            assert!(said.contains("chmod go= ") && said.contains("keys/site.key"), "{said}");
        }
    }

    #[test]
    fn a_directory_that_was_made_just_now_is_closed_whatever_its_mode() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
        guard(dir.path(), is_key).unwrap();
        assert_eq!(mode(&fs::metadata(dir.path()).unwrap()), 0o700);
    }
}
