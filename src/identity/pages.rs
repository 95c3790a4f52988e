//! The HTML face of this slice.

use poem::Route;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Route) -> Route {
    route
}
