//! A log of a million ballots: counted again by two programs that share no code, in seconds.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::vote;
use testing::proof::{Proof, figure, size};
use testing::{TestApp, given};

/// Result of a program: output, success, time in seconds, and peak memory in megabytes.
struct Run {
    said: String,
    right: bool,
    seconds: f64,
    megabytes: u64,
}

fn run(program: &str, arguments: &[&str]) -> Run {
    let started = Instant::now();
    let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut kilobytes = 0;
    // The kernel's figures about a process vanish with the process, so they are read while it runs.
    let code = loop {
        let seen = std::fs::read_to_string(&status).unwrap_or_default();
        let peak =
            seen.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok());
        kilobytes = peak.unwrap_or(kilobytes);
        match child.try_wait().unwrap() {
            Some(code) => break code,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    let said = std::io::read_to_string(child.stdout.take().unwrap()).unwrap();
    Run { said, right: code.success(), seconds, megabytes: kilobytes / 1024 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_log_is_counted_again_by_two_programs() {
    let ballots = size(3_000, 1_000_000);
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let started = Instant::now();
    vote::many(&app, ballots, 1).await;
    let cast = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let folder = vote::count(&app).await;
    let counted = started.elapsed().as_secs_f64();
    figure(&format!("{ballots} ballots: cast in {cast:.1} s, counted and published in {counted:.1} s"));

    let proof = Proof::of(
        "every ballot of a large log is counted again by `shudu verify` and by verify.py, with the signed count",
    );
    count_again(&proof, folder.path(), ballots, "no rule");
    // The rule meets some thousands of a million ballots, and both programs apply it again to all.
    const RULES: &str = "/api/v1/campaigns/t1/invalidations";
    let rule = json!({ "track": "anonymous", "choices": "T1-1,T1-2", "reason": "同一台机器连续提交" });
    people.organiser.post_json(RULES, &rule).await.expect(200);
    for approver in [&people.approver, &people.second_approver] {
        approver.post_json(&format!("{RULES}/1/approval"), &().into()).await.expect(200);
    }
    vote::again(&app, folder.path()).await;
    count_again(&proof, folder.path(), ballots, "a rule");
    proof.end();
}

/// Verifies the log with both programs.
fn count_again(proof: &Proof, folder: &Path, ballots: usize, what: &str) {
    let folder = folder.to_str().unwrap();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/verify.py");
    let python = python.to_str().unwrap();
    for (name, program, arguments) in [
        ("shudu verify", env!("CARGO_BIN_EXE_shudu"), vec!["verify", folder]),
        ("verify.py", "python3", vec![python, "log", folder]),
    ] {
        let run = run(program, &arguments);
        figure(&format!("{name} over {ballots} ballots and {what}: {:.2} s, {} MB", run.seconds, run.megabytes));
        let grouped = grouped(ballots);
        if run.right
            && run.said.lines().last() == Some("OK")
            && (run.said.contains(&grouped) || run.said.contains(&ballots.to_string()))
            && (run.said.contains(" 0 invalidated") == (what == "no rule"))
        {
            proof.held(ballots as u64);
        } else {
            proof.fail(format!("{name}: {}", run.said));
        }
    }
}

/// Digits in groups of three.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}
