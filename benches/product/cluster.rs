//! The topology of `deploy/` on this machine: three PostgreSQL servers, kept by Patroni, behind HAProxy.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Anything;
use crate::running::run;

/// A running cluster without an object store.
pub struct Cluster {
    folder: PathBuf,
    /// URL of its primary, through HAProxy.
    pub url: String,
}

impl Cluster {
    pub fn start(folder: &Path) -> Anything<Self> {
        let folder = folder.join("cluster");
        let mut up = Command::new("scripts/cluster");
        up.arg("up").arg(&folder).arg("--without-objects").env("SHUDU_CACHE", folder.with_extension("cache"));
        let said = String::from_utf8(up.output()?.stdout)?;
        let url = said.lines().find_map(|line| line.strip_prefix("TEST_CLUSTER_URL=")).ok_or("no cluster")?.to_owned();
        Ok(Self { folder, url })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(run("scripts/cluster", &["down", &self.folder.display().to_string()]));
    }
}
