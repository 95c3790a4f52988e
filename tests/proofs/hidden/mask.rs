//! The values that may differ between two worlds in which other options were ticked: leaf hashes, hashes over them, signatures over
//! those, receipt numbers and promises. Only these values are masked, each by its exact value; a promise, once it was opened.

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use public_log::note::{Signer, Verifier};
use public_log::promise;
use public_log::tree::{Hash, node_hash};
use regex::{Captures, Regex};
use shudu::ballot::{queries, receipts};
use shudu::web::qr::draw;

use super::Voted;
use crate::vote;
use testing::TestApp;

/// The values to mask in one world.
pub struct Mask {
    hashes: HashMap<Hash, &'static str>,
    leaves: HashSet<String>,
    /// Receipt numbers, with the promises that are signed alone.
    promises: HashMap<String, String>,
    signatures: HashSet<String>,
    key: Verifier,
    promise: Regex,
    spelled: [Regex; 4],
}

impl Mask {
    /// The values that follow from the given ballots and from the present log.
    pub async fn of(app: &TestApp, cast: &[Voted]) -> Self {
        let origin = "shudu.test/log/t1";
        let signer = Signer::new(origin, app.app.keys.log.ed25519());
        let mut mask = Self {
            hashes: cast.iter().map(|voted| (voted.leaf, "<leaf>")).collect(),
            leaves: cast.iter().map(|voted| hex::encode(&voted.leaf[..4])).collect(),
            key: signer.verifier(),
            promise: Regex::new(r"shudu/promise/2\n(?:[^\n]+\n)+\n(?:[^\n]+\n)+\n— [^ \n]+ [A-Za-z0-9+/=]+\n").unwrap(),
            signatures: HashSet::new(),
            promises: HashMap::new(),
            spelled: [
                // Spellings: a number in groups, a number or a leaf hash in hexadecimal, base64 of a hash or of a signature, and the
                // name of a file.
                r"(?:[0-9A-F]{4} ){7}[0-9A-F]{4}",
                r"\b(?:[0-9a-f]{32}){1,2}\b",
                r"[A-Za-z0-9+/]{43,}={0,2}",
                r"(?:promise|receipt)-[0-9a-f]{8}\.txt",
            ]
            .map(|form| Regex::new(form).unwrap()),
        };
        for Voted { number, .. } in cast {
            let asked = receipts::parse(number).unwrap();
            let found = queries::receipt(&app.app.ballots, &asked).await.unwrap().unwrap();
            mask.promises.insert(number.clone(), found.promise);
        }
        let folder = vote::copied(app).await;
        let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        let sizes: Vec<usize> = text("batches").lines().map(|line| line.parse().unwrap()).collect();
        let mut sealed = Vec::new();
        for size in sizes {
            let mut batch = sorted_batch(&app.app.config.data, sealed.len(), size);
            sealed.append(&mut batch);
            mask.learn_tree(&sealed);
            let checkpoint = text(&format!("history/{size}"));
            assert!(signer.verifier().open(&checkpoint).is_some());
            mask.learn_signature(&checkpoint);
        }
        mask
    }

    /// Learns every node of the Merkle tree over these leaves, including the root, which is returned.
    fn learn_tree(&mut self, leaves: &[Hash]) -> Hash {
        if let [leaf] = leaves {
            return *leaf;
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        let node = node_hash(&self.learn_tree(left), &self.learn_tree(right));
        self.hashes.insert(node, "<node>");
        node
    }

    fn learn_signature(&mut self, note: &str) {
        let signature = note.trim_end().rsplit(' ').next().unwrap();
        self.signatures.insert(signature.to_owned());
    }

    /// A text or a tile with these values masked.
    pub fn hide(&self, bytes: &[u8]) -> String {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return self.hide_tile(bytes);
        };
        // JSON escapes a line feed with a letter, which would merge with the following base64 text.
        let text = self.hide_code(text.replace("\\n", "\n"));
        let text = self.promise.replace_all(&text, |found: &Captures<'_>| self.hide_promise(&found[0]));
        let [grouped, hexadecimal, base64, name] = &self.spelled;
        let number = |text: &str| {
            let plain = text.replace(' ', "").to_lowercase();
            self.promises.contains_key(&plain).then_some("<number>")
        };
        let hash = |bytes: Option<Vec<u8>>| -> Option<&'static str> {
            self.hashes.get(&<Hash>::try_from(bytes?).ok()?).copied()
        };
        let keep = |known: Option<&str>, found: &Captures<'_>| known.unwrap_or(&found[0]).to_owned();
        let text = grouped.replace_all(&text, |found: &Captures<'_>| keep(number(&found[0]), found));
        let text = hexadecimal.replace_all(&text, |found: &Captures<'_>| {
            keep(number(&found[0]).or_else(|| hash(hex::decode(&found[0]).ok())), found)
        });
        let text = base64.replace_all(&text, |found: &Captures<'_>| {
            let signature = self.signatures.contains(&found[0]).then_some("<signature>");
            keep(signature.or_else(|| hash(STANDARD.decode(&found[0]).ok())), found)
        });
        let text = name.replace_all(&text, |found: &Captures<'_>| {
            let known = self.leaves.contains(&found[0][8..16]).then(|| found[0].replace(&found[0][8..16], "<leaf>"));
            keep(known.as_deref(), found)
        });
        text.into_owned()
    }

    /// Masks the QR code of the promise, on the page of the ballot's receipt.
    fn hide_code(&self, page: String) -> String {
        if !page.contains("class=\"camera\"") {
            return page;
        }
        let promise = self.spelled[1].find_iter(&page).find_map(|found| self.promises.get(found.as_str()));
        match promise.and_then(|promise| draw(promise)) {
            Some(code) => page.replace(&code.path, "<code>"),
            None => page,
        }
    }

    /// Masks a promise that opens. Its kind, its ballot and its time stay; the random parts and the signature go.
    fn hide_promise(&self, text: &str) -> String {
        let lines = text.lines().count();
        match promise::open(text, &self.key) {
            Some(opened) => {
                let ballot = self.hashes.get(&opened.ballot.leaf).copied().unwrap_or("<unknown ballot>");
                format!("<promise of {lines} lines for {ballot} by {}>", opened.by)
            }
            None => text.to_owned(),
        }
    }

    fn hide_tile(&self, bytes: &[u8]) -> String {
        let hidden = |hash: &[u8]| {
            let known = self.hashes.get(hash).copied();
            known.map_or_else(|| hex::encode(hash), ToOwned::to_owned)
        };
        bytes.chunks(32).map(hidden).collect::<Vec<_>>().join(" ")
    }
}

/// Leaf hashes of a batch, read from the tiles.
fn sorted_batch(data: &std::path::Path, from: usize, to: usize) -> Vec<Hash> {
    use public_log::tiles::{Tile, WIDTH, touched};
    let size = to as u64;
    let tile = |(number, width)| {
        std::fs::read(data.join("objects/log/t1").join(Tile { level: 0, number, width }.path())).unwrap()
    };
    let skipped = from as u64 / WIDTH * WIDTH;
    let hashes: Vec<Hash> = touched(skipped, size).flat_map(|at| tile(at).as_chunks::<32>().0.to_vec()).collect();
    hashes[from - usize::try_from(skipped).unwrap()..].to_vec()
}
