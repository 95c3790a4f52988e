//! Mutation of logs: every small change is found. Each bit is flipped, each file is deleted, cut or exchanged with another, and
//! entries are swapped and repeated. The changes are made to copies in memory, by as many threads as there are processors.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use public_log::bundle::{bundle, unbundle};
use public_log::verify::{Source, verify};
use shudu::demo::prng::Prng;
use tempfile::TempDir;

use crate::vote;
use testing::proof::{Proof, full, size};
use testing::{TestApp, given};

/// Largest size in bytes of a file that is cut to every length; longer files are cut to this number of random lengths.
const SHORT: usize = 4096;
/// Number of changes that a thread takes at a time.
const PORTION: usize = 256;

/// The public files of a log, by their paths.
type Files = BTreeMap<String, Vec<u8>>;

/// One change of a log.
#[derive(Clone)]
enum Mutation {
    Flip { file: String, bit: usize },
    Delete(String),
    Write { file: String, bytes: Vec<u8> },
    Exchange(String, String),
}

impl std::fmt::Display for Mutation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flip { file, bit } => write!(f, "bit {bit} of {file} flipped"),
            Self::Delete(file) => write!(f, "{file} deleted"),
            Self::Write { file, bytes } => write!(f, "{file} replaced by {} bytes", bytes.len()),
            Self::Exchange(one, other) => write!(f, "{one} and {other} exchanged"),
        }
    }
}

/// Files of a log of a thousand ballots in three batches, while voting runs and after the count.
async fn logs() -> (Files, Files) {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    for (ballots, first) in [(400, 1), (300, 1_001), (300, 2_001)] {
        vote::many(&app, ballots, first).await;
        app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    }
    let open = files(vote::copied(&app).await.path());
    (open, files(vote::count(&app).await.path()))
}

fn files(root: &Path) -> Files {
    let source = Source::folder(root);
    let read = |name: String| (name.clone(), fs::read(root.join(name)).unwrap());
    source.names().unwrap().into_iter().map(read).collect()
}

/// A temporary folder, in memory where the machine has a memory file system.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

fn put(root: &Path, name: &str, bytes: &[u8]) {
    let file = root.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// Every bit of every file. Before the close, the public files do not commit to the questionnaire.
fn flips(files: &Files, is_open: bool) -> Vec<(String, usize)> {
    files
        .iter()
        .filter(|(name, _)| !(is_open && *name == "questionnaire"))
        .flat_map(|(name, bytes)| (0..bytes.len() * 8).map(|bit| (name.clone(), bit)))
        .collect()
}

/// Whether the file is a partial tile for which a fuller one exists.
fn is_left_behind(name: &str, files: &Files) -> bool {
    let width = |name: &str| name.rsplit('/').next().and_then(|width| width.parse::<u32>().ok());
    let Some((stem, _)) = name.split_once(".p/") else {
        return false;
    };
    let partial = format!("{stem}.p/");
    files.contains_key(stem) || files.keys().any(|other| other.starts_with(&partial) && width(other) > width(name))
}

/// All other changes of files.
fn damages(files: &Files, is_open: bool) -> Vec<Mutation> {
    let mut found = Vec::new();
    let mut chance = Prng::of(&["damages"]);
    for (name, bytes) in files {
        // A partial tile that an earlier size left behind may be deleted.
        if !is_left_behind(name, files) {
            found.push(Mutation::Delete(name.clone()));
        }
        let lengths: Vec<usize> = if bytes.len() <= SHORT {
            (0..bytes.len()).collect()
        } else {
            (0..SHORT).map(|_| chance.below(bytes.len())).collect()
        };
        let cut = lengths.into_iter().map(|length| bytes[..length].to_vec());
        let more = [[&bytes[..], b"\n"].concat(), [&bytes[..], &bytes[..]].concat()];
        let changed = cut.chain(more).map(|bytes| Mutation::Write { file: name.clone(), bytes });
        // Before the close, a questionnaire cannot be told from another one of the right form.
        found.extend(changed.filter(|_| !(is_open && name == "questionnaire")));
        for (other, there) in files.range(name.clone()..).skip(1) {
            if bytes != there {
                found.push(Mutation::Exchange(name.clone(), other.clone()));
            }
        }
    }
    for name in ["stray", "tile/0/009", "history/999", "places/000.p/3", "tile/9/000"] {
        found.push(Mutation::Write { file: name.to_owned(), bytes: vec![7; 32] });
    }
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("tile/entries/")) {
        let entries = unbundle(bytes).unwrap();
        for at in 0..entries.len() - 1 {
            let mut swapped = entries.clone();
            swapped.swap(at, at + 1);
            let mut repeated = entries.clone();
            repeated[at + 1] = repeated[at].clone();
            let mut longer = entries.clone();
            longer.insert(at, entries[at].clone());
            found.extend(
                [swapped, repeated, longer]
                    .map(|entries| Mutation::Write { file: name.clone(), bytes: bundle(entries.iter()) }),
            );
        }
    }
    found
}

