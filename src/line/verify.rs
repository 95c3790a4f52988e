//! `shudu verify`.

use std::path::Path;

use shudu::verify::{self, Source};

use super::{Failure, Outcome};

/// Checks a copy of a campaign's public log: exit 1 where something is wrong.
pub fn run(folder: &Path, key: Option<&str>) -> Outcome {
    let report = verify::verify(&Source::folder(folder), key)
        .map_err(|flaw| Failure { line: format!("REFUSED  {flaw}"), code: 1 })?;
    println!("key   {}\nsize  {} entries\nroot  {}", report.key, report.size, report.root);
    if let Some((ballots, invalidated)) = report.ballots {
        println!("{ballots} ballots, {invalidated} invalidated");
        for (place, (code, votes, real_name)) in (1..).zip(&report.ranking) {
            println!("{place:>4}. {votes:>10} {real_name:>10}  {code}");
        }
    }
    println!("{}", if report.is_counted { "OK" } else { "OK SO FAR: not everything is public yet" });
    Ok(())
}
