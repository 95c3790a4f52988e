//! The JSON face of this slice: the dispatch, and the moves that bring neither a report nor a check.

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
use crate::dispatch::commands::{self, DryRun, Taken, Taking};
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
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

/// See the module.
pub struct DispatchApi;

/// What a dispatch would do, or did.
#[derive(Debug, Object)]
struct Dispatch {
    /// Slug of the campaign.
    campaign: String,
    /// When it was done; absent for a dry run.
    dispatched_at: Option<DateTime<Utc>>,
    /// Assignments: issues times units.
    rows: usize,
    /// Codes of the issues, by rank.
    issues: Vec<String>,
    /// Codes of the provinces that the issues go to.
    units: Vec<String>,
    /// Day of dispatch: today for a dry run. It does not count.
    dispatched_on: NaiveDate,
    /// Last day for acknowledging or returning a row.
    acknowledge_by: NaiveDate,
    /// Last day for the fix.
    due_on: NaiveDate,
    /// The fixed day of the campaign, where it was no working day and was rolled forward.
    rolled_from: Option<NaiveDate>,
    /// Working days from dispatch to the last day.
    working_days: u32,
    /// Days off and make-up days on the way.
    exceptions: Vec<ExceptionalDay>,
    /// Years on the way whose arrangement is not loaded: there plain weekdays are counted.
    unloaded_years: Vec<i32>,
}

/// A day on which the plain rule of weekdays does not hold.
#[derive(Debug, Object)]
struct ExceptionalDay {
    /// The day.
    day: NaiveDate,
    /// Day off or make-up day.
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

/// An acknowledgement.
#[derive(Debug, Object)]
struct Acknowledgement {
    /// Responsible department of the province; at most 60 characters.
    department: String,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// Acknowledgements of several rows of one province.
#[derive(Debug, Object)]
struct Acknowledgements {
    /// Six digits of the province.
    province: String,
    /// The rows; at most 200.
    rows: Vec<AcknowledgedRow>,
    /// Only tell what would happen.
    #[oai(default)]
    dry_run: bool,
}

/// One row of a bulk acknowledgement.
#[derive(Debug, Object)]
struct AcknowledgedRow {
    /// Code of the issue.
    issue: String,
    /// Responsible department of the province; at most 60 characters.
    department: String,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// What became, or would become, of every row.
#[derive(Debug, Object)]
struct Acknowledged {
    /// Whether nothing was written.
    dry_run: bool,
    /// How many were, or would be, acknowledged.
    done: usize,
    /// How many were, or would be, left alone.
    failed: usize,
    /// Row by row, in the order of the request.
    rows: Vec<AcknowledgedResult>,
}

/// What became, or would become, of one row.
#[derive(Debug, Object)]
struct AcknowledgedResult {
    /// Code of the issue.
    issue: String,
    /// Whether it was, or would be, acknowledged.
    ok: bool,
    /// Stable code of the refusal, such as `assignment.wrong_state`.
    code: Option<String>,
    /// The refusal as a sentence, in the language of the request.
    title: Option<String>,
}

/// A return.
#[derive(Debug, Object)]
struct Return {
    /// Why the row is not this province's, by law or duty list; at most 2,000 characters.
    basis: String,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// Where a ruling leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum RuledTo {
    /// Back to the province, which cannot return it again.
    Province,
    /// Exempt; the row stays in every denominator.
    Exempt,
}

/// A ruling on a return.
#[derive(Debug, Object)]
struct Ruling {
    /// Where it leads.
    to: RuledTo,
    /// The ruling; at most 2,000 characters.
    ruling: String,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A request for exemption.
#[derive(Debug, Object)]
struct ExemptionRequest {
    /// Why, by class.
    class: ExemptionClass,
    /// Why, in words; at most 2,000 characters.
    basis: String,
}

/// A granted exemption.
#[derive(Debug, Object)]
struct Exemption {
    /// The reason, shown to everybody; at most 2,000 characters.
    basis: String,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A refused exemption.
#[derive(Debug, Object)]
struct ExemptionRefusal {
    /// The reason; at most 2,000 characters.
    basis: String,
}

#[OpenApi(tag = "ApiTags::Assignments")]
impl DispatchApi {
    /// What a dispatch would do now, or what the dispatch did.
    #[oai(path = "/campaigns/:slug/dispatch", method = "get")]
    async fn dispatch_shown(&self, signed: Signed, slug: Path<String>) -> Result<Json<Dispatch>> {
        let db = signed.app.stores.main.db();
        let run = commands::dry_run(db, &signed.ctx, &slug.0).await?;
        Ok(Json(run.into()))
    }

    /// Sends every issue to every province of the campaign: all rows or none. Done again it changes nothing and answers
    /// the same.
    #[oai(path = "/campaigns/:slug/dispatch", method = "post")]
    async fn dispatch(&self, signed: Signed, slug: Path<String>) -> Result<Json<Dispatch>> {
        let (ctx, app) = (&signed.ctx, &signed.app);
        app.stores.main.write(Changes::Campaigns, async |tx| commands::dispatch(tx, ctx, &slug.0).await).await?;
        let run = commands::dry_run(app.stores.main.db(), ctx, &slug.0).await?;
        Ok(Json(run.into()))
    }

    /// Acknowledges many rows of a province: every row that can be, the others are named with their reason.
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
        let taken = signed.app.stores.main.write(Changes::Public, work).await?;
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

    /// The province takes the row and names the responsible department.
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

    /// The province sends the row back as not its own: once, within the acknowledgement limit.
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

    /// The organiser decides a return.
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

    /// The province asks that an open row be exempted; the state stays until the organiser decides.
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

    /// The organiser exempts a row for which the province asked.
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

    /// The organiser refuses an exemption; the state stays as it is.
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
