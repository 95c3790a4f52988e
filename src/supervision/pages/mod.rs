//! The HTML face of this slice.

mod checks;
mod desk;

use poem::{Route, get};

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Route) -> Route {
    let of = |rest: &str| format!("/desk/assignments/:issue/:province{rest}");
    let route = route.at(of(""), get(desk::desk));
    checks::MOVES.iter().fold(route, |route, act| {
        let form = checks::Form(*act);
        route.at(of(&format!("/{act}")), get(form).post(form))
    })
}
