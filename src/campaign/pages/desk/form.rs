//! The fields of the rules form, kept as typed, and their conversion into a draft.

use chrono::{NaiveDate, NaiveTime};
use entity::stored::{Display, RankingRule, Track};

use crate::base::error::{Error, FieldError, Problems, Refusal};
use crate::base::text;
use crate::campaign::draft::{DAY_CAP, Deadline, Draft, Known, WORK_SECONDS, closing, opening};
use crate::campaign::rule;
use crate::web::form::Sent;

/// The rules as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Name of the campaign in addresses.
    pub slug: String,
    /// Name of the campaign in Chinese.
    pub name_zh: String,
    /// Name of the campaign in English.
    pub name_en: String,
    /// Purpose of the campaign in Chinese.
    pub purpose_zh: String,
    /// Purpose of the campaign in English.
    pub purpose_en: String,
    /// Codes of the ticked host departments.
    pub hosts: Vec<String>,
    /// First day of voting.
    pub opens_on: String,
    /// Time of the opening; empty for the beginning of the day.
    pub opens_time: String,
    /// Last day of voting, included.
    pub closes_on: String,
    /// Time of the close; empty for the end of the day.
    pub closes_time: String,
    /// Largest number of options on one ballot.
    pub max_choices: String,
    /// Number of options that become issues.
    pub top_n: String,
    /// Codes of the ticked tracks.
    pub tracks: Vec<String>,
    /// Code of the chosen ranking rule; empty for the default rule.
    pub ranking_rule: String,
    /// Number of anonymous passes that one address gets on one day.
    pub day_cap: String,
    /// Longest time of the puzzle, in seconds.
    pub work_seconds: String,
    /// Code of the chosen display.
    pub display: String,
    /// Codes of the ticked places.
    pub units: Vec<String>,
    /// Kind of the deadline: `on` or `days`.
    pub deadline: String,
    /// Fixed last day for the fixes.
    pub deadline_on: String,
    /// Number of working days for the fixes after the dispatch.
    pub deadline_days: String,
    /// Number of working days for acknowledging.
    pub acknowledge_days: String,
}

impl Typed {
    /// The values of a form that was sent.
    pub fn sent(form: &Sent) -> Self {
        let text = |field: &str| form.get(field).to_owned();
        // Forms of earlier versions do not have every field.
        let or = |field: &str, usual: i32| if form.has(field) { text(field) } else { usual.to_string() };
        Self {
            slug: text::plain(form.get("slug")),
            name_zh: text("name_zh"),
            name_en: text("name_en"),
            purpose_zh: text("purpose_zh"),
            purpose_en: text("purpose_en"),
            hosts: form.all("hosts").to_vec(),
            opens_on: text("opens_on"),
            opens_time: text("opens_time"),
            closes_on: text("closes_on"),
            closes_time: text("closes_time"),
            max_choices: text("max_choices"),
            top_n: text("top_n"),
            tracks: form.all("tracks").to_vec(),
            ranking_rule: text("ranking_rule"),
            day_cap: or("day_cap", DAY_CAP),
            work_seconds: or("work_seconds", WORK_SECONDS),
            display: text("display"),
            units: form.all("units").to_vec(),
            deadline: text("deadline"),
            deadline_on: text("deadline_on"),
            deadline_days: text("deadline_days"),
            acknowledge_days: text("acknowledge_days"),
        }
    }

    /// The values of an empty form, with the defaults.
    pub fn usual(known: &Known) -> Self {
        Self {
            max_choices: "5".to_owned(),
            top_n: "20".to_owned(),
            tracks: Track::ALL.iter().map(|t| t.code().to_owned()).collect(),
            ranking_rule: rule::usual(Track::ALL).code().to_owned(),
            day_cap: DAY_CAP.to_string(),
            work_seconds: WORK_SECONDS.to_string(),
            display: Display::Turnout.code().to_owned(),
            units: known.units.clone(),
            deadline: "on".to_owned(),
            acknowledge_days: "1".to_owned(),
            ..Self::default()
        }
    }

    /// The values of existing rules.
    pub fn of(draft: &Draft) -> Self {
        let (deadline, deadline_on, deadline_days) = match draft.deadline {
            Deadline::On(day) => ("on", day.to_string(), String::new()),
            Deadline::After(days) => ("days", String::new(), days.to_string()),
        };
        Self {
            slug: draft.slug.clone(),
            name_zh: draft.name_zh.clone(),
            name_en: draft.name_en.clone(),
            purpose_zh: draft.purpose_zh.clone(),
            purpose_en: draft.purpose_en.clone(),
            hosts: draft.hosts.clone(),
            opens_on: draft.opens_on.to_string(),
            opens_time: typed_time(draft.opens_time),
            closes_on: draft.closes_on.to_string(),
            closes_time: typed_time(draft.closes_time),
            max_choices: draft.max_choices.to_string(),
            top_n: draft.top_n.to_string(),
            tracks: draft.tracks.iter().map(|t| t.code().to_owned()).collect(),
            ranking_rule: draft.ranking_rule.code().to_owned(),
            day_cap: draft.day_cap.to_string(),
            work_seconds: draft.work_seconds.to_string(),
            display: draft.display.code().to_owned(),
            units: draft.units.clone(),
            deadline: deadline.to_owned(),
            deadline_on,
            deadline_days,
            acknowledge_days: draft.acknowledge_days.to_string(),
        }
    }

