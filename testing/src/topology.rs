//! The cluster that `scripts/cluster` started, and the commands by which its parts fail.

use std::path::PathBuf;
use std::process::Command;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/cluster");

/// A running cluster.
pub struct Topology {
    folder: PathBuf,
    /// URL of a database of the cluster, through HAProxy, under a role that may make databases.
    pub url: String,
}

impl Topology {
    /// The cluster of the environment.
    pub fn given() -> Self {
        let var = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: scripts/cluster up"));
        Self { folder: PathBuf::from(var("TEST_CLUSTER")), url: var("TEST_CLUSTER_URL") }
    }

    /// Whether the cluster has an object store.
    pub fn has_stores(&self) -> bool {
        std::env::var_os("SHUDU_OBJECTS").is_some()
    }

    /// Data folder of a PostgreSQL server.
    pub fn data(&self, n: usize) -> PathBuf {
        self.folder.join(format!("pg{n}/data"))
    }

    /// Runs a command on the cluster. Gives the number of the part that it met; empty where the command names none.
    pub fn run(&self, command: &[&str]) -> String {
        let done = Command::new(PROGRAM).args(command).arg(&self.folder).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{command:?}: {said}");
        eprint!("{said}");
        let [act, kind, _] = command else { return String::new() };
        let met = said.lines().find_map(|line| line.rsplit_once(&format!("{act} {kind} ")));
        met.map(|(_, number)| number.trim().to_owned()).unwrap_or_default()
    }

    /// Number of the PostgreSQL server with a role.
    fn number(&self, role: &str) -> String {
        let asked = Command::new(PROGRAM).args(["number", role]).arg(&self.folder).output().unwrap();
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        String::from_utf8(asked.stdout).unwrap().trim().to_owned()
    }

    /// Has the standbys hear nothing more of the primary, until the value is dropped. Only what was sent before can be on a second
    /// disk. After six seconds the standbys would connect anew.
    pub fn silence(&self) -> Silence<'_> {
        let primary = self.number("primary");
        self.run(&["freeze", "senders", &primary]);
        Silence { topology: self, primary }
    }

    /// Waits until the cluster has a leader and two standbys that stream again: up to three minutes.
    pub fn complete(&self) {
        for _ in 0..360 {
            let done = Command::new(PROGRAM).arg("status").arg(&self.folder).output().unwrap();
            if done.status.success() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        panic!("the cluster did not become complete again");
    }
}

/// A primary whose standbys hear nothing.
pub struct Silence<'a> {
    topology: &'a Topology,
    primary: String,
}

impl Silence<'_> {
    /// Kills the primary, which ends the silence for good.
    pub fn kill_primary(self) -> String {
        self.topology.run(&["kill", "pg", &self.primary]);
        self.primary.clone()
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        // A primary that was killed has no senders.
        let _ = Command::new(PROGRAM).args(["thaw", "senders", &self.primary]).arg(&self.topology.folder).output();
    }
}
