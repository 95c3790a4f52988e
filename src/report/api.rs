//! The JSON face of this slice: plan, evidence, report, withdrawal, signature, sending back.

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
use super::queries;
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::dispatch::api::assignment_view::{AssignmentView, ExpectedVersion, changed, moved};
use crate::dispatch::queries::for_staff;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::form::MAX_FILE;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/assignments/:issue/:province/plan", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/evidence", Policy::STAFF.uploads()),
    (Method::DELETE, "/assignments/:issue/:province/evidence/:sha256", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/report", Policy::STAFF.uploads()),
    (Method::POST, "/assignments/:issue/:province/withdrawal", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/signature", Policy::STAFF),
    (Method::POST, "/assignments/:issue/:province/sending-back", Policy::STAFF),
];

/// See the module.
pub struct ReportApi;

/// A plan.
#[derive(Debug, Object)]
struct Plan {
    /// Code of the root cause.
    root_cause: String,
    /// Code of the remedy.
    remedy: String,
    /// Cause and remedy here, in words; at most 2,000 characters.
    #[oai(default)]
    description: String,
    /// What will be done by when; 1 to 20.
    milestones: Vec<Milestone>,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// One step of a plan.
#[derive(Debug, Object)]
struct Milestone {
    /// The day.
    day: NaiveDate,
    /// What will be done by then; at most 200 characters.
    text: String,
}

/// The claim of a fix.
#[derive(Debug, Object)]
struct Report {
    /// How it was; at most 2,000 characters.
    before: String,
    /// What changed; at most 2,000 characters.
    after: String,
    /// Since when it works; not in the future.
    effective_on: NaiveDate,
    /// Counties, windows or hospitals covered …
    covered: i32,
    /// … out of how many. Less than all stands as partly resolved and is not signed.
    coverable: i32,
    /// SHA-256 of files that were uploaded for this assignment; 1 to 20.
    evidence: Vec<String>,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A move that needs a reason.
#[derive(Debug, Object)]
struct Reason {
    /// Why; at most 2,000 characters.
    reason: String,
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A signature.
#[derive(Debug, Object)]
struct NewSignature {
    /// The version that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A file that lies in its place, for a report to name.
#[derive(Debug, Object)]
struct Evidence {
    /// SHA-256 of what is kept, hexadecimal.
    sha256: String,
    /// Name as uploaded, made harmless.
    name: String,
    /// Type by content: PDF, JPEG or PNG.
    media: String,
    /// Bytes.
    size: i64,
}

/// A file as it is sent: as the first file of a form, or bare with its name in the query.
#[derive(ApiRequest)]
enum Upload {
    /// A form; its first file is taken.
    Form(FormFile),
    /// The bytes themselves.
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
    /// Files a plan: the work begins.
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

    /// Puts down a file for the report to come: PDF, JPEG or PNG, up to 20 MB. The same file again is the same answer. A
    /// picture is drawn anew without place, device and comments: hash and size are those of the new one. A document that acts
    /// (scripts, programs, other files within) is refused.
    #[oai(path = "/assignments/:issue/:province/evidence", method = "post")]
    async fn evidence(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        /// Name of the file, where the bytes are sent bare.
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
                    if let Some(name) = part.file_name().map(ToOwned::to_owned) {
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
        let stored = stored.map_err(by_status)?;
        let work = async |tx: &_| {
            let found = for_staff(tx, ctx, &issue.0, &province.0).await?;
            commands::add_evidence(tx, ctx, &found, room, stored).await
        };
        let file = app.stores.main.write(Changes::Internal, work).await?;
        Ok(Json(Evidence { sha256: file.sha256, name: file.name, media: file.media, size: file.size }))
    }

    /// Puts a file away that no report has named yet.
    #[oai(path = "/assignments/:issue/:province/evidence/:sha256", method = "delete")]
    async fn drop_evidence(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        sha256: Path<String>,
    ) -> Result<Json<AssignmentView>> {
        changed(&signed, (&issue, &province), async |tx, found| {
            commands::drop_evidence(tx, &signed.ctx, found, &sha256.0).await
        })
        .await
    }

    /// Files a report: the claim of a fix, with evidence.
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

    /// The reporter takes the claim back.
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

    /// The coordinator, who is not the reporter, signs a claim that covers all: the programme's own "resolved".
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

    /// The coordinator sends the claim back to the department.
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

/// A request that is one file has statuses of its own for a file that is too large or of another kind.
fn by_status(error: Error) -> Error {
    let refusal = error.refusal();
    match refusal.code {
        "evidence.large" => Error::TooLarge(MAX_FILE as u64),
        "evidence.kind" => Error::Unsupported(refusal),
        "evidence.unscanned" => Error::Later { refusal, retry_after: UNSCANNED },
        _ => error,
    }
}
