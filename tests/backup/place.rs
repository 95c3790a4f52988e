//! The stores of one site: a data directory, and three databases where the tests run on PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use shudu::config::{Config, Settings};
use tempfile::TempDir;
use testing::process_databases;

/// The data directory and the databases of one site.
pub struct Place {
    dir: TempDir,
    urls: Option<[String; 3]>,
}

impl Place {
    /// A place for SQLite files. The data directory does not exist yet.
    pub fn files() -> Self {
        Self { dir: TempDir::new().unwrap(), urls: None }
    }

    /// A place with three new, empty databases on a PostgreSQL server.
    pub async fn databases(server: &str) -> Self {
        Self { dir: TempDir::new().unwrap(), urls: Some(process_databases::fresh(server).await) }
    }

    /// Drops the databases of the place.
    pub async fn clear(&self, server: &str) {
        if let Some(urls) = &self.urls {
            process_databases::remove(server, urls).await;
        }
    }

    /// Data directory of the site.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Folder of the objects of a campaign's log.
    pub fn log(&self, campaign: &str) -> PathBuf {
        self.data().join("objects/log").join(campaign)
    }

    /// Configuration for an application in this process.
    pub fn config(&self) -> Config {
        let [main_url, ballots_url, register_url] = match &self.urls {
            Some([main, ballots, register]) => [main, ballots, register].map(|url| Some(url.clone())),
            None => [None, None, None],
        };
        let listen = Some("127.0.0.1:0".parse().unwrap());
        let settings =
            Settings { data: Some(self.data()), listen, main_url, ballots_url, register_url, ..Settings::default() };
        Settings { settle_after: Some(0), ..settings }.resolve().unwrap()
    }

    /// A command of the built program on the stores of this place.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shudu"));
        command.args(args).arg("--data").arg(self.data());
        for (name, url) in ["MAIN", "BALLOTS", "REGISTER"].iter().zip(self.urls.iter().flatten()) {
            command.env(format!("SHUDU_{name}_URL"), url);
        }
        command
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed. Gives its standard output.
    pub fn run_ok(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Runs a command that must be refused: exit code 2, these words in its message, and no change in the data directory.
    pub fn run_refused(&self, args: &[&str], words: &[&str]) {
        let done = self.run(args);
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{args:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{args:?}: {word:?} is not in {said}");
        }
        assert!(!self.data().join("main.db").exists() && !self.data().join("restoring").exists(), "{args:?}");
    }
}

/// A path as an argument of a command.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
