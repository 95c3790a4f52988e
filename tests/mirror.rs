//! `shudu verify` as its user runs it: over HTTP from a server that works, breaks, lies or is something else; over copies; with a
//! receipt, a promise or an older checkpoint in hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shudu::keys::Key;
use shudu::log::note::{Checkpoint, Signer};
use shudu::log::tree::{Hash, leaf_hash};

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/vectors").join(name)
}

fn path(name: &str) -> String {
    vector(name).display().to_string()
}

/// Exit code and everything that was said.
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

/// What a server answers to one request.
enum Answer {
    File(PathBuf),
    Status(u16, String),
    /// The connection ends in the middle of the file.
    Cut(PathBuf),
    Bytes(Vec<u8>),
}

/// Serves on loopback as long as the test runs; the handler is given the path and how many requests came before.
fn serve(answer: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    let (answer, count) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (answer, count) = (Arc::clone(&answer), Arc::clone(&counted));
            std::thread::spawn(move || drop(converse(stream.unwrap(), &*answer, &count)));
        }
    });
    (site, count)
}

fn converse(
    mut stream: TcpStream,
    answer: &(impl Fn(&str, usize) -> Answer + ?Sized),
    count: &AtomicUsize,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(Ok(first)) = lines.next() {
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let (status, extra, body, cut) = match answer(&path, count.fetch_add(1, Ordering::SeqCst)) {
            Answer::File(file) => match fs::read(file) {
                Ok(bytes) => (200, String::new(), bytes, false),
                Err(_) => (404, String::new(), Vec::new(), false),
            },
            Answer::Cut(file) => (200, String::new(), fs::read(file).unwrap(), true),
            Answer::Bytes(bytes) => (200, String::new(), bytes, false),
            Answer::Status(status, extra) => (status, extra, Vec::new(), false),
        };
        write!(stream, "HTTP/1.1 {status} Any\r\nContent-Length: {}\r\n{extra}\r\n", body.len())?;
        if cut {
            return stream.write_all(&body[..body.len() / 2]);
        }
        stream.write_all(&body)?;
    }
    Ok(())
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

#[test]
fn logs_are_fetched_whole_and_checked() {
    let (site, _) = serve(|path, _| Answer::File(vector(&path[1..])));
    for (name, last) in
        [("good", "\nOK\n"), ("ruled", "\nOK\n"), ("wide", "\nOK\n"), ("tiny", "\nOK\n"), ("open", "\nOK SO FAR")]
    {
        ends(&[&format!("{site}/{name}/")], 0, last);
        ends(&[&format!("{site}/{name}")], 0, last);
    }
}

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
    // The mirror is a log by itself, and its files stand there as they were.
    ends(&[&kept], 0, "\nOK\n");
    for file in ["checkpoint", "places/000", "tile/1/000.p/1"] {
        assert_eq!(fs::read(Path::new(&kept).join(file)).unwrap(), fs::read(vector("wide").join(file)).unwrap());
    }
    // A file of a mirror that was tampered with is not fetched over: it is found.
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
        // No batch ended there.
        ("checkpoint", checkpoint(7), forked),
        ("tally", signer.sign(&counted), "REFUSED  tally: is another than in the copy of earlier, of the same entries"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(file), &kept).unwrap();
        ends(&[&format!("{site}/good/"), "--keep", &dir.path().display().to_string()], 1, words);
        assert_eq!(fs::read_to_string(dir.path().join(file)).unwrap(), kept);
    }
    // A copy of the log as it was, and what nobody signed.
    for kept in [fs::read_to_string(vector("good/history/18")).unwrap(), good.replace("\n32\n", "\n99\n")] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("checkpoint"), &kept).unwrap();
        ends(&[&format!("{site}/good/"), "--keep", &dir.path().display().to_string()], 0, "\nOK\n");
        assert_eq!(fs::read_to_string(dir.path().join("checkpoint")).unwrap(), good);
    }
}

