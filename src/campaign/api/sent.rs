//! The request bodies of the API that write campaigns.

use chrono::NaiveDate;
use entity::stored::{Display, ProposedBy, RankingRule, Track};
use poem_openapi::Object;

use super::option::OptionObject;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::campaign::draft::{DAY_CAP, Deadline, Draft, WORK_SECONDS, closing, opening};
use crate::campaign::options::{NewOption, Vocabulary, check_list, read};
use crate::campaign::rule;

/// The rules of a campaign.
#[derive(Debug, Object)]
pub struct Rules {
    /// Name of the campaign in addresses: lower-case letters, digits, dashes.
    pub slug: String,
    /// Name of the campaign in Chinese.
    pub name_zh: String,
    /// Name of the campaign in English.
    pub name_en: String,
    /// Purpose of the campaign in Chinese, one sentence.
    pub purpose_zh: String,
    /// Purpose of the campaign in English, one sentence.
    pub purpose_en: String,
    /// Codes of the departments that host the campaign.
    #[oai(default)]
    pub hosts: Vec<String>,
    /// First day of voting, in China.
    pub opens_on: NaiveDate,
    /// Time of the first day at which voting opens, in China, such as `9:30`. Default: 0:00.
    pub opens_time: Option<String>,
    /// Last day of voting, included.
    pub closes_on: NaiveDate,
    /// Time of the last day at which voting closes, in China, such as `18:30`. Default: 24:00. Midnight is written as `24:00`.
    pub closes_time: Option<String>,
    /// Largest number of options on one ballot.
    pub max_choices: i32,
    /// Number of options that become issues.
    pub top_n: i32,
    /// Tracks on which ballots are taken.
    pub tracks: Vec<Track>,
    /// Rule by which options are ranked. Default: real-name votes decide where there is a real-name track, else all votes
    /// decide.
    pub ranking_rule: Option<RankingRule>,
    /// Number of anonymous passes that one address (in IPv6 a /64) gets on one day, 1 to 1,000,000; a /24 or a /48 gets ten
    /// times as many.
    #[oai(default = "day_cap")]
    pub day_cap: i32,
    /// Longest time in seconds that a phone computes the puzzle of an anonymous pass, 1 to 60.
    #[oai(default = "work_seconds")]
    pub work_seconds: i32,
    /// Figures that are shown while voting is open.
    pub display: Display,
    /// Codes of the places that receive the issues.
    pub units: Vec<String>,
    /// Last day for the fixes, rolled forward to a working day. Either this field or `deadline_days` is sent.
    pub deadline_on: Option<NaiveDate>,
    /// Number of working days for the fixes after the dispatch. Either this field or `deadline_on` is sent.
    pub deadline_days: Option<i32>,
    /// Number of working days for acknowledging.
    #[oai(default = "one")]
    pub acknowledge_days: i32,
}

/// New rules for a draft.
#[derive(Debug, Object)]
pub struct RulesChange {
    /// Revision of the campaign that the caller read (optimistic lock).
    pub revision: i32,
    /// New rules of the campaign.
    #[oai(flatten)]
    pub rules: Rules,
}

/// The options of a draft, all of them: as a list or as CSV.
#[derive(Debug, Object)]
pub struct OptionList {
    /// Revision of the campaign that the caller read (optimistic lock).
    pub revision: i32,
    /// Options of the draft as a list.
    pub options: Option<Vec<OptionLine>>,
    /// Options of the draft as a CSV table with a header row; codes within a cell are separated by blanks.
    pub csv: Option<String>,
}

/// One option as its author sends it.
#[derive(Debug, Object)]
pub struct OptionLine {
    /// The option as the questionnaire will show it.
    #[oai(flatten)]
    pub option: OptionObject,
    /// Group that proposed the option.
    pub proposed_by: ProposedBy,
}

/// A move of a campaign.
#[derive(Debug, Object)]
pub struct Act {
    /// Reason of the move; required for sending back, suspension, halt request and cancellation.
    pub reason: Option<String>,
    /// Revision of the campaign that the caller read (optimistic lock); after a change in between the call is refused with 409.
    pub revision: Option<i32>,
}

const fn one() -> i32 {
    1
}

const fn day_cap() -> i32 {
    DAY_CAP
}

const fn work_seconds() -> i32 {
    WORK_SECONDS
}

impl Rules {
    /// The draft with these rules; the command checks the values.
    pub fn draft(self) -> Result<Draft> {
        let deadline = match (self.deadline_on, self.deadline_days) {
            (Some(day), None) => Deadline::On(day),
            (None, Some(days)) => Deadline::After(days),
            _ => {
                let refusal = Refusal::new("campaign.one_deadline");
                return Err(Error::field("deadline_on", refusal));
            }
        };
        let opens_time = opening(self.opens_time.as_deref().unwrap_or(""));
        let closes_time = closing(self.closes_time.as_deref().unwrap_or(""));
        let mut problems = Problems::default();
        problems.check(opens_time.is_some(), "opens_time", "form.time");
        problems.check(closes_time.is_some(), "closes_time", "campaign.closing_time");
        problems.finish()?;
        Ok(Draft {
            slug: self.slug,
            name_zh: self.name_zh,
            name_en: self.name_en,
            purpose_zh: self.purpose_zh,
            purpose_en: self.purpose_en,
            hosts: self.hosts,
            opens_on: self.opens_on,
            opens_time: opens_time.unwrap_or_default(),
            closes_on: self.closes_on,
            closes_time: closes_time.unwrap_or_default(),
            max_choices: self.max_choices,
            top_n: self.top_n,
            ranking_rule: self.ranking_rule.unwrap_or_else(|| rule::usual(&self.tracks)),
            tracks: self.tracks,
            day_cap: self.day_cap,
            work_seconds: self.work_seconds,
            display: self.display,
            units: self.units,
            deadline,
            acknowledge_days: self.acknowledge_days,
        })
    }
}

impl OptionList {
    /// The options of either form, checked by the same rules as a table.
    pub fn read(self, vocabulary: &Vocabulary) -> Result<Vec<NewOption>> {
        match (self.options, self.csv) {
            (Some(list), None) => {
                let list: Vec<NewOption> =
                    list.into_iter().map(|line| line.option.into_new(line.proposed_by)).collect();
                check_list(&list, vocabulary)
            }
            (None, Some(text)) => read(&text, vocabulary),
            _ => Err(Error::field("options", Refusal::new("options.one_form"))),
        }
    }
}
