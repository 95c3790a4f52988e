//! The JSON face of the teams' checks: verification, rejection, relapse.

use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::commands::{self, Check};
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::dispatch::api::assignment_view::{AssignmentView, standing};
use crate::dispatch::queries::for_staff;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/assignments/:issue/:province/verification", Policy::SENSITIVE),
    (Method::POST, "/assignments/:issue/:province/rejection", Policy::SENSITIVE),
    (Method::POST, "/assignments/:issue/:province/relapse", Policy::SENSITIVE),
];

/// See the module.
pub struct VerificationApi;

/// A check that confirms a fix.
#[derive(Debug, Object)]
struct Verification {
    /// What was tried; at most 2,000 characters.
    test: String,
    /// What was seen; at most 2,000 characters.
    findings: String,
    /// `moves` of the assignment as it was read; another's move in between is refused with 409.
    seen: Option<i32>,
}

/// A check after which the fix has to be done again.
#[derive(Debug, Object)]
struct Finding {
    /// What was seen; at most 2,000 characters.
    findings: String,
    /// What was tried; at most 2,000 characters.
    #[oai(default)]
    test: String,
    /// `moves` of the assignment as it was read.
    seen: Option<i32>,
}

#[OpenApi(tag = "ApiTags::Assignments")]
impl VerificationApi {
    /// The leader of the province's team confirms the fix.
    #[oai(path = "/assignments/:issue/:province/verification", method = "post")]
    async fn verify(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Verification>,
    ) -> Result<Json<AssignmentView>> {
        let (seen, body) = (body.0.seen, body.0);
        let check = Check { test: body.test, findings: body.findings };
        let work = async |tx: &_| {
            let found = for_staff(tx, &signed.ctx, &issue.0, &province.0).await?;
            commands::verify(tx, &signed.ctx, &found, seen, &check).await
        };
        signed.app.stores.main.write(Changes::Public, work).await?;
        answer(&signed, &issue.0, &province.0).await
    }

    /// The leader refuses the fix: to be done again.
    #[oai(path = "/assignments/:issue/:province/rejection", method = "post")]
    async fn reject(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Finding>,
    ) -> Result<Json<AssignmentView>> {
        let (seen, check) = finding(body.0);
        let work = async |tx: &_| {
            let found = for_staff(tx, &signed.ctx, &issue.0, &province.0).await?;
            commands::reject(tx, &signed.ctx, &found, seen, &check).await
        };
        signed.app.stores.main.write(Changes::Public, work).await?;
        answer(&signed, &issue.0, &province.0).await
    }

    /// The leader finds that a confirmed fix no longer holds: to be done again.
    #[oai(path = "/assignments/:issue/:province/relapse", method = "post")]
    async fn relapse(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Finding>,
    ) -> Result<Json<AssignmentView>> {
        let (seen, check) = finding(body.0);
        let work = async |tx: &_| {
            let found = for_staff(tx, &signed.ctx, &issue.0, &province.0).await?;
            commands::relapse(tx, &signed.ctx, &found, seen, &check).await
        };
        signed.app.stores.main.write(Changes::Public, work).await?;
        answer(&signed, &issue.0, &province.0).await
    }
}

fn finding(body: Finding) -> (Option<i32>, Check) {
    let check = Check { test: body.test, findings: body.findings };
    (body.seen, check)
}

async fn answer(signed: &Signed, issue: &str, province: &str) -> Result<Json<AssignmentView>> {
    let db = signed.app.stores.main.db();
    Ok(Json(standing(db, &signed.ctx, issue, province).await?))
}
