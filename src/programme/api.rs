//! The JSON face of this slice: the working-day calendar.

use chrono::NaiveDate;
use entity::stored::DayKind;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::calendar::Calendar;
use super::commands::{self, Year};
use super::queries;
use crate::access::Act;
use crate::error::{Error, Result};
use crate::identity::extract::Signed;
use crate::server::ApiTags;

/// See the module.
pub struct ProgrammeApi;

/// The working days of one year.
#[derive(Object)]
struct CalendarYear {
    /// The year.
    year: i32,
    /// Whether its arrangement is loaded; one that is not counts Monday to Friday.
    loaded: bool,
    /// Days off beyond the plain weekends, and those weekends that the arrangement names.
    holidays: Vec<NaiveDate>,
    /// Saturdays and Sundays on which offices work.
    makeup_days: Vec<NaiveDate>,
    /// Working days of the whole year.
    working_days: u32,
}

/// The arrangement of a year, to be loaded in place of what was loaded before.
#[derive(Object)]
struct CalendarYearChange {
    /// Days off, such as `2018-10-01`.
    holidays: Vec<String>,
    /// Saturdays and Sundays on which offices work.
    makeup_days: Vec<String>,
}

impl CalendarYear {
    fn of(calendar: &Calendar, year: i32) -> Self {
        Self {
            year,
            loaded: calendar.years.contains(&year),
            holidays: calendar.days(year, DayKind::Holiday),
            makeup_days: calendar.days(year, DayKind::Makeup),
            working_days: calendar.working_days_of(year),
        }
    }
}

#[OpenApi(tag = "ApiTags::Programme")]
impl ProgrammeApi {
    /// The working days of a year, for system administrators
    #[oai(path = "/calendar/:year", method = "get")]
    async fn year(&self, signed: Signed, year: Path<i32>) -> Result<Json<CalendarYear>, Error> {
        signed.ctx.require(Act::LoadCalendar)?;
        let calendar = queries::calendar(signed.app.stores.main.db()).await?;
        Ok(Json(CalendarYear::of(&calendar, year.0)))
    }

    /// Load the arrangement of a year, for system administrators
    ///
    /// Replaces what was loaded for it. Errors name the line, which is the place in the list.
    #[oai(path = "/calendar/:year", method = "put")]
    async fn load_year(
        &self,
        signed: Signed,
        year: Path<i32>,
        body: Json<CalendarYearChange>,
    ) -> Result<Json<CalendarYear>, Error> {
        signed.ctx.require(Act::LoadCalendar)?;
        let lines = |days: &[String]| days.join("\n");
        let arrangement = Year::parse(year.0, &lines(&body.holidays), &lines(&body.makeup_days))?;
        let calendar = signed
            .app
            .write(async |tx| {
                commands::load_year(tx, &signed.ctx, arrangement).await?;
                queries::calendar(tx).await
            })
            .await?;
        Ok(Json(CalendarYear::of(&calendar, year.0)))
    }
}
