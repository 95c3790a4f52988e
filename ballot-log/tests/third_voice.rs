//! A third voice beside our verifiers in Rust and Python: Cloudflare's crates `signed_note` and `tlog_tiles` read our
//! logs. The crates are ports of Go's packages `note` and `tlog` and share no code with ours. Only Ed25519, SHA-256 and
//! base64 come from the same projects, in earlier versions.
//!
//! The logs are those of `verify/vectors`, which an independent program wrote, and a large one that our own code
//! writes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use ballot_log::bundle::unbundle;
use ballot_log::cosignature::{Cosigner, Witness};
use ballot_log::note;
use ballot_log::tiles::{self, Damaged, Tiles};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use serde_json::Value;
use signed_note::{Note, NoteError, Signature, StandardVerifier, Verifier, VerifierError, VerifierList, key_id};
use tlog_tiles::{
    Checkpoint, Error, Hash, HashReader, Tile, TileHashReader, TileReader, check_record, check_tree, prove_record,
    prove_tree, record_hash, stored_hash_index, stored_hashes, tree_hash,
};

/// Height of a tile, whose 256 hashes are 2⁸ nodes of the tree.
const HEIGHT: u8 = 8;
/// Logs of the vectors whose entries are public.
const COUNTED: [&str; 7] = ["good", "named", "ruled", "tiny", "wide", "cosigned", "empty"];
/// Log of the vectors before the count.
const UNCOUNTED: &str = "open";

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../verify/vectors")
}

fn text(file: &str) -> String {
    fs::read_to_string(vectors().join(file)).unwrap()
}

/// The checkpoint in a note; none where this key did not sign the note.
fn opened(note: &[u8], key: &str) -> Option<Checkpoint> {
    let key = StandardVerifier::new(key.trim_end()).ok()?;
    let note = Note::from_bytes(note).ok()?;
    note.verify(&VerifierList::new(vec![Box::new(key)])).ok()?;
    Checkpoint::from_bytes(note.text()).ok()
}

/// The checkpoint in a file of a log.
fn checkpoint(log: &str, file: &str) -> Checkpoint {
    opened(text(&format!("{log}/{file}")).as_bytes(), &text(&format!("{log}/key"))).unwrap()
}

/// Files with checkpoints below a log's folder, the newest checkpoint last.
fn checkpoints(log: &str) -> Vec<String> {
    let batches = text(&format!("{log}/batches"));
    batches.lines().map(|size| format!("history/{size}")).chain(["checkpoint".to_owned()]).collect()
}

/// Path of a tile below a log's folder. The crate writes paths as Go's checksum database does: with the height, and
/// with `data` for entries.
fn path(tile: &Tile) -> String {
    tile.path().replacen(&format!("tile/{HEIGHT}/"), "tile/", 1).replacen("tile/data/", "tile/entries/", 1)
}

/// Files of tiles; the function gives the bytes of a file by its path below the log's folder.
struct Files<F>(F);

impl<F: Fn(&str) -> Option<Vec<u8>>> TileReader for Files<F> {
    fn height(&self) -> u8 {
        HEIGHT
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile| (self.0)(&path(tile)).ok_or_else(|| Error::InvalidInput(format!("no {}", path(tile))));
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

fn files(log: &str) -> Files<impl Fn(&str) -> Option<Vec<u8>>> {
    let folder = vectors().join(log);
    Files(move |file: &str| fs::read(folder.join(file)).ok())
}

/// The tree of a log as our own code reads it.
fn our_tree(log: &str, size: u64) -> Tiles<impl Fn(tiles::Tile) -> Result<Vec<u8>, Damaged>> {
    let folder = vectors().join(log);
    Tiles::new(size, move |tile: tiles::Tile| {
        fs::read(folder.join(tile.path())).map_err(|error| Damaged(error.to_string()))
    })
}

/// Check of the first entry: leaf and proof as the tiles give them, against the root.
fn first_entry_is_proven<R: TileReader>(head: &Checkpoint, files: &R) -> Result<(), Error> {
    let (size, root) = (head.size(), *head.hash());
    let tree = TileHashReader::new(size, root, files);
    let leaf = tree.read_hashes(&[stored_hash_index(0, 0)])?[0];
    check_record(&prove_record(size, 0, &tree)?, size, root, 0, leaf)
}

fn hashes(proof: Vec<[u8; 32]>) -> Vec<Hash> {
    proof.into_iter().map(Hash).collect()
}

/// The entries of a log.
fn entries(log: &str, size: u64) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for mut tile in Tile::new_tiles(HEIGHT, 0, size).into_iter().filter(|tile| tile.level() == 0) {
        tile.set_is_data();
        found.extend(unbundle(&fs::read(vectors().join(log).join(path(&tile))).unwrap()).unwrap());
    }
    found
}

/// Hashes of a tree in memory, in the order of the crate's indexes.
#[derive(Default)]
struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let at = |&index: &u64| usize::try_from(index).ok().and_then(|index| self.0.get(index)).copied();
        indexes.iter().map(|index| at(index).ok_or(Error::IndexesNotInTree)).collect()
    }
}

