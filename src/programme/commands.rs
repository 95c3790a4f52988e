//! Loading the ground.

use chrono::{Datelike, NaiveDate};
use entity::stored::{DayKind, Role};
use entity::{calendar_day, calendar_year};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::audit;
use crate::ctx::Ctx;
use crate::error::{FieldError, Problems, Refusal, Result};

/// The arrangement of one year.
#[derive(Clone, Debug)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// Days off and make-up days.
    pub days: Vec<(NaiveDate, DayKind)>,
}

impl Year {
    /// Reads lists of dates, one a line, as an administrator pastes them. All that is wrong is said at once, by line.
    ///
    /// # Errors
    /// `Invalid`: a line that is no date, a date of another year, a date in both lists.
    pub fn parse(year: i32, holidays: &str, makeup_days: &str) -> Result<Self> {
        let mut problems = Problems::default();
        problems.check((2000..=2100).contains(&year), "year", "calendar.year");
        let mut days: Vec<(NaiveDate, DayKind)> = Vec::new();
        for (field, text, kind) in [
            ("holidays", holidays, DayKind::Holiday),
            ("makeup_days", makeup_days, DayKind::Makeup),
        ] {
            for (number, line) in text
                .lines()
                .enumerate()
                .filter(|(_, l)| !l.trim().is_empty())
            {
                let refuse = |code| {
                    Refusal::new(code)
                        .with("line", number + 1)
                        .with("text", line.trim())
                };
                match NaiveDate::parse_from_str(line.trim(), "%Y-%m-%d") {
                    Err(_) => problems.add(field, refuse("calendar.no_date")),
                    Ok(day) if day.year() != year => {
                        problems.add(field, refuse("calendar.other_year"))
                    }
                    Ok(day) if days.iter().any(|(d, _)| *d == day) => {
                        problems.add(field, refuse("calendar.twice"))
                    }
                    Ok(day) => days.push((day, kind)),
                }
            }
        }
        problems.finish()?;
        Ok(Self { year, days })
    }
}

/// Loads a year's arrangement in place of what was loaded for it.
///
/// # Errors
/// `NotFound` for anybody but a system administrator.
pub async fn load_year(tx: &DatabaseTransaction, ctx: &Ctx, year: Year) -> Result<()> {
    ctx.require(Role::Sysadmin)?;
    store_year(tx, ctx, &year).await?;
    let days: Vec<String> = year.days.iter().map(|(d, k)| format!("{d} {k}")).collect();
    audit::record(
        tx,
        ctx,
        "programme.load_year",
        &year.year.to_string(),
        serde_json::json!({ "days": days }),
    )
    .await
}

async fn store_year(tx: &DatabaseTransaction, ctx: &Ctx, year: &Year) -> Result<()> {
    let (Some(first), Some(last)) = (
        NaiveDate::from_ymd_opt(year.year, 1, 1),
        NaiveDate::from_ymd_opt(year.year, 12, 31),
    ) else {
        return Err(crate::error::Error::Invalid(vec![FieldError {
            field: "year".to_owned(),
            refusal: Refusal::new("calendar.year"),
        }]));
    };
    calendar_day::Entity::delete_many()
        .filter(calendar_day::COLUMN.day.between(first, last))
        .exec(tx)
        .await?;
    calendar_year::Entity::delete_by_id(year.year)
        .exec(tx)
        .await?;
    calendar_year::Entity::insert(calendar_year::ActiveModel {
        year: Set(year.year),
        loaded_at: Set(ctx.now),
    })
    .exec_without_returning(tx)
    .await?;
    if !year.days.is_empty() {
        let rows = year
            .days
            .iter()
            .map(|(day, kind)| calendar_day::ActiveModel {
                day: Set(*day),
                kind: Set(*kind),
            });
        calendar_day::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
