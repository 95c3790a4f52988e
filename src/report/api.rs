//! The JSON API of this slice: plan, evidence, report, withdrawal, signature, sending back.

use chrono::NaiveDate;
use entity::stored::Move;
use poem::http::Method;
use poem::web::Multipart;
use poem::{Body, FromRequest, Request, RequestBody};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiRequest, Object, OpenApi};

use super::commands::{self, NewPlan, NewReport};
use super::evidence::scanner::AWAY as UNSCANNED;
use super::{purge, queries};
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::dispatch::api::assignment_view::{AssignmentView, ExpectedVersion, changed, moved};
use crate::dispatch::queries::for_staff;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::form::{MAX_FILE, file_name};
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of the operations of this slice.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/assignments/:issue/:province/plan", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/evidence", Policy::STAFF.uploads()),
    (Method::DELETE, "/assignments/:issue/:province/evidence/:sha256", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/report", Policy::STAFF.uploads()),
    (Method::POST, "/assignments/:issue/:province/withdrawal", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/signature", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/sending-back", Policy::STAFF),
];

/// The operations of this slice.
pub struct ReportApi;

/// The plan for a fix.
#[derive(Debug, Object)]
struct Plan {
    /// Code of the root cause.
    root_cause: String,
    /// Code of the remedy.
    remedy: String,
    /// Cause and remedy in this province, in words; at most 2,000 characters.
    #[oai(default)]
    description: String,
    /// Milestones of the plan; 1 to 20.
    milestones: Vec<Milestone>,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// One milestone of a plan.
#[derive(Debug, Object)]
struct Milestone {
    /// Day by which the work will be done.
    day: NaiveDate,
    /// Work that will be done by that day; at most 200 characters.
    text: String,
}

/// The claim of a fix.
#[derive(Debug, Object)]
struct Report {
    /// Situation before the change; at most 2,000 characters.
    before: String,
    /// Change that was made; at most 2,000 characters.
    after: String,
    /// Day since which the fix works; not in the future.
    effective_on: NaiveDate,
    /// Number of counties, windows or hospitals that the fix covers.
    covered: i32,
    /// Number of counties, windows or hospitals in all. A report that covers fewer counts as partly resolved and cannot be
    /// signed.
    coverable: i32,
    /// SHA-256 of the evidence files, hexadecimal, each uploaded for this assignment; 1 to 20.
    evidence: Vec<String>,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A move that needs a reason.
#[derive(Debug, Object)]
struct Reason {
    /// Reason of the move; at most 2,000 characters.
    reason: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// The signature of a report.
#[derive(Debug, Object)]
struct NewSignature {
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A stored file that a report can name.
#[derive(Debug, Object)]
struct Evidence {
    /// SHA-256 of the stored content, hexadecimal.
    sha256: String,
    /// Name of the file as uploaded, made harmless.
    name: String,
    /// Media type of the file, recognised by content: PDF, JPEG or PNG.
    media: String,
    /// Size of the stored content, in bytes.
    size: i64,
}

/// An uploaded file: the first file of a form, or the plain bytes with the name in the query.
#[derive(ApiRequest)]
enum Upload {
    /// A form; its first file is stored.
    Form(FormFile),
    /// The bytes of the file.
    Bytes(Binary<Body>),
}

/// A form whose file is read while it arrives.
struct FormFile(Multipart);

impl Payload for FormFile {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn check_content_type(content_type: &str) -> bool {
        content_type.starts_with(Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        let file = MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            required: vec!["file"],
            properties: vec![("file", file)],
            ..MetaSchema::new("object")
        }))
    }
}

impl ParsePayload for FormFile {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(Multipart::from_request(request, body).await?))
    }
}

#[OpenApi(tag = "ApiTags::Assignments")]
impl ReportApi {
    /// File a plan, which starts the work, for coordinators and handlers of the province
    #[oai(path = "/assignments/:issue/:province/plan", method = "post")]
    async fn plan(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Plan>,
    ) -> Result<Json<AssignmentView>> {
        let (version, body) = (body.version, body.0);
        let plan = NewPlan {
            root_cause: body.root_cause,
            remedy: body.remedy,
            description: body.description,
            milestones: body.milestones.into_iter().map(|m| (m.day, m.text)).collect(),
        };
        moved(&signed, (&issue, &province), Move::Plan, version, async |tx, permitted| {
            commands::file_plan(tx, &signed.ctx, permitted, plan).await
        })
        .await
    }

