//! One row of a list, in words.

use entity::stored::Move;

use crate::dispatch::deadline::Due;
use crate::dispatch::inbox::Waiting;
use crate::dispatch::pages::assignment_detail::{address, cover, due_text, fact};
use crate::dispatch::queries::Listed;
use crate::web::page::Page;

/// A row of a list.
pub struct Task {
    /// Code of the issue.
    pub code: String,
    /// The issue in short.
    pub title: String,
    /// Name of the province.
    pub place: String,
    /// Page of the row.
    pub href: String,
    /// Code of the state.
    pub state: &'static str,
    /// Code of the fact beside it.
    pub fact: &'static str,
    /// Coverage in %, or -1.
    pub cover: i64,
    /// The deadline as a sentence.
    pub due: String,
    /// The next act, and its page; both empty where it is somebody else's.
    pub act: (String, String),
}

/// A row that waits, in words.
pub fn task(p: &Page, waiting: &Waiting) -> Task {
    let listed = &waiting.listed;
    let mut task = shown(p, listed, waiting.due);
    // A check has two outcomes; the row's page offers both.
    task.act = match waiting.act {
        Move::Verification => (p.t("dispatch-look-verification"), task.href.clone()),
        act => (p.tc("dispatch-move-", act), format!("{}/{act}", task.href)),
    };
    task
}

/// A row of a list, in words, without a next act.
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
