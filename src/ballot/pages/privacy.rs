//! What is kept and for how long, and what the site can and cannot know: in plain words, limits included.

use askama::Template;
use poem::{Response, handler};

use crate::error::Result;
use crate::identity::extract::Visit;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "ballot/privacy.html")]
struct PrivacyPage {
    p: Page,
    /// Rows of the table, by their words in the message files.
    kept: Vec<&'static str>,
}

/// `GET /privacy`
#[handler]
pub async fn privacy(visit: Visit) -> Result<Response> {
    let mut kept = vec!["ballot", "person", "register", "key", "challenge", "place", "address", "look", "staff"];
    if visit.app.identity_source.provider().is_some() {
        kept[1] = "proof";
    }
    public(&PrivacyPage { p: visit.page("privacy").titled("ballot-privacy-title"), kept })
}
