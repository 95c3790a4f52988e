//! The virus scanner clamd, which sites run, over its own socket.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use shudu::report::evidence::scanner::{Scanner, Verdict};

use testing::hostile::{eicar, pdf};
use testing::proof::{Proof, figure, size};

/// Path of clamd, where it is installed; `SHUDU_CLAMD` names another path.
fn clamd() -> Option<PathBuf> {
    let named = std::env::var_os("SHUDU_CLAMD").map(PathBuf::from);
    named.into_iter().chain(["/usr/sbin/clamd".into()]).find(|path: &PathBuf| path.exists())
}

/// The running scanner, which ends with the test.
struct Clamd(Child);

impl Drop for Clamd {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

async fn running(program: &Path, dir: &Path) -> (Clamd, Scanner) {
    let path = |name: &str| dir.join(name).display().to_string();
    // The signature database has one signature of our own: the test word at any position.
    std::fs::write(path("own.ndb"), format!("Own.Test.Word:0:*:{}\n", hex::encode(eicar()))).unwrap();
    let socket = path("clamd.ctl");
    let settings =
        format!("DatabaseDirectory {}\nLocalSocket {socket}\nForeground yes\nStreamMaxLength 25M\n", dir.display());
    std::fs::write(path("clamd.conf"), settings).unwrap();
    let child =
        Command::new(program).arg("-c").arg(path("clamd.conf")).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let clamd = Clamd(child.unwrap());
    for _ in 0..200 {
        if Path::new(&socket).exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (clamd, format!("unix:{socket}").parse().unwrap())
}

#[tokio::test]
async fn a_real_scanner_finds_the_test_word_and_passes_the_rest() {
    let Some(program) = clamd() else {
        figure("clamd: not installed, not asked");
        return;
    };
    let proof = Proof::of("clamd, asked over its socket, refuses a file with the test word and passes one without");
    let dir = tempfile::tempdir().unwrap();
    let (clamd, scanner) = running(&program, dir.path()).await;
    let file = dir.path().join("file");
    for number in 0..size(10_usize, 500) {
        let body = vec![b'x'; number * 10_000];
        let infected = number % 2 == 1;
        let tail = if infected { eicar() } else { Vec::new() };
        std::fs::write(&file, pdf(&[body, tail].concat())).unwrap();
        let said = scanner.scan(&file).await;
        let held = match &said {
            Ok(Verdict::Clean) => !infected,
            Ok(Verdict::Infected(name)) => infected && name.starts_with("Own.Test.Word"),
            Err(_) => false,
        };
        proof.trial(held, || format!("{number}: {said:?}"));
    }
    drop(clamd);
    proof.trial(scanner.scan(&file).await.is_err(), || "it answers although it has ended".to_owned());
    proof.end();
}
