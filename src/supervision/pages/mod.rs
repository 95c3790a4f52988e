//! The HTML face of this slice: the dashboard, and the stories of one issue, one province, one assignment.
//!
//! All of it is public, the same for everyone, and can be shown as of any past day: the day stands in the address.

mod asof;
mod assignment;
mod dashboard;
mod files;
mod issue;
mod names;
mod province;
mod sentences;
mod view;

use poem::{Route, get};

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Route) -> Route {
    route
        .at("/dashboard", get(dashboard::dashboard))
        .at("/dashboard.csv", get(files::figures))
        .at("/dashboard-matrix.csv", get(files::rows))
        .at("/issues/:code", get(issue::issue))
        .at("/provinces/:code", get(province::province))
        .at("/issues/:code/provinces/:province", get(assignment::assignment))
        .at("/issues/:code/provinces/:province/history.csv", get(files::history))
}
