//! A simulated disk that keeps only synced data. `power_cut.c` records the synced data beside the data directory; this module
//! cuts the power.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::site::Site;

static LIBRARY: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();

/// The shared library that intercepts the file system calls of a server (`LD_PRELOAD`), compiled once.
fn library() -> &'static Path {
    let (_, library) = LIBRARY.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let library = dir.path().join("power_cut.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/power_cut.c");
        let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
        assert!(compiled.unwrap().success());
        (dir, library)
    });
    library
}

/// Loads the library into the servers of a site, on the disk that the site already has.
pub fn watch(site: &mut Site) {
    site.set("LD_PRELOAD", library().display());
    site.set("SHIM_DATA", site.data().display());
}

/// The simulated disk of a site: the folder with its records.
pub struct Disk(PathBuf);

impl Disk {
    /// Gives a site a simulated disk. The present content of the data directory counts as synced.
    pub fn under(site: &mut Site) -> Self {
        watch(site);
        let disk = Self(site.folder.join("disk"));
        site.set("SHIM_DISK", disk.0.display());
        disk.begin(&site.data());
        disk
    }

    /// Cuts the power: the content of the data directory becomes the content of the disk.
    pub fn cut(&self, data: &Path) {
        let root = fs::metadata(data).unwrap().ino();
        let kept = data.with_extension("kept");
        self.restore(root, &kept, &mut HashMap::new());
        fs::remove_dir_all(data).unwrap();
        fs::rename(&kept, data).unwrap();
        for store in ["main", "ballots", "register"] {
            // The file of shared memory is not part of the store.
            drop(fs::remove_file(data.join(format!("{store}.db-shm"))));
        }
        self.begin(data);
    }

    fn begin(&self, data: &Path) {
        drop(fs::remove_dir_all(&self.0));
        for part in ["inodes", "dirs", "pins"] {
            fs::create_dir_all(self.0.join(part)).unwrap();
        }
        self.record(data);
    }

    /// Records the whole content of a folder as synced.
    fn record(&self, folder: &Path) {
        let mut names = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, inode) = (entry.path(), entry.metadata().unwrap().ino());
            let kind = if path.is_dir() { 'd' } else { 'f' };
            names.push_str(&format!("{inode} {kind} {}\n", entry.file_name().to_str().unwrap()));
            if path.is_dir() {
                self.record(&path);
            } else {
                fs::copy(&path, self.0.join(format!("inodes/{inode}"))).unwrap();
            }
        }
        fs::write(self.0.join(format!("dirs/{}", fs::metadata(folder).unwrap().ino())), names).unwrap();
    }

    /// Builds a folder from the records of the disk. `found` holds the path at which each inode was restored, for inodes with two
    /// names.
    fn restore(&self, folder: u64, to: &Path, found: &mut HashMap<u64, PathBuf>) {
        fs::create_dir(to).unwrap();
        // A folder that was never synced is empty.
        let names = fs::read_to_string(self.0.join(format!("dirs/{folder}"))).unwrap_or_default();
        for line in names.lines() {
            let mut parts = line.splitn(3, ' ');
            let inode: u64 = parts.next().unwrap().parse().unwrap();
            let (is_folder, place) = (parts.next() == Some("d"), to.join(parts.next().unwrap()));
            if is_folder {
                self.restore(inode, &place, found);
                continue;
            }
            let content = self.0.join(format!("inodes/{inode}"));
            match found.get(&inode) {
                Some(other) => drop(fs::copy(other, &place).unwrap()),
                // A file that was never synced is empty, too.
                None if !content.exists() => fs::write(&place, b"").unwrap(),
                None => fs::rename(&content, &place).unwrap(),
            }
            found.insert(inode, place);
        }
    }
}
