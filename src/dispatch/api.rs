//! The JSON face of this slice.

use poem_openapi::OpenApi;

use crate::server::ApiTags;

/// See the module.
pub struct DispatchApi;

#[OpenApi(tag = "ApiTags::Assignments")]
impl DispatchApi {}
