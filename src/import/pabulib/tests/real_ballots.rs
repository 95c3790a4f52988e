//! Acceptance test: the ballots of real votes give the totals that their cities published.
//!
//! The files are not part of this project. `SHUDU_REAL_BALLOTS` names the directory that contains them.

use std::path::Path;
use std::time::Instant;

use crate::import::pabulib::{compare, count, parse};

#[test]
fn real_ballots_give_the_totals_that_were_published() -> std::io::Result<()> {
    let Some(directory) = std::env::var_os("SHUDU_REAL_BALLOTS").filter(|path| Path::new(path).is_dir()) else {
        println!("Skipped: SHUDU_REAL_BALLOTS names no directory with real ballots.");
        return Ok(());
    };
    let mut paths: Vec<_> = std::fs::read_dir(directory)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pb"));
    paths.sort();
    assert!(!paths.is_empty(), "SHUDU_REAL_BALLOTS names a directory without .pb files");
    for path in paths {
        check(&path)?;
    }
    Ok(())
}

fn check(path: &Path) -> std::io::Result<()> {
    let file = std::fs::read(path)?;
    let started = Instant::now();
    let election = match parse(&file) {
        Ok(election) => election,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let counted = count(&election);
    let took = started.elapsed();

    let published = election.projects.iter().filter(|project| project.published_votes.is_some()).count();
    assert_eq!(published, election.projects.len(), "{}: every project has a published total", path.display());
    assert_eq!(compare(&election.projects, &counted), [], "{}", path.display());
    let mut short = election.clone();
    let lost = short.ballots.pop().map_or(0, |ballot| ballot.choices.len());
    let differing = compare(&election.projects, &count(&short)).len();
    assert_eq!(differing, lost, "one lost ballot is noticed");
    println!(
        "{}: {} projects, {} ballots of up to {}, {} option votes, {published} published totals reproduced, {took:?}",
        election.title().unwrap_or_default(),
        election.projects.len(),
        election.ballots.len(),
        election.max_choices,
        counted.iter().sum::<u64>(),
    );
    Ok(())
}
