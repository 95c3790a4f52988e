//! Copies of public logs, as a stranger fetches them.

use std::path::Path;

use shudu::ballot_log::Sequencer;
use tempfile::TempDir;

/// Fetches every public file of a campaign's log into a folder of its own.
///
/// # Panics
/// A store or disk that fails.
pub async fn fetch(sequencer: &Sequencer, campaign: &str) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    fetch_into(sequencer, campaign, copy.path()).await;
    copy
}

/// As [`fetch`], into a folder that may hold an older copy.
///
/// # Panics
/// As [`fetch`].
pub async fn fetch_into(sequencer: &Sequencer, campaign: &str, copy: &Path) {
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        std::fs::create_dir_all(copy.join(&folder)).unwrap();
        for file in sequencer.public_files(campaign, &folder).await.unwrap() {
            let path = if folder.is_empty() { file.name } else { format!("{folder}/{}", file.name) };
            match file.size {
                None => folders.push(path),
                Some(_) => {
                    let bytes = sequencer.public_file(campaign, &path).await.unwrap().unwrap();
                    std::fs::write(copy.join(&path), bytes).unwrap();
                }
            }
        }
    }
}
