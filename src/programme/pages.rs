//! The pages of this slice: the working-day calendar, for system administrators.

use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::stored::DayKind;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::calendar::{Arrangement, Calendar, Known};
use super::commands::{self, Year};
use super::queries;
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::base::text::plain;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::{day_long, day_short};
use crate::web::form::Sent;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route.get("/desk/calendar", Policy::STAFF, show).post("/desk/calendar/:year", Policy::STAFF, load)
}

#[derive(Template)]
#[template(path = "programme/calendar.html")]
struct CalendarPage {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    year: i32,
    is_loaded: bool,
    years: Vec<YearLink>,
    missing: Vec<YearLink>,
    spans: Vec<Span>,
    /// Sentence with the day from which the standing arrangement is known.
    since: String,
    earlier: Vec<Earlier>,
    working_days: String,
    all_days: String,
    holidays: String,
    makeup_days: String,
    holidays_error: String,
    makeup_error: String,
}

struct YearLink {
    year: i32,
    href: String,
    text: String,
    current: bool,
}

/// Consecutive days off, or consecutive make-up days.
struct Span {
    kind: &'static str,
    iso: String,
    text: String,
    days: u64,
}

/// A replaced arrangement of the year.
struct Earlier {
    /// Heading with the days whose figures use the arrangement.
    heading: String,
    spans: Vec<Span>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct CalendarQuery {
    year: String,
    done: String,
}

/// `GET /desk/calendar`: the calendar of a year.
#[handler]
async fn show(signed: Signed, Query(wanted): Query<CalendarQuery>) -> Result<Response> {
    signed.ctx.require(Act::LoadCalendar)?;
    let this = day_of(signed.ctx.now).year();
    let year = plain(&wanted.year).parse().unwrap_or(this).clamp(2000, 2100);
    let mut p = signed.page("desk").titled("programme-calendar-title");
    if wanted.done == "load" {
        p.notice = Some(p.tr("programme-done-load", &[("year", text(year))]));
    }
    html(&page(&signed, p, year, None).await?)
}

/// `POST /desk/calendar/{year}`: loads the arrangement of a year.
#[handler]
async fn load(signed: Signed, Path(year): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::LoadCalendar)?;
    let year: i32 = year.parse().map_err(|_| Error::NotFound("year"))?;
    let mut p = signed.page("desk").titled("programme-calendar-title");
    p.address = format!("/desk/calendar?year={year}");
    let loaded = async {
        let days = Year::parse(year, sent.get("holidays"), sent.get("makeup_days"))?;
        signed.write(Changes::Public, async |tx| commands::load_year(tx, &signed.ctx, days).await).await
    };
    match loaded.await {
        Ok(()) => {
            let address = format!("/desk/calendar?year={year}&done=load");
            Ok(see_other(&p.href(&address)))
        }
        Err(Error::Invalid(errors)) => {
            let page = page(&signed, p.refused(errors), year, Some(&sent)).await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other),
    }
}

/// The page of a year. The form shows what was sent, or else the stored arrangement.
async fn page(signed: &Signed, p: Page, year: i32, sent: Option<&Sent>) -> Result<CalendarPage> {
    let loaded = queries::arrangements(signed.app.stores.main.db()).await?;
    let calendar = Calendar::of(&loaded, Known::Now);
    let own: Vec<&Arrangement> = loaded.iter().filter(|a| a.year == year).collect();
    let lines = |kind| {
        let days = calendar.days(year, kind);
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        days.join("\n")
    };
    let typed = |field: &str, kind| sent.map_or_else(|| lines(kind), |s| s.get(field).to_owned());
    let due = due_years(signed.ctx.now);
    let link = |y: i32| YearLink {
        year: y,
        href: p.href(&format!("/desk/calendar?year={y}")),
        text: p.t(if calendar.years.contains(&y) { "programme-calendar-loaded" } else { "programme-calendar-missing" }),
        current: y == year,
    };
    let mut shown = calendar.years.clone();
    shown.extend([year, due[0], due[0] + 1]);
    let leap = NaiveDate::from_ymd_opt(year, 1, 1).is_some_and(|day| day.leap_year());
    Ok(CalendarPage {
        nav: signed.nav(Section::Calendar),
        links: links(&p),
        year,
        is_loaded: calendar.years.contains(&year),
        years: shown.into_iter().map(link).collect(),
        missing: due.into_iter().filter(|y| *y != year && !calendar.years.contains(y)).map(link).collect(),
        spans: own.last().map(|a| spans(&p, &a.days)).unwrap_or_default(),
        since: own.last().map(|a| since(&p, a)).unwrap_or_default(),
        earlier: own.windows(2).rev().filter_map(|pair| earlier(&p, pair)).collect(),
        working_days: p.n(calendar.working_days_of(year)),
        all_days: p.n(if leap { 366 } else { 365 }),
        holidays: typed("holidays", DayKind::Holiday),
        makeup_days: typed("makeup_days", DayKind::Makeup),
        holidays_error: sentences(&p, "holidays"),
        makeup_error: sentences(&p, "makeup_days"),
        p,
    })
}

