//! The HTML face of this slice: the plan, the report with its files, what is decided about a report, and the download of a
//! file.

mod decision;
mod evidence;
mod plan;
mod report;

use crate::web::routes::Routes;
use poem::get;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let of = |rest: &str| format!("/desk/assignments/:issue/:province/{rest}");
    let route = route
        .at(of("plan"), get(plan::asked).post(plan::filed))
        .at(of("report"), get(report::asked).post(report::filed))
        .at(of("evidence/:sha256"), get(evidence::download));
    decision::MOVES.iter().fold(route, |route, act| {
        let form = decision::Form(*act);
        route.at(of(act.code()), get(form).post(form))
    })
}
