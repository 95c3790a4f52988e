//! The JSON API of this slice: the figures, and the public view of assignments, as of any day.

mod answers;
mod assignment;

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use entity::stored::AssignmentState;
use poem::http::Method;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use self::answers::{
    AssignmentPage, AssignmentShort, CampaignFigures, DashboardAnswer, Figures, GroupFigures, TeamFigures,
};
use self::assignment::AssignmentFull;
use crate::app::App;
use crate::base::error::{Error, Refusal, Result};
use crate::dashboard::queries::{AsOf, Dashboard, TeamFigure, assignment_history, dashboard, teams};
use crate::programme;
use crate::web::api_tags::ApiTags;
use crate::web::policy::{Operation, Policy};

/// Greatest number of assignments on a page.
const A_PAGE: usize = 50;

/// Policies of the operations of this slice.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/dashboard", Policy::PUBLIC_CALL),
    (Method::GET, "/assignments", Policy::PUBLIC_CALL),
    (Method::GET, "/assignments/:issue/:province", Policy::PUBLIC_CALL),
];

/// Operations about figures and assignments.
pub struct DashboardApi;

#[OpenApi]
impl DashboardApi {
    /// The figures as of a day
    ///
    /// All figures are counted from the moves that were recorded before the end of the day in China. The denominator is the
    /// number of assignments that were dispatched by then. Without a day, the figures are those of now.
    #[oai(path = "/dashboard", method = "get", tag = "ApiTags::Dashboard")]
    async fn dashboard(
        &self,
        app: Data<&Arc<App>>,
        /// A day in China, `YYYY-MM-DD`; not in the future.
        as_of: Query<Option<String>>,
        /// Slug of a campaign, or several slugs separated by commas; all campaigns by default.
        campaign: Query<Option<String>>,
    ) -> Result<Json<DashboardAnswer>> {
        let as_of = AsOf::read(as_of.0.as_deref(), app.clock.now())?;
        let campaign = campaign.0.filter(|c| !c.is_empty());
        let dash = dashboard(app.stores.main.db(), as_of, campaign.as_deref()).await?;
        let teams = teams(app.stores.main.db(), &dash).await?;
        Ok(Json(answer(&dash, &teams)))
    }

    /// Assignments as of a day
    ///
    /// Lists the public view of assignments, in the order of dispatch, issue rank and province, fifty a page.
    #[oai(path = "/assignments", method = "get", tag = "ApiTags::Assignments")]
    #[expect(
        clippy::too_many_arguments,
        reason = "one argument a parameter of the query: that is how the document is made"
    )]
    async fn assignments(
        &self,
        app: Data<&Arc<App>>,
        /// Slug of a campaign, or several slugs separated by commas; all campaigns by default.
        campaign: Query<Option<String>>,
        /// Code of a province; all provinces by default.
        province: Query<Option<String>>,
        /// Code of an issue; all issues by default.
        issue: Query<Option<String>>,
        /// A state, or several states separated by commas; all states by default.
        state: Query<Option<String>>,
        /// Whether to list overdue assignments only.
        overdue: Query<Option<bool>>,
        /// A day in China, `YYYY-MM-DD`; not in the future.
        as_of: Query<Option<String>>,
        /// Number of the page, from 1.
        page: Query<Option<u64>>,
    ) -> Result<Json<AssignmentPage>> {
        let db = app.stores.main.db();
        let as_of = AsOf::read(as_of.0.as_deref(), app.clock.now())?;
        let given = |text: Option<String>| text.filter(|t| !t.is_empty());
        let (campaign, province) = (given(campaign.0), given(province.0));
        let (issue, states) = (given(issue.0), states(given(state.0))?);
        let overdue = overdue.0.unwrap_or(false);
        if let Some(code) = &province {
            programme::queries::place(db, code).await?;
        }
        if let Some(code) = &issue {
            crate::tally::queries::issue(db, code).await?;
        }
        let dash = dashboard(db, as_of, campaign.as_deref()).await?;
        let calendar = programme::queries::calendar(db, as_of.known()).await?;
        let rows: Vec<_> = dash
            .standings
            .iter()
            .filter(|s| province.as_ref().is_none_or(|p| *p == s.province))
            .filter(|s| issue.as_ref().is_none_or(|i| *i == s.issue))
            .filter(|s| states.is_empty() || states.contains(&s.state))
            .filter(|s| !overdue || s.is_overdue(as_of.instant))
            .collect();
        let page = usize::try_from(page.0.unwrap_or(1)).unwrap_or(usize::MAX).max(1);
        let pages = rows.len().div_ceil(A_PAGE);
        Ok(Json(AssignmentPage {
            as_of: as_of.day,
            total: rows.len() as u64,
            page: page as u64,
            pages: pages as u64,
            assignments: rows
                .iter()
                .skip((page - 1).saturating_mul(A_PAGE))
                .take(A_PAGE)
                .map(|row| AssignmentShort::of(row, as_of, &calendar))
                .collect(),
        }))
    }

    /// One assignment as of a day
    ///
    /// Includes the public history. The history names offices and roles, never people; it gives the digest of evidence, never
    /// the file.
    #[oai(path = "/assignments/:issue/:province", method = "get", tag = "ApiTags::Assignments")]
    async fn assignment(
        &self,
        app: Data<&Arc<App>>,
        /// Code of the issue.
        issue: Path<String>,
        /// Code of the province.
        province: Path<String>,
        /// A day in China, `YYYY-MM-DD`; not in the future.
        as_of: Query<Option<String>>,
    ) -> Result<Json<AssignmentFull>> {
        let db = app.stores.main.db();
        let as_of = AsOf::read(as_of.0.as_deref(), app.clock.now())?;
        let one = assignment_history::one(db, &issue.0, &province.0, as_of).await?;
        let calendar = programme::queries::calendar(db, as_of.known()).await?;
        // Before the dispatch, the assignment does not exist yet.
        AssignmentFull::of(&one, as_of, &calendar).map(Json).ok_or(Error::NotFound("assignment"))
    }
}

fn states(text: Option<String>) -> Result<Vec<AssignmentState>> {
    text.unwrap_or_default()
        .split(',')
        .filter(|word| !word.is_empty())
        .map(|word| AssignmentState::from_str(word).map_err(|_| Error::field("state", Refusal::new("form.choice"))))
        .collect()
}

fn answer(dash: &Dashboard, teams: &[TeamFigure]) -> DashboardAnswer {
    let day = dash.as_of.day;
    let dispatched: HashMap<&str, _> = dash.campaigns.iter().map(|d| (d.campaign.slug.as_str(), d)).collect();
    let groups = |lines: &[super::figures::GroupFigure]| lines.iter().map(GroupFigures::of).collect();
    DashboardAnswer {
        as_of: day,
        total: Figures::of(&dash.total),
        campaigns: dash
            .by_campaign
            .iter()
            .filter_map(|line| Some((line, dispatched.get(line.code.as_str())?)))
            .map(|(line, campaign)| CampaignFigures {
                group: GroupFigures::of(line),
                dispatched_on: campaign.dispatched_on(),
                due_on: campaign.due_on(),
                days_since_dispatch: campaign.age(day),
            })
            .collect(),
        issues: groups(&dash.by_issue),
        provinces: groups(&dash.by_province),
        teams: teams.iter().map(TeamFigures::of).collect(),
    }
}
