//! The command line from the user's side: the built program, real files, exit codes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use shudu::app::App;
use shudu::config::Settings;
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
    // The ballots themselves are counted again.
    let again = shudu(&["recount", "kestrel-bay"], data.path());
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let said = text(&again.stdout);
    assert!(said.contains("equal to the kept counts"), "{said}");
    assert!(said.contains("ranked by votes-realname-number/1: votes, of them by real name\n   1. "), "{said}");
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
    let key = data.path().join("keys/site.key");
    std::fs::remove_file(&key).unwrap();
    let refused = shudu(&["migrate"], data.path());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("keys/site.key is missing"), "{}", text(&refused.stderr));
    assert!(!key.exists());
    std::fs::write(&key, [7; 32]).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
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

fn add_account(data: &Path, login: &str, role: &str) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
        .args(["account", "add", login, "--name", "张三", "--office", "信息中心", "--role", role, "--data"])
        .arg(data)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"rain over the river\n").unwrap();
    assert!(child.wait().unwrap().success());
}

/// Opens the data directory as the server does, and publishes a checkpoint of the audit trail.
fn publish_checkpoint(data: &Path) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let config = Settings { data: Some(data.to_owned()), ..Settings::default() }.resolve().unwrap();
        let app = App::open(config).await.unwrap();
        app.trail.publish(&app.stores.main, app.clock.system()).await.unwrap().unwrap();
        app.stores.clone().close().await.unwrap();
    });
}

fn on_main(data: &Path, sql: &str) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = sea_orm::Database::connect(format!("sqlite://{}", data.join("main.db").display())).await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&db, sql).await.unwrap();
        db.close().await.unwrap();
    });
}

#[test]
fn the_audit_trail_is_verified_exported_and_a_change_is_named() {
    let data = TempDir::new().unwrap();
    assert_eq!(shudu(&["audit", "verify"], data.path()).status.code(), Some(2), "there is nothing to verify");
    assert!(!data.path().join("main.db").exists(), "and nothing was made");
    for n in 0..4 {
        add_account(data.path(), &format!("account-{n}"), "organiser");
    }
    let verify = |more: &[&str]| shudu(&[&["audit", "verify"], more].concat(), data.path());
    let said = verify(&[]);
    assert_eq!(said.status.code(), Some(2), "without a checkpoint the end cannot be checked");
    assert!(text(&said.stdout).contains("4 entries hold together"), "{}", text(&said.stdout));
    assert!(text(&said.stderr).contains("NOTHING TO COMPARE WITH: there is no checkpoint"), "{}", text(&said.stderr));
    assert_eq!(verify(&["--checkpoint", "Cargo.toml"]).status.code(), Some(2));
    publish_checkpoint(data.path());
    let kept = data.path().join("kept");
    let history = std::fs::read_dir(data.path().join("objects/log/audit/history")).unwrap();
    let newest = history.map(|entry| entry.unwrap().path()).next().unwrap();
    std::fs::copy(newest, &kept).unwrap();
    let kept = kept.display().to_string();
    let said = verify(&["--checkpoint", &kept]);
    assert!(text(&said.stdout).contains("2 checkpoints agree, the newest covers all"), "{}", text(&said.stdout));

    let out = data.path().join("out");
    let done = shudu(&["audit", "export", &out.display().to_string()], data.path());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(
        shudu(&["audit", "export", &out.display().to_string()], data.path()).status.code(),
        Some(2),
        "it is used"
    );
    let checked = Command::new("python3")
        .arg(format!("{}/verify/audit.py", env!("CARGO_MANIFEST_DIR")))
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    assert!(
        text(&checked.stdout).contains("5 entries hold together; 1 checkpoints agree and cover 4"),
        "{}",
        text(&checked.stdout)
    );
    assert!(text(&verify(&[]).stdout).contains("NOTHING TO COMPARE WITH for the last 1"));

    on_main(
        data.path(),
        "DROP TRIGGER audit_entry_is_fixed; UPDATE audit_entry SET capacity = 'auditor' WHERE number = 3",
    );
    let said = verify(&[]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said.stderr).contains("BROKEN  entry 3 is not what was recorded"), "{}", text(&said.stderr));
    let note = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, note.replacen("\n4\n", "\n3\n", 1)).unwrap();
    let said = verify(&["--checkpoint", &kept]);
    assert!(text(&said.stderr).contains("is not a checkpoint that this trail's key signed"), "{}", text(&said.stderr));
}

