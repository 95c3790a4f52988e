//! Small pages for the frames of other sites: the finding, the figures, the day and the source. They have no form and know no
//! session, and their links leave the frame.

mod code;

use askama::Template;
use chrono::NaiveDate;
use poem::web::{Path, Query};
use poem::{Response, handler};

pub(super) use self::code::embed_code;
use super::asof::titled;
use super::dashboard::Part;
use super::dashboard::head::{Figure, figures};
use super::dashboard::shown::Shown;
use super::dashboard::tables::states;
use super::dashboard::trend::Trend;
use super::sentences;
use super::view::{DashboardQuery, View};
use crate::base::error::{Error, Result};
use crate::dashboard::figures::{Count, count_of, total};
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::stories::story;
use crate::sign_in::extract::Visit;
use crate::web::dates::{day_long, moment_long};
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "dashboard/embed.html")]
struct EmbedPage {
    p: Page,
    kicker: String,
    finding: String,
    /// Address of the page of this site that shows more.
    href: String,
    home: String,
    figures: Vec<Figure>,
    states: Vec<(&'static str, i64)>,
    all: i64,
    trend: Option<Trend>,
    iso: String,
    as_of: String,
}

/// Text of a frame: title, finding, and the page that shows more.
struct Framed {
    kicker: String,
    finding: String,
    href: String,
}

impl EmbedPage {
    fn of(visit: &Visit, p: &Page, as_of: AsOf, told: Framed) -> Self {
        let moment = if as_of.is_past { end_of_day(p, as_of.day) } else { moment_long(p.locale, visit.ctx.now) };
        Self {
            p: p.clone().named(titled(p, &told.kicker, as_of)),
            kicker: told.kicker,
            finding: told.finding,
            href: told.href,
            home: p.href("/"),
            figures: Vec::new(),
            states: Vec::new(),
            all: 0,
            trend: None,
            iso: as_of.day.to_string(),
            as_of: p.tr("dashboard-embed-as-of", &[("moment", moment)]),
        }
    }

    /// The frame with the bar of states and its counts.
    fn with_states(mut self, count: &Count) -> Self {
        self.states = states(count);
        self.all = count.assignments();
        self
    }
}

fn end_of_day(p: &Page, day: NaiveDate) -> String {
    format!("{}{}", day_long(p.locale, day), p.t("dashboard-embed-midnight"))
}

/// `GET /embed/dashboard`: the finding and the main figures.
#[handler]
pub async fn dashboard(visit: Visit, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let shown = Shown::read(&visit, view.unfiltered(), as_of).await?;
    let page = EmbedPage::of(&visit, &p, as_of, of_dashboard(&p, &shown, Part::Summary, None));
    let figures = figures(&p, &shown).into_iter().take(3).collect();
    public(&EmbedPage { figures, ..page.with_states(&shown.dash.total) })
}

/// `GET /embed/trend`: the rates over the days since the dispatch.
#[handler]
pub async fn trend(visit: Visit, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let shown = Shown::read(&visit, view.unfiltered(), as_of).await?;
    let trend = Trend::of(visit.app.stores.main.db(), &p, &shown).await?;
    let finding = trend.as_ref().map(|trend| trend.finding.clone());
    let page = EmbedPage::of(&visit, &p, as_of, of_dashboard(&p, &shown, Part::Trend, finding));
    public(&EmbedPage { trend, ..page })
}

/// Text of the frame of a part of the dashboard; without a finding of its own, the finding of the whole.
fn of_dashboard(p: &Page, shown: &Shown, part: Part, finding: Option<String>) -> Framed {
    Framed {
        kicker: shown.title(p),
        finding: finding.unwrap_or_else(|| sentences::finding(p, &shown.dash)),
        href: p.href(&shown.view.at(part.path())),
    }
}

/// `GET /embed/issues/{code}`: the progress of one issue.
#[handler]
pub async fn issue(visit: Visit, Path(code): Path<String>, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let story = story(visit.app.stores.main.db(), &code, as_of).await?;
    let count = total(&story.standings, as_of.instant);
    let title = p.pick(&story.option.title_zh, &story.option.title_en).to_owned();
    let finding =
        sentences::issue_status(&p, &story, &count, as_of.day).unwrap_or_else(|| p.t("dashboard-finding-none"));
    let view = View { as_of: view.as_of, ..View::default() };
    let told =
        Framed { kicker: format!("{code} {title}"), finding, href: p.href(&view.at(&format!("/issues/{code}"))) };
    public(&EmbedPage::of(&visit, &p, as_of, told).with_states(&count))
}

/// `GET /embed/provinces/{code}`: the progress of one province in all campaigns.
#[handler]
pub async fn province(visit: Visit, Path(code): Path<String>, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let view = View { as_of: view.as_of, ..View::default() };
    let shown = Shown::all(&visit, view, as_of).await?;
    let place = shown.names.place(&code).ok_or(Error::NotFound("place"))?;
    let count = count_of(&shown.dash.by_province, &code).cloned().unwrap_or_default();
    let told = Framed {
        kicker: p.pick(&place.name_zh, &place.name_en).to_owned(),
        finding: if count.assignments() == 0 {
            p.t("dashboard-finding-none")
        } else {
            sentences::province_status(&p, &count, as_of.day)
        },
        href: p.href(&shown.view.at(&format!("/provinces/{code}"))),
    };
    public(&EmbedPage::of(&visit, &p, as_of, told).with_states(&count))
}