/// Years that deadlines can reach now: this year and, from November on, the next year, whose arrangement is published by then.
fn due_years(now: DateTime<Utc>) -> Vec<i32> {
    let today = day_of(now);
    let mut years = vec![today.year()];
    if today.month() >= 11 {
        years.push(today.year() + 1);
    }
    years
}

/// Sentence with the day from which the standing arrangement is known.
fn since(p: &Page, standing: &Arrangement) -> String {
    if standing.is_from_the_beginning() {
        p.t("programme-calendar-since-always")
    } else {
        p.tr("programme-calendar-since", &[("day", day_long(p.locale, day_of(standing.known_from)))])
    }
}

/// The first arrangement of a pair of consecutive ones, headed with the days at whose end it was the newest known.
fn earlier(p: &Page, pair: &[&Arrangement]) -> Option<Earlier> {
    let [first, next] = pair else { return None };
    let from = day_of(first.known_from);
    let until = day_of(next.known_from).pred_opt()?;
    let days = [("from", day_long(p.locale, from)), ("to", day_long(p.locale, until))];
    let heading = if first.is_from_the_beginning() {
        p.tr("programme-calendar-earlier-until", &days[1..])
    } else if until < from {
        p.tr("programme-calendar-earlier-none", &days[..1])
    } else {
        p.tr("programme-calendar-earlier-of", &days)
    };
    Some(Earlier { heading, spans: spans(p, &first.days) })
}

/// Exceptions in order; consecutive days of one kind are one span.
fn spans(p: &Page, days: &[(NaiveDate, DayKind)]) -> Vec<Span> {
    let mut runs: Vec<(NaiveDate, NaiveDate, DayKind)> = Vec::new();
    for (day, kind) in days.iter().copied() {
        match runs.last_mut() {
            Some((_, last, k)) if *k == kind && last.succ_opt() == Some(day) => *last = day,
            _ => runs.push((day, day, kind)),
        }
    }
    runs.into_iter()
        .map(|(from, to, kind)| Span {
            kind: kind.code(),
            iso: from.to_string(),
            text: if from == to {
                day_text(p, from)
            } else {
                p.tr("programme-calendar-span", &[("from", day_text(p, from)), ("to", day_text(p, to))])
            },
            days: (to - from).num_days().unsigned_abs() + 1,
        })
        .collect()
}

/// A day in words, with its weekday.
fn day_text(p: &Page, day: NaiveDate) -> String {
    let weekday = p.tc("programme-weekday-", day.weekday().number_from_monday());
    let args = [("day", day_short(p.locale, day)), ("weekday", weekday)];
    p.tr("programme-calendar-day", &args)
}

/// A year as text, because Fluent would set a thousands separator in a number.
fn text(year: i32) -> String {
    format!("{year}")
}

fn links(p: &Page) -> Vec<(String, String)> {
    let labels = [("holidays", p.t("programme-calendar-holidays")), ("makeup_days", p.t("programme-calendar-makeup"))];
    p.labelled_problems(&labels).into_iter().map(|(field, sentence)| (format!("#{field}"), sentence)).collect()
}

/// All error messages about one list, joined.
fn sentences(p: &Page, field: &str) -> String {
    let mine = p.problems().into_iter().filter(|(f, _)| f == field);
    mine.map(|(_, sentence)| sentence).collect::<Vec<_>>().join(&p.t("programme-calendar-then"))
}
