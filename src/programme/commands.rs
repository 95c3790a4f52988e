//! Loading the arrangement of a year into the working-day calendar.

use chrono::{Datelike, NaiveDate, Weekday};
use entity::stored::DayKind;
use entity::{calendar_arrangement, calendar_exception};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};

use super::calendar::known_from;
use super::{notice, queries};
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::base::text;

/// Years whose arrangement can be loaded.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// The arrangement of one year, checked and ready to be stored.
#[derive(Clone, Debug)]
pub struct Year {
    /// Calendar year of the arrangement.
    pub year: i32,
    /// Days off and make-up days of the year, as they were listed.
    pub days: Vec<(NaiveDate, DayKind)>,
}

/// Number of wrong lines after which reading stops. A person who pasted the wrong text does not want a thousand messages.
const MAX_PROBLEMS: usize = 20;

impl Year {
    /// Reads days as an administrator pastes them: dates, one a line ([`text::day`]), or the whole notice of the year
    /// ([`notice`]) in the list of holidays. The last days of the year before may be among them, since a notice begins with
    /// New Year. The error names all wrong lines together.
    ///
    /// # Errors
    /// `Invalid`: a line that is not a date, a date of another year, a date that occurs twice, a make-up day that is not a
    /// Saturday or Sunday; a year out of range.
    pub fn parse(year: i32, holidays: &str, makeup_days: &str) -> Result<Self> {
        let mut wrong: Vec<FieldError> = Vec::new();
        if !YEARS.contains(&year) {
            let refusal = Refusal::new("calendar.year").with("first", YEARS.start()).with("last", YEARS.end());
            wrong.push(FieldError { field: "year".to_owned(), refusal });
        }
        let noticed = if notice::is_notice(holidays) { notice::read(year, &text::plain(holidays)) } else { Vec::new() };
        let dates = if noticed.is_empty() { holidays } else { "" };
        let listed = [("holidays", dates, DayKind::Holiday), ("makeup_days", makeup_days, DayKind::Makeup)];
        let lines = listed.into_iter().flat_map(|(field, text, kind)| {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            lines.map(move |(number, line)| (field, number + 1, line.trim().to_owned(), text::day(line), kind))
        });
        let noticed = noticed.into_iter().map(|(day, kind)| ("holidays", 1, day.to_string(), Some(day), kind));
        let mut days: Vec<(NaiveDate, DayKind)> = Vec::new();
        for (field, number, line, day, kind) in noticed.chain(lines) {
            let code = match day {
                None => "calendar.no_date",
                Some(day) => match fault(year, day, kind, &days) {
                    Some(code) => code,
                    None => {
                        days.push((day, kind));
                        continue;
                    }
                },
            };
            let refusal = Refusal::new(code)
                .with("line", number)
                .with("text", line.chars().take(30).collect::<String>())
                .with("year", year);
            wrong.push(FieldError { field: field.to_owned(), refusal });
            if wrong.len() == MAX_PROBLEMS {
                break;
            }
        }
        if wrong.is_empty() { Ok(Self { year, days }) } else { Err(Error::Invalid(wrong)) }
    }

    /// The days in the year before.
    fn days_before(&self) -> Vec<(NaiveDate, DayKind)> {
        self.days.iter().copied().filter(|(day, _)| day.year() < self.year).collect()
    }
}

/// The code of a day's fault in the arrangement of a year, or none.
fn fault(year: i32, day: NaiveDate, kind: DayKind, before: &[(NaiveDate, DayKind)]) -> Option<&'static str> {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let is_before_new_year = day.year() == year - 1 && day.month() == 12;
    if day.year() != year && !is_before_new_year {
        Some("calendar.other_year")
    } else if before.iter().any(|(d, _)| *d == day) {
        Some("calendar.twice")
    } else if kind == DayKind::Makeup && !weekend {
        Some("calendar.worked_anyway")
    } else {
        None
    }
}

/// Loads the arrangement of a year. Figures of today and of later days use the new arrangement; figures of past days do not
/// change. Earlier arrangements of the year are kept. Days of the year before replace the same days in its newest arrangement.
///
/// # Errors
/// `NotFound` for anybody but a system administrator; `calendar.year_before` where days belong to a year that is not loaded.
pub async fn load_year(tx: &DatabaseTransaction, ctx: &Ctx, year: Year) -> Result<()> {
    ctx.require(Act::LoadCalendar)?;
    let before = year.days_before();
    if !before.is_empty() {
        store_year(tx, ctx, &with_days(tx, year.year - 1, before).await?).await?;
    }
    let days = year.days.into_iter().filter(|(day, _)| day.year() == year.year).collect();
    store_year(tx, ctx, &Year { year: year.year, days }).await
}

