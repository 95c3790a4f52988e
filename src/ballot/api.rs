//! The JSON face of this slice.

use poem_openapi::OpenApi;

use crate::server::ApiTags;

/// See the module.
pub struct BallotApi;

#[OpenApi(tag = "ApiTags::Ballots")]
impl BallotApi {}
