//! Pabulib `.pb` files: votes that cities published, ballot by ballot, with the totals they announced.
//!
//! [`parse()`] turns the bytes of one file into an [`Election`]; [`compare`] holds a count against the published totals.
//! Both are pure. The file is three tables under the words `META`, `PROJECTS` and `VOTES`, each with a header row;
//! fields are separated by semicolons, may be quoted, and may hold line breaks.
//!
//! # Why so strict
//!
//! What is read here is counted and compared with what a city announced, so a file that contradicts itself is refused
//! with the place of the contradiction; nothing is skipped, repaired or guessed. Some decisions are worth knowing:
//!
//! * `vote_type` must be there. An ordinal or a cumulative vote fills the column `vote` just like an approval vote does,
//!   so a guess would yield a ranking that looks right and is not.
//! * A ballot without any choice is refused even under `min_length;0`: nobody can cast one here, and to leave it out
//!   would change the number of ballots. The format's own default for `min_length` is 1.
//! * A `voter_id` that comes twice is one person counted twice, and a `vote_strength` other than 1 is one person counted
//!   for more: both are refused. Neither column has to exist.
//! * A quotation mark that is never closed would swallow every ballot after it, so quoting is checked row by row.
//! * A year alone as `date_begin` or `date_end` stands for the whole year, first or last day.

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

/// A vote as its file tells it, before it becomes a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Election {
    /// What the vote was about, in a few words.
    pub description: Option<String>,
    /// Who held it: a city, a region, an organisation.
    pub unit: Option<String>,
    /// The part of the unit it was held in, such as a district.
    pub subunit: Option<String>,
    /// Which edition it was: a year or a number.
    pub instance: Option<String>,
    /// The language of the project names, as a language tag.
    pub language: Option<String>,
    /// How voters chose.
    pub vote_type: VoteType,
    /// The most projects a ballot may choose; never more than there are.
    pub max_choices: usize,
    /// The first day of voting.
    pub begin: Option<NaiveDate>,
    /// The last day of voting.
    pub end: Option<NaiveDate>,
    /// What could be chosen, in file order.
    pub projects: Vec<Project>,
    /// What was cast, in file order.
    pub ballots: Vec<Ballot>,
}

/// How voters chose; the only two ways in which a ballot is a set of ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteType {
    /// Each ballot ticks some projects, all alike.
    Approval,
    /// Each ballot ticks one project.
    ChooseOne,
}

/// One line of the questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The project's name in the ballots of this file.
    pub id: String,
    /// Its title, or its id where the file gives none.
    pub name: String,
    /// The total that was announced for it.
    pub published_votes: Option<u64>,
    /// The line of the file it stands on.
    pub line: usize,
}

/// One ballot: which projects it chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Places in [`Election::projects`]: at least one, none twice, in file order.
    pub choices: Vec<usize>,
    /// The line of the file it stands on.
    pub line: usize,
}

impl Election {
    /// A title for people: the description (or the unit) with subunit and edition where it does not name them itself.
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
