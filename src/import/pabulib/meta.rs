//! The section META: the description of the vote, and the limits of its ballots.

use chrono::NaiveDate;

use super::VoteType;
use super::error::{Error, Place, Problem};
use super::rows::{Rows, Section};

/// Keys and values of the section, each with its place.
pub(super) struct Meta {
    line: usize,
    entries: Vec<MetaEntry>,
}

struct MetaEntry {
    key: String,
    value: String,
    place: Place,
}

/// The permitted number of choices on a ballot.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) least: usize,
    pub(super) most: usize,
}

impl Meta {
    pub(super) fn read(rows: &mut Rows<'_>) -> Result<Self, Error> {
        let header = rows.open(Section::Meta)?;
        let (key, value) = (header.required("key")?, header.required("value")?);
        let mut meta = Self { line: 0, entries: Vec::new() };
        while let Some(row) = rows.row(&header)? {
            meta.line = row.line;
            meta.entries.push(MetaEntry {
                key: row.text(key).to_owned(),
                value: row.text(value).to_owned(),
                place: row.place_named(value, row.text(key)),
            });
        }
        if meta.entries.is_empty() {
            return Err(header.refuse(Problem::KeyMissing("vote_type")));
        }
        Ok(meta)
    }

    /// The value of a key as written; none where the value is absent or blank.
    pub(super) fn text(&self, key: &'static str) -> Result<Option<String>, Error> {
        Ok(self.entry(key)?.map(|entry| entry.value.clone()))
    }

    pub(super) fn vote_type(&self) -> Result<VoteType, Error> {
        let missing = || Place::line(self.line).refuse(Problem::KeyMissing("vote_type"));
        let entry = self.entry("vote_type")?.ok_or_else(missing)?;
        match entry.value.to_ascii_lowercase().as_str() {
            "approval" => Ok(VoteType::Approval),
            "choose-1" => Ok(VoteType::ChooseOne),
            _ => Err(entry.refuse(Problem::VoteType)),
        }
    }

    pub(super) fn limits(&self, vote_type: VoteType, projects: usize) -> Result<Limits, Error> {
        // The format gives the two lengths no meaning under choose-1.
        if vote_type == VoteType::ChooseOne {
            return Ok(Limits { least: 1, most: 1 });
        }
        let most = match self.entry("max_length")? {
            Some(entry) => match entry.number()? {
                0 => return Err(entry.place.clone().refuse(Problem::NoChoicesAllowed)),
                most => projects.min(usize::try_from(most).unwrap_or(projects)),
            },
            None => projects,
        };
        let least = match self.entry("min_length")? {
            Some(entry) => usize::try_from(entry.number()?).unwrap_or(usize::MAX).max(1),
            None => 1,
        };
        Ok(Limits { least, most })
    }

    /// First and last day of voting.
    pub(super) fn days(&self) -> Result<(Option<NaiveDate>, Option<NaiveDate>), Error> {
        let day = |entry: Option<&MetaEntry>, in_year: (u32, u32)| match entry {
            Some(entry) => match parse_day(&entry.value, in_year) {
                Some(day) => Ok(Some(day)),
                None => Err(entry.refuse(Problem::NotADate)),
            },
            None => Ok(None),
        };
        let begin = day(self.entry("date_begin")?, (1, 1))?;
        let last = self.entry("date_end")?;
        let end = day(last, (12, 31))?;
        match (begin, end, last) {
            (Some(begin), Some(end), Some(last)) if end < begin => {
                Err(last.place.clone().refuse(Problem::EndsBeforeItBegins))
            }
            _ => Ok((begin, end)),
        }
    }

    pub(super) fn language(&self) -> Result<Option<String>, Error> {
        let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match self.entry("language")? {
            Some(entry) if entry.value.len() < 2 || entry.value.len() > 35 || !entry.value.split('-').all(part) => {
                Err(entry.refuse(Problem::NotALanguage))
            }
            entry => Ok(entry.map(|entry| entry.value.clone())),
        }
    }

    /// Refuses a section whose number of rows differs from the number that META states under this key.
    pub(super) fn agree(&self, key: &'static str, section: Section, found: usize) -> Result<(), Error> {
        match self.entry(key)? {
            Some(entry) => match entry.number()? {
                stated if usize::try_from(stated) == Ok(found) => Ok(()),
                stated => Err(entry.place.clone().refuse(Problem::RowsDiffer { key, stated, section, found })),
            },
            None => Ok(()),
        }
    }

    fn entry(&self, key: &'static str) -> Result<Option<&MetaEntry>, Error> {
        let mut found = self.entries.iter().filter(|entry| entry.key.eq_ignore_ascii_case(key));
        let entry = found.next();
        match found.next() {
            Some(second) => Err(second.place.clone().refuse(Problem::KeyTwice(key))),
            None => Ok(entry.filter(|entry| !entry.value.is_empty())),
        }
    }
}

impl MetaEntry {
    fn number(&self) -> Result<u64, Error> {
        self.value.parse().map_err(|_| self.refuse(Problem::NotANumber))
    }

    fn refuse(&self, problem: impl FnOnce(String) -> Problem) -> Error {
        self.place.clone().refuse(problem(self.value.clone()))
    }
}

/// Parses `DD.MM.YYYY`, `YYYY-MM-DD`, or `YYYY`. `in_year` gives month and day for a year alone.
fn parse_day(text: &str, in_year: (u32, u32)) -> Option<NaiveDate> {
    let mut parts = text.split(['.', '-']);
    let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
    let (year, month, day) = match parts {
        [Some(year), None, ..] => {
            return NaiveDate::from_ymd_opt(digits(year, 4..=4)? as i32, in_year.0, in_year.1);
        }
        [Some(year), Some(month), Some(day), None] if !text.contains('.') => (year, month, day),
        [Some(day), Some(month), Some(year), None] if !text.contains('-') => (year, month, day),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(digits(year, 4..=4)? as i32, digits(month, 1..=2)?, digits(day, 1..=2)?)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_three_ways() {
        let first = |text| parse_day(text, (1, 1)).map(|day| day.to_string());
        let last = |text| parse_day(text, (12, 31)).map(|day| day.to_string());
        assert_eq!(first("14.09.2018").as_deref(), Some("2018-09-14"));
        assert_eq!(last("2018-10-01").as_deref(), Some("2018-10-01"));
        assert_eq!(first("2018").as_deref(), Some("2018-01-01"));
        assert_eq!(last("2018").as_deref(), Some("2018-12-31"));
    }

    #[test]
    fn anything_else_is_not_a_day() {
        for text in [
            "",
            "soon",
            "30.02.2018",
            "2018-13-01",
            "14.09.18",
            "18",
            "02018",
            "+018",
            "14-09-2018",
            "2018.09.14",
            "14.09-2018",
            "1.2.3.2018",
            "2018-09",
            "14.09.2018.",
            "１４.09.2018",
        ] {
            assert_eq!(parse_day(text, (1, 1)), None, "{text}");
        }
    }
}
