//! `shudu import`: brings in a Pabulib election.

use std::path::Path;

use shudu::config::Settings;
use shudu::import;

use super::{Failure, Outcome, bar, open};

/// Imports a Pabulib file as a campaign and compares the counts with the published totals. The exit status is 1 where a total
/// differs.
pub async fn run(settings: Settings, file: &Path, slug: Option<String>) -> Outcome {
    let refuse = |line: String| Failure { line: format!("{}: {line}", file.display()), code: 2 };
    let size = std::fs::metadata(file).map_err(|e| refuse(e.to_string()))?.len();
    if size > import::MAX_FILE {
        return Err(refuse(format!("{size} bytes; at most {} are read", import::MAX_FILE)));
    }
    let bytes = std::fs::read(file).map_err(|e| refuse(e.to_string()))?;
    let election = import::pabulib::parse(&bytes).map_err(|e| refuse(e.to_string()))?;
    let slug = slug.unwrap_or_else(|| import::slug_of(file));
    let app = open(settings).await?;
    let bar = bar(election.ballots.len() as u64, "ballots");
    let outcome =
        import::run(&app, &slug, &election, || bar.inc(1)).await.map_err(|e| refuse(Failure::from(e).line))?;
    bar.finish_and_clear();
    println!("{slug}: {} ballots, {} option votes", outcome.ballots, outcome.option_votes);
    for ranked in &outcome.ranking {
        println!("{:>5}  {:>8}  {}", ranked.rank, ranked.votes, ranked.code);
    }
    let differing = import::pabulib::compare(&election.projects, &outcome.counted);
    let published = election.projects.iter().filter(|p| p.published_votes.is_some()).count();
    if differing.is_empty() {
        println!("all {published} published totals are reproduced");
        return Ok(());
    }
    for difference in &differing {
        println!("{difference}");
    }
    Err(Failure { line: format!("{} of {published} published totals differ", differing.len()), code: 1 })
}
