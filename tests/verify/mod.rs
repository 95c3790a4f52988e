//! `shudu verify` over the test vectors of the ballot log, which an independent program wrote. Right logs are confirmed; every
//! broken log is refused with the name of the wrong file.

use std::fs;
use std::path::{Path, PathBuf};

use public_log::cosignature::Witness;
use public_log::verify::{Report, Source, verify};
use public_log::vote::RankingRule;
use serde_json::Value;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/vectors")
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

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
    found.sort();
}

fn check(folder: &Path, key: Option<&str>) -> Result<Report, public_log::verify::Flaw> {
    verify(&Source::folder(folder), key)
}

#[test]
fn right_logs_are_confirmed() {
    for (name, size, ballots, is_counted) in [
        ("good", 32, Some((31, 2)), true),
        ("open", 32, None, false),
        ("named", 14, Some((14, 0)), true),
        ("ruled", 38, Some((31, 18)), true),
        ("tiny", 6, Some((5, 1)), true),
        ("wide", 300, Some((300, 0)), true),
        ("cosigned", 6, Some((5, 1)), true),
        ("empty", 0, Some((0, 0)), true),
    ] {
        let report = check(&vectors().join(name), None).unwrap();
        assert_eq!((report.size, report.ballots, report.is_counted), (size, ballots, is_counted), "{name}");
    }
}

#[test]
fn a_log_is_ranked_by_the_rule_that_its_questionnaire_names() {
    let report = check(&vectors().join("named"), None).unwrap();
    assert_eq!((report.rule, report.selected), (RankingRule::RealNameVotes, 1));
    // Most of the eight votes of `a` are anonymous. `a` and `c` have equally many real-name votes, so their numbers on the ballot
    // decide.
    let ranking = [("b", 3, 3), ("a", 8, 2), ("c", 3, 2)].map(|(code, all, real)| (code.to_owned(), all, real));
    assert_eq!(report.ranking, ranking);
    let report = check(&vectors().join("good"), None).unwrap();
    assert_eq!(report.rule, RankingRule::AllVotes);
    assert!(report.ranking.is_sorted_by(|a, b| (a.1, a.2) >= (b.1, b.2)), "{:?}", report.ranking);
    for (name, said) in [
        ("unknown", "names a ranking rule that is not known here: realname-number/2"),
        ("without-its-track", "is ranked by realname-number/1 and has no real-name track"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        copy(&vectors().join("tiny"), dir.path());
        copy(&vectors().join(format!("broken/questionnaire-rule-{name}")), dir.path());
        let flaw = check(dir.path(), None).unwrap_err();
        assert_eq!((&*flaw.file, &*flaw.what), ("questionnaire", said));
    }
}

#[test]
fn every_broken_log_is_refused_and_its_file_is_named() {
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(vectors().join("broken.json")).unwrap()).unwrap();
    assert!(cases.len() > 50);
    let mut wrong = Vec::new();
    for case in &cases {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let dir = tempfile::tempdir().unwrap();
        if let Some(from) = case["from"].as_str() {
            copy(&vectors().join(from), dir.path());
        }
        let change = &case["change"];
        let file = || dir.path().join(text(&change["file"]));
        let at = |name: &str| usize::try_from(change[name].as_u64().unwrap()).unwrap();
        match change["op"].as_str().unwrap() {
            "flip" => {
                let mut bytes = fs::read(file()).unwrap();
                bytes[at("byte")] ^= 1 << at("bit");
                fs::write(file(), bytes).unwrap();
            }
            "truncate" => {
                let bytes = fs::read(file()).unwrap();
                fs::write(file(), &bytes[..at("length")]).unwrap();
            }
            "add" => {
                fs::create_dir_all(file().parent().unwrap()).unwrap();
                fs::write(file(), text(&change["text"])).unwrap();
            }
            "delete" => fs::remove_file(file()).unwrap(),
            "patch" => {
                for gone in change["delete"].as_array().into_iter().flatten() {
                    fs::remove_file(dir.path().join(text(gone))).unwrap();
                }
                copy(&vectors().join(text(&change["folder"])), dir.path());
            }
            other => panic!("unknown change {other}"),
        }
        let names: Vec<String> = case["names"].as_array().unwrap().iter().map(text).collect();
        let demanded = case["witness"].as_str().map(|key| Witness::parse(key).unwrap());
        let checked = public_log::verify::check(&Source::folder(dir.path()), case["key"].as_str());
        let witnessed = checked.and_then(|log| match demanded {
            Some(witness) => log.witnessed(&Source::folder(dir.path()), &witness).map(|_| ()),
            None => Ok(()),
        });
        match witnessed {
            Ok(()) => wrong.push(format!("{}: accepted", case["name"])),
            Err(flaw) if names.contains(&flaw.file) => {}
            Err(flaw) => wrong.push(format!("{}: {flaw}, expected {names:?}", case["name"])),
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_copy_with_what_is_no_ordinary_file_or_too_large_is_refused() {
    use std::os::unix::fs::symlink;
    for (name, target) in [("here", "."), ("stray", "/dev/zero"), ("gone", "nowhere"), ("tally", "/dev/zero")] {
        let dir = tempfile::tempdir().unwrap();
        copy(&vectors().join("tiny"), dir.path());
        let _ = fs::remove_file(dir.path().join(name));
        symlink(target, dir.path().join(name)).unwrap();
        let flaw = check(dir.path(), None).unwrap_err();
        assert_eq!((&*flaw.file, &*flaw.what), (name, "is not an ordinary file"));
    }
    for (name, most) in [("key", 4 << 10), ("checkpoint", 64 << 10), ("places/000.p/6", 256 * 38)] {
        let dir = tempfile::tempdir().unwrap();
        copy(&vectors().join("tiny"), dir.path());
        fs::OpenOptions::new().write(true).open(dir.path().join(name)).unwrap().set_len(most + 1).unwrap();
        let flaw = check(dir.path(), None).unwrap_err();
        assert!(flaw.file == name && flaw.what.contains("is larger than"), "{flaw}");
    }
}

#[test]
fn a_name_that_is_none_is_refused_without_another_key_to_compare_with() {
    for name in ["origin-deeper", "origin-without-a-site", "origin-with-a-control-character"] {
        let flaw = check(&vectors().join("broken").join(name), None).unwrap_err();
        assert_eq!(flaw.file, "key", "{name}: {flaw}");
    }
}

#[test]
fn every_single_bit_of_a_small_log_counts() {
    for name in ["tiny", "open"] {
        let dir = tempfile::tempdir().unwrap();
        copy(&vectors().join(name), dir.path());
        let key = check(dir.path(), None).unwrap().key;
        let mut all = Vec::new();
        files(dir.path(), &mut all);
        for file in all {
            // Before the close, no public file commits to the questionnaire.
            if name == "open" && file.ends_with("questionnaire") {
                continue;
            }
            let bytes = fs::read(&file).unwrap();
            for bit in 0..bytes.len() * 8 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                fs::write(&file, flipped).unwrap();
                assert!(check(dir.path(), Some(&key)).is_err(), "{}, bit {bit}", file.display());
            }
            fs::write(&file, bytes).unwrap();
        }
        check(dir.path(), Some(&key)).unwrap();
    }
}
