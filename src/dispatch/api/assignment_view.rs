//! An assignment as the calls of staff answer it: after every move of whatever slice the same object.

use crate::dispatch::deadline::is_overdue;
use chrono::{DateTime, NaiveDate, Utc};
use entity::assignment;
use entity::stored::{AssignmentState, Move};
use poem_openapi::Object;
use poem_openapi::payload::Json;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::base::clock::{just_after, last_day};
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::campaign;
use crate::dispatch::commands::{Permitted, allowed};
use crate::dispatch::queries::{self, LoadedAssignment};
use crate::dispatch::workflow::offers;
use crate::sign_in::extract::Signed;

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
    /// Number of moves so far, the version of the assignment: sent back as `expected_version`, it refuses a move in between.
    pub moves: i32,
    /// The moves that the caller may make now.
    pub offers: Vec<Move>,
}

/// The version that a call was made from.
#[derive(Clone, Copy, Debug, Default, Object)]
pub struct ExpectedVersion {
    /// `moves` of the assignment as it was read (optimistic lock); a move in between is refused with 409.
    expected_version: Option<i32>,
    /// The name of `expected_version` until version 0.2.
    #[oai(deprecated)]
    seen: Option<i32>,
}

impl ExpectedVersion {
    /// The version; none where the call names none.
    #[must_use]
    pub fn get(self) -> Option<i32> {
        self.expected_version.or(self.seen)
    }
}

/// Makes one move and answers with the assignment after it.
///
/// # Errors
/// As [`changed`]; as [`allowed`].
pub async fn moved(
    signed: &Signed,
    row: (&str, &str),
    act: Move,
    version: ExpectedVersion,
    command: impl AsyncFnOnce(&DatabaseTransaction, Permitted<'_>) -> Result<assignment::Model>,
) -> Result<Json<AssignmentView>> {
    changed(signed, row, async |tx, found| {
        command(tx, allowed(tx, &signed.ctx, found, act, version.get()).await?).await.map(drop)
    })
    .await
}

/// Changes something about an assignment, which is loaded in the same transaction, and answers with the assignment after it.
///
/// # Errors
/// `Unauthenticated`; `NotFound`; what the command refuses.
pub async fn changed(
    signed: &Signed,
    (issue, province): (&str, &str),
    command: impl AsyncFnOnce(&DatabaseTransaction, &LoadedAssignment) -> Result<()>,
) -> Result<Json<AssignmentView>> {
    let work = async |tx: &DatabaseTransaction| {
        let found = queries::for_staff(tx, &signed.ctx, issue, province).await?;
        command(tx, &found).await
    };
    signed.app.stores.main.write(Changes::Public, work).await?;
    Ok(Json(view(signed.app.stores.main.db(), &signed.ctx, issue, province).await?))
}

/// An assignment as it stands, for somebody who works on it.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn view(db: &impl ConnectionTrait, ctx: &Ctx, issue: &str, province: &str) -> Result<AssignmentView> {
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
        overdue: is_overdue(row.state, row.due_at, just_after(ctx.now)),
        returned: row.returned,
        department: row.department.clone(),
        covered: row.covered,
        coverable: row.coverable,
        exemption_asked,
        moves: row.moves,
        offers: offers(ctx.staff()?, &found.case(), exemption_asked),
    })
}
