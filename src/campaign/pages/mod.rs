//! The HTML pages of this slice: the public pages in this module, the pages of staff who make campaigns in `desk`.

mod desk;
mod list;
mod show;
pub mod views;
pub(crate) mod words;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route =
        route.get("/campaigns", Policy::READING, list::list).get("/campaigns/:slug", Policy::READING, show::show);
    desk::routes(route)
}
