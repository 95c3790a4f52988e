//! Evidence against a log in the hands of a reader: a receipt, a promise, an older checkpoint, the key of a witness.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use public_log::note::Checkpoint;
use public_log::promise::{Promised, sign_alone};
use public_log::tree::{Hash, leaf_hash};

use super::server::{Answer, serve};
use super::{ends, key_of_the_vectors, path, vector};

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
    // The log contains this leaf, but the leaf is not a ballot.
    let other = leaf["invalidation"]["leaf_hash"].as_str().unwrap();
    ends(&[&good, "--receipt", other], 1, "REFUSED  tile/0: no tile holds a ballot");
    for promise in ["promise.txt", "promise-alone.txt"] {
        ends(&[&good, "--promise", &path(promise)], 0, "the promise is kept, the ballot is entry 5\nOK\n");
    }
    // Half of a receipt number is the beginning of the leaf hash. The other half means something to the site only.
    let beginning = &leaf["ballot"]["leaf_hash"].as_str().unwrap()[..16];
    ends(&[&good, "--receipt", &format!("0123456789abcdef{beginning}")], 0, "is entry 5\nOK\n");
    let other = format!("0123456789abcdef{}", "0".repeat(16));
    ends(&[&good, "--receipt", &other], 1, "REFUSED  tile/0: no tile holds a ballot with the receipt number 0123");
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
    // The key of a log is not the key of a witness.
    let key = fs::read_to_string(vector("cosigned/key")).unwrap();
    ends(&[&path("cosigned"), "--witness", key.trim()], 2, "not the verifier key of a witness");
}

#[test]
fn no_changed_bit_of_what_somebody_holds_passes() {
    let source = public_log::verify::Source::folder(&vector("good"));
    let log = public_log::verify::check(&source, None).unwrap();
    for (file, step) in [("receipt.txt", 3), ("promise.txt", 3), ("promise-alone.txt", 1), ("good/history/18", 1)] {
        let bytes = fs::read(vector(file)).unwrap();
        for bit in (0..bytes.len() * 8).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let Ok(text) = String::from_utf8(flipped) else {
                continue;
            };
            let passes = match file {
                "receipt.txt" => log.receipt(file, &text).is_ok(),
                "promise.txt" | "promise-alone.txt" => log.promise(file, &text).is_ok(),
                _ => log.since(file, &text).is_ok(),
            };
            assert!(!passes, "{file}, bit {bit}");
        }
    }
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
    // Three trees: one of a single ballot, a fork of the same size as the log, and one that is longer than the log.
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
    // Without a batch the promise is still open.
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

    // The log promises a ballot that is nowhere. While voting runs, the ballot may still come; in a counted log it is missing.
    let signer = key_of_the_vectors();
    let ballot = Promised { leaf: std::array::from_fn(|n| n as u8), blinder: [7; 16] };
    let promise = dir.path().join("promise.txt").display().to_string();
    fs::write(&promise, sign_alone(&signer, "2018-04-09T16:00:00Z", &ballot)).unwrap();
    ends(
        &[&path("open"), "--promise", &promise],
        0,
        "is not in the log yet. After that time the promise is broken\nOK SO FAR",
    );
    ends(&[&path("good"), "--promise", &promise], 1, "was broken: the log was counted");
}
