//! The rules of a campaign as an organiser writes them, and their check.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::campaign;
use entity::codes::Codes;
use entity::stored::{Display, RankingRule, Track};

use super::rule;
use crate::base::clock::{day_of, end_of, instant_of, time_of};
use crate::base::error::{Problems, Result};
use crate::base::text;

/// The rules of a campaign. Every limit is data: no code assumes thirty-one provinces or twenty issues.
#[derive(Clone, Debug)]
pub struct Draft {
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
    pub hosts: Vec<String>,
    /// First day of voting.
    pub opens_on: NaiveDate,
    /// Time of the first day at which voting opens, in China.
    pub opens_time: NaiveTime,
    /// Last day of voting, included.
    pub closes_on: NaiveDate,
    /// Time of the last day at which voting closes, in China; midnight stands for 24:00.
    pub closes_time: NaiveTime,
    /// Largest number of options on one ballot.
    pub max_choices: i32,
    /// Number of options that become issues.
    pub top_n: i32,
    /// Tracks on which ballots are taken.
    pub tracks: Vec<Track>,
    /// Rule by which options are ranked.
    pub ranking_rule: RankingRule,
    /// Number of anonymous passes that one address gets on one day.
    pub day_cap: i32,
    /// Longest time that a phone computes the puzzle of an anonymous pass, in seconds.
    pub work_seconds: i32,
    /// Figures that are shown while voting is open.
    pub display: Display,
    /// Codes of the provinces that receive the issues.
    pub units: Vec<String>,
    /// Deadline of the fixes.
    pub deadline: Deadline,
    /// Number of working days for acknowledging.
    pub acknowledge_days: i32,
}

/// Deadline of the fixes: a date, rolled forward to a working day, or a number of working days after the dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Fixed last day.
    On(NaiveDate),
    /// Number of working days after the dispatch; the day of dispatch does not count.
    After(i32),
}

/// Codes and names that a draft is checked against.
#[derive(Clone, Debug)]
pub struct Known {
    /// Codes of all departments.
    pub departments: Vec<String>,
    /// Codes of all places that can receive issues.
    pub units: Vec<String>,
    /// Slugs of all other campaigns.
    pub slugs: HashSet<String>,
    /// Looks ([`text::look`]) of the Chinese and English names of all other campaigns that were submitted and not cancelled.
    pub names: HashSet<String>,
}

impl Known {
    /// Whether no other campaign has a name with the same look.
    #[must_use]
    pub fn is_free(&self, name: &str) -> bool {
        !self.names.contains(&text::look(name))
    }
}

/// Number of anonymous passes that one address gets on one day, where the campaign sets no other.
pub const DAY_CAP: i32 = 500;
/// Longest time in seconds that a phone computes the puzzle of an anonymous pass, where the campaign sets no other.
pub const WORK_SECONDS: i32 = 10;
/// Number of working days that is used as the deadline of a campaign without one, such as an imported campaign.
const DEADLINE: i32 = 30;

impl Draft {
    /// The rules of a stored campaign.
    #[must_use]
    pub fn of(row: &campaign::Model) -> Self {
        Self {
            slug: row.slug.clone(),
            name_zh: row.name_zh.clone(),
            name_en: row.name_en.clone(),
            purpose_zh: row.purpose_zh.clone(),
            purpose_en: row.purpose_en.clone(),
            hosts: row.hosts.0.clone(),
            opens_on: day_of(row.opens_at),
            opens_time: time_of(row.opens_at),
            closes_on: last_day(row),
            closes_time: time_of(row.closes_at),
            max_choices: row.max_choices,
            top_n: row.top_n,
            tracks: tracks(row),
            ranking_rule: row.ranking_rule,
            day_cap: row.day_cap,
            work_seconds: row.work_seconds,
            display: row.display,
            units: row.units.0.clone(),
            deadline: match row.deadline_on {
                Some(day) => Deadline::On(day),
                None => Deadline::After(row.deadline_days.unwrap_or(DEADLINE)),
            },
            acknowledge_days: row.acknowledge_days,
        }
    }

    /// First instant of voting, programme time.
    #[must_use]
    pub fn opens_at(&self) -> DateTime<Utc> {
        instant_of(self.opens_on, self.opens_time)
    }

    /// Exclusive end of voting, programme time: without a time the whole last day counts.
    #[must_use]
    pub fn closes_at(&self) -> DateTime<Utc> {
        match self.closes_time {
            NaiveTime::MIN => end_of(self.closes_on),
            time => instant_of(self.closes_on, time),
        }
    }

