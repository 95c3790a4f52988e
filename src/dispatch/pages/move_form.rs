//! A page that asks for one move: what it shows of the row, what it asks for, and what it says when the move is not, or no
//! longer, this person's.

use entity::stored::Move;
use sea_orm::ConnectionTrait;

use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::dispatch::pages::assignment_detail::AssignmentDetail;
use crate::dispatch::pages::assignment_detail::Head;
use crate::dispatch::people::hands;
use crate::web::form::{Field, Sent};
use crate::web::page::Page;

/// A page that asks for one move.
#[derive(Clone, Debug)]
pub struct MoveForm {
    /// The top of the page.
    pub head: Head,
    /// Where the form goes.
    pub action: String,
    /// Facts that the move rests on: label and text.
    pub facts: Vec<(String, String)>,
    /// What the move does and which rule limits it, sentence by sentence.
    pub told: Vec<String>,
    /// What is asked for.
    pub fields: Vec<Field>,
    /// The word on the button.
    pub button: String,
    /// Whether the move takes something away from somebody.
    pub grave: bool,
    /// Whether the form can be sent: the table offers the move to this person now.
    pub open: bool,
    /// Who can make the move, where this person cannot.
    pub hands: Vec<String>,
    /// What happened after the form was made.
    pub changes: Vec<(String, String)>,
    /// Where to go on from the page of the row; empty for there.
    pub back: String,
}

impl MoveForm {
    /// The page of a move, without what it asks for.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn of(
        db: &impl ConnectionTrait,
        ctx: &Ctx,
        p: &Page,
        row: &AssignmentDetail,
        act: Move,
        sent: &Sent,
    ) -> Result<Self> {
        let open = row.offers(ctx.staff()?).contains(&act);
        let hands = if open {
            Vec::new()
        } else {
            let people = hands(db, &row.found, act, ctx.now).await?;
            people.into_iter().map(|a| a.name).collect()
        };
        let version = expected_version(sent).ok().flatten().unwrap_or(row.found.assignment.moves);
        Ok(Self {
            head: row.head(p),
            action: format!("{}/{act}", row.href()),
            facts: Vec::new(),
            told: Vec::new(),
            fields: Vec::new(),
            button: p.tc("dispatch-move-", act),
            grave: false,
            open,
            hands,
            changes: row.changes_since(p, version),
            back: back(sent).to_owned(),
        })
    }

    /// Adds a field, with what is wrong with it.
    #[must_use]
    pub fn field(mut self, p: &Page, mut field: Field) -> Self {
        field.error = p.error(field.name).unwrap_or_default();
        self.fields.push(field);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, label: String, text: impl Into<String>) -> Self {
        self.facts.push((label, text.into()));
        self
    }

    /// Adds a sentence about the move.
    #[must_use]
    pub fn told(mut self, sentence: String) -> Self {
        self.told.push(sentence);
        self
    }
}

/// The version that a form was made from, in moves of the assignment; none where the form carries none. `seen` is the name of the
/// field until version 0.2.
///
/// # Errors
/// `Invalid` for what is no number.
pub fn expected_version(sent: &Sent) -> Result<Option<i32>> {
    let field = if sent.has("expected_version") { "expected_version" } else { "seen" };
    if sent.get(field).is_empty() { Ok(None) } else { sent.parse(field, "form.number").map(Some) }
}

/// The list to which a form leads back, among those that have forms for moves; empty for the page of the row.
#[must_use]
pub fn back(sent: &Sent) -> &'static str {
    match sent.get("back") {
        "/desk/rulings" => "/desk/rulings",
        _ => "",
    }
}

/// Where a form that was taken leads: to the page of the row or back to its list, with a word of what was done.
#[must_use]
pub fn done(p: &Page, sent: &Sent, row: &str, act: &str) -> String {
    let to = match back(sent) {
        "" => row,
        list => list,
    };
    p.href(&format!("{to}?done={act}"))
}

/// What was done, as the sentence that stands on the next page; nothing for a word that is none of ours.
#[must_use]
pub fn said(p: &Page, act: &str) -> Option<String> {
    let others = ["exemption-request", "exemption-refusal"];
    let known = act.parse::<Move>().is_ok() || others.contains(&act);
    known.then(|| p.tc("dispatch-done-", act))
}
