//! Pabulib `.pb` files: votes that cities published, ballot by ballot, with the announced totals.
//!
//! [`parse()`] turns the bytes of one file into an [`Election`]; [`compare`] compares a count with the published totals. Both
//! functions are pure. A file has three tables under the words `META`, `PROJECTS` and `VOTES`, each with a header row. Fields are
//! separated by semicolons, may be quoted, and may contain line breaks.
//!
//! # Why the reader is strict
//!
//! The ballots are counted and compared with the totals that a city announced. So a file that contradicts itself is refused with
//! the place of the contradiction; nothing is skipped, repaired or guessed. Some decisions in detail:
//!
//! * `vote_type` is required. An ordinal or a cumulative vote fills the column `vote` just as an approval vote does, so a guess
//!   would give a ranking that looks right and is wrong.
//! * A ballot without any choice is refused even under `min_length;0`. Nobody can cast such a ballot here, and leaving it out
//!   would change the number of ballots. The format's own default for `min_length` is 1.
//! * A repeated `voter_id` is one person counted twice, and a `vote_strength` other than 1 is one person with another weight:
//!   both are refused. Neither column has to exist.
//! * A quotation mark that is never closed would hide every ballot after it, so quoting is checked row by row.
//! * A year alone in `date_begin` or `date_end` means the first or last day of that year.

mod ballots;
mod count;
mod error;
mod meta;
mod parse;
mod rows;
#[cfg(test)]
mod tests;
mod text;

use chrono::NaiveDate;

pub use count::{Difference, compare, count};
pub use error::{Error, Place, Problem};
pub use parse::{MAX_PROJECTS, parse};
pub use rows::{MAX_FIELD_BYTES, Section};

/// A vote as its file describes it, before it becomes a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Election {
    /// Subject of the vote in a few words.
    pub description: Option<String>,
    /// Organiser of the vote: a city, a region, an organisation.
    pub unit: Option<String>,
    /// Part of the unit in which the vote was held, such as a district.
    pub subunit: Option<String>,
    /// Edition of the vote: a year or a number.
    pub instance: Option<String>,
    /// Language of the project names, as a language tag.
    pub language: Option<String>,
    /// Type of the vote.
    pub vote_type: VoteType,
    /// Greatest number of projects on one ballot; never more than there are projects.
    pub max_choices: usize,
    /// First day of voting; none where the file does not state it.
    pub begin: Option<NaiveDate>,
    /// Last day of voting; none where the file does not state it.
    pub end: Option<NaiveDate>,
    /// Projects of the vote, in file order.
    pub projects: Vec<Project>,
    /// Ballots of the vote, in file order.
    pub ballots: Vec<Ballot>,
}

/// The type of a vote. Only in these two types is a ballot a set of ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteType {
    /// Each ballot ticks some projects, all with equal weight.
    Approval,
    /// Each ballot ticks one project.
    ChooseOne,
}

/// One line of the questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Id of the project in the ballots of this file.
    pub id: String,
    /// Title of the project, or its id where the file gives no title.
    pub name: String,
    /// Total that was announced for the project; none where the file states none.
    pub published_votes: Option<u64>,
    /// Line of the file on which the project begins.
    pub line: usize,
}

/// One ballot: the chosen projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Indexes into [`Election::projects`]: at least one, no duplicates, in file order.
    pub choices: Vec<usize>,
    /// Line of the file on which the ballot begins.
    pub line: usize,
}

impl Election {
    /// A title for people: the description (or the unit), with subunit and edition unless the title contains them already.
    pub fn title(&self) -> Option<String> {
        let parts = [&self.description, &self.subunit, &self.instance];
        let mut parts = parts.into_iter().flatten();
        let mut title = match (&self.description, &self.unit) {
            (None, Some(unit)) => unit.clone(),
            _ => parts.next()?.clone(),
        };
        for part in parts {
            if !title.contains(part.as_str()) {
                title.push_str(", ");
                title.push_str(part);
            }
        }
        Some(title)
    }
}
