//! The HTML pages of this slice: the plan, the report with its files, the decisions on a report, and the download of a file.

pub mod claim;
mod decision;
mod evidence;
mod plan;
mod report;

use crate::dispatch::pages::move_page::MoveEndpoint;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let of = |rest: &str| format!("/desk/assignments/:issue/:province/{rest}");
    let route = route
        .get(of("plan"), Policy::STAFF, MoveEndpoint(plan::PlanMove))
        .post(of("plan"), Policy::STAFF, MoveEndpoint(plan::PlanMove))
        .get(of("report"), Policy::STAFF, report::asked)
        .post(of("report"), Policy::STAFF.uploads(), report::filed)
        .get(of("evidence/:sha256"), Policy::STAFF, evidence::download);
    decision::MOVES.iter().fold(route, |route, act| {
        let form = MoveEndpoint(decision::Decision(*act));
        route.get(of(act.code()), Policy::STAFF, form).post(of(act.code()), Policy::STAFF, form)
    })
}
