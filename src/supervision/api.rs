//! The JSON face of this slice.

use poem_openapi::OpenApi;

use crate::server::ApiTags;

/// See the module.
pub struct SupervisionApi;

#[OpenApi(tag = "ApiTags::Dashboard")]
impl SupervisionApi {}
