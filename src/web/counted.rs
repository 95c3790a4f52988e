//! Public pages whose views are counted.

use askama::Template;
use poem::Response;

use super::page::public;
use crate::base::error::Result;
use crate::page_views::PageOf;

/// Renders a public page whose views are counted.
///
/// # Errors
/// As [`public`].
pub fn counted(template: &impl Template, page: PageOf) -> Result<Response> {
    let mut response = public(template)?;
    response.extensions_mut().insert(page);
    Ok(response)
}