    /// The codes of the tracks in their stored order.
    #[must_use]
    pub fn track_codes(&self) -> Codes {
        let taken = |track: &&Track| self.tracks.contains(*track);
        Track::ALL.iter().filter(taken).map(|t| t.code()).collect()
    }

    /// Checks all rules and reports all errors at once.
    ///
    /// # Errors
    /// `Invalid` with every wrong field.
    pub fn check(&self, known: &Known) -> Result<()> {
        let mut problems = Problems::default();
        problems.check(is_slug(&self.slug), "slug", "campaign.slug");
        problems.check(!known.slugs.contains(&self.slug), "slug", "campaign.slug_taken");
        problems.line("name_zh", &self.name_zh, 40);
        problems.check(known.is_free(&self.name_zh), "name_zh", "campaign.name_taken");
        problems.line("name_en", &self.name_en, 80);
        problems.check(known.is_free(&self.name_en), "name_en", "campaign.name_taken");
        problems.text("purpose_zh", &self.purpose_zh, 100);
        problems.text("purpose_en", &self.purpose_en, 200);
        problems.check(self.hosts.iter().all(|h| known.departments.contains(h)), "hosts", "campaign.unknown_host");
        problems.of_our_time("opens_on", self.opens_on);
        problems.of_our_time("closes_on", self.closes_on);
        problems.check(self.closes_on >= self.opens_on, "closes_on", "campaign.closes_before");
        let lasts = self.closes_time == NaiveTime::MIN || self.closes_time > self.opens_time;
        let is_later = self.closes_on != self.opens_on || lasts;
        problems.check(is_later, "closes_time", "campaign.closes_too_soon");
        problems.check((1..=50).contains(&self.max_choices), "max_choices", "campaign.max_choices");
        problems.check((1..=500).contains(&self.top_n), "top_n", "campaign.top_n");
        problems.check(!self.tracks.is_empty(), "tracks", "campaign.no_track");
        let can_decide = self.tracks.is_empty() || rule::fits(self.ranking_rule, &self.tracks);
        problems.check(can_decide, "ranking_rule", "campaign.no_real_name");
        problems.check((1..=1_000_000).contains(&self.day_cap), "day_cap", "campaign.day_cap");
        problems.check((1..=60).contains(&self.work_seconds), "work_seconds", "campaign.work_seconds");
        problems.check(!self.units.is_empty(), "units", "campaign.no_unit");
        problems.check(self.units.iter().all(|u| known.units.contains(u)), "units", "campaign.unknown_unit");
        problems.check(is_distinct(&self.units), "units", "campaign.unit_twice");
        match self.deadline {
            Deadline::On(day) => {
                problems.of_our_time("deadline_on", day);
                problems.check(day > self.closes_on, "deadline_on", "campaign.deadline_early");
            }
            Deadline::After(days) => {
                problems.check((1..=400).contains(&days), "deadline_days", "campaign.deadline_days")
            }
        }
        problems.check((1..=30).contains(&self.acknowledge_days), "acknowledge_days", "campaign.acknowledge_days");
        problems.finish()
    }
}

/// The time at which voting opens; an empty text stands for the beginning of the day. None for a text that is no time.
#[must_use]
pub fn opening(typed: &str) -> Option<NaiveTime> {
    if typed.trim().is_empty() { Some(NaiveTime::MIN) } else { text::time(typed) }
}

/// The time at which voting closes; an empty text and 24:00 stand for the end of the day. None for a text that is no time, and for
/// 0:00, which may mean the beginning of the day as well as its end.
#[must_use]
pub fn closing(typed: &str) -> Option<NaiveTime> {
    match text::plain(typed).as_str() {
        "" | "24:00" => Some(NaiveTime::MIN),
        typed => text::time(typed).filter(|time| *time != NaiveTime::MIN),
    }
}

/// The last day of voting of a campaign.
#[must_use]
pub fn last_day(row: &campaign::Model) -> NaiveDate {
    crate::base::clock::last_day(row.closes_at)
}

/// The tracks on which a campaign takes ballots.
#[must_use]
pub fn tracks(row: &campaign::Model) -> Vec<Track> {
    Track::ALL.iter().copied().filter(|track| row.tracks.has(track.code())).collect()
}

/// Whether a text may be a slug: lower-case letters, digits and dashes, at most 40 characters, beginning with a letter or
/// digit. Two slugs are reserved: `new` is the address of the form, `audit` is the folder of the audit trail among the public
/// logs.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && !["new", crate::audit::publishing::FOLDER].contains(&text)
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_distinct(codes: &[String]) -> bool {
    codes.iter().collect::<HashSet<_>>().len() == codes.len()
}
