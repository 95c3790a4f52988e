//! Backups of a site under load, and their restores: nothing acknowledged is missing, and no log forks.
//!
//! The test takes backups at six random moments; with `SHUDU_PROOF=full`, at a hundred.

mod place;
mod restored;
mod site;
mod unfinished;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use entity::stored::Display;
use tempfile::TempDir;

use self::place::{Place, text};
use self::restored::{Before, check};
use self::site::{SiteUnderLoad, published, random_time, roots};

/// A copy, and the facts that were known before its backup began.
struct TakenBackup {
    copy: PathBuf,
    before: Before,
    sizes: BTreeMap<String, u64>,
}

/// Sizes of the logs in entries by campaign, from the manifest of a copy.
fn sizes(copy: &Path) -> BTreeMap<String, u64> {
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(copy.join("manifest.json")).unwrap()).unwrap();
    let logs = manifest["manifest"]["logs"].as_object().unwrap();
    logs.iter().map(|(campaign, log)| (campaign.clone(), log["size"].as_u64().unwrap())).collect()
}

/// Runs blocking work on a thread of its own, so that the load goes on.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// Makes a copy of a site at a random moment.
async fn take(live: &SiteUnderLoad, copies: &Path, number: usize) -> TakenBackup {
    tokio::time::sleep(random_time(Duration::from_millis(500))).await;
    let before = Before {
        receipts: live.known.receipts.lock().unwrap().clone(),
        numbers: live.known.numbers.lock().unwrap().clone(),
        persons: live.known.persons.lock().unwrap().clone(),
    };
    let copy = copies.join(number.to_string());
    let mut command = live.place.command(&["backup", text(&copy)]);
    let done = blocking(move || command.output().unwrap()).await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(!copy.join("keys").exists(), "keys are not in a copy");
    TakenBackup { sizes: sizes(&copy), copy, before }
}

/// Demands that a restore is refused where the site, a mirror or the checkpoint of a reader shows a longer log than the copy.
async fn is_refused_as_behind(
    live: &SiteUnderLoad,
    taken: &TakenBackup,
    keys: &Path,
    place: Place,
    number: usize,
) -> Place {
    let copied = taken.sizes["s3"];
    let size = live.published_beyond(copied).await;
    let saved = TempDir::new().unwrap();
    let note = saved.path().join("checkpoint");
    std::fs::copy(live.place.log("s3").join(format!("history/{size}")), &note).unwrap();
    let by_reader = text(&note).to_owned();
    let by_mirror = text(&live.place.data().join("objects")).to_owned();
    let address = [live.address.clone(), by_mirror, by_reader][number % 3].clone();
    let (copy, keys) = (text(&taken.copy).to_owned(), text(keys).to_owned());
    blocking(move || {
        let args = ["restore", &copy, "--keys", &keys, "--log", &address, "--nothing-published-since"];
        place
            .run_refused(&args, &["entries of s3 are published", &format!("ends at {copied}"), "Restore a newer copy"]);
        place
    })
    .await
}

/// Number of backups of one site. A longer proof takes several sites, so that the last backup costs no more than the first.
const OF_ONE_SITE: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_any_moment_comes_back_whole_or_is_refused_and_no_log_forks() {
    let moments: usize = if std::env::var("SHUDU_PROOF").is_ok_and(|proof| proof == "full") { 100 } else { 6 };
    let mut failures = 0;
    for first in (0..moments).step_by(OF_ONE_SITE) {
        failures += failures_of_one_site(OF_ONE_SITE.min(moments - first)).await;
    }
    println!("PROOF | restores from random moments do not fork | {moments} | {failures}");
    assert_eq!(failures, 0);
}

