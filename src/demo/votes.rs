//! Voting in the demo: every ballot gets its pass as a citizen's ballot would, and goes through the ballot box.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use entity::stored::Track;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::ballots::Ballot;
use crate::app::App;
use crate::ballot_log::steps::LEAST;
use crate::base::error::{Error, Result};
use crate::pass::paper::Paper;
use crate::pass::resident::{Resident, check_character};

/// Number of ballots that are cast concurrently.
const AT_ONCE: usize = 2048;

/// Casts the ballots of one day. Real-name voters are numbered on from `first_voter`. `done` is called after each ballot.
///
/// # Errors
/// Any refusal of a ballot.
pub async fn cast(app: &App, paper: &Paper, ballots: &[Ballot<'_>], first_voter: u32, done: impl Fn()) -> Result<u32> {
    let mut voter = first_voter;
    let numbered: Vec<(&Ballot<'_>, u32)> = ballots
        .iter()
        .map(|ballot| {
            voter += u32::from(ballot.track == Track::RealName);
            (ballot, voter)
        })
        .collect();
    stream::iter(numbered)
        .map(Ok)
        .try_for_each_concurrent(AT_ONCE, |(ballot, voter)| {
            let done = &done;
            async move {
                one(app, paper, ballot, voter).await?;
                done();
                Ok::<(), Error>(())
            }
        })
        .await?;
    Ok(voter)
}

/// The newest ballots of each track, as many as running figures leave out. Other voters cast these ballots once more, so that all
/// ballots before them are shown.
#[must_use]
pub fn newest<'a>(ballots: &[Ballot<'a>]) -> Vec<Ballot<'a>> {
    let mut taken: BTreeMap<Track, i64> = BTreeMap::new();
    let is_new = |ballot: &&Ballot<'a>| {
        let taken = taken.entry(ballot.track).or_default();
        *taken += 1;
        *taken <= LEAST
    };
    ballots.iter().rev().filter(is_new).cloned().collect()
}

async fn one(app: &App, paper: &Paper, ballot: &Ballot<'_>, voter: u32) -> Result<()> {
    let now = app.clock.now();
    let pass = match ballot.track {
        Track::Anonymous => app.passes.issuing.anonymous(paper).await?,
        Track::RealName => {
            let number = number(ballot.province, voter);
            let resident = Resident::parse(&number, crate::base::clock::day_of(now))
                .ok_or_else(|| Error::Internal("the demo made a wrong identity number".to_owned()))?;
            app.passes.issuing.real_name(paper, &resident.into(), now).await?
        }
    };
    let choices: Vec<String> = ballot.choices.iter().map(|c| (*c).to_owned()).collect();
    app.ballots.ballot_box.cast_patiently(paper.check(&pass, ballot.province, &choices)?).await?;
    Ok(())
}

/// An invented identity number: the province, a birth date, and an order number that is unique among the voters.
fn number(province: &str, voter: u32) -> String {
    const DATES: u32 = 18_000;
    let first = NaiveDate::from_ymd_opt(1945, 1, 1).unwrap_or_default();
    let born = first.checked_add_days(Days::new(u64::from(voter % DATES))).unwrap_or(first);
    let order = voter / DATES % 999 + 1;
    let digits = format!("{}0101{:04}{:02}{:02}{order:03}", &province[..2], born.year(), born.month(), born.day());
    let check = check_character(digits.as_bytes()).unwrap_or(b'0') as char;
    format!("{digits}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_numbers_are_well_formed_and_differ() {
        let today = NaiveDate::from_ymd_opt(2018, 4, 19).unwrap();
        let numbers: std::collections::HashSet<String> = (1..=50_000).map(|n| number("320000", n)).collect();
        assert_eq!(numbers.len(), 50_000);
        assert!(numbers.iter().all(|n| Resident::parse(n, today).is_some()));
    }
}
