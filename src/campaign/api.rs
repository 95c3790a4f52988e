//! The JSON face of this slice.

use poem_openapi::OpenApi;

use crate::server::ApiTags;

/// See the module.
pub struct CampaignApi;

#[OpenApi(tag = "ApiTags::Campaigns")]
impl CampaignApi {}
