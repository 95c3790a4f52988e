//! The HTML face of this slice.

use askama::Template;
use poem::{Response, Route, get, handler};

use super::extract::Signed;
use super::nav::{Nav, Section};
use crate::error::Result;
use crate::web::page::{Page, html};

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Route) -> Route {
    route.at("/desk/password", get(password))
}

#[derive(Template)]
#[template(path = "identity/password.html")]
struct Password {
    p: Page,
    nav: Nav,
}

#[handler]
async fn password(signed: Signed) -> Result<Response> {
    html(&Password {
        p: signed.page("desk").titled("identity-password-title"),
        nav: signed.nav(Section::Account),
    })
}
