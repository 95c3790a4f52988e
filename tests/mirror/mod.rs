//! `shudu verify` as a user runs it: over HTTP from a server that works, breaks, lies or is not a log; over copies; and with a
//! receipt, a promise or an older checkpoint.

mod copies;
mod held;
mod server;
mod sites;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use public_log::note::Signer;
use server::{Answer, serve};
use shudu::base::keys::Key;

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/vectors").join(name)
}

fn path(name: &str) -> String {
    vector(name).display().to_string()
}

/// Runs `shudu verify`. Gives the exit code and the whole output.
fn verify(args: &[&str]) -> (i32, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_shudu")).arg("verify").args(args).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap(), said)
}

#[track_caller]
fn ends(args: &[&str], code: i32, words: &str) -> String {
    let (found, said) = verify(args);
    assert!(found == code && said.contains(words), "{args:?}: {found}, expected {code} and {words:?}\n{said}");
    said
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// The private key of the test vectors. The key is public, so anybody can sign with it.
fn key_of_the_vectors() -> Signer {
    let known: serde_json::Value = serde_json::from_slice(&fs::read(vector("leaf.json")).unwrap()).unwrap();
    let key = Key::from_text(known["key"]["seed"].as_str().unwrap()).unwrap();
    Signer::new("shudu.example/log/s1", key.ed25519())
}

#[test]
fn a_file_that_does_not_belong_to_a_log_is_named_without_moving_the_cursor() {
    for (file, words) in [
        ("tile/entries/000.p/18", "REFUSED  tile/entries/000.p/18: is not a file of this log"),
        ("\r\u{1b}[2KOK", "REFUSED  ??[2KOK: is not a file of this log"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        copy(&vector("open"), dir.path());
        fs::create_dir_all(dir.path().join(file).parent().unwrap()).unwrap();
        fs::write(dir.path().join(file), "?").unwrap();
        ends(&[&dir.path().display().to_string()], 1, words);
    }
}

#[test]
fn what_could_not_be_tried_is_not_called_wrong() {
    let (broken, _) = serve(|_, _| Answer::Status(403, String::new()));
    ends(&[&format!("{broken}/good/")], 2, "NOT CHECKED");
    ends(&["http://127.0.0.1:1/log/s1/"], 2, "NOT CHECKED");
    ends(&["/no/such/folder"], 2, "NOT CHECKED");
    ends(&[&path("good"), "--receipt", "nonsense"], 2, "NOT CHECKED");
    ends(&[&path("good"), "--promise", "/no/such/file"], 2, "NOT CHECKED");
    ends(&[&path("good"), "--key", "nonsense"], 2, "not the verifier key of a log");
    ends(&[&path("good"), "--witness", "nonsense"], 2, "not the verifier key of a witness");
}

#[test]
fn a_changed_file_is_refused_by_name() {
    for (file, byte) in [("places/001.p/44", 99), ("tile/entries/000", 900), ("history/200", 60), ("tally", 90)] {
        let dir = tempfile::tempdir().unwrap();
        copy(&vector("wide"), dir.path());
        let mut bytes = fs::read(dir.path().join(file)).unwrap();
        bytes[byte] ^= 1;
        fs::write(dir.path().join(file), bytes).unwrap();
        let root = dir.path().to_owned();
        let (site, _) = serve(move |path, _| Answer::File(root.join(&path[1..])));
        ends(&[&site], 1, &format!("REFUSED  {file}: "));
    }
}
