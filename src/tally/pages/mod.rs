//! HTML pages of the tally: results for everybody, and the desk for staff who count, select and sign.

mod by_province;
mod chart;
mod desk;
mod file;
mod invalidating;
mod people;
mod provinces;
mod results;
pub mod sentences;
mod words;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the routes of these pages.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/campaigns/:slug/results", Policy::READING, results::results)
        .get("/campaigns/:slug/results/provinces", Policy::READING, by_province::by_province)
        .get("/campaigns/:slug/results.csv", Policy::EXPORT.readable(), file::results)
        .get("/desk/campaigns/:slug/tally", Policy::STAFF, desk::desk)
        .post("/desk/campaigns/:slug/tally", Policy::STAFF, desk::count_ballots)
        .post("/desk/campaigns/:slug/selection", Policy::STAFF, desk::propose)
        .get("/desk/campaigns/:slug/selection/approval", Policy::STAFF, desk::final_check::ask)
        .post("/desk/campaigns/:slug/selection/approval", Policy::SENSITIVE, desk::approve)
        .get("/desk/campaigns/:slug/invalidations", Policy::STAFF, invalidating::desk)
        .post("/desk/campaigns/:slug/invalidations", Policy::STAFF, invalidating::propose)
        .get("/desk/campaigns/:slug/invalidations/:number/approval", Policy::STAFF, invalidating::final_check::ask)
        .post("/desk/campaigns/:slug/invalidations/:number/approval", Policy::SENSITIVE, invalidating::approve)
        .post("/desk/campaigns/:slug/invalidations/:number/withdrawal", Policy::STAFF, invalidating::withdraw)
}
