//! The way round the work, for browsers without script: a short wait, never a puzzle.

use askama::Template;
use poem::Response;

use super::answer;
use super::booth::Booth;
use super::carried::Carried;
use crate::ballot::work::PATIENCE;
use crate::error::{Refusal, Result};
use crate::identity::extract::Visit;
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "ballot/waiting.html")]
struct WaitingPage {
    p: Page,
    address: String,
    step: String,
    /// What was wrong with the press before.
    note: String,
    /// What is to be done now.
    wait: String,
    hidden: Vec<(&'static str, String)>,
}

/// The page; the form carries a ticket. `early` says why the press before was not taken.
pub fn page(visit: &Visit, booth: &Booth, carried: &Carried, early: Option<&Refusal>) -> Result<Response> {
    let mut p = booth.page(visit).titled("ballot-wait-title");
    let left = early.and_then(|refusal| refusal.args.iter().find(|(name, _)| *name == "seconds"));
    let seconds = left.map_or(PATIENCE.num_seconds().to_string(), |(_, n)| n.clone());
    let wait = p.tr("ballot-wait-do", &[("seconds", seconds)]);
    let note = match early {
        Some(refusal) if refusal.code == "pass.ripe" => p.locale.refusal(refusal),
        Some(_) => p.t("ballot-wait-again"),
        None => String::new(),
    };
    if early.is_some() {
        p = p.refused(Vec::new());
    }
    let page = WaitingPage {
        address: p.href(&booth.address()),
        step: booth.step(&p, 3),
        hidden: carried.hidden(&["challenge", "nonce"]),
        note,
        wait,
        p,
    };
    answer(if early.is_some() { 409 } else { 200 }, None, &page)
}
