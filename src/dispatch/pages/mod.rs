//! The HTML face of this slice: the work of the day, the list of assignments, the forms of the moves, the dispatch.

mod bulk;
mod list;
mod moves;
mod rulings;
mod task;
mod wizard;
mod work;

use crate::web::routes::Routes;
use poem::{get, post};

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route = route
        .at("/desk", get(work::work))
        .at("/desk/assignments", get(list::list))
        .at("/desk/assignments/acknowledgements", post(bulk::bulk))
        .at("/desk/rulings", get(rulings::rulings))
        .at("/desk/campaigns/:slug/dispatch", get(wizard::shown).post(wizard::dispatch));
    moves::NOUNS.iter().fold(route, |route, noun| {
        let address = format!("/desk/assignments/:issue/:province/{}", noun.code());
        route.at(address, get(moves::Form(*noun)).post(moves::Form(*noun)))
    })
}
