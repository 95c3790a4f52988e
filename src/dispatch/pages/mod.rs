//! The HTML pages of this slice: the start page of the desk, the list of assignments, the forms of the moves, the dispatch.

pub mod assignment;
pub mod assignment_detail;
mod bulk;
mod final_check;
mod list;
pub mod move_form;
pub mod move_page;
mod moves;
mod rulings;
mod standing;
mod task;
mod wizard;
mod work;

use self::move_page::MoveEndpoint;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route = route
        .get("/desk", Policy::STAFF, work::work)
        .get("/desk/assignments", Policy::STAFF, list::list)
        .get("/desk/assignments/:issue/:province", Policy::STAFF, assignment::desk)
        .post("/desk/assignments/acknowledgements", Policy::STAFF, bulk::bulk)
        .get("/desk/rulings", Policy::STAFF, rulings::rulings)
        .get("/desk/campaigns/:slug/dispatch", Policy::STAFF, wizard::shown)
        .get("/desk/campaigns/:slug/dispatch/approval", Policy::STAFF, final_check::ask)
        .post("/desk/campaigns/:slug/dispatch/approval", Policy::SENSITIVE, final_check::dispatch);
    moves::NOUNS.iter().fold(route, |route, noun| {
        let address = format!("/desk/assignments/:issue/:province/{}", noun.word());
        route.get(address.as_str(), Policy::STAFF, MoveEndpoint(*noun)).post(
            address,
            Policy::STAFF,
            MoveEndpoint(*noun),
        )
    })
}
