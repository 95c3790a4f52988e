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
    kept: [&'static str; 9],
}

/// `GET /privacy`
#[handler]
pub async fn privacy(visit: Visit) -> Result<Response> {
    public(&PrivacyPage {
        p: visit.page("privacy").titled("ballot-privacy-title"),
        kept: ["ballot", "person", "register", "key", "challenge", "place", "address", "look", "staff"],
    })
}
