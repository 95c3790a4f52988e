//! The HTML pages of the trail, for auditors: search, verification and export.

mod entry;
mod export;
mod list;
mod words;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Registers the addresses of the pages.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/desk/audit", Policy::STAFF, list::list)
        .post("/desk/audit/export", Policy::SENSITIVE, export::export)
        .post("/desk/audit/check", Policy::STAFF, list::check)
        .get("/desk/audit/:number", Policy::STAFF, entry::show)
        .post("/desk/audit/:number", Policy::SENSITIVE, entry::unmask)
}
