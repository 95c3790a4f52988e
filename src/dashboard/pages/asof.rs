//! The bar that says as of which day a page speaks, and the page for a day that cannot be shown.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use poem::Response;
use poem::http::StatusCode;

use super::view::{DashboardQuery, View};
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::changes::Around;
use crate::web::dates::{day_long, day_short};
use crate::web::page::{Page, html_with};

/// What the bar shows.
pub struct Bar {
    /// The day, for programs.
    pub iso: String,
    /// The whole sentence.
    pub sentence: String,
    /// Whether the day is over: then the bar has a stripe and a way back.
    pub is_past: bool,
    /// Where the form leads.
    pub action: String,
    /// What the form carries on.
    pub hidden: Vec<(&'static str, String)>,
    /// The first day with data.
    pub min: String,
    /// Today.
    pub max: String,
    /// The last day with a change before this one.
    pub before: Option<Link>,
    /// The next one.
    pub after: Option<Link>,
    /// Days with a name.
    pub named: Vec<Link>,
    /// The address of today's view.
    pub today: String,
}

/// A link with its text.
#[derive(Clone, Debug)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether one is there already.
    pub current: bool,
}

impl Bar {
    /// The bar of a page at a path.
    #[must_use]
    pub fn of(p: &Page, path: &str, view: &View, as_of: AsOf, now: DateTime<Utc>) -> Self {
        let today = day_of(now);
        let sentence = if as_of.is_past {
            p.tr("dashboard-past", &[("day", day_long(p.locale, as_of.day))])
        } else {
            p.tr("dashboard-now", &[("day", day_long(p.locale, today))])
        };
        let mut hidden = view.others();
        if p.sticky {
            hidden.push(("lang", p.lang().to_owned()));
        }
        Self {
            iso: as_of.day.to_string(),
            sentence,
            is_past: as_of.is_past,
            action: path.to_owned(),
            hidden,
            min: String::new(),
            max: today.to_string(),
            before: None,
            after: None,
            named: Vec::new(),
            today: p.href(&view.on(None).at(path)),
        }
    }

    /// Adds the days on either side with a change.
    #[must_use]
    pub fn stepping(mut self, p: &Page, view: &View, around: Around) -> Self {
        let link = |key: &str, day: NaiveDate| Link {
            text: p.tr(key, &[("day", day_short(p.locale, day))]),
            href: p.href(&view.on(Some(day)).at(&self.action)),
            current: false,
        };
        self.before = around.before.map(|d| link("dashboard-day-before", d));
        self.after = around.after.map(|d| link("dashboard-day-after", d));
        self
    }

    /// Adds days with a name, by their message; those to come are left out, equal ones said once.
    #[must_use]
    pub fn naming(mut self, p: &Page, view: &View, days: &[(String, NaiveDate)]) -> Self {
        for (text, day) in days.iter().filter(|(_, d)| d.to_string() <= self.max) {
            let link = Link {
                text: format!("{text}{}", day_short(p.locale, *day)),
                href: p.href(&view.on(Some(*day)).at(&self.action)),
                current: day.to_string() == self.iso,
            };
            if !self.named.iter().any(|n| n.href == link.href) {
                self.named.push(link);
            }
        }
        self.min = days.iter().map(|(_, d)| *d).min().map(|d| d.to_string()).unwrap_or_default();
        self
    }
}

/// The title of a window, which names a past day.
#[must_use]
pub fn titled(p: &Page, title: &str, as_of: AsOf) -> String {
    if as_of.is_past {
        let day = day_long(p.locale, as_of.day);
        p.tr("dashboard-title-past", &[("title", title.to_owned()), ("day", day)])
    } else {
        title.to_owned()
    }
}

#[derive(Template)]
#[template(path = "dashboard/day.html")]
struct DayPage {
    p: Page,
    problems: Vec<(String, String)>,
    error: String,
    given: String,
    hidden: Vec<(&'static str, String)>,
    action: String,
    today: Link,
}

/// A day that cannot be shown: the same address with a form, what was typed, and the last possible day.
///
/// # Errors
/// Everything that is not about the day.
pub fn refused(p: Page, path: &str, asked: &DashboardQuery, now: DateTime<Utc>, error: Error) -> Result<Response> {
    let fields = match error {
        Error::Invalid(fields) if fields.iter().all(|f| f.field == "as_of") => fields,
        other => return Err(other),
    };
    let undated = DashboardQuery { as_of: None, ..asked.clone() };
    let (view, _) = View::read(&undated, now)?;
    let mut hidden = view.others();
    if p.sticky {
        hidden.push(("lang", p.lang().to_owned()));
    }
    let today = day_of(now);
    let p = p.titled("dashboard-day-title").refused(fields);
    let page = DayPage {
        problems: p.problems().into_iter().map(|(_, sentence)| ("#as-of".to_owned(), sentence)).collect(),
        error: p.error("as_of").unwrap_or_default(),
        given: asked.as_of.clone().unwrap_or_default(),
        hidden,
        action: path.to_owned(),
        today: Link {
            text: p.tr("dashboard-day-last", &[("day", day_long(p.locale, today))]),
            href: p.href(&view.at(path)),
            current: false,
        },
        p,
    };
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
