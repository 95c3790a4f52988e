//! `/about`, `/accessibility`, `/terms`: the programme and whoever runs the site, who can use the pages and how well that was
//! tested, and how figures and texts may be used. Nothing is stated about an operator who is not set.

use askama::Template;
use poem::{Response, handler};

use crate::base::error::Result;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "site/about.html")]
struct About {
    p: Page,
}

#[derive(Template)]
#[template(path = "site/accessibility.html")]
struct Accessibility {
    p: Page,
}

#[derive(Template)]
#[template(path = "site/terms.html")]
struct Terms {
    p: Page,
}

/// `GET /about`: the programme, the operator, and the way of the figures.
#[handler]
pub async fn about(visit: Visit) -> Result<Response> {
    let p = visit.page("").titled("site-about-title");
    let lead = p.t("site-about-lead");
    public(&About { p: p.described(lead) })
}

/// `GET /accessibility`: the statement on accessibility.
#[handler]
pub async fn accessibility(visit: Visit) -> Result<Response> {
    let p = visit.page("").titled("site-accessibility-title");
    let lead = p.t("site-accessibility-lead");
    public(&Accessibility { p: p.described(lead) })
}

/// `GET /terms`: how figures and texts may be used.
#[handler]
pub async fn terms(visit: Visit) -> Result<Response> {
    let p = visit.page("").titled("site-terms-title");
    let lead = p.t("site-terms-lead");
    public(&Terms { p: p.described(lead) })
}
