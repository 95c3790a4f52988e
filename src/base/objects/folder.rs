//! Objects as files of a folder.

use std::path::PathBuf;

use super::Listed;
use crate::base::error::Result;
use crate::base::files;

/// A folder of objects.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) const fn of(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let place = self.place(name);
        if place.is_dir() { Ok(None) } else { files::read(&place) }
    }

    pub(super) fn put_all(&self, objects: &[(String, Vec<u8>)]) -> Result<()> {
        let placed: Vec<(PathBuf, &[u8])> =
            objects.iter().map(|(name, bytes)| (self.place(name), bytes.as_slice())).collect();
        files::write_all_atomic(&placed)
    }

    pub(super) fn list(&self, name: &str) -> Result<Vec<Listed>> {
        let folder = self.place(name);
        let mut listed = Vec::new();
        for name in files::list(&folder)?.into_iter().filter(|name| !name.starts_with('.')) {
            let place = folder.join(&name);
            let about = match std::fs::metadata(&place) {
                // Another process removed the entry meanwhile.
                Err(gone) if files::is_absent(&gone) => continue,
                about => about.map_err(|e| files::failed(&place, &e))?,
            };
            let written = about.modified().map_err(|e| files::failed(&place, &e))?;
            let is_object = !about.is_dir();
            let size = is_object.then_some(about.len());
            listed.push(Listed { size, written: is_object.then_some(written), name });
        }
        Ok(listed)
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let place = self.place(name);
        if place.is_dir() { files::remove_dir(&place) } else { files::remove_file(&place) }
    }

    fn place(&self, name: &str) -> PathBuf {
        name.split('/').fold(self.0.clone(), |place, part| place.join(part))
    }
}