/// Verifier key of a witness. The crate knows no such key; the crate's own verifier of Ed25519 checks the signature
/// over the time and the text.
struct WitnessKey {
    name: String,
    id: u32,
    plain: StandardVerifier,
}

impl WitnessKey {
    fn new(key: &str) -> Self {
        let (name, rest) = key.split_once('+').unwrap();
        let (id, encoded) = rest.split_once('+').unwrap();
        let id = u32::from_str_radix(id, 16).unwrap();
        let mut public = STANDARD.decode(encoded).unwrap();
        assert_eq!((public[0], id), (4, key_id(name, &public)), "{key}");
        public[0] = 1;
        let plain = format!("{name}+{:08x}+{}", key_id(name, &public), STANDARD.encode(&public));
        Self { name: name.to_owned(), id, plain: StandardVerifier::new(&plain).unwrap() }
    }
}

impl Verifier for WitnessKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, text: &[u8], cosignature: &[u8]) -> bool {
        cosignature.split_first_chunk::<8>().is_some_and(|(time, signature)| {
            let head = format!("cosignature/v1\ntime {}\n", u64::from_be_bytes(*time));
            self.plain.verify(&[head.as_bytes(), text].concat(), signature)
        })
    }
}

/// Time of a cosignature line below a text; none where the line is not that of this witness for this text.
fn cosigned(text: &str, line: &[u8], key: &str) -> Option<u64> {
    let line = Signature::from_bytes(line).ok()?;
    let note = Note::new(text.as_bytes(), slice::from_ref(&line)).ok()?;
    note.verify(&VerifierList::new(vec![Box::new(WitnessKey::new(key))])).ok()?;
    line.signature().first_chunk::<8>().map(|time| u64::from_be_bytes(*time))
}

