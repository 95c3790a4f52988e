//! The JSON API of the checks of supervision teams: verification, rejection, relapse.

use entity::stored::Move;
use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::commands::{self, Check};
use crate::base::error::Result;
use crate::dispatch::api::assignment_view::{AssignmentView, ExpectedVersion, moved};
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of the operations of this slice.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/assignments/:issue/:province/verification", Policy::SENSITIVE),
    (Method::POST, "/assignments/:issue/:province/rejection", Policy::SENSITIVE),
    (Method::POST, "/assignments/:issue/:province/relapse", Policy::SENSITIVE),
];

/// The operations of this slice.
pub struct VerificationApi;

/// A check that confirms a fix.
#[derive(Debug, Object)]
struct Verification {
    /// Test that was made; at most 2,000 characters.
    test: String,
    /// Findings of the test; at most 2,000 characters.
    findings: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

/// A check that sends the fix to rework.
#[derive(Debug, Object)]
struct Finding {
    /// Findings of the check; at most 2,000 characters.
    findings: String,
    /// Test that was made; at most 2,000 characters.
    #[oai(default)]
    test: String,
    /// The version of the assignment that the call was made from.
    #[oai(flatten)]
    version: ExpectedVersion,
}

#[OpenApi(tag = "ApiTags::Assignments")]
impl VerificationApi {
    /// Confirm a fix after a test (verification), for the leader of the province's supervision team
    #[oai(path = "/assignments/:issue/:province/verification", method = "post")]
    async fn verify(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Verification>,
    ) -> Result<Json<AssignmentView>> {
        let (version, check) = (body.version, Check { test: body.0.test, findings: body.0.findings });
        moved(&signed, (&issue, &province), Move::Verification, version, async |tx, permitted| {
            commands::decide(tx, &signed.ctx, permitted, &check).await
        })
        .await
    }

    /// Reject a fix, which goes to rework, for the leader of the province's supervision team
    #[oai(path = "/assignments/:issue/:province/rejection", method = "post")]
    async fn reject(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Finding>,
    ) -> Result<Json<AssignmentView>> {
        let (version, check) = finding(body.0);
        moved(&signed, (&issue, &province), Move::Rejection, version, async |tx, permitted| {
            commands::decide(tx, &signed.ctx, permitted, &check).await
        })
        .await
    }

    /// Record a relapse, for the leader of the province's supervision team
    ///
    /// A relapse is the finding that a confirmed fix no longer holds. The fix goes to rework.
    #[oai(path = "/assignments/:issue/:province/relapse", method = "post")]
    async fn relapse(
        &self,
        signed: Signed,
        issue: Path<String>,
        province: Path<String>,
        body: JsonBody<Finding>,
    ) -> Result<Json<AssignmentView>> {
        let (version, check) = finding(body.0);
        moved(&signed, (&issue, &province), Move::Relapse, version, async |tx, permitted| {
            commands::decide(tx, &signed.ctx, permitted, &check).await
        })
        .await
    }
}

fn finding(body: Finding) -> (ExpectedVersion, Check) {
    let check = Check { test: body.test, findings: body.findings };
    (body.version, check)
}
