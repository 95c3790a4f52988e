//! One assignment of a list, in words.

use entity::stored::Move;

use crate::dispatch::deadline::Due;
use crate::dispatch::inbox::Waiting;
use crate::dispatch::pages::assignment_detail::{address, cover, due_text, fact};
use crate::dispatch::queries::Listed;
use crate::web::page::Page;

/// One assignment of a list, in words.
pub struct Task {
    /// Code of the issue.
    pub code: String,
    /// Short title of the issue.
    pub title: String,
    /// Name of the province.
    pub place: String,
    /// Address of the page of the assignment.
    pub href: String,
    /// Code of the state of the assignment.
    pub state: &'static str,
    /// Code of the fact that is shown beside the state; empty for none.
    pub fact: &'static str,
    /// Coverage in % for a report that covers only a part; else -1.
    pub cover: i64,
    /// Next deadline as a sentence; empty where the assignment is not open.
    pub due: String,
    /// Text and address of the next move; both empty where the reader cannot make the move.
    pub act: (String, String),
}

/// A waiting assignment, with its next move.
pub fn task(p: &Page, waiting: &Waiting) -> Task {
    let listed = &waiting.listed;
    let mut task = shown(p, listed, waiting.due);
    // A verification has two outcomes; the page of the assignment offers both.
    task.act = match waiting.act {
        Move::Verification => (p.t("dispatch-look-verification"), task.href.clone()),
        act => (p.tc("dispatch-move-", act), format!("{}/{act}", task.href)),
    };
    task
}

/// An assignment without a next move.
pub fn shown(p: &Page, listed: &Listed, due: Option<Due>) -> Task {
    let row = &listed.assignment;
    Task {
        code: listed.issue.code.clone(),
        title: p.pick(&listed.option.short_zh, &listed.option.short_en).to_owned(),
        place: p.pick(&listed.place.short_zh, &listed.place.name_en).to_owned(),
        href: address(&listed.issue.code, &row.province),
        state: row.state.code(),
        fact: fact(due),
        cover: cover(row),
        due: due.map(|d| due_text(p, d)).unwrap_or_default(),
        act: (String::new(), String::new()),
    }
}
