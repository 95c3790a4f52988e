//! The real binary as a server process.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server process, which is killed when the value is dropped.
pub struct Server {
    child: Child,
    /// Address of the server: `http://` with host and port.
    pub address: String,
}

/// The binary.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_shudu"))
}

/// A command of the binary on a data directory.
pub fn shudu(command: &[&str], data: &Path) -> Command {
    of(&program(), command, data)
}

fn of(program: &Path, command: &[&str], data: &Path) -> Command {
    let mut called = Command::new(program);
    called.args(command).arg("--data").arg(data);
    called
}

/// Starts the server without waiting for its address. The output of its log is appended to `log`.
pub fn spawn(program: &Path, data: &Path, log: &Path, settings: &[(String, String)]) -> Child {
    let log = File::options().create(true).append(true).open(log).unwrap();
    of(program, &["serve", "--listen", "127.0.0.1:0"], data)
        .envs(settings.iter().cloned())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap()
}

impl Server {
    /// Waits until a started process prints its address; none where the process ends before.
    pub fn of(mut child: Child) -> Option<Self> {
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next();
        match line {
            Some(Ok(address)) => Some(Self { child, address }),
            _ => {
                child.wait().unwrap();
                None
            }
        }
    }

    /// Number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process with SIGKILL, without an orderly stop or a flush.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the process with SIGTERM, and waits until the process has ended.
    pub fn stop(mut self) {
        let stopped = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(stopped.success());
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