async fn failures_of_one_site(moments: usize) -> usize {
    let (live, copies) = (SiteUnderLoad::start(Place::files(), Display::Turnout).await, TempDir::new().unwrap());
    live.published_beyond(100).await;
    // Some persons have voted under their names, so the campaign has a pass key.
    let keys = copies.path().join("keys");
    live.place.run_ok(&["backup", "--keys", text(&keys)]);
    let mut taken = Vec::new();
    for number in 0..moments {
        let copy = take(&live, copies.path(), number).await;
        is_refused_as_behind(&live, &copy, &keys, Place::files(), number).await;
        taken.push(copy);
    }
    let (source, _) = live.stop().await;
    let world = roots(&source.log("s3"));
    let mut failures = 0;
    for (number, taken) in taken.into_iter().enumerate() {
        let seen: BTreeMap<u64, [u8; 32]> = world.range(..=taken.sizes["s3"]).map(|(n, root)| (*n, *root)).collect();
        let restored = tokio::spawn(check_restore(source.data(), taken, keys.clone(), seen, number));
        failures += usize::from(restored.await.is_err());
    }
    failures
}

async fn check_restore(
    source: PathBuf,
    taken: TakenBackup,
    keys: PathBuf,
    seen: BTreeMap<u64, [u8; 32]>,
    number: usize,
) {
    let place = Place::files();
    let (copy, older) = (text(&taken.copy).to_owned(), seen.keys().nth(seen.len() / 2).unwrap());
    let (note, counted) =
        (source.join(format!("objects/log/s3/history/{older}")), source.join("objects/log/kestrel-bay"));
    let mut args = vec!["restore", &copy, "--keys", text(&keys), "--nothing-published-since"];
    // Checkpoints and logs up to the size of the copy do not hinder a restore.
    let told = ["--log", text(&note), "--log", text(&counted)];
    args.extend(if number.is_multiple_of(2) { told.as_slice() } else { &[] });
    place.run_ok(&args);
    assert_eq!(published(&place.log("s3")), taken.sizes["s3"]);
    check(&place, &taken.before, &seen).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dumps_of_postgresql_come_back_as_well() {
    let Some(server) = testing::process_databases::given() else {
        return;
    };
    let (live, copies) =
        (SiteUnderLoad::start(Place::databases(&server).await, Display::Live).await, TempDir::new().unwrap());
    live.published_beyond(60).await;
    let keys = copies.path().join("keys");
    live.place.run_ok(&["backup", "--keys", text(&keys)]);
    let taken = [take(&live, copies.path(), 0).await, take(&live, copies.path(), 1).await];
    let place = Place::databases(&server).await;
    is_refused_as_behind(&live, &taken[1], &keys, place, 0).await.clear(&server).await;
    let (source, _) = live.stop().await;
    let world = roots(&source.log("s3"));
    for TakenBackup { copy, before, sizes } in &taken {
        let seen: BTreeMap<u64, [u8; 32]> = world.range(..=sizes["s3"]).map(|(n, root)| (*n, *root)).collect();
        let place = Place::databases(&server).await;
        place.run_ok(&["restore", text(copy), "--keys", text(&keys), "--nothing-published-since"]);
        std::fs::rename(place.data(), place.data().with_extension("before")).unwrap();
        let again = ["restore", text(copy), "--keys", text(&keys), "--nothing-published-since"];
        place.run_refused(&again, &["the database for", "is not empty"]);
        std::fs::rename(place.data().with_extension("before"), place.data()).unwrap();
        check(&place, before, &seen).await;
        place.clear(&server).await;
    }
    source.clear(&server).await;
}

/// A small site, stopped, with a copy of its stores and a copy of its keys.
async fn stopped_site() -> (Place, TempDir) {
    let live = SiteUnderLoad::start(Place::files(), Display::Turnout).await;
    live.published_beyond(40).await;
    let copies = TempDir::new().unwrap();
    let (place, _) = live.stop().await;
    place.run_ok(&["backup", text(&copies.path().join("copy")), "--keys", text(&copies.path().join("keys"))]);
    (place, copies)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_unfinished_or_told_by_nobody_is_refused_by_name() {
    let (source, copies) = stopped_site().await;
    let (copy, keys) = (copies.path().join("copy"), copies.path().join("keys"));
    let (copy, keys) = (text(&copy), text(&keys));
    let place = Place::files();
    let restore = ["restore", copy, "--keys", keys, "--nothing-published-since"];

    // A restore without a word about the published logs, or without keys.
    place.run_refused(&["restore", copy, "--keys", keys], &["--log", "--nothing-published-since", "s3"]);
    let one = source.log("s3");
    place.run_refused(&["restore", copy, "--keys", keys, "--log", text(&one)], &["kestrel-bay", "nobody says"]);
    place.run_refused(&["restore", copy, "--nothing-published-since"], &["holds no site.key"]);

    // A changed and a missing file of each kind.
    let names = [
        "main.db",
        "ballots.db",
        "register.db",
        "site.json",
        "objects/log/s3/history",
        "objects/log/s3/tile/entries",
        "objects/evidence",
    ];
    for name in names {
        let file = first_file(&Path::new(copy).join(name));
        let whole = std::fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        std::fs::write(&file, flipped).unwrap();
        place.run_refused(&restore, &[text(&file), "was changed"]);
        std::fs::remove_file(&file).unwrap();
        place.run_refused(&restore, &[text(&file), "is missing"]);
        std::fs::write(&file, whole).unwrap();
    }

    // A changed and a missing manifest.
    let manifest = Path::new(copy).join("manifest.json");
    let whole = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, whole.replacen("\"size\": ", "\"size\": 1", 1)).unwrap();
    place.run_refused(&restore, &["manifest.json", "not sealed"]);
    std::fs::remove_file(&manifest).unwrap();
    place.run_refused(&restore, &["manifest.json", "not finished"]);
    std::fs::write(&manifest, whole).unwrap();

    // Keys of another site, and keys from before the first vote under a name.
    let other = Place::files();
    other.run_ok(&["migrate"]);
    place
        .run_refused(&["restore", copy, "--keys", text(&other.data().join("keys"))], &["not sealed by the site's key"]);
    let pass = Path::new(keys).join("pass-s3.key");
    let kept = std::fs::read(&pass).unwrap();
    std::fs::remove_file(&pass).unwrap();
    place.run_refused(&restore, &["pass-s3.key", "is missing"]);
    std::fs::write(&pass, kept).unwrap();

    // The undamaged copy is restored once. A second restore to the same place is refused.
    place.run_ok(&restore);
    let again = place.run(&["restore", copy, "--nothing-published-since"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("ballots.db: is there already"));
    // The data directory of an interrupted restore does not start.
    std::fs::write(place.data().join("restoring"), "").unwrap();
    let started = place.run(&["migrate"]);
    assert_eq!(started.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&started.stderr).contains("was not finished"));
}

fn first_file(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_owned();
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    first_file(&entries[0])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_that_survived_in_the_data_directory_speaks_for_itself() {
    let (_, copies) = stopped_site().await;
    let (copy, keys) = (copies.path().join("copy"), copies.path().join("keys"));
    let source = Place::files();
    source.run_ok(&["restore", text(&copy), "--keys", text(&keys), "--nothing-published-since"]);
    // Pass keys are rows of the lost main store: they come back from the copy of the keys.
    let restore = ["restore", text(&copy), "--keys", text(&keys)];
    let lose_stores = || {
        for name in ["main.db", "ballots.db", "register.db"] {
            std::fs::remove_file(source.data().join(name)).unwrap();
            for tail in ["-wal", "-shm"] {
                drop(std::fs::remove_file(source.data().join(format!("{name}{tail}"))));
            }
        }
    };
    // A surviving log as long as the copy is continued.
    lose_stores();
    source.run_ok(&restore);
    let app = site::open(&source, 0).await;
    let copied = published(&source.log("s3"));
    for choice in 0..30 {
        site::cast_anonymous(&app, "s3", choice).await;
    }
    app.ballots.sequencer.seal("s3", 10).await.unwrap();
    app.stores.clone().close().await.unwrap();
    drop(app);
    let size = published(&source.log("s3"));
    assert!(size >= copied + 30);
    // A surviving log longer than the copy is not cut: the restore is refused.
    lose_stores();
    source.run_refused(&restore, &[&format!("{size} entries of s3 are published"), &format!("ends at {copied}")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_log_of_the_same_size_and_one_that_the_copy_does_not_know_are_refused() {
    let (_, copies) = stopped_site().await;
    let (copy, keys) = (copies.path().join("copy"), copies.path().join("keys"));
    let key = shudu::base::keys::Key::read(&keys.join("log.key")).unwrap().unwrap();
    let size = sizes(&copy)["s3"];
    let note = copies.path().join("note");
    let refused = |origin: &str, size: u64, words: &[&str]| {
        let signer = public_log::note::Signer::new(origin, key.ed25519());
        let checkpoint = public_log::note::Checkpoint { origin: origin.to_owned(), size, root: [7; 32] };
        std::fs::write(&note, signer.sign(&checkpoint.text())).unwrap();
        let args = ["restore", text(&copy), "--keys", text(&keys), "--log", text(&note), "--nothing-published-since"];
        Place::files().run_refused(&args, words);
    };
    refused("localhost/log/s3", size, &["two logs were signed", &size.to_string()]);
    refused("localhost/log/s3", size - 3, &["two logs were signed", &(size - 3).to_string()]);
    refused("localhost/log/s4", 5, &["localhost/log/s4", "does not know it"]);
    let stranger =
        public_log::note::Signer::new("localhost/log/s3", shudu::base::keys::Key::ephemeral().unwrap().ed25519());
    std::fs::write(&note, stranger.sign(&format!("localhost/log/s3\n{size}\nAAAA\n"))).unwrap();
    let args = ["restore", text(&copy), "--keys", text(&keys), "--log", text(&note)];
    Place::files().run_refused(&args, &["is not signed by this site's log key"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_killed_is_not_accepted_and_places_that_are_used_are_not_taken() {
    let live = SiteUnderLoad::start(Place::files(), Display::Turnout).await;
    live.published_beyond(100).await;
    let copies = TempDir::new().unwrap();
    let keys = copies.path().join("keys");
    live.place.run_ok(&["backup", "--keys", text(&keys)]);
    for number in 0..6 {
        let copy = copies.path().join(number.to_string());
        let mut child = live.place.command(&["backup", text(&copy)]).spawn().unwrap();
        tokio::time::sleep(random_time(Duration::from_millis(150))).await;
        child.kill().unwrap();
        child.wait().unwrap();
        if !copy.join("manifest.json").exists() {
            let args = ["restore", text(&copy), "--keys", text(&keys), "--nothing-published-since"];
            Place::files().run_refused(&args, &["not finished"]);
        }
    }
    let refused = |args: &[&str], word: &str| {
        let done = live.place.run(args);
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{args:?}");
        assert!(said.contains(word), "{args:?}: {said}");
    };
    let whole = copies.path().join("whole");
    live.place.run_ok(&["backup", text(&whole)]);
    assert_eq!(std::fs::metadata(&whole).unwrap().permissions().mode() & 0o777, 0o700);
    for entry in std::fs::read_dir(&keys).unwrap() {
        assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o400);
    }
    refused(&["backup", text(&whole)], "not empty");
    refused(&["backup", text(&live.place.data().join("copy"))], "inside the data directory");
    refused(&["backup", text(&keys.join("copy"))], "holds keys");
    refused(&["backup", "--keys", text(&keys)], "not empty");
    refused(&["backup", "--keys", text(&whole.join("keys"))], "a copy of the stores");
    refused(&["backup", "--keys", text(&live.place.data().join("keys2"))], "is not apart from");
    let (both, inside) = (copies.path().join("both"), copies.path().join("both/keys"));
    refused(&["backup", text(&both), "--keys", text(&both)], "is not apart from");
    refused(&["backup", text(&both), "--keys", text(&inside)], "is not apart from");
    refused(&["backup"], "--keys");
    live.stop().await;
}
