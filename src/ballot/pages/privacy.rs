//! The privacy page: which data is kept and for how long, and what the site can and cannot know. The page uses plain words and
//! names the limits.

use askama::Template;
use poem::{Response, handler};

use crate::base::error::Result;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "ballot/privacy.html")]
struct PrivacyPage {
    p: Page,
    /// Rows of the table: message key, and time for which the data is kept.
    kept: Vec<(&'static str, String)>,
}

/// `GET /privacy`: the privacy page.
#[handler]
pub async fn privacy(visit: Visit) -> Result<Response> {
    let p = visit.page("privacy").titled("ballot-privacy-title");
    let keep = &visit.app.config.keep;
    let days = [("register", keep.register.num_days().to_string()), ("openings", keep.openings.num_days().to_string())];
    let person = if visit.app.passes.identity_source.provider().is_some() { "proof" } else { "person" };
    let kept =
        ["ballot", person, "register", "key", "challenge", "steps", "voted", "place", "address", "look", "staff"];
    let kept = kept.map(|row| (row, p.tr(&format!("ballot-kept-long-{row}"), &days))).to_vec();
    let described = p.t("ballot-privacy-lead");
    public(&PrivacyPage { kept, p: p.described(described) })
}
