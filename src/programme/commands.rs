//! Loading the arrangement of a year into the working-day calendar.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use entity::stored::DayKind;
use entity::{calendar_arrangement, calendar_exception};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};

use super::calendar::known_from;
use super::queries;
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, FieldError, Refusal, Result};

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
    /// Reads lists of dates, one a line, as an administrator pastes them: `2018-10-01`, `2018/10/1` or `2018年10月1日`. The
    /// error names all wrong lines together.
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
        let mut days: Vec<(NaiveDate, DayKind)> = Vec::new();
        for (field, text, kind) in
            [("holidays", holidays, DayKind::Holiday), ("makeup_days", makeup_days, DayKind::Makeup)]
        {
            for (number, line) in text.lines().map(str::trim).enumerate() {
                if line.is_empty() {
                    continue;
                }
                match read_day(year, line, kind, &days) {
                    Ok(day) => days.push((day, kind)),
                    Err(code) => wrong.push(FieldError {
                        field: field.to_owned(),
                        refusal: Refusal::new(code)
                            .with("line", number + 1)
                            .with("text", line.chars().take(30).collect::<String>())
                            .with("year", year),
                    }),
                }
                if wrong.len() == MAX_PROBLEMS {
                    return Err(Error::Invalid(wrong));
                }
            }
        }
        if wrong.is_empty() { Ok(Self { year, days }) } else { Err(Error::Invalid(wrong)) }
    }
}

/// The date of a line, or the code of its fault.
fn read_day(year: i32, line: &str, kind: DayKind, before: &[(NaiveDate, DayKind)]) -> Result<NaiveDate, &'static str> {
    let plain = line.trim_end_matches('日').replace(['年', '月', '/', '.'], "-");
    let day = NaiveDate::parse_from_str(&plain, "%Y-%m-%d").map_err(|_| "calendar.no_date")?;
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    if day.year() != year {
        Err("calendar.other_year")
    } else if before.iter().any(|(d, _)| *d == day) {
        Err("calendar.twice")
    } else if kind == DayKind::Makeup && !weekend {
        Err("calendar.worked_anyway")
    } else {
        Ok(day)
    }
}

/// Loads the arrangement of a year. Figures of today and of later days use the new arrangement; figures of past days do not
/// change. Earlier arrangements of the year are kept.
///
/// # Errors
/// `NotFound` for anybody but a system administrator.
pub async fn load_year(tx: &DatabaseTransaction, ctx: &Ctx, year: Year) -> Result<()> {
    ctx.require(Act::LoadCalendar)?;
    let known_from = store_year(tx, ctx, &year).await?;
    let days: Vec<String> = year.days.iter().map(|(d, k)| format!("{d} {k}")).collect();
    let detail = serde_json::json!({ "days": days, "known_from": known_from });
    audit::record(tx, ctx, "programme.load_year", &year.year.to_string(), detail).await
}

async fn store_year(tx: &DatabaseTransaction, ctx: &Ctx, year: &Year) -> Result<DateTime<Utc>> {
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
    Ok(known_from)
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
    }
}
