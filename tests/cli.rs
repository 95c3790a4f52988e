//! The command line as its user meets it: the built program, real files, exit codes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn shudu(args: &[&str], data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shudu")).args(args).arg("--data").arg(data).output().unwrap()
}

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn an_import_counts_ranks_and_reproduces_the_published_totals() {
    let data = TempDir::new().unwrap();
    let done = shudu(&["import", &fixture("kestrel-bay.pb")], data.path());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    assert!(said.starts_with("kestrel-bay: "), "{said}");
    assert!(said.contains("published totals are reproduced"), "{said}");
    // Counted again from the ballots themselves.
    let again = shudu(&["recount", "kestrel-bay"], data.path());
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert!(text(&again.stdout).contains("equal to the kept counts"));
}

#[test]
fn totals_that_differ_are_named_and_the_exit_code_says_so() {
    let data = TempDir::new().unwrap();
    let done = shudu(&["import", &fixture("wrong-total.pb")], data.path());
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stdout).contains("published"), "{}", text(&done.stdout));
    assert!(text(&done.stderr).contains("differ"), "{}", text(&done.stderr));
}

#[test]
fn a_vote_type_that_cannot_be_counted_is_refused_by_name_and_nothing_is_half_done() {
    let data = TempDir::new().unwrap();
    for (file, word) in [("ordinal.pb", "ordinal"), ("unknown-project.pb", "line")] {
        let refused = shudu(&["import", &fixture(file)], data.path());
        assert_eq!(refused.status.code(), Some(2), "{file}");
        let said = text(&refused.stderr);
        assert!(said.contains(word) && said.contains(file) && said.lines().count() == 1, "{said}");
    }
    let none = shudu(&["recount", "ordinal"], data.path());
    assert_eq!(none.status.code(), Some(2), "no campaign was made");
}

#[test]
fn the_same_file_twice_is_refused_the_second_time() {
    let data = TempDir::new().unwrap();
    assert!(shudu(&["import", &fixture("old-mill.pb")], data.path()).status.success());
    let again = shudu(&["import", &fixture("old-mill.pb")], data.path());
    assert_eq!(again.status.code(), Some(2), "{}", text(&again.stderr));
    let elsewhere = shudu(&["import", &fixture("old-mill.pb"), "--slug", "old-mill-2"], data.path());
    assert_eq!(elsewhere.status.code(), Some(0), "{}", text(&elsewhere.stderr));
}

#[test]
fn an_account_is_made_with_the_password_from_standard_input() {
    let data = TempDir::new().unwrap();
    let add = |login: &str, role: &str, password: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
            .args(["account", "add", login, "--name", "甲", "--office", "信息中心", "--role", role, "--data"])
            .arg(data.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    assert_eq!(add("root", "sysadmin", "rain over the river").status.code(), Some(0));
    assert_eq!(add("root", "sysadmin", "rain over the river").status.code(), Some(2), "the login is taken");
    assert_eq!(add("weak", "sysadmin", "short").status.code(), Some(2));
    assert_eq!(add("js-1", "province_coordinator=320000", "rain over the river").status.code(), Some(0));
    assert_eq!(add("js-2", "province_coordinator=990000", "rain over the river").status.code(), Some(2));
    assert_eq!(add("js-3", "emperor", "rain over the river").status.code(), Some(2));
}

#[test]
fn a_data_directory_made_with_other_keys_is_refused() {
    let data = TempDir::new().unwrap();
    assert!(shudu(&["migrate"], data.path()).status.success());
    std::fs::remove_file(data.path().join("keys/site.key")).unwrap();
    let refused = shudu(&["migrate"], data.path());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("other keys"), "{}", text(&refused.stderr));
}

#[test]
fn the_demo_wants_a_fresh_directory() {
    let data = TempDir::new().unwrap();
    std::fs::write(data.path().join("thesis.txt"), "mine").unwrap();
    let refused = shudu(&["demo"], data.path());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("not empty"));
}

#[test]
fn the_api_document_is_printed() {
    let printed = Command::new(env!("CARGO_BIN_EXE_shudu")).arg("openapi").output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with('3'));
}
