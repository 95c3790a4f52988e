//! The HTML face of this slice: the dashboard, and the stories of one issue, one province, one assignment.
//!
//! All of that is public, the same for everyone, and can be shown as of any past day: the day stands in the address.
//! The workspace of an assignment and the team's checks are for staff.

mod asof;
mod assignment;
mod checks;
mod dashboard;
mod desk;
mod files;
mod home;
mod issue;
mod names;
mod province;
mod sentences;
mod view;

use crate::web::routes::Routes;
use poem::get;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route = route
        .at("/", get(home::home))
        .at("/dashboard", get(dashboard::dashboard))
        .at("/dashboard.csv", get(files::figures))
        .at("/dashboard-matrix.csv", get(files::rows))
        .at("/issues/:code", get(issue::issue))
        .at("/provinces/:code", get(province::province))
        .at("/issues/:code/provinces/:province", get(assignment::assignment))
        .at("/issues/:code/provinces/:province/history.csv", get(files::history));
    let of = |rest: &str| format!("/desk/assignments/:issue/:province{rest}");
    let route = route.at(of(""), get(desk::desk));
    checks::MOVES.iter().fold(route, |route, act| {
        let form = checks::Form(*act);
        route.at(of(&format!("/{act}")), get(form).post(form))
    })
}
