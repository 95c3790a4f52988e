//! The HTML face of this slice.

mod home;

use poem::{Route, get};

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Route) -> Route {
    route.at("/", get(home::home))
}
