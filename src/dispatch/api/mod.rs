//! The JSON API of this slice: the dispatch, and the moves that carry neither a report nor a verification.

pub mod assignment_view;

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{DayKind, ExemptionClass, Move};
use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use self::assignment_view::{AssignmentView, ExpectedVersion, changed, moved};
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::dispatch::commands::{self, Taken, Taking};
use crate::dispatch::dry_run::{DryRun, dry_run};
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of the operations of this slice.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/campaigns/:slug/dispatch", Policy::CALL),
    (Method::POST, "/campaigns/:slug/dispatch", Policy::SENSITIVE),
    (Method::POST, "/assignments/acknowledgements", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/acknowledgement", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/return", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/ruling", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/exemption-request", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/exemption", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/exemption-refusal", Policy::STAFF),
];

/// The operations of this slice.
pub struct DispatchApi;

/// The rows and dates that a dispatch would create, or has created.
#[derive(Debug, Object)]
struct Dispatch {
    /// Slug of the campaign.
    campaign: String,
    /// Instant of the dispatch, programme time; absent for a dry run.
    dispatched_at: Option<DateTime<Utc>>,
    /// Number of assignments: issues times provinces.
    rows: usize,
    /// Codes of the issues, ordered by rank.
    issues: Vec<String>,
    /// Codes of the provinces that receive the issues.
    units: Vec<String>,
    /// Day of the dispatch, which does not count for deadlines; for a dry run this is today.
    dispatched_on: NaiveDate,
    /// Last day for acknowledging or returning an assignment.
    acknowledge_by: NaiveDate,
    /// Last day for the fix.
    due_on: NaiveDate,
    /// Fixed day of the campaign, where that day is no working day and the deadline was rolled forward.
    rolled_from: Option<NaiveDate>,
    /// Number of working days from the dispatch to the last day.
    working_days: u32,
    /// Days off and make-up days between the dispatch and the last day.
    exceptions: Vec<ExceptionalDay>,
    /// Years between the dispatch and the last day whose holiday arrangement is not loaded: in these years plain weekdays are
    /// counted.
    unloaded_years: Vec<i32>,
}

/// A day for which the plain rule of weekdays does not apply.
#[derive(Debug, Object)]
struct ExceptionalDay {
    /// Date of the day.
    day: NaiveDate,
    /// Kind of the day: day off or make-up day.
    kind: DayKind,
}

impl From<DryRun> for Dispatch {
    fn from(run: DryRun) -> Self {
        let dates = run.deadlines;
        Self {
            campaign: run.campaign.slug,
            dispatched_at: run.done.map(|d| d.at),
            rows: run.rows,
            issues: run.issues.into_iter().map(|i| i.code).collect(),
            units: run.campaign.units.0,
            dispatched_on: dates.dispatched_on,
            acknowledge_by: dates.acknowledge_on,
            due_on: dates.due_on,
            rolled_from: dates.rolled_from,
            working_days: dates.working_days,
            exceptions: dates.met.into_iter().map(|(day, kind)| ExceptionalDay { day, kind }).collect(),
            unloaded_years: dates.unloaded_years,
        }
    }
}

/// The acknowledgement of one assignment.
#[derive(Debug, Object)]
struct Acknowledgement {
    /// Responsible department of the province; at most 60 characters.
    department: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// Acknowledgements of several assignments of one province.
#[derive(Debug, Object)]
struct Acknowledgements {
    /// Code of the province, six digits.
    province: String,
    /// Assignments to acknowledge; at most 200.
    rows: Vec<AcknowledgedRow>,
    /// Whether the call is a dry run, which reports the outcome and writes nothing.
    #[oai(default)]
    dry_run: bool,
}

/// One assignment of a bulk acknowledgement.
#[derive(Debug, Object)]
struct AcknowledgedRow {
    /// Code of the issue.
    issue: String,
    /// Responsible department of the province; at most 60 characters.
    department: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// The outcome of a bulk acknowledgement, or of its dry run.
#[derive(Debug, Object)]
struct Acknowledged {
    /// Whether this was a dry run, in which nothing is written.
    dry_run: bool,
    /// Number of assignments that were, or would be, acknowledged.
    done: usize,
    /// Number of assignments that were, or would be, left unchanged.
    failed: usize,
    /// Result for each assignment, in the order of the request.
    rows: Vec<AcknowledgedResult>,
}

/// Outcome for one assignment; in a dry run, the outcome to expect.
#[derive(Debug, Object)]
struct AcknowledgedResult {
    /// Code of the issue.
    issue: String,
    /// Whether the assignment was, or would be, acknowledged.
    ok: bool,
    /// Stable code of the refusal, such as `assignment.wrong_state`; absent where nothing was refused.
    code: Option<String>,
    /// The refusal as a sentence, in the language of the request; absent where nothing was refused.
    title: Option<String>,
}

/// The return of an assignment by its province.
#[derive(Debug, Object)]
struct Return {
    /// Reason by law or duty list why the assignment is not this province's task; at most 2,000 characters.
    basis: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// Outcome that a ruling gives to an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum RuledTo {
    /// The assignment goes back to the province, which cannot return it again.
    Province,
    /// The assignment is exempt; it stays in every denominator.
    Exempt,
}

/// The ruling on a return.
#[derive(Debug, Object)]
struct Ruling {
    /// Outcome of the ruling.
    to: RuledTo,
    /// Text of the ruling; at most 2,000 characters.
    ruling: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A request for exemption.
#[derive(Debug, Object)]
struct ExemptionRequest {
    /// Class of the reason.
    class: ExemptionClass,
    /// Reason in words; at most 2,000 characters.
    basis: String,
}

/// The grant of an exemption.
#[derive(Debug, Object)]
struct Exemption {
    /// Reason of the exemption, shown to everybody; at most 2,000 characters.
    basis: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// The refusal of an exemption.
#[derive(Debug, Object)]
struct ExemptionRefusal {
    /// Reason of the refusal; at most 2,000 characters.
    basis: String,
}

#[OpenApi(tag = "ApiTags::Assignments")]
impl DispatchApi {
    /// Preview of a dispatch, or the dispatch that was made, for organisers, approvers and auditors
    #[oai(path = "/campaigns/:slug/dispatch", method = "get")]
    async fn dispatch_shown(&self, signed: Signed, slug: Path<String>) -> Result<Json<Dispatch>> {
        let db = signed.app.stores.main.db();
        let run = dry_run(db, &signed.ctx, &slug.0).await?;
        Ok(Json(run.into()))
    }