#[test]
fn entries_that_are_public_in_part_are_missed() {
    for gone in ["000", "001.p/44"] {
        let (site, _) = serve(move |path, _| match path {
            "/wide/tally" => Answer::Status(404, String::new()),
            path if path.ends_with(&format!("/tile/entries/{gone}")) || path.ends_with(&format!("/places/{gone}")) => {
                Answer::Status(404, String::new())
            }
            path => Answer::File(vector(&path[1..])),
        });
        ends(&[&format!("{site}/wide/")], 1, &format!("REFUSED  tile/entries/{gone}: is missing"));
    }
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
fn a_connection_that_breaks_and_a_server_in_trouble_for_a_while_are_asked_again() {
    let (site, _) = serve(|path, number| match number % 5 {
        2 => Answer::Cut(vector("wide/places/000")),
        4 => Answer::Status(503, String::new()),
        _ => Answer::File(vector(&path[1..])),
    });
    ends(&[&format!("{site}/wide/")], 0, "\nOK\n");
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
fn an_address_that_is_no_log_is_said_to_be_none() {
    let (site, _) = serve(|path, _| match path {
        "/page/key" => Answer::Bytes(b"<!doctype html><p>Welcome".to_vec()),
        _ => Answer::Status(404, String::new()),
    });
    ends(&[&format!("{site}/nothing/")], 1, &format!("there is no log at {site}/nothing/"));
    ends(&[&format!("{site}/page/")], 1, "there is no log");
}

#[test]
fn no_file_may_be_larger_than_a_log_has_it() {
    let (site, _) = serve(|path, _| match path {
        "/good/key" => Answer::Bytes(vec![b'a'; 1 << 20]),
        "/wide/tile/0/000" => Answer::Bytes(vec![0; 8193]),
        path => Answer::File(vector(&path[1..])),
    });
    let said = ends(&[&format!("{site}/good/")], 2, "key could not be read");
    assert!(said.contains("limit"), "{said}");
    ends(&[&format!("{site}/wide/")], 2, "tile/0/000 could not be read");
}

#[test]
fn a_size_that_is_only_claimed_costs_nothing() {
    // Everything is there but the tiles: the first one that is missing ends it.
    let (site, count) = serve(|path, _| match path {
        path if path.contains("/tile/0/") => Answer::Status(404, String::new()),
        path => Answer::File(vector(&path[1..])),
    });
    ends(&[&format!("{site}/wide/")], 1, "REFUSED  tile/0/000: is missing");
    assert!(count.load(Ordering::SeqCst) < 120, "{count:?}");
}

#[test]
fn a_site_that_leads_elsewhere_is_followed() {
    let (site, count) = serve(|path, _| match path.strip_prefix("/moved") {
        Some(path) => Answer::Status(301, format!("Location: {path}\r\n")),
        None => Answer::File(vector(&path[1..])),
    });
    ends(&[&format!("{site}/moved/wide/")], 0, "\nOK\n");
    let straight = count.swap(0, Ordering::SeqCst);
    ends(&[&format!("{site}/wide/")], 0, "\nOK\n");
    assert_eq!(straight, count.load(Ordering::SeqCst) + 1, "the way is found out once");
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

#[test]
fn a_log_that_grows_and_is_closed_meanwhile_is_read_as_it_is_in_the_end() {
    let dir = tempfile::tempdir().unwrap();
    copy(&vector("open"), dir.path());
    // As it was before the last batch: its tile is that of the new size only.
    let root = dir.path().to_owned();
    let old = root.join("history/31");
    fs::copy(&old, root.join("checkpoint")).unwrap();
    fs::write(root.join("batches"), "18\n31\n").unwrap();
    let (site, _) = serve(move |path, _| {
        if path.contains("/tile/0/") {
            copy(&vector("good"), &root);
        }
        Answer::File(root.join(&path[1..]))
    });
    ends(&[&site], 0, "\nOK\n");
}

#[test]
fn a_receipt_a_leaf_hash_a_promise_and_an_older_checkpoint_are_held_against_the_log() {
    let good = path("good");
    let leaf: serde_json::Value = serde_json::from_slice(&fs::read(vector("leaf.json")).unwrap()).unwrap();
    for hash in ["leaf_hash", "leaf_hash_base64"] {
        ends(&[&good, "--receipt", leaf["ballot"][hash].as_str().unwrap()], 0, "is entry 5\nOK\n");
    }
    for receipt in ["receipt.txt", "receipt-full.txt"] {
        ends(&[&good, "--receipt", &path(receipt)], 0, "is entry 5\nOK\n");
        ends(&[&path("open"), "--receipt", &path(receipt)], 0, "is entry 5\nOK SO FAR");
    }
    // The log holds it, and it is no ballot.
    let other = leaf["invalidation"]["leaf_hash"].as_str().unwrap();
    ends(&[&good, "--receipt", other], 1, "REFUSED  tile/0: no tile holds a ballot");
    ends(&[&good, "--promise", &path("promise.txt")], 0, "the promise is kept, the ballot is entry 5\nOK\n");
    for size in ["18", "31", "32"] {
        let older = path(&format!("good/history/{size}"));
        ends(&[&good, "--since", &older, "--key", &path("good/key")], 0, &format!("since its size was {size}\nOK\n"));
    }
    ends(&[&good, "--receipt", &"00".repeat(32)], 1, "REFUSED  tile/0: no tile holds");
    for (option, file) in [("--receipt", "receipt.txt"), ("--promise", "promise.txt"), ("--since", "good/history/18")] {
        ends(&[&path("tiny"), option, &path(file)], 1, &format!("REFUSED  {}: ", path(file)));
    }
}

#[test]
fn cosignatures_that_are_demanded_have_to_be_there() {
    let known: serde_json::Value = serde_json::from_slice(&fs::read(vector("witnesses.json")).unwrap()).unwrap();
    let [one, two, three] = [0, 1, 2].map(|n: usize| known[n]["key"].as_str().unwrap());
    let (site, _) = serve(|path, _| Answer::File(vector(&path[1..])));
    for place in [path("cosigned"), format!("{site}/cosigned/")] {
        let said = ends(&[&place, "--witness", one, "--witness", two], 0, "\nOK\n");
        assert!(said.contains("cosigned by w1.example/a at 2018-04-09T16:00:00Z\n"), "{said}");
        assert!(said.contains("cosigned by w2.example/a at 2018-04-09T16:01:05Z\n"), "{said}");
        ends(&[&place, "--witness", three], 1, "REFUSED  checkpoint: is not cosigned by w3.example/a");
        ends(&[&place], 0, "\nOK\n");
    }
    // A log's key is no witness's.
    let key = fs::read_to_string(vector("cosigned/key")).unwrap();
    ends(&[&path("cosigned"), "--witness", key.trim()], 2, "not the verifier key of a witness");
}

#[test]
fn no_changed_bit_of_what_somebody_holds_passes() {
    let source = shudu::verify::Source::folder(&vector("good"));
    let log = shudu::verify::check(&source, None).unwrap();
    for (file, step) in [("receipt.txt", 3), ("promise.txt", 1), ("good/history/18", 1)] {
        let bytes = fs::read(vector(file)).unwrap();
        for bit in (0..bytes.len() * 8).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let Ok(text) = String::from_utf8(flipped) else {
                continue;
            };
            let passes = match file {
                "receipt.txt" => log.receipt(file, &text).is_ok(),
                "promise.txt" => log.promise(file, &text).is_ok(),
                _ => log.since(file, &text).is_ok(),
            };
            assert!(!passes, "{file}, bit {bit}");
        }
    }
}

/// The key of the vectors is public: whoever has it can sign anything.
fn key_of_the_vectors() -> Signer {
    let known: serde_json::Value = serde_json::from_slice(&fs::read(vector("leaf.json")).unwrap()).unwrap();
    let key = Key::from_text(known["key"]["seed"].as_str().unwrap()).unwrap();
    Signer::new("shudu.example/log/s1", &key)
}

#[test]
fn what_the_key_signed_of_another_tree_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let signer = key_of_the_vectors();
    let write = |name: &str, text: &str| {
        let file = dir.path().join(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let signed =
        |size: u64, root: Hash| signer.sign(&Checkpoint { origin: signer.name().to_owned(), size, root }.text());
    // A tree of one ballot, a fork of the log's own size, and one that goes on where the log ends.
    let leaf = leaf_hash(b"a ballot");
    for (size, words) in [(1, "has another root"), (32, "has another root"), (33, "has size 32 only")] {
        let older = write("older", &signed(size, leaf));
        ends(&[&path("good"), "--since", &older], 1, words);
    }
    let line = STANDARD.encode(leaf);
    let receipt = format!("shudu/receipt/1\n{}\n{line}\n0\n\n{}", signer.name(), signed(1, leaf));
    ends(&[&path("good"), "--receipt", &write("receipt", &receipt)], 1, "has another root than the first 1 entries");
}

#[test]
fn a_promise_that_was_broken_is_refused_and_one_that_may_still_be_kept_is_not() {
    // No batch yet: the promise is open.
    let dir = tempfile::tempdir().unwrap();
    let promise = path("promise.txt");
    for name in ["key", "questionnaire"] {
        fs::copy(vector("open").join(name), dir.path().join(name)).unwrap();
    }
    ends(
        &[&dir.path().display().to_string(), "--promise", &promise],
        0,
        "is not in the log yet. After that time the promise is broken\nOK SO FAR",
    );

    // The log promises a ballot that is nowhere: while voting runs it may come, in a counted log it is missing.
    let signer = key_of_the_vectors();
    let leaf = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let text = format!("shudu/promise/1\nshudu.example/log/s1\n{leaf}\n2018-04-09T16:00:00Z\n");
    let promise = dir.path().join("promise.txt").display().to_string();
    fs::write(&promise, signer.sign(&text)).unwrap();
    ends(
        &[&path("open"), "--promise", &promise],
        0,
        "is not in the log yet. After that time the promise is broken\nOK SO FAR",
    );
    ends(&[&path("good"), "--promise", &promise], 1, "was broken: the log was counted");
}
