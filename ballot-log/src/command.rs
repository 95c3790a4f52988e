//! The command that verifies a log: arguments, printed report, exit codes. The programs `shudu-verify` and `shudu verify` run it.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use indicatif::ProgressBar;

use crate::cosignature::Witness;
use crate::kept;
use crate::note::Verifier;
use crate::verify::fetch::{Trouble, fetch};
use crate::verify::{self, BallotName, Checked, Flaw, Source};

/// A failed command: a line for the person, a code for the script.
#[derive(Debug)]
pub struct Failure {
    /// Line on standard error.
    pub line: String,
    /// Exit code: 1 where something is wrong, 2 where the log could not be checked.
    pub code: u8,
}

type Outcome<T = ()> = Result<T, Failure>;

/// The log and the texts to be checked.
#[derive(clap::Args)]
pub struct Args {
    /// The log: its address on the site, or a folder with a copy of it
    #[arg(value_name = "URL-or-DIR")]
    place: String,
    /// The log's verifier key, as text or as a file, from a source that the site cannot change for you alone
    #[arg(long)]
    key: Option<String>,
    /// Keep the fetched copy in this folder; files there that never change are not fetched again
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// A receipt that the log has to hold: the file, its number, or the leaf hash of the ballot (hexadecimal or base64)
    #[arg(long, value_name = "FILE|NUMBER|HASH")]
    receipt: Option<String>,
    /// A signed promise that the log has to keep
    #[arg(long, value_name = "FILE")]
    promise: Option<PathBuf>,
    /// An earlier checkpoint, to which the log may only have added entries
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// A witness that has to have cosigned the checkpoint, by its verifier key; repeatable
    #[arg(long = "witness", value_name = "VERIFIERKEY")]
    witnesses: Vec<String>,
}

/// Checks a log and prints its report. `bar` makes the progress bar of a download.
///
/// # Errors
/// Code 1 where something is wrong, code 2 where the log could not be checked.
pub fn run(asked: &Args, bar: impl FnOnce() -> ProgressBar) -> Outcome {
    // The arguments are read first, so that a mistyped name costs no download.
    let held = Held::read(asked)?;
    if !asked.place.starts_with("http://") && !asked.place.starts_with("https://") {
        return check(Path::new(&asked.place), &held);
    }
    let temporary = tempfile::tempdir().map_err(|e| not_checked(e.to_string()))?;
    let folder = asked.keep.as_deref().unwrap_or(temporary.path());
    let bar = bar();
    fetch(&asked.place, folder, &bar)?;
    bar.finish_and_clear();
    check(folder, &held)
}

/// Sentence about a kept file without the form of a signed note.
const TORN: &str = "cannot be read as a signed note (was a part left out, or were its lines changed?)";

/// Evidence that the caller holds against the log.
struct Held {
    key: Option<String>,
    receipt: Option<HeldReceipt>,
    promise: Option<(String, String)>,
    since: Option<(String, String)>,
    witnesses: Vec<Witness>,
}

/// A receipt that the caller holds.
enum HeldReceipt {
    /// A receipt number or a leaf hash.
    Name(BallotName),
    /// A file with a proof: its name and its text.
    File(String, String),
}

impl Held {
    fn read(asked: &Args) -> Outcome<Self> {
        let file = |path: &Path| {
            let failed = |what: &dyn std::fmt::Display| not_checked(format!("{}: {what}", path.display()));
            let bytes = std::fs::read(path).map_err(|e| failed(&e))?;
            let text = kept::text(&bytes).ok_or_else(|| failed(&"is no text"))?;
            Ok::<_, Failure>((path.display().to_string(), text))
        };
        let note = |path: &Path| match file(path)? {
            (_, text) if kept::is_note(&text) => Ok((path.display().to_string(), text)),
            (name, _) => Err(not_checked(format!("{name}: {TORN}"))),
        };
        let receipt = match &asked.receipt {
            Some(text) => match BallotName::read(text) {
                Some(name) => Some(HeldReceipt::Name(name)),
                None => note(Path::new(text)).map(|(file, text)| Some(HeldReceipt::File(file, text)))?,
            },
            None => None,
        };
        let key = match &asked.key {
            Some(path) if Path::new(path).is_file() => Some(file(Path::new(path))?.1),
            other => other.clone(),
        };
        if let Some(key) = key.as_ref().filter(|key| Verifier::parse(key.trim()).is_none()) {
            return Err(not_checked(format!("{key} is not the verifier key of a log")));
        }
        let witness = |text: &String| {
            Witness::parse(text).ok_or_else(|| not_checked(format!("{text} is not the verifier key of a witness")))
        };
        Ok(Self {
            key,
            receipt,
            promise: asked.promise.as_deref().map(note).transpose()?,
            since: asked.since.as_deref().map(note).transpose()?,
            witnesses: asked.witnesses.iter().map(witness).collect::<Outcome<_>>()?,
        })
    }
}

fn check(folder: &Path, held: &Held) -> Outcome {
    if !folder.is_dir() {
        let line = format!("{} is neither a directory nor an address", folder.display());
        return Err(not_checked(line));
    }
    let source = Source::folder(folder);
    let log = verify::check(&source, held.key.as_deref())?;
    print(&log);
    for witness in &held.witnesses {
        println!("cosigned by {} at {}", witness.name, moment(log.witnessed(&source, witness)?));
    }
    if let Some((file, text)) = &held.since {
        println!("{file}: the log was only added to since its size was {}", log.since(file, text)?.size);
    }
    if let Some(receipt) = &held.receipt {
        let index = match receipt {
            HeldReceipt::Name(name) => log.ballot(name)?,
            HeldReceipt::File(file, text) => log.receipt(file, text)?,
        };
        println!("the ballot of this receipt is entry {index}");
    }
    let mut is_whole = log.report.is_counted;
    if let Some((file, text)) = &held.promise {
        let kept = log.promise(file, text)?;
        match kept.index {
            Some(index) => println!("{file}: the promise is kept, the ballot is entry {index}"),
            None => println!(
                "{file}: promised by {} (programme time); the ballot is not in the log yet. After that time the promise is broken",
                kept.by
            ),
        }
        is_whole &= kept.index.is_some();
    }
    println!("{}", if is_whole { "OK" } else { "OK SO FAR: not everything is public yet" });
    Ok(())
}

fn print(log: &Checked) {
    let report = &log.report;
    let root = hex::decode(&report.root).map(|root| STANDARD.encode(root)).unwrap_or_default();
    println!("key   {}\nsize  {} entries\nroot  {root}", report.key, report.size);
    if let Some((ballots, invalidated)) = report.ballots {
        println!("{ballots} ballots, {invalidated} invalidated");
        println!("ranked by {}: votes, of them by real name; the first {} are selected", report.rule, report.selected);
        for (place, (code, votes, real_name)) in (1..).zip(&report.ranking) {
            println!("{place:>4}. {votes:>10} {real_name:>10}  {code}");
        }
    }
}

fn moment(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

fn not_checked(what: impl std::fmt::Display) -> Failure {
    Failure { line: format!("NOT CHECKED  {what}"), code: 2 }
}

impl From<Flaw> for Failure {
    fn from(flaw: Flaw) -> Self {
        // File names may come from a stranger. Control characters are replaced, so that no name moves the cursor or clears a
        // line.
        let said: String = flaw.to_string().chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        Self { line: format!("REFUSED  {said}"), code: 1 }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Flaw(flaw) => flaw.into(),
            Trouble::Unreachable(what) => not_checked(what),
        }
    }
}
