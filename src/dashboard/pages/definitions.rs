//! `/definitions`: what each figure of the dashboard counts.

use askama::Template;
use poem::{Response, handler};

use crate::base::error::Result;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "dashboard/definitions.html")]
struct Definitions {
    p: Page,
}

/// Words of the definitions, which are fragments of the address too.
const WORDS: [&str; 9] = ["resolved", "verified", "overdue", "rework", "exempt", "rank", "age", "as-of", "views"];

/// `GET /definitions`: the definitions.
#[handler]
pub async fn definitions(visit: Visit) -> Result<Response> {
    let p = visit.page("dashboard").titled("dashboard-means");
    let described = p.t("head-definitions");
    public(&Definitions { p: p.described(described) })
}
