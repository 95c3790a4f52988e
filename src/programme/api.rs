//! The JSON API of this slice: the working-day calendar.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::DayKind;
use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::calendar::{Arrangement, Calendar, Known};
use super::commands::{self, Year};
use super::queries;
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of the operations of this slice.
pub const POLICIES: &[Operation] =
    &[(Method::GET, "/calendar/:year", Policy::CALL), (Method::PUT, "/calendar/:year", Policy::STAFF)];

/// Operations about the working-day calendar.
pub struct ProgrammeApi;

/// The working days of one year.
#[derive(Object)]
struct CalendarYear {
    /// Calendar year, four digits.
    year: i32,
    /// Whether the arrangement of the year is loaded. Without an arrangement, Monday to Friday of the year count as working
    /// days.
    loaded: bool,
    /// Days off: holidays on weekdays, and the weekend days that the arrangement names.
    holidays: Vec<NaiveDate>,
    /// Saturdays and Sundays on which offices work.
    makeup_days: Vec<NaiveDate>,
    /// Number of working days of the whole year.
    working_days: u32,
    /// Instant from which the arrangement is known, programme time. Figures of earlier days use an earlier arrangement. Null
    /// for an arrangement that a version without dates loaded, and where no arrangement is loaded.
    known_from: Option<DateTime<Utc>>,
    /// Arrangements of the year that were replaced, the newest first.
    earlier: Vec<EarlierArrangement>,
}

/// A replaced arrangement of a year. Figures of the days on which the arrangement was known still use it.
#[derive(Object)]
struct EarlierArrangement {
    /// Instant from which the arrangement was known, programme time. None where an earlier version without dates loaded it.
    known_from: Option<DateTime<Utc>>,
    /// Days off of this arrangement.
    holidays: Vec<NaiveDate>,
    /// Saturdays and Sundays on which offices worked.
    makeup_days: Vec<NaiveDate>,
}

/// The arrangement of a year, to be loaded.
#[derive(Object)]
struct CalendarYearChange {
    /// Days off, each as a date such as `2018-10-01`.
    holidays: Vec<String>,
    /// Saturdays and Sundays on which offices work.
    makeup_days: Vec<String>,
}

impl CalendarYear {
    fn of(loaded: &[Arrangement], year: i32) -> Self {
        let calendar = Calendar::of(loaded, Known::Now);
        let mut own = loaded.iter().rev().filter(|a| a.year == year);
        Self {
            known_from: own.next().and_then(dated),
            earlier: own.map(EarlierArrangement::of).collect(),
            year,
            loaded: calendar.years.contains(&year),
            holidays: calendar.days(year, DayKind::Holiday),
            makeup_days: calendar.days(year, DayKind::Makeup),
            working_days: calendar.working_days_of(year),
        }
    }
}

impl EarlierArrangement {
    fn of(arrangement: &Arrangement) -> Self {
        let days = |kind| arrangement.days.iter().filter(|(_, k)| *k == kind).map(|(day, _)| *day).collect();
        Self { known_from: dated(arrangement), holidays: days(DayKind::Holiday), makeup_days: days(DayKind::Makeup) }
    }
}

fn dated(arrangement: &Arrangement) -> Option<DateTime<Utc>> {
    (!arrangement.is_from_the_beginning()).then_some(arrangement.known_from)
}

#[OpenApi(tag = "ApiTags::Programme")]
impl ProgrammeApi {
    /// The working days of a year, for system administrators
    #[oai(path = "/calendar/:year", method = "get")]
    async fn year(&self, signed: Signed, year: Path<i32>) -> Result<Json<CalendarYear>, Error> {
        signed.ctx.require(Act::LoadCalendar)?;
        let loaded = queries::arrangements(signed.app.stores.main.db()).await?;
        Ok(Json(CalendarYear::of(&loaded, year.0)))
    }

    /// Load the arrangement of a year, for system administrators
    ///
    /// Figures of today and of later days use the new arrangement. Figures of past days keep the arrangement that was known
    /// then. Deadlines that are set do not change. Errors name the line, which is the place in the list.
    #[oai(path = "/calendar/:year", method = "put")]
    async fn load_year(
        &self,
        signed: Signed,
        year: Path<i32>,
        body: JsonBody<CalendarYearChange>,
    ) -> Result<Json<CalendarYear>, Error> {
        signed.ctx.require(Act::LoadCalendar)?;
        let lines = |days: &[String]| days.join("\n");
        let arrangement = Year::parse(year.0, &lines(&body.holidays), &lines(&body.makeup_days))?;
        let loaded = signed
            .write(Changes::Public, async |tx| {
                commands::load_year(tx, &signed.ctx, arrangement).await?;
                queries::arrangements(tx).await
            })
            .await?;
        Ok(Json(CalendarYear::of(&loaded, year.0)))
    }
}
