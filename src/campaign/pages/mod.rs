//! The HTML face of this slice: what everybody sees here, the desks of those who make campaigns in `desk`.

mod desk;
mod list;
mod show;
mod words;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route =
        route.get("/campaigns", Policy::READING, list::list).get("/campaigns/:slug", Policy::READING, show::show);
    desk::routes(route)
}
