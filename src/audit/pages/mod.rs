//! The HTML face of the trail: for auditors, who search it, follow it and take it away.

mod entry;
mod export;
mod list;
mod words;

use crate::web::routes::Routes;
use poem::{get, post};

/// Adds the addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .at("/desk/audit", get(list::list))
        .at("/desk/audit/export", post(export::export))
        .at("/desk/audit/check", post(list::check))
        .at("/desk/audit/:number", get(entry::show).post(entry::unmask))
}
