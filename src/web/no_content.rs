//! The answer 204 of calls that have nothing to say.

use poem_openapi::ApiResponse;

/// Done, with nothing to say.
#[derive(ApiResponse)]
pub enum Done {
    /// Done
    #[oai(status = 204)]
    NoContent,
}
