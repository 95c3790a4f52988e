//! The HTML face of this slice: results for everybody, the desk for those who count, select and sign.

mod chart;
mod desk;
mod file;
mod invalidating;
mod provinces;
mod results;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use poem::{get, post};

use crate::base::clock::day_of;
use crate::web::routes::Routes;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .at("/campaigns/:slug/results", get(results::results))
        .at("/campaigns/:slug/results.csv", get(file::results))
        .at("/desk/campaigns/:slug/tally", get(desk::desk).post(desk::count_ballots))
        .at("/desk/campaigns/:slug/selection", post(desk::propose))
        .at("/desk/campaigns/:slug/selection/approval", post(desk::approve))
        .at("/desk/campaigns/:slug/invalidations", get(invalidating::desk).post(invalidating::propose))
        .at("/desk/campaigns/:slug/invalidations/:number/approval", post(invalidating::approve))
        .at("/desk/campaigns/:slug/invalidations/:number/withdrawal", post(invalidating::withdraw))
}

/// The last day of voting: a closing is the first instant after it.
fn last_day(closes_at: DateTime<Utc>) -> NaiveDate {
    day_of(closes_at - TimeDelta::microseconds(1))
}
