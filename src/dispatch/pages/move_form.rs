//! The form for one move: the facts of the assignment, the fields, and the notice for a person who cannot, or can no longer,
//! make the move.

use entity::stored::Move;
use sea_orm::ConnectionTrait;

use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, Head};
use crate::dispatch::people::hands;
use crate::web::form::{Field, Sent};
use crate::web::page::Page;

/// The form for one move.
#[derive(Clone, Debug)]
pub struct MoveForm {
    /// Top of the page of the move.
    pub head: Head,
    /// Address that the form is sent to.
    pub action: String,
    /// Facts that the move rests on: label and text of each.
    pub facts: Vec<(String, String)>,
    /// Sentences about the effect of the move and the rule that limits it.
    pub told: Vec<String>,
    /// Fields of the form.
    pub fields: Vec<Field>,
    /// Text of the button.
    pub button: String,
    /// Whether the move takes something away from somebody.
    pub grave: bool,
    /// Whether the form can be sent: the table offers the move to this person now.
    pub open: bool,
    /// Names of the persons who can make the move, where the reader cannot.
    pub hands: Vec<String>,
    /// Moves that came after the form was made: sentence and reason of each.
    pub changes: Vec<(String, String)>,
    /// Address of the list to return to; empty for the page of the assignment.
    pub back: String,
}

impl MoveForm {
    /// The form for a move, still without fields.
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

    /// The errors of a page with this form, each with the label of its field.
    #[must_use]
    pub fn problems(&self, p: &Page) -> Vec<(String, String)> {
        let labels: Vec<(&str, String)> = self.fields.iter().map(|field| (field.name, field.label.clone())).collect();
        p.labelled_problems(&labels)
    }

    /// Adds a field, with its error message.
    #[must_use]
    pub fn field(mut self, p: &Page, mut field: Field) -> Self {
        field.error = p.error(field.name).unwrap_or_default();
        self.fields.push(field);
        self
    }

    /// Adds a fact, with its label.
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

/// The version of the assignment that a form was made from, in moves; none where the form carries none. `seen` is the name of
/// the field before version 0.2.
///
/// # Errors
/// `Invalid` for a value that is no number, and for several values.
pub fn expected_version(sent: &Sent) -> Result<Option<i32>> {
    let field = if sent.has("expected_version") { "expected_version" } else { "seen" };
    if sent.one(field)?.is_empty() { Ok(None) } else { sent.parse(field, "form.number").map(Some) }
}

/// The list to which a form leads back, one of the lists that have forms for moves; empty for the page of the assignment.
#[must_use]
pub fn back(sent: &Sent) -> &'static str {
    match sent.get("back") {
        "/desk/rulings" => "/desk/rulings",
        _ => "",
    }
}

/// Address after a successful form: the page of the assignment or the list of the form, with the code of the act.
#[must_use]
pub fn done(p: &Page, sent: &Sent, row: &str, act: &str) -> String {
    let to = match back(sent) {
        "" => row,
        list => list,
    };
    p.href(&format!("{to}?done={act}"))
}

/// The sentence about the act that the next page shows; none for an unknown code.
#[must_use]
pub fn said(p: &Page, act: &str) -> Option<String> {
    let others = ["exemption-request", "exemption-refusal"];
    let known = act.parse::<Move>().is_ok() || others.contains(&act);
    known.then(|| p.tc("dispatch-done-", act))
}
