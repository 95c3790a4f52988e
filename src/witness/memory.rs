//! The memory of a witness: its key and the last cosigned checkpoint of every log. One file holds both and is replaced as a
//! whole. A key that is restored with an older memory would cosign a second tree. So there is no key without its memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use public_log::cosignature::{Cosigner, Witness};
use public_log::note::{Checkpoint, is_name, split};
use serde::{Deserialize, Serialize};

use crate::base::error::{Error, Result};
use crate::base::keys::Key;
use crate::base::{file_modes, files};

const FORM: &str = "shudu/witness/1";

/// Content of the file on disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    form: String,
    name: String,
    key: String,
    /// Last checkpoint of each log, signed and cosigned, by name of the log.
    logs: BTreeMap<String, String>,
}

/// The memory of a witness.
pub struct Memory {
    file: PathBuf,
    stored: Stored,
    cosigner: Cosigner,
    /// Lock on the folder while the process uses it. Two processes would each believe to know the last checkpoint.
    _lock: File,
}

impl Memory {
    /// Opens the memory in a folder. A memory with a new key is created where the folder has none.
    ///
    /// # Errors
    /// A folder in use; a memory of another name; a memory that is damaged: every checkpoint in it has to carry the witness's own
    /// cosignature.
    pub fn open(folder: &Path, name: &str) -> Result<Self> {
        let failed = |what: &str| Error::Internal(format!("{}: {what}", folder.display()));
        if !is_name(name) {
            return Err(failed("the name of a witness holds neither blanks nor +"));
        }
        files::create_dir_synced(folder).map_err(|e| files::failed(folder, &e))?;
        file_modes::guard(folder, |file| file.ends_with("witness"))?;
        let lock = files::lock(&folder.join("lock"))?;
        let file = folder.join("witness");
        let stored = match files::read(&file)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|e| failed(&format!("witness: {e}")))?,
            None => Self::begin(&file, name)?,
        };
        if stored.form != FORM || stored.name != name {
            return Err(failed(&format!("this is the memory of {} ({})", stored.name, stored.form)));
        }
        let key = Key::from_text(&stored.key).ok_or_else(|| failed("witness: its key is none"))?;
        let memory = Self { cosigner: Cosigner::new(name, key.ed25519()), file, stored, _lock: lock };
        match memory.stored.logs.keys().find(|origin| memory.last(origin).is_none()) {
            Some(origin) => Err(failed(&format!("the checkpoint of {origin} is not one that this witness cosigned"))),
            None => Ok(memory),
        }
    }

    fn begin(file: &Path, name: &str) -> Result<Stored> {
        let key = Key::ephemeral()?.to_text();
        let stored = Stored { form: FORM.to_owned(), name: name.to_owned(), key, logs: BTreeMap::new() };
        put(file, &stored)?;
        Ok(stored)
    }

    /// The key by which others check the cosignatures.
    #[must_use]
    pub fn witness(&self) -> Witness {
        self.cosigner.witness()
    }

    /// The last checkpoint of a log that this witness cosigned.
    #[must_use]
    pub fn last(&self, origin: &str) -> Option<Checkpoint> {
        let note = self.stored.logs.get(origin)?;
        self.witness().cosigned(note)?;
        Checkpoint::read(split(note)?.0).filter(|checkpoint| checkpoint.origin == origin)
    }

    /// Cosigns a checkpoint. The line is returned only after the checkpoint is on disk. The time of a cosignature never goes
    /// backwards.
    ///
    /// # Errors
    /// A disk that fails: then nothing was cosigned.
    pub fn cosign(&mut self, checkpoint: &Checkpoint, note: &str, now: u64) -> Result<String> {
        let before = self.stored.logs.get(&checkpoint.origin).and_then(|note| self.witness().cosigned(note));
        let line = self.cosigner.line(&checkpoint.text(), now.max(before.unwrap_or(0)));
        let cosigned = self.witness().join(note, &line);
        let cosigned = cosigned.ok_or_else(|| Error::Internal("a cosignature that does not verify".to_owned()))?;
        let old = self.stored.logs.insert(checkpoint.origin.clone(), cosigned);
        if let Err(error) = put(&self.file, &self.stored) {
            match old {
                Some(old) => self.stored.logs.insert(checkpoint.origin.clone(), old),
                None => self.stored.logs.remove(&checkpoint.origin),
            };
            return Err(error);
        }
        Ok(line)
    }
}

fn put(file: &Path, stored: &Stored) -> Result<()> {
    let bytes = serde_json::to_vec_pretty(stored).map_err(|e| Error::Internal(e.to_string()))?;
    files::write_secret(file, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use public_log::note::Signer;
    use std::os::unix::fs::PermissionsExt;

    fn checkpoint(size: u64) -> Checkpoint {
        Checkpoint { origin: "a.example/log/s1".to_owned(), size, root: [u8::try_from(size).unwrap(); 32] }
    }

    #[test]
    fn key_and_checkpoints_are_one_file_that_only_its_owner_reads() {
        let dir = tempfile::tempdir().unwrap();
        let log = Signer::new("a.example/log/s1", Key::ephemeral().unwrap().ed25519());
        let mut memory = Memory::open(dir.path(), "w1.example").unwrap();
        assert!(Memory::open(dir.path(), "w1.example").is_err(), "one process a folder");
        let key = memory.witness();
        let line = memory.cosign(&checkpoint(3), &log.sign(&checkpoint(3).text()), 1000).unwrap();
        let cosigned = key.join(&log.sign(&checkpoint(3).text()), &line).unwrap();
        assert_eq!(key.cosigned(&cosigned), Some(1000));
        drop(memory);
        let file = dir.path().join("witness");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o400);
        let mut memory = Memory::open(dir.path(), "w1.example").unwrap();
        assert_eq!((memory.witness(), memory.last("a.example/log/s1")), (key.clone(), Some(checkpoint(3))));
        // A clock that was put back does not make an older cosignature.
        let line = memory.cosign(&checkpoint(4), &log.sign(&checkpoint(4).text()), 7).unwrap();
        let cosigned = key.join(&log.sign(&checkpoint(4).text()), &line).unwrap();
        assert_eq!(key.cosigned(&cosigned), Some(1000));
    }

    #[test]
    fn a_memory_that_was_changed_or_belongs_to_another_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let log = Signer::new("a.example/log/s1", Key::ephemeral().unwrap().ed25519());
        let mut memory = Memory::open(dir.path(), "w1.example").unwrap();
        memory.cosign(&checkpoint(3), &log.sign(&checkpoint(3).text()), 1000).unwrap();
        drop(memory);
        assert!(Memory::open(dir.path(), "w2.example").is_err());
        let file = dir.path().join("witness");
        let text = std::fs::read_to_string(&file).unwrap();
        let older = text.replace("\\n3\\n", "\\n2\\n");
        assert_ne!(older, text);
        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, older).unwrap();
        assert!(Memory::open(dir.path(), "w1.example").is_err());
    }

    #[test]
    fn a_checkpoint_that_could_not_be_written_was_not_cosigned() {
        let dir = tempfile::tempdir().unwrap();
        let log = Signer::new("a.example/log/s1", Key::ephemeral().unwrap().ed25519());
        let mut memory = Memory::open(dir.path(), "w1.example").unwrap();
        // A folder at the path of the file makes the write fail.
        drop(std::fs::remove_file(dir.path().join("witness")));
        std::fs::create_dir(dir.path().join("witness")).unwrap();
        assert!(memory.cosign(&checkpoint(3), &log.sign(&checkpoint(3).text()), 1).is_err());
        assert_eq!(memory.last("a.example/log/s1"), None);
    }
}