/// A copy of the log on which changes are tried.
struct Copy<'a> {
    files: &'a Files,
    folder: TempDir,
    key: &'a str,
}

impl<'a> Copy<'a> {
    fn of(files: &'a Files, key: &'a str) -> Self {
        let folder = folder();
        files.iter().for_each(|(name, bytes)| put(folder.path(), name, bytes));
        Self { files, folder, key }
    }

    /// Whether the verifier accepts the log. A counted log without its signed count must be reported as not counted.
    fn is_accepted(&self) -> bool {
        let report = verify(&Source::folder(self.folder.path()), Some(self.key));
        report.is_ok_and(|report| report.is_counted == self.files.contains_key("tally"))
    }

    /// Whether the log is accepted with the change. The change is undone afterwards.
    fn survives(&self, change: &Mutation) -> bool {
        let root = self.folder.path();
        let touched: Vec<&String> = match change {
            Mutation::Flip { file, bit } => return self.survives_flip(file, *bit),
            Mutation::Delete(file) => {
                fs::remove_file(root.join(file)).unwrap();
                vec![file]
            }
            Mutation::Write { file, bytes } => {
                put(root, file, bytes);
                vec![file]
            }
            Mutation::Exchange(one, other) => {
                put(root, one, &self.files[other]);
                put(root, other, &self.files[one]);
                vec![one, other]
            }
        };
        let accepted = self.is_accepted();
        for name in touched {
            match self.files.get(name) {
                Some(bytes) => put(root, name, bytes),
                None => fs::remove_file(root.join(name)).unwrap(),
            }
        }
        accepted
    }

    fn survives_flip(&self, name: &str, bit: usize) -> bool {
        let (byte, at) = (self.files[name][bit / 8], bit as u64 / 8);
        let file = fs::OpenOptions::new().write(true).open(self.folder.path().join(name)).unwrap();
        file.write_all_at(&[byte ^ 1 << (bit % 8)], at).unwrap();
        let accepted = self.is_accepted();
        file.write_all_at(&[byte], at).unwrap();
        accepted
    }
}

/// Tries every `step`-th change, on as many threads as there are processors.
fn try_all(
    proof: &Proof,
    files: &Files,
    key: &str,
    step: usize,
    count: usize,
    change: impl Fn(usize) -> Mutation + Sync,
) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let copy = Copy::of(files, key);
                assert!(copy.is_accepted(), "the log itself is right");
                loop {
                    let from = next.fetch_add(PORTION, Ordering::Relaxed);
                    for number in from..from + PORTION {
                        if number * step >= count {
                            assert!(copy.is_accepted(), "the copy is what it was");
                            return;
                        }
                        let change = change(number * step);
                        proof.trial(!copy.survives(&change), || format!("accepted: {change}"));
                    }
                }
            });
        }
    });
}

/// Both forms of the log with their names in claims, and the public key of the log.
async fn both() -> ([(&'static str, Files, bool); 2], String) {
    let (open, counted) = logs().await;
    let key = String::from_utf8(counted["key"].clone()).unwrap().trim().to_owned();
    ([("of 1,000 ballots", counted, false), ("while voting runs", open, true)], key)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_with_a_flipped_bit_is_accepted() {
    let (logs, key) = both().await;
    for (name, files, is_open) in &logs {
        let proof = Proof::of(&format!("a log {name} with any single bit flipped is refused"));
        let bits = flips(files, *is_open);
        // The step is odd, so that every bit position of a byte is tried.
        let step = if full() { 1 } else { (bits.len() / 250) | 1 };
        try_all(&proof, files, &key, step, bits.len(), |at| {
            let (file, bit) = bits[at].clone();
            Mutation::Flip { file, bit }
        });
        proof.end();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_damaged_log_is_accepted() {
    let (logs, key) = both().await;
    for (name, files, is_open) in &logs {
        let proof = Proof::of(&format!(
            "a log {name} with a file deleted, cut, lengthened, exchanged or added, or an entry swapped or repeated, is refused"
        ));
        let damages = damages(files, *is_open);
        let step = size((damages.len() / 250) | 1, 1);
        try_all(&proof, files, &key, step, damages.len(), |at| damages[at].clone());
        proof.end();
    }
}