/// The newest arrangement of a year, with other days in place of its own.
async fn with_days(tx: &DatabaseTransaction, year: i32, others: Vec<(NaiveDate, DayKind)>) -> Result<Year> {
    let newest = queries::arrangements(tx).await?.into_iter().rfind(|a| a.year == year);
    let Some(newest) = newest else {
        let day = others.first().map(|(day, _)| day.to_string()).unwrap_or_default();
        return Err(Error::field("holidays", Refusal::new("calendar.year_before").with("day", day).with("year", year)));
    };
    let stays = |(day, _): &(NaiveDate, DayKind)| others.iter().all(|(other, _)| other != day);
    let days = newest.days.into_iter().filter(stays).chain(others.iter().copied()).collect();
    Ok(Year { year, days })
}

async fn store_year(tx: &DatabaseTransaction, ctx: &Ctx, year: &Year) -> Result<()> {
    let earlier = queries::arrangements(tx).await?.into_iter().map(|a| a.known_from);
    let known_from = known_from(ctx.now, earlier.chain(audit::latest(tx).await?));
    let row = calendar_arrangement::ActiveModel {
        year: Set(year.year),
        loaded_at: Set(ctx.now),
        known_from: Set(known_from),
        ..Default::default()
    };
    let made = row.insert(tx).await?;
    if !year.days.is_empty() {
        let rows = year.days.iter().map(|(day, kind)| calendar_exception::ActiveModel {
            arrangement_id: Set(made.id),
            day: Set(*day),
            kind: Set(*kind),
        });
        calendar_exception::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let days: Vec<String> = year.days.iter().map(|(d, k)| format!("{d} {k}")).collect();
    let detail = serde_json::json!({ "days": days, "known_from": known_from });
    audit::record(tx, ctx, "programme.load_year", &year.year.to_string(), detail).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(year: i32, holidays: &str, makeup_days: &str) -> Vec<(String, &'static str, String)> {
        match Year::parse(year, holidays, makeup_days) {
            Err(Error::Invalid(errors)) => errors
                .into_iter()
                .map(|e| {
                    let line = e.refusal.args.iter().find(|(name, _)| *name == "line");
                    let line = line.map(|(_, v)| v.clone()).unwrap_or_default();
                    (e.field, e.refusal.code, line)
                })
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let text = "2018-10-01\r\n\n 2018/10/2 \n2018.10.3\n2018年10月4日\n";
        let year = Year::parse(2018, text, "2018-09-29").unwrap();
        let days: Vec<String> = year.days.iter().map(|(d, k)| format!("{d} {k}")).collect();
        assert_eq!(
            days,
            [
                "2018-10-01 holiday",
                "2018-10-02 holiday",
                "2018-10-03 holiday",
                "2018-10-04 holiday",
                "2018-09-29 makeup"
            ]
        );
    }

    #[test]
    fn a_whole_notice_and_the_last_days_of_the_year_before_are_taken() {
        let text = "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。";
        let year = Year::parse(2019, text, "").unwrap();
        assert_eq!(year.days.len(), 4);
        assert_eq!(year.days_before().len(), 3);
        let listed = Year::parse(2019, "2018-12-30\n2018-12-31\n2019-01-01", "２０１８年１２月２９日").unwrap();
        assert_eq!(listed.days, year.days);
        assert_eq!(codes(2019, "2018-11-30\n2020-01-01", "")[1].1, "calendar.other_year");
    }

    #[test]
    fn every_wrong_line_is_named_with_its_number() {
        let found = codes(2018, "2018-10-01\n\n国庆节\n2019-10-02\n2018-10-01", "2018-10-01\n2018-10-08");
        let of = |field: &str, code, line: &str| (field.to_owned(), code, line.to_owned());
        assert_eq!(
            found,
            [
                of("holidays", "calendar.no_date", "3"),
                of("holidays", "calendar.other_year", "4"),
                of("holidays", "calendar.twice", "5"),
                of("makeup_days", "calendar.twice", "1"),
                of("makeup_days", "calendar.worked_anyway", "2"),
            ]
        );
    }

    #[test]
    fn years_out_of_reach_and_endless_nonsense_are_refused_shortly() {
        assert_eq!(codes(1999, "", "")[0].1, "calendar.year");
        assert_eq!(codes(2018, &"x\n".repeat(5000), "").len(), MAX_PROBLEMS);
        // Blank lines at the beginning count, as the person sees them.
        assert_eq!(codes(2018, "\r\n\r\nx", "")[0].2, "3");
    }
}