/// Verifier keys of the witnesses of the vectors.
fn witnesses() -> Vec<String> {
    let known: Value = serde_json::from_str(&text("witnesses.json")).unwrap();
    known.as_array().unwrap().iter().map(|witness| witness["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_checkpoint_opens_with_the_key_of_its_log_and_says_the_same_to_both() {
    for log in COUNTED.into_iter().chain([UNCOUNTED]) {
        let key = note::Verifier::parse(text(&format!("{log}/key")).trim_end()).unwrap();
        for file in checkpoints(log) {
            let theirs = checkpoint(log, &file);
            let ours = note::Checkpoint::open(&text(&format!("{log}/{file}")), &key).unwrap();
            assert_eq!((theirs.origin(), theirs.size()), (&*ours.origin, ours.size), "{log}/{file}");
            assert_eq!((theirs.hash(), theirs.extension()), (&Hash(ours.root), ""), "{log}/{file}");
        }
    }
}

#[test]
fn every_root_and_every_tile_follow_from_the_entries() {
    for log in COUNTED {
        let head = checkpoint(log, "checkpoint");
        let (entries, mut stored) = (entries(log, head.size()), Stored::default());
        assert_eq!(entries.len() as u64, head.size(), "{log}");
        for (index, entry) in (0..).zip(&entries) {
            let new = stored_hashes(index, entry, &stored).unwrap();
            stored.0.extend(new);
        }
        for file in checkpoints(log) {
            let known = checkpoint(log, &file);
            assert_eq!(tree_hash(known.size(), &stored).unwrap(), *known.hash(), "{log}/{file}");
        }
        for tile in Tile::new_tiles(HEIGHT, 0, head.size()) {
            let found = fs::read(vectors().join(log).join(path(&tile))).unwrap();
            assert_eq!(found, tile.read_data(&stored).unwrap(), "{log}/{}", path(&tile));
        }
    }
}

#[test]
fn every_entry_is_proven_by_the_tiles_and_no_other_in_its_place() {
    for log in COUNTED {
        let (head, files) = (checkpoint(log, "checkpoint"), files(log));
        let (size, root) = (head.size(), *head.hash());
        let tree = TileHashReader::new(size, root, &files);
        for (index, mut entry) in (0..).zip(entries(log, size)) {
            let proof = prove_record(size, index, &tree).unwrap();
            assert_eq!(proof, hashes(our_tree(log, size).proof(index).unwrap()), "{log}, entry {index}");
            check_record(&proof, size, root, index, record_hash(&entry)).unwrap();
            *entry.last_mut().unwrap() ^= 1;
            let other = check_record(&proof, size, root, index, record_hash(&entry));
            assert!(matches!(other, Err(Error::InvalidProof)), "{log}, entry {index}: {other:?}");
        }
    }
}

#[test]
fn every_older_checkpoint_has_grown_into_the_newest() {
    for log in COUNTED.into_iter().chain([UNCOUNTED]) {
        let (head, files) = (checkpoint(log, "checkpoint"), files(log));
        let (size, root) = (head.size(), *head.hash());
        let tree = TileHashReader::new(size, root, &files);
        assert_eq!(tree_hash(size, &tree).unwrap(), root, "{log}");
        for file in checkpoints(log).iter().filter(|file| *file != "checkpoint") {
            let old = checkpoint(log, file);
            let proof = prove_tree(size, old.size(), &tree).unwrap();
            assert_eq!(proof, hashes(our_tree(log, size).growth(old.size()).unwrap()), "{log}/{file}");
            assert_eq!(tree_hash(old.size(), &tree).unwrap(), *old.hash(), "{log}/{file}");
            check_tree(&proof, size, root, old.size(), *old.hash()).unwrap();
            let mut other = *old.hash();
            other.0[0] ^= 1;
            let grown = check_tree(&proof, size, root, old.size(), other);
            assert!(matches!(grown, Err(Error::InvalidProof)), "{log}/{file}: {grown:?}");
        }
    }
}

#[test]
fn a_receipt_leads_from_its_ballot_to_a_signed_checkpoint() {
    let ballots = entries("good", checkpoint("good", "checkpoint").size());
    for file in ["receipt.txt", "receipt-full.txt"] {
        let receipt = text(file);
        let (lines, note) = receipt.split_once("\n\n").unwrap();
        let head = opened(note.as_bytes(), &text("good/key")).unwrap();
        let (size, root) = (head.size(), *head.hash());
        let mut lines = lines.lines().skip(2);
        let leaf = Hash::parse_hash(lines.next().unwrap()).unwrap();
        let index: usize = lines.next().unwrap().parse().unwrap();
        let proof: Vec<Hash> = lines.map(|line| Hash::parse_hash(line).unwrap()).collect();
        assert_eq!(leaf, record_hash(&ballots[index]), "{file}");
        check_record(&proof, size, root, index as u64, leaf).unwrap();
        for step in 0..proof.len() {
            let mut other = proof.clone();
            other[step].0[31] ^= 1;
            let led = check_record(&other, size, root, index as u64, leaf);
            assert!(matches!(led, Err(Error::InvalidProof)), "{file}, step {step}: {led:?}");
        }
    }
}

#[test]
fn a_fork_that_the_log_signed_opens_and_does_not_fit_its_tiles() {
    let (head, files, key) = (checkpoint("tiny", "checkpoint"), files("tiny"), text("tiny/key"));
    let fork = opened(text("broken/checkpoint-of-a-fork/checkpoint").as_bytes(), &key).unwrap();
    let root = tree_hash(fork.size(), &TileHashReader::new(fork.size(), *fork.hash(), &files));
    assert!(matches!(root, Err(Error::InconsistentTile)), "{root:?}");
    let past = opened(text("broken/history-of-a-fork/history/3").as_bytes(), &key).unwrap();
    let tree = TileHashReader::new(head.size(), *head.hash(), &files);
    let proof = prove_tree(head.size(), past.size(), &tree).unwrap();
    let grown = check_tree(&proof, head.size(), *head.hash(), past.size(), *past.hash());
    assert!(matches!(grown, Err(Error::InvalidProof)), "{grown:?}");
}

#[test]
fn no_changed_byte_of_a_tile_passes() {
    let (head, folder) = (checkpoint("wide", "checkpoint"), vectors().join("wide"));
    let tiles = Tile::new_tiles(HEIGHT, 0, head.size());
    assert_eq!(tiles.iter().map(path).collect::<Vec<_>>(), ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]);
    first_entry_is_proven(&head, &files("wide")).unwrap();
    for changed in tiles.iter().map(path) {
        for at in 0..fs::read(folder.join(&changed)).unwrap().len() {
            let files = Files(|file: &str| {
                let mut bytes = fs::read(folder.join(file)).ok()?;
                if file == changed {
                    bytes[at] ^= 1 << (at % 8);
                }
                Some(bytes)
            });
            // The reader of the crate, as Go's, does not compare `tile/0/000` with the tile above. The proof tells.
            let proven = first_entry_is_proven(&head, &files);
            let is_refused = matches!(proven, Err(Error::InconsistentTile | Error::InvalidProof));
            assert!(is_refused, "{changed}, byte {at}: {proven:?}");
        }
    }
}

#[test]
fn no_changed_bit_of_a_checkpoint_passes_and_no_other_key_opens_it() {
    let (note, key) = (text("tiny/checkpoint"), text("tiny/key"));
    assert!(opened(note.as_bytes(), &key).is_some());
    for bit in 0..note.len() * 8 {
        let mut bytes = note.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(opened(&bytes, &key), None, "bit {bit}");
    }
    assert_eq!(opened(note.as_bytes(), &text("broken/all-by-another-key/key")), None);
}

#[test]
fn every_cosignature_is_right_and_no_changed_bit_of_one_passes() {
    let (note, keys) = (text("cosigned/checkpoint"), witnesses());
    let log = StandardVerifier::new(text("cosigned/key").trim_end()).unwrap();
    let mut known: Vec<Box<dyn Verifier>> = vec![Box::new(log)];
    for key in &keys {
        assert!(matches!(StandardVerifier::new(key), Err(VerifierError::Alg)), "{key} is no key of a log");
        known.push(Box::new(WitnessKey::new(key)));
    }
    // The crate checks only the first line of each key. The second line of `w2.example/a` is checked below, alone.
    let (right, unknown) = Note::from_bytes(note.as_bytes()).unwrap().verify(&VerifierList::new(known)).unwrap();
    let names: Vec<&str> = right.iter().map(Signature::name).collect();
    assert_eq!(names, ["shudu.example/log/t", "w1.example/a", "w2.example/a"]);
    assert!(unknown.is_empty(), "{unknown:?}");

    let (text, lines) = note::split(&note).unwrap();
    for (key, count) in keys.iter().zip([1, 2, 0]) {
        let times: Vec<u64> = lines.lines().filter_map(|line| cosigned(text, line.as_bytes(), key)).collect();
        assert_eq!(times.len(), count, "{key}");
        assert_eq!(times.into_iter().max(), Witness::parse(key).unwrap().cosigned(&note), "{key}");
    }

    let line = lines.lines().nth(1).unwrap();
    assert!(cosigned(text, line.as_bytes(), &keys[0]).is_some());
    for bit in 0..line.len() * 8 {
        let mut bytes = line.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(cosigned(text, &bytes, &keys[0]), None, "bit {bit}");
    }
}

#[test]
fn a_wrong_cosignature_is_refused_though_the_log_signed_beside_it() {
    let (key, witness) = (text("cosigned/key"), witnesses().swap_remove(0));
    for (name, is_there) in [
        ("by-nobody", false),
        ("by-the-other-only", false),
        ("at-another-time-than-said", true),
        ("another-checkpoint", true),
        ("by-another-key-under-the-name", true),
        ("without-a-time", true),
    ] {
        let note = text(&format!("broken/cosigned-{name}/checkpoint"));
        assert!(opened(note.as_bytes(), &key).is_some(), "{name}");
        let known = VerifierList::new(vec![Box::new(WitnessKey::new(&witness))]);
        let found = Note::from_bytes(note.as_bytes()).unwrap().verify(&known);
        let is_refused = match found {
            Err(NoteError::InvalidSignature { .. }) => is_there,
            Err(NoteError::UnverifiedNote) => !is_there,
            _ => false,
        };
        assert!(is_refused, "{name}: {found:?}");
    }
}

#[test]
fn a_large_log_of_our_writing_is_read_with_thousands_in_its_paths() {
    let leaves: Vec<[u8; 32]> = (0..300_000_u32).map(|n| record_hash(&n.to_be_bytes()).0).collect();
    let signer = note::Signer::new("shudu.example/log/large", SigningKey::from_bytes(&[7; 32]));
    let cosigner = Cosigner::new("w1.example/a", SigningKey::from_bytes(&[8; 32]));
    let mut written: HashMap<String, Vec<u8>> = HashMap::new();
    let mut heads = Vec::new();
    let mut before = 0;
    for size in [200_000, leaves.len()] {
        let read = |tile: tiles::Tile| written.get(&tile.path()).cloned().ok_or_else(|| Damaged(tile.path()));
        let grown = Tiles::new(before as u64, read).grow(&leaves[before..size]).unwrap();
        written.extend(grown.into_iter().map(|(tile, hashes)| (tile.path(), hashes.concat())));
        let read = |tile: tiles::Tile| written.get(&tile.path()).cloned().ok_or_else(|| Damaged(tile.path()));
        let root = Tiles::new(size as u64, read).root().unwrap();
        let head = note::Checkpoint { origin: signer.name().to_owned(), size: size as u64, root }.text();
        let cosignature = cosigner.line(&head, 1_523_289_600);
        let key = cosigner.witness().to_string();
        assert_eq!(cosigned(&head, cosignature.trim_end().as_bytes(), &key), Some(1_523_289_600));
        let note = signer.sign(&head) + &cosignature;
        heads.push(opened(note.as_bytes(), &signer.verifier().to_string()).unwrap());
        before = size;
    }
    let [old, head] = &heads[..] else { unreachable!() };
    let (size, root) = (head.size(), *head.hash());
    for tile in Tile::new_tiles(HEIGHT, 0, size) {
        assert!(written.contains_key(&path(&tile)), "{}", path(&tile));
    }
    for edge in ["tile/0/x001/171.p/224", "tile/1/004.p/147", "tile/2/000.p/4"] {
        assert!(written.contains_key(edge), "{edge}");
    }

    let files = Files(|file: &str| written.get(file).cloned());
    let tree = TileHashReader::new(size, root, &files);
    assert_eq!(tree_hash(size, &tree).unwrap(), root);
    assert_eq!(tree_hash(old.size(), &tree).unwrap(), *old.hash());
    check_tree(&prove_tree(size, old.size(), &tree).unwrap(), size, root, old.size(), *old.hash()).unwrap();
    for index in [0, 255, 256, old.size() - 1, old.size(), size - 1] {
        let leaf = Hash(leaves[usize::try_from(index).unwrap()]);
        check_record(&prove_record(size, index, &tree).unwrap(), size, root, index, leaf).unwrap();
    }
}