    /// The values of a new campaign after those of an earlier one: everything but slug, names and dates.
    pub fn after(earlier: &Draft) -> Self {
        let fresh = String::new;
        Self {
            slug: fresh(),
            name_zh: fresh(),
            name_en: fresh(),
            opens_on: fresh(),
            opens_time: fresh(),
            closes_on: fresh(),
            closes_time: fresh(),
            deadline_on: fresh(),
            ..Self::of(earlier)
        }
    }

    /// The draft of the form, or all its errors: first values that cannot be parsed, then violations of the rules in all other
    /// fields.
    pub fn draft(&self, known: &Known) -> Result<Draft, Vec<FieldError>> {
        let mut reading = Reading::default();
        let opens_on = reading.day("opens_on", &self.opens_on);
        let closes_on = reading.day("closes_on", &self.closes_on);
        let opens_time = reading.time("opens_time", "form.time", opening(&self.opens_time));
        let closes_time = reading.time("closes_time", "campaign.closing_time", closing(&self.closes_time));
        let tracks: Vec<Track> = reading.words("tracks", &self.tracks);
        let chosen: Vec<&str> = Some(self.ranking_rule.as_str()).into_iter().filter(|rule| !rule.is_empty()).collect();
        let ranking_rule: Option<RankingRule> = reading.words("ranking_rule", &chosen).pop();
        let draft = Draft {
            slug: self.slug.clone(),
            name_zh: self.name_zh.clone(),
            name_en: self.name_en.clone(),
            purpose_zh: self.purpose_zh.clone(),
            purpose_en: self.purpose_en.clone(),
            hosts: self.hosts.clone(),
            // A date that cannot be parsed is replaced by the other date, so that their comparison adds no error.
            opens_on: opens_on.or(closes_on).unwrap_or_default(),
            opens_time,
            closes_on: closes_on.or(opens_on).unwrap_or_default(),
            closes_time,
            max_choices: reading.number("max_choices", &self.max_choices),
            top_n: reading.number("top_n", &self.top_n),
            ranking_rule: ranking_rule.unwrap_or_else(|| rule::usual(&tracks)),
            tracks,
            day_cap: reading.number("day_cap", &self.day_cap),
            work_seconds: reading.number("work_seconds", &self.work_seconds),
            display: reading.words("display", std::slice::from_ref(&self.display)).pop().unwrap_or(Display::Turnout),
            units: self.units.clone(),
            deadline: match self.deadline.as_str() {
                "days" => Deadline::After(reading.number("deadline_days", &self.deadline_days)),
                _ => Deadline::On(reading.day("deadline_on", &self.deadline_on).unwrap_or_default()),
            },
            acknowledge_days: reading.number("acknowledge_days", &self.acknowledge_days),
        };
        let mut errors = reading.errors();
        if let Err(Error::Invalid(refused)) = draft.check(known) {
            let unread: Vec<String> = errors.iter().map(|e| e.field.clone()).collect();
            errors.extend(refused.into_iter().filter(|e| !unread.contains(&e.field)));
        }
        if errors.is_empty() { Ok(draft) } else { Err(errors) }
    }
}

/// A time as the form shows it; empty for midnight, the time that the form takes where none is typed.
fn typed_time(time: NaiveTime) -> String {
    if time == NaiveTime::MIN { String::new() } else { time.format("%H:%M").to_string() }
}

/// Parses texts into values, and notes the texts that cannot be parsed.
#[derive(Default)]
struct Reading(Problems);

impl Reading {
    fn day(&mut self, field: &str, text: &str) -> Option<NaiveDate> {
        let day = text::day(text);
        self.0.check(day.is_some(), field, "form.date");
        day
    }

    fn time(&mut self, field: &str, code: &'static str, time: Option<NaiveTime>) -> NaiveTime {
        self.0.check(time.is_some(), field, code);
        time.unwrap_or_default()
    }

    fn number(&mut self, field: &str, text: &str) -> i32 {
        self.0.number(field, text)
    }

    fn words<T: std::str::FromStr>(&mut self, field: &str, texts: &[impl AsRef<str>]) -> Vec<T> {
        let words: Vec<T> = texts.iter().filter_map(|text| text.as_ref().parse().ok()).collect();
        if words.len() != texts.len() {
            self.0.add(field, Refusal::new("form.choice"));
        }
        words
    }

    fn errors(self) -> Vec<FieldError> {
        match self.0.finish() {
            Err(Error::Invalid(errors)) => errors,
            _ => Vec::new(),
        }
    }
}
