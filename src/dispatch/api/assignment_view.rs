//! An assignment as the calls of staff answer it: after every move of whatever slice the same object.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{AssignmentState, Move};
use poem_openapi::Object;
use sea_orm::ConnectionTrait;

use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::campaign;
use crate::dispatch::deadline::last_day;
use crate::dispatch::queries;
use crate::dispatch::workflow::offers;

/// An assignment as those see it who work on it.
#[derive(Clone, Debug, Object)]
pub struct AssignmentView {
    /// Code of the issue.
    pub issue: String,
    /// Six digits of the province.
    pub province: String,
    /// Slug of the campaign.
    pub campaign: String,
    /// Where it stands.
    pub state: AssignmentState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Last day for the fix; the clock is not reset by any move.
    pub due_on: NaiveDate,
    /// Last day for acknowledging or returning it.
    pub acknowledge_by: NaiveDate,
    /// Whether it is open and past its last day.
    pub overdue: bool,
    /// Whether it was returned; once is the limit.
    pub returned: bool,
    /// Responsible department of the province; empty before the acknowledgement.
    pub department: String,
    /// Counties, windows or hospitals covered by the latest report.
    pub covered: i32,
    /// Out of how many; 0 before the first report.
    pub coverable: i32,
    /// Whether a request for exemption awaits a decision.
    pub exemption_asked: bool,
    /// Number of moves so far: send it back as `seen`, and another's move in between is noticed.
    pub moves: i32,
    /// The moves that the caller may make now.
    pub offers: Vec<Move>,
}

/// An assignment as it stands, for somebody who works on it.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn standing(db: &impl ConnectionTrait, ctx: &Ctx, issue: &str, province: &str) -> Result<AssignmentView> {
    let found = queries::for_staff(db, ctx, issue, province).await?;
    let campaign = campaign::queries::by_id(db, found.issue.campaign_id).await?;
    let row = &found.assignment;
    let exemption_asked = queries::open_exemption_request(db, &found).await?.is_some();
    Ok(AssignmentView {
        issue: found.issue.code.clone(),
        province: row.province.clone(),
        campaign: campaign.slug,
        state: row.state,
        since: row.moved_at,
        due_on: last_day(row.due_at),
        acknowledge_by: last_day(found.dispatch.acknowledge_due_at),
        overdue: row.state.is_open() && row.due_at < ctx.now,
        returned: row.returned,
        department: row.department.clone(),
        covered: row.covered,
        coverable: row.coverable,
        exemption_asked,
        moves: row.moves,
        offers: offers(ctx.staff()?, &found.case(), exemption_asked),
    })
}
