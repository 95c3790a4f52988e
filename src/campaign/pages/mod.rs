//! The HTML face of this slice: what everybody sees here, the desks of those who make campaigns in `desk`.

mod desk;
mod list;
mod show;
mod words;

use crate::web::routes::Routes;
use poem::get;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route = route.at("/campaigns", get(list::list)).at("/campaigns/:slug", get(show::show));
    desk::routes(route)
}
