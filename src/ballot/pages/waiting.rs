//! The alternative to the puzzle, for browsers without script or without WebCrypto: a waiting time, never a puzzle.

use askama::Template;
use poem::Response;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{Refusal, Result};
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, answer};

/// Shortest wait, in seconds, that the page states in minutes.
const MINUTES: i64 = 120;

#[derive(Template)]
#[template(path = "ballot/waiting.html")]
struct WaitingPage {
    p: Page,
    slug: String,
    address: String,
    step: String,
    /// Reason why the last submission was refused; empty for the first.
    note: String,
    /// Sentence on the wait and the next step.
    wait: String,
    hidden: Vec<(&'static str, String)>,
}

/// The waiting page; its form carries a ticket that is ripe after `seconds`. `early` is the reason why the last submission was
/// refused.
pub fn page(
    visit: &Visit,
    booth: &Booth,
    carried: &Carried,
    seconds: i64,
    early: Option<&Refusal>,
) -> Result<Response> {
    let mut p = booth.page(visit).titled("ballot-wait-title");
    let wait = if seconds < MINUTES {
        p.tr("ballot-wait-do", &[("seconds", seconds.to_string())])
    } else {
        p.tr("ballot-wait-do-minutes", &[("minutes", ((seconds + 59) / 60).to_string())])
    };
    let note = match early {
        Some(refusal) if ["pass.ripe", "pass.network"].contains(&refusal.code) => p.locale.refusal(refusal),
        Some(_) => p.t("ballot-wait-again"),
        None => String::new(),
    };
    if early.is_some() {
        p = p.refused(Vec::new());
    }
    let page = WaitingPage {
        slug: booth.campaign.slug.clone(),
        address: p.href(&booth.address()),
        step: booth.step(&p, 3),
        hidden: carried.hidden(&["challenge", "nonce"]),
        note,
        wait,
        p,
    };
    answer(if early.is_some() { 409 } else { 200 }, None, &page)
}