    /// Dispatch the issues of a campaign, for approvers
    ///
    /// Sends every issue to every province of the campaign: all rows or none. The operation is idempotent: a second call
    /// changes nothing and gives the same answer.
    #[oai(path = "/campaigns/:slug/dispatch", method = "post")]
    async fn dispatch(&self, signed: Signed, slug: Path<String>) -> Result<Json<Dispatch>> {
        let (ctx, app) = (&signed.ctx, &signed.app);
        signed.write(Changes::Campaigns, async |tx| commands::dispatch(tx, ctx, &slug.0, None).await).await?;
        let run = dry_run(app.stores.main.db(), ctx, &slug.0).await?;
        Ok(Json(run.into()))
    }

    /// Acknowledge several assignments of a province, for its coordinators
    ///
    /// Every assignment that can be acknowledged is acknowledged. The answer names the reason for every other assignment. A dry
    /// run writes nothing.
    #[oai(path = "/assignments/acknowledgements", method = "post")]
    async fn acknowledge_all(&self, signed: Signed, body: JsonBody<Acknowledgements>) -> Result<Json<Acknowledged>> {
        let Acknowledgements { province, rows, dry_run } = body.0;
        let rows = rows
            .into_iter()
            .map(|row| Taking {
                issue: row.issue,
                province: province.clone(),
                department: row.department,
                expected_version: row.version.get(),
            })
            .collect();
        let ctx = &signed.ctx;
        let work = async |tx: &_| commands::acknowledge_all(tx, ctx, rows, dry_run).await;
        let taken = signed.write(Changes::Public, work).await?;
        let locale = signed.page("").locale;
        let rows: Vec<AcknowledgedResult> = taken
            .into_iter()
            .map(|Taken { asked, outcome }| {
                let refusal = outcome.err().map(|e| e.refusal());
                AcknowledgedResult {
                    issue: asked.issue,
                    ok: refusal.is_none(),
                    code: refusal.as_ref().map(|r| r.code.to_owned()),
                    title: refusal.map(|r| locale.refusal(&r)),
                }
            })
            .collect();
        let done = rows.iter().filter(|r| r.ok).count();
        Ok(Json(Acknowledged { dry_run, done, failed: rows.len() - done, rows }))
    }

    /// Acknowledge an assignment and name the responsible department, for coordinators of the province
    #[oai(path = "/assignments/:issue/:province/acknowledgement", method = "post")]
    async fn acknowledge(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Acknowledgement>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::Acknowledgement, body.version, async |tx, permitted| {
            commands::acknowledge(tx, &signed.ctx, permitted, &body.department).await
        })
        .await
    }

    /// Return an assignment as not the province's own, for coordinators of the province
    ///
    /// One return of an assignment is possible, within the acknowledgement limit.
    #[oai(path = "/assignments/:issue/:province/return", method = "post")]
    async fn return_row(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Return>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::Return, body.version, async |tx, permitted| {
            commands::return_row(tx, &signed.ctx, permitted, &body.basis).await
        })
        .await
    }

    /// Decide on a return, for organisers
    #[oai(path = "/assignments/:issue/:province/ruling", method = "post")]
    async fn rule(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Ruling>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::Ruling, body.version, async |tx, permitted| {
            let exempt = body.to == RuledTo::Exempt;
            commands::rule(tx, &signed.ctx, permitted, &body.ruling, exempt).await
        })
        .await
    }

    /// Request the exemption of an open assignment, for coordinators of the province
    ///
    /// The state of the assignment stays until an organiser decides.
    #[oai(path = "/assignments/:issue/:province/exemption-request", method = "post")]
    async fn request_exemption(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<ExemptionRequest>,
    ) -> Result<Json<AssignmentView>> {
        changed(&signed, (&issue, &province), async |tx, found| {
            commands::request_exemption(tx, &signed.ctx, found, body.class, &body.basis).await
        })
        .await
    }

    /// Exempt an assignment on the request of its province, for organisers
    #[oai(path = "/assignments/:issue/:province/exemption", method = "post")]
    async fn exempt(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Exemption>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::Exemption, body.version, async |tx, permitted| {
            commands::exempt(tx, &signed.ctx, permitted, &body.basis).await
        })
        .await
    }

    /// Refuse an exemption, for organisers
    ///
    /// The state of the assignment does not change.
    #[oai(path = "/assignments/:issue/:province/exemption-refusal", method = "post")]
    async fn refuse_exemption(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<ExemptionRefusal>,
    ) -> Result<Json<AssignmentView>> {
        changed(&signed, (&issue, &province), async |tx, found| {
            commands::refuse_exemption(tx, &signed.ctx, found, &body.basis).await
        })
        .await
    }
}
