//! `shudu recount`: counts the ballots of a campaign again.

use shudu::campaign::phase::Phase;
use shudu::config::Settings;
use shudu::{ballot, ballot_log, campaign, tally};

use super::{Failure, Outcome, bar, open};

/// Counts the ballots of a campaign again and compares the result with the stored counts. Sealed ballots are compared with
/// the files of the public log as well, and a signed count with the log. The exit status is 1 where the counts differ. Prints
/// the ranking by the rule of the campaign, before any invalidation.
pub async fn run(settings: Settings, slug: &str) -> Outcome {
    let app = open(settings).await?;
    let db = app.stores.main.db();
    let found = campaign::queries::campaign(db, slug).await?;
    let options = campaign::queries::options(db, found.id).await?;
    let kept = ballot_log::counts::counts(&app.stores.ballots, slug).await?;
    let (ballots, _) = ballot::queries::turnout(&app.stores.ballots, slug).await?;
    let bar = bar(ballots.unsigned_abs(), "ballots");
    let again = ballot_log::counts::recount(&app.stores.ballots, slug, |n| bar.set_position(n)).await?;
    bar.finish_and_clear();
    let differing: Vec<_> =
        kept.keys().chain(again.keys()).filter(|cell| kept.get(*cell) != again.get(*cell)).collect();
    for (option, province, track) in &differing {
        let cell = (option.clone(), province.clone(), *track);
        let (kept, again) = (kept.get(&cell).unwrap_or(&0), again.get(&cell).unwrap_or(&0));
        let what = if option.is_empty() { "ballots" } else { option };
        println!("{what} {province} {track}: kept {kept}, recounted {again}");
    }
    if !differing.is_empty() {
        return Err(Failure { line: format!("{} cells differ", differing.len()), code: 1 });
    }
    let votes: i64 = again.iter().filter(|((option, ..), _)| !option.is_empty()).map(|(_, n)| n).sum();
    println!("{slug}: {ballots} ballots and {votes} option votes counted again, equal to the kept counts");
    let sealed = app.ballots.sequencer.recount(slug).await?;
    app.ballots.sequencer.compare_rows(slug, &sealed).await?;
    let entries: i64 = sealed.counts.iter().filter(|((option, ..), _)| option.is_empty()).map(|(_, n)| n).sum();
    println!("{slug}: {entries} ballots that count in the files of the public log, equal to the rows of the box");
    if Phase::of(&found, app.clock.now()).is_counted() {
        let stored = tally::queries::signed_lines(db, &app.ballots.sequencer, &found).await?;
        if stored != sealed.counts {
            return Err(Failure { line: format!("the signed count of {slug} is not that of its log"), code: 1 });
        }
        println!("{slug}: the signed count, the stored one and that of the log are equal");
    }
    let cut = if found.top_n > 0 { format!("; the first {} are selected", found.top_n) } else { String::new() };
    println!("ranked by {}: votes, of them by real name{cut}", found.ranking_rule);
    for ranked in tally::queries::ranking(&found, &options, &again) {
        println!("{:>4}. {:>10} {:>10}  {}", ranked.rank, ranked.votes, ranked.votes_real_name, ranked.code);
    }
    Ok(())
}
