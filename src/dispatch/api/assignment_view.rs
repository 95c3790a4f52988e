//! The assignment as the operations of staff answer it: the same object after every move, in every slice.

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
use crate::dispatch::deadline::is_overdue;
use crate::dispatch::permission::{Permitted, allowed};
use crate::dispatch::queries::{self, LoadedAssignment};
use crate::dispatch::workflow::offers;
use crate::sign_in::extract::Signed;

/// An assignment as staff who work on it see it.
#[derive(Clone, Debug, Object)]
pub struct AssignmentView {
    /// Code of the issue.
    pub issue: String,
    /// Code of the province, six digits.
    pub province: String,
    /// Slug of the campaign that the assignment belongs to.
    pub campaign: String,
    /// State of the assignment.
    pub state: AssignmentState,
    /// Instant of the latest move, programme time.
    pub since: DateTime<Utc>,
    /// Last day for the fix; no move resets this deadline.
    pub due_on: NaiveDate,
    /// Last day for acknowledging or returning the assignment.
    pub acknowledge_by: NaiveDate,
    /// Whether the assignment is open and past its last day.
    pub overdue: bool,
    /// Whether the assignment was returned; one return is the limit.
    pub returned: bool,
    /// Responsible department of the province; empty before the acknowledgement.
    pub department: String,
    /// Number of counties, windows or hospitals that the latest report covers.
    pub covered: i32,
    /// Number of counties, windows or hospitals that the fix has to cover in all; 0 before the first report.
    pub coverable: i32,
    /// Whether a request for exemption awaits a decision.
    pub exemption_asked: bool,
    /// Number of moves so far, which is the version of the assignment: a call that sends this number back as `expected_version`
    /// is refused after a move in between.
    pub moves: i32,
    /// Moves that the caller may make now.
    pub offers: Vec<Move>,
}

/// The version of the assignment that a call was made from.
#[derive(Clone, Copy, Debug, Default, Object)]
pub struct ExpectedVersion {
    /// `moves` of the assignment as the caller read it (optimistic lock); after a move in between the call is refused with 409.
    expected_version: Option<i32>,
    /// Name of `expected_version` before version 0.2.
    #[oai(deprecated)]
    seen: Option<i32>,
}

impl ExpectedVersion {
    /// The version; none where the call gives none.
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

/// Loads an assignment, changes something about it in the same transaction, and answers with the assignment after the change.
///
/// # Errors
/// `Unauthenticated`; `NotFound`; every refusal of the command.
pub async fn changed(
    signed: &Signed,
    (issue, province): (&str, &str),
    command: impl AsyncFnOnce(&DatabaseTransaction, &LoadedAssignment) -> Result<()>,
) -> Result<Json<AssignmentView>> {
    let work = async |tx: &DatabaseTransaction| {
        let found = queries::for_staff(tx, &signed.ctx, issue, province).await?;
        command(tx, &found).await
    };
    signed.write(Changes::Public, work).await?;
    Ok(Json(view(signed.app.stores.main.db(), &signed.ctx, issue, province).await?))
}

/// An assignment in its present state, for staff who work on it.
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
