//! Copies of a log that a reader keeps and updates (`shudu verify --keep`).

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use public_log::note::Checkpoint;

use super::server::{Answer, serve};
use super::{copy, ends, key_of_the_vectors, vector};

#[test]
fn a_copy_is_kept_and_only_what_is_new_is_fetched_again() {
    let (site, count) = serve(|path, _| Answer::File(vector(&path[1..])));
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("a/mirror").display().to_string();
    let address = format!("{site}/wide/");
    ends(&[&address, "--keep", &kept], 0, "\nOK\n");
    let first = count.swap(0, Ordering::SeqCst);
    ends(&[&address, "--keep", &kept], 0, "\nOK\n");
    let again = count.load(Ordering::SeqCst);
    assert!(again < first && again <= 6, "{again} after {first}");
    // The mirror is a complete log, with unchanged files.
    ends(&[&kept], 0, "\nOK\n");
    for file in ["checkpoint", "places/000", "tile/1/000.p/1"] {
        assert_eq!(fs::read(Path::new(&kept).join(file)).unwrap(), fs::read(vector("wide").join(file)).unwrap());
    }
    // A tampered file of a mirror is not replaced by a new download: the check finds the change.
    let tile = Path::new(&kept).join("tile/0/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[77] ^= 1;
    fs::write(&tile, bytes).unwrap();
    ends(&[&address, "--keep", &kept], 1, "REFUSED  tile/");
}

#[test]
fn a_copy_keeps_what_speaks_against_the_site() {
    let dir = tempfile::tempdir().unwrap();
    for (name, file, words) in [
        ("tiny", "key", "REFUSED  key: is another than in the copy of earlier"),
        ("nothing", "key", "REFUSED  key: is in the copy of earlier, and gone from the site"),
        ("begun", "checkpoint", "REFUSED  checkpoint: is in the copy of earlier, and gone from the site"),
        ("cheat", "questionnaire", "REFUSED  questionnaire: is another than in the copy of earlier"),
        ("uncounted", "tally", "REFUSED  tally: is in the copy of earlier, and gone from the site"),
    ] {
        let kept = dir.path().join(name);
        copy(&vector("good"), &kept);
        let (site, _) = serve(|path, _| match path[1..].split_once('/').unwrap() {
            ("nothing", _) | ("begun", "checkpoint" | "batches") | ("uncounted", "tally") => {
                Answer::Status(404, String::new())
            }
            ("cheat", "questionnaire") => Answer::File(vector("tiny/questionnaire")),
            ("begun" | "cheat" | "uncounted", file) => Answer::File(vector("good").join(file)),
            _ => Answer::File(vector(&path[1..])),
        });
        ends(&[&format!("{site}/{name}/"), "--keep", &kept.display().to_string()], 1, words);
        assert_eq!(fs::read(kept.join(file)).unwrap(), fs::read(vector("good").join(file)).unwrap(), "{name}");
    }
}

#[test]
fn what_the_key_signed_against_a_copy_of_earlier_does_not_take_its_place() {
    let signer = key_of_the_vectors();
    let (site, _) = serve(|path, _| Answer::File(vector(&path[1..])));
    let good = fs::read_to_string(vector("good/checkpoint")).unwrap();
    let checkpoint = |size| {
        let root = if size == 31 { [1; 32] } else { [2; 32] };
        signer.sign(&Checkpoint { origin: signer.name().to_owned(), size, root }.text())
    };
    let tally = fs::read_to_string(vector("good/tally")).unwrap();
    let counted = tally.split_once("\n\n").unwrap().0.replace("included 31", "included 30") + "\n";
    let turned_back = "REFUSED  checkpoint: has size 32, and in the copy of earlier 33: the log was turned back";
    let forked = "REFUSED  checkpoint: is not one of a log that grew from the copy of earlier";
    for (file, kept, words) in [
        ("checkpoint", checkpoint(33), turned_back),
        ("checkpoint", checkpoint(32), forked),
        ("checkpoint", checkpoint(31), forked),
        // No batch ended at this size.
        ("checkpoint", checkpoint(7), forked),
        ("tally", signer.sign(&counted), "REFUSED  tally: is another than in the copy of earlier, of the same entries"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(file), &kept).unwrap();
        ends(&[&format!("{site}/good/"), "--keep", &dir.path().display().to_string()], 1, words);
        assert_eq!(fs::read_to_string(dir.path().join(file)).unwrap(), kept);
    }
    // Two checkpoints in a copy that do not count against the site: an earlier one of the same log, and one without a right
    // signature.
    for kept in [fs::read_to_string(vector("good/history/18")).unwrap(), good.replace("\n32\n", "\n99\n")] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("checkpoint"), &kept).unwrap();
        ends(&[&format!("{site}/good/"), "--keep", &dir.path().display().to_string()], 0, "\nOK\n");
        assert_eq!(fs::read_to_string(dir.path().join("checkpoint")).unwrap(), good);
    }
}
