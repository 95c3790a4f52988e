//! The bar that names the as-of day of a page, and the page for a day that cannot be shown.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use poem::Response;
use poem::http::StatusCode;

use super::view::{DashboardQuery, View};
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::dashboard::queries::changes::Around;
use crate::dashboard::queries::{AsOf, Dispatched};
use crate::web::dates::{day_long, day_short};
use crate::web::page::{Page, html_with};

/// The bar with the as-of day of a page, and the links to other days.
pub struct Bar {
    /// As-of day as `YYYY-MM-DD`, for programs.
    pub iso: String,
    /// Sentence that names the as-of day.
    pub sentence: String,
    /// Whether the as-of day is over. Then the bar has a stripe and a link to today.
    pub is_past: bool,
    /// Path to which the form leads.
    pub action: String,
    /// Names and values of the hidden fields of the form.
    pub hidden: Vec<(&'static str, String)>,
    /// First day with data, as `YYYY-MM-DD`; empty where unknown.
    pub min: String,
    /// Today as `YYYY-MM-DD`, the last day that can be chosen.
    pub max: String,
    /// Link to the last day with a change before the as-of day.
    pub before: Option<Link>,
    /// Link to the next day with a change after the as-of day.
    pub after: Option<Link>,
    /// Links to days with a name, such as the day of the dispatch.
    pub named: Vec<Link>,
    /// Address of the same view as of today.
    pub today: String,
}

/// A link with its text.
#[derive(Clone, Debug)]
pub struct Link {
    /// Text of the link.
    pub text: String,
    /// Address to which the link leads.
    pub href: String,
    /// Whether the link leads to the present view.
    pub current: bool,
}

/// The days with a name in the bar: dispatch and deadline of every campaign, with their words.
#[must_use]
pub fn days_of_campaigns(p: &Page, campaigns: &[Dispatched]) -> Vec<(String, NaiveDate)> {
    let named = |d: &Dispatched| {
        [(p.t("dashboard-day-dispatch"), d.dispatched_on()), (p.t("dashboard-day-deadline"), d.due_on())]
    };
    campaigns.iter().flat_map(named).collect()
}

impl Bar {
    /// The bar of a page at a path, without links to other days except today.
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

    /// Adds links to the nearest days with a change on either side.
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

    /// Adds links to days with a name, each with its text. Days in the future are left out, and equal days appear once.
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

/// The title of the browser window, which names a past day.
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

/// The page for a day that cannot be shown: a form at the same address with the typed text, and a link to the last possible
/// day.
///
/// # Errors
/// Every error that is not about the day, unchanged.
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