#[test]
fn a_persons_data_are_printed_and_erased_only_after_leaving() {
    let data = TempDir::new().unwrap();
    add_account(data.path(), "zhang", "organiser");
    let told = shudu(&["person", "export", "zhang"], data.path());
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(
        (&told["account"]["name"], &told["personal_in_the_trail"][0]["value"]),
        (&"张三".into(), &"zhang".into())
    );
    assert_eq!(shudu(&["person", "export", "nobody"], data.path()).status.code(), Some(2));
    assert_eq!(shudu(&["person", "erase", "zhang"], data.path()).status.code(), Some(2), "still an account in use");
    on_main(data.path(), "UPDATE account SET active = false");
    let erased = shudu(&["person", "erase", "zhang"], data.path());
    assert_eq!(erased.status.code(), Some(0), "{}", text(&erased.stderr));
    assert_eq!(shudu(&["person", "export", "zhang"], data.path()).status.code(), Some(2));
    publish_checkpoint(data.path());
    assert_eq!(shudu(&["audit", "verify"], data.path()).status.code(), Some(0));
}

#[test]
fn the_api_document_is_printed() {
    let printed = Command::new(env!("CARGO_BIN_EXE_shudu")).arg("openapi").output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with('3'));
}

#[test]
fn whatever_the_umask_the_data_directory_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    fn walk(folder: &Path, found: &mut Vec<(String, u32)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            found.push((path.display().to_string(), mode));
            if path.is_dir() {
                walk(&path, found);
            }
        }
    }
    let place = TempDir::new().unwrap();
    let (data, copy, keys) = (place.path().join("data"), place.path().join("copy"), place.path().join("keys"));
    let line = |args: &str| {
        let line = format!("umask 000; exec \"$0\" {args} --data \"$1\"");
        let done = Command::new("sh").arg("-c").arg(line).arg(env!("CARGO_BIN_EXE_shudu")).arg(&data).output().unwrap();
        (done.status.code(), text(&done.stderr))
    };
    assert_eq!(line(&format!("import {}", fixture("old-mill.pb"))).0, Some(0));
    assert_eq!(line(&format!("backup {} --keys {}", copy.display(), keys.display())).0, Some(0));
    let mut found = Vec::new();
    walk(place.path(), &mut found);
    assert!(found.iter().any(|(path, _)| path.ends_with("main.db")) && found.len() > 10, "{found:?}");
    let open: Vec<_> = found.iter().filter(|(_, mode)| mode & 0o077 != 0).collect();
    assert!(open.is_empty(), "{open:?}");
    // A store that others may read because of permissions set by hand is closed again. A store that others may write, or a key
    // that others may read, is refused with the command that mends it.
    let chmod = |file: &str, mode| {
        std::fs::set_permissions(data.join(file), PermissionsExt::from_mode(mode)).unwrap();
    };
    chmod("main.db", 0o644);
    assert_eq!(line("migrate").0, Some(0));
    assert_eq!(std::fs::metadata(data.join("main.db")).unwrap().permissions().mode() & 0o777, 0o600);
    for (file, mode, command) in [("main.db", 0o666, "chmod -R go-w"), ("keys/site.key", 0o440, "chmod go= ")] {
        chmod(file, mode);
        let (code, said) = line("migrate");
        assert!(code == Some(2) && said.contains(command) && said.contains(file), "{said}");
        chmod(file, 0o400);
        chmod("main.db", 0o600);
    }
    assert_eq!(line("migrate").0, Some(0));
}

#[test]
fn a_start_says_what_is_not_as_on_an_ordinary_site() {
    let data = TempDir::new().unwrap();
    let ordinary = shudu(&["migrate"], data.path());
    assert!(ordinary.status.success() && ordinary.stderr.is_empty(), "{}", text(&ordinary.stderr));
    std::fs::write(data.path().join("site.json"), r#"{ "demo": true, "clock_offset": 3600 }"#).unwrap();
    let said = text(&shudu(&["migrate"], data.path()).stderr);
    assert!(said.contains("demo") && said.contains("clock_offset") && said.contains("3600"), "{said}");
}

#[test]
fn whoever_runs_the_machine_lets_a_weighty_account_in() {
    let data = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
        .args(["account", "add", "root", "--name", "甲", "--office", "信息中心", "--role", "sysadmin", "--data"])
        .arg(data.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("rain over the river\n".as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let invited = shudu(&["account", "invite", "root", "--without-second-factor"], data.path());
    assert!(invited.status.success(), "{}", text(&invited.stderr));
    assert!(text(&invited.stdout).contains("/invitations/"), "{}", text(&invited.stdout));
    assert!(shudu(&["account", "reinstate", "root"], data.path()).status.success());
    assert_eq!(shudu(&["account", "invite", "nobody"], data.path()).status.code(), Some(2));
}
