//! The HTML face of the trail: for auditors, who search it, follow it and take it away.

mod entry;
mod export;
mod list;
mod words;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/desk/audit", Policy::STAFF, list::list)
        .post("/desk/audit/export", Policy::SENSITIVE, export::export)
        .post("/desk/audit/check", Policy::STAFF, list::check)
        .get("/desk/audit/:number", Policy::STAFF, entry::show)
        .post("/desk/audit/:number", Policy::SENSITIVE, entry::unmask)
}