    /// Upload an evidence file for a later report, for coordinators and handlers of the province
    ///
    /// Accepts PDF, JPEG and PNG, up to 20 MB. The upload is idempotent: a second upload of the same file gives the same answer.
    /// A picture is re-encoded without location, device and comments: hash and size are those of the new file. An active
    /// document (scripts, programs, embedded files) is refused.
    #[oai(path = "/assignments/:issue/:province/evidence", method = "post")]
    async fn evidence(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        /// Name of the file, where the plain bytes are sent.
        name: Query<Option<String>>,
        body: Upload,
    ) -> Result<Json<Evidence>> {
        let (ctx, app) = (&signed.ctx, &signed.app);
        let db = app.stores.main.db();
        let found = for_staff(db, ctx, &issue.0, &province.0).await?;
        commands::may_add_evidence(ctx, &found)?;
        let room = app.config.evidence_room;
        room.admits(queries::used(db, &found.assignment.province).await?, 0)?;
        app.limiter.try_acquire(commands::FILES, &ctx.staff()?.login, app.clock.system())?;
        let stored = match body {
            Upload::Form(FormFile(mut parts)) => {
                let malformed = |_| Error::field("request", Refusal::new("malformed"));
                loop {
                    let part = parts.next_field().await.map_err(malformed)?;
                    let part = part.ok_or(Error::field("file", Refusal::new("evidence.none")))?;
                    if let Some(name) = file_name(&part) {
                        let content = Box::pin(part.into_async_read());
                        break app.files.receive(&name, content).await;
                    }
                }
            }
            Upload::Bytes(bytes) => {
                let name = name.0.unwrap_or_default();
                let content = Box::pin(bytes.0.into_async_read());
                app.files.receive(&name, content).await
            }
        };
        let (stored, lease) = stored.map_err(by_status)?;
        let sha256 = stored.sha256.clone();
        let work = async |tx: &_| {
            let found = for_staff(tx, ctx, &issue.0, &province.0).await?;
            commands::add_evidence(tx, ctx, &found, room, stored).await
        };
        let added = signed.write(Changes::Internal, work).await;
        drop(lease);
        purge::discard(&app.stores.main, &app.files, &sha256).await?;
        let file = added?;
        Ok(Json(Evidence { sha256: file.sha256, name: file.name, media: file.media, size: file.size }))
    }

    /// Remove an evidence file that no report names yet, for coordinators and handlers of the province
    #[oai(path = "/assignments/:issue/:province/evidence/:sha256", method = "delete")]
    async fn drop_evidence(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        sha256: Path<String>,
    ) -> Result<Json<AssignmentView>> {
        let answer = changed(&signed, (&issue, &province), async |tx, found| {
            commands::drop_evidence(tx, &signed.ctx, found, &sha256.0).await
        })
        .await?;
        purge::discard(&signed.app.stores.main, &signed.app.files, &sha256.0).await?;
        Ok(answer)
    }

    /// File a report: the claim of a fix, with evidence, for coordinators and handlers of the province
    #[oai(path = "/assignments/:issue/:province/report", method = "post")]
    async fn report(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Report>,
    ) -> Result<Json<AssignmentView>> {
        let app = &signed.app;
        app.limiter.try_acquire(commands::REPORTS, &signed.ctx.staff()?.login, app.clock.system())?;
        let (version, body) = (body.version, body.0);
        let report = NewReport {
            before: body.before,
            after: body.after,
            effective_on: body.effective_on,
            covered: body.covered,
            coverable: body.coverable,
            evidence: body.evidence,
        };
        moved(&signed, (&issue, &province), Move::Report, version, async |tx, permitted| {
            commands::file_report(tx, &signed.ctx, permitted, report).await
        })
        .await
    }

    /// Withdraw a report, for its reporter
    #[oai(path = "/assignments/:issue/:province/withdrawal", method = "post")]
    async fn withdraw(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Reason>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::Withdrawal, body.version, async |tx, permitted| {
            commands::take_back(tx, &signed.ctx, permitted, &body.reason).await
        })
        .await
    }

    /// Sign a report of full coverage, for a coordinator of the province who is not the reporter
    ///
    /// By the signature the assignment becomes `resolved`, in the programme's own sense of the word.
    #[oai(path = "/assignments/:issue/:province/signature", method = "post")]
    async fn sign(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<NewSignature>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::Signature, body.version, async |tx, permitted| {
            commands::sign(tx, &signed.ctx, permitted).await
        })
        .await
    }

    /// Send a report back to the department, for coordinators of the province
    #[oai(path = "/assignments/:issue/:province/sending-back", method = "post")]
    async fn send_back(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Reason>,
    ) -> Result<Json<AssignmentView>> {
        moved(&signed, (&issue, &province), Move::SendingBack, body.version, async |tx, permitted| {
            commands::take_back(tx, &signed.ctx, permitted, &body.reason).await
        })
        .await
    }
}

/// Gives an upload of one file its own statuses: for a file that is too large or of another kind, and for a scanner that does
/// not answer.
fn by_status(error: Error) -> Error {
    let refusal = error.refusal();
    match refusal.code {
        "evidence.large" => Error::TooLarge(MAX_FILE as u64),
        "evidence.kind" => Error::Unsupported(refusal),
        "evidence.unscanned" => Error::Later { refusal, retry_after: UNSCANNED },
        _ => error,
    }
}
