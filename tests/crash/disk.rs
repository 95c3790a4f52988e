//! A disk that keeps only what was synced: `power_cut.c` records it beside the data directory, here the power is cut.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::site::Site;

static LIBRARY: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();

/// What stands between the server and its disk, compiled once.
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

/// Puts the library between the servers of a site and the disk that they use already.
pub fn watch(site: &mut Site) {
    site.set("LD_PRELOAD", library().display());
    site.set("SHIM_DATA", site.data().display());
}

/// The disk of a site.
pub struct Disk(PathBuf);

impl Disk {
    /// Gives a site such a disk. What it holds now is on it.
    pub fn under(site: &mut Site) -> Self {
        watch(site);
        let disk = Self(site.folder.join("disk"));
        site.set("SHIM_DISK", disk.0.display());
        disk.begin(&site.data());
        disk
    }

    /// Cuts the power: the data directory becomes what the disk holds.
    pub fn cut(&self, data: &Path) {
        let root = fs::metadata(data).unwrap().ino();
        let kept = data.with_extension("kept");
        self.restore(root, &kept, &mut HashMap::new());
        fs::remove_dir_all(data).unwrap();
        fs::rename(&kept, data).unwrap();
        for store in ["main", "ballots", "register"] {
            // Shared memory of the processes, no part of the store.
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

    /// Everything in a folder is on the disk.
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

    /// Builds a folder out of what the disk knows of it. `found` tells where an inode was put that has two names.
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
                // So is a file.
                None if !content.exists() => fs::write(&place, b"").unwrap(),
                None => fs::rename(&content, &place).unwrap(),
            }
            found.insert(inode, place);
        }
    }
}
