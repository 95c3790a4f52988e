//! The pages of this slice: the dashboard, and the pages of one issue, one province and one assignment.
//!
//! All pages are public and the same for everyone. Every page but the front page can be shown as of any past day, which is
//! part of the address.

mod asof;
mod assignment;
mod dashboard;
mod definitions;
mod embed;
mod files;
mod home;
mod issue;
mod issues;
mod names;
mod province;
mod provinces;
mod seasons;
mod sentences;
mod view;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/", Policy::READING, home::home)
        .get("/dashboard", Policy::READING, dashboard::dashboard)
        .get("/dashboard/:part", Policy::READING, dashboard::one_part)
        .get("/definitions", Policy::READING, definitions::definitions)
        .get("/dashboard.csv", Policy::EXPORT.readable(), files::figures)
        .get("/dashboard-matrix.csv", Policy::EXPORT.readable(), files::rows)
        .get("/embed/dashboard", Policy::READING.framable(), embed::dashboard)
        .get("/embed/trend", Policy::READING.framable(), embed::trend)
        .get("/embed/issues/:code", Policy::READING.framable(), embed::issue)
        .get("/embed/provinces/:code", Policy::READING.framable(), embed::province)
        .get("/issues", Policy::READING, issues::issues)
        .get("/issues/:code", Policy::READING, issue::issue)
        .get("/provinces", Policy::READING, provinces::provinces)
        .get("/provinces/:code", Policy::READING, province::province)
        .get("/issues/:code/provinces/:province", Policy::READING, assignment::assignment)
        .get("/issues/:code/provinces/:province/history.csv", Policy::EXPORT.readable(), files::history)
}
