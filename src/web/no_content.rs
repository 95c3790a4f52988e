//! The answer 204 of calls without a result.

use poem_openapi::ApiResponse;

/// Success without a result.
#[derive(ApiResponse)]
pub enum Done {
    /// Done; the answer has no body
    #[oai(status = 204)]
    NoContent,
}
