//! The state that the form of a ballot carries from page to page.

use entity::stored::Track;
use serde::Deserialize;

use crate::ballot::option_order::ORDERS;
use crate::base::error::{Error, Refusal, Result};
use crate::pass::seal::Pass;
use crate::web::form::Sent;

/// The query parameters of a ballot's address.
#[derive(Debug, Default, Deserialize)]
pub struct BallotQuery {
    #[serde(default)]
    o: String,
    #[serde(default)]
    step: String,
    /// Step that is shown again with everything that was sent, because a tool of the head was pressed.
    #[serde(default)]
    pub show: String,
    /// Place of the visitor; the page of options is the same for all places.
    #[serde(default, rename = "my-place")]
    place: String,
}

impl BallotQuery {
    /// The number of the order of the options; none where the number is invalid.
    pub fn order(&self) -> Option<u8> {
        self.o.parse().ok().filter(|order| *order < ORDERS)
    }

    /// Whether the page of options is requested.
    pub fn options(&self) -> bool {
        self.step == "options"
    }
}

/// Everything that was entered so far. The type is not printable, because it contains a pass.
#[derive(Clone, Default)]
pub struct Carried {
    /// Number of the order of the options.
    pub order: u8,
    /// Place code as sent.
    pub place: String,
    /// Option codes as sent.
    pub choices: Vec<String>,
    /// Track code as sent.
    pub track: String,
    /// Text of the puzzle that the browser was given.
    pub puzzle: String,
    /// Answers to the puzzle that the browser found.
    pub nonce: String,
    /// Ticket of a browser that solves no puzzle.
    pub ticket: String,
    /// Pass of the voter, once there is one; every later submission is the same ballot.
    pub pass: String,
}

impl Carried {
    /// State carried by an address.
    pub fn asked(asked: &BallotQuery) -> Self {
        Self { order: asked.order().unwrap_or(0), place: asked.place.clone(), ..Self::default() }
    }

    /// State carried by a form; the page of options leaves the place in the address.
    pub fn sent(asked: &BallotQuery, sent: &Sent) -> Self {
        let text = |field: &str| sent.get(field).trim().to_owned();
        // The first step sends the place under the name of the private parameter.
        let place = ["place", "my-place"].into_iter().find(|field| sent.has(field));
        let place = place.map_or_else(|| asked.place.clone(), text);
        Self {
            order: asked.order().unwrap_or(0),
            place,
            choices: sent.all("choice").to_vec(),
            track: text("track"),
            puzzle: text("challenge"),
            nonce: text("nonce"),
            ticket: text("ticket"),
            pass: text("pass"),
        }
    }

    /// The hidden fields of a page, without the fields that the page shows.
    pub fn hidden(&self, shown: &[&str]) -> Vec<(&'static str, String)> {
        let one = [
            ("place", &self.place),
            ("track", &self.track),
            ("challenge", &self.puzzle),
            ("nonce", &self.nonce),
            ("ticket", &self.ticket),
            ("pass", &self.pass),
        ];
        let mut fields: Vec<(&'static str, String)> = one
            .into_iter()
            .filter(|(name, value)| !value.is_empty() && !shown.contains(name))
            .map(|(name, value)| (name, value.clone()))
            .collect();
        if !shown.contains(&"choice") {
            fields.extend(self.choices.iter().map(|code| ("choice", code.clone())));
        }
        fields
    }

    /// Whether the carried pass is valid for the track.
    ///
    /// # Errors
    /// `ballot.pass_malformed` for text that is no pass; the text is dropped.
    pub fn pass_for(&mut self, track: Track) -> Result<bool> {
        if self.pass.is_empty() {
            return Ok(false);
        }
        match Pass::parse(&self.pass) {
            Some(pass) => Ok(pass.track == track),
            None => {
                self.pass.clear();
                Err(Error::field("pass", Refusal::new("ballot.pass_malformed")))
            }
        }
    }

    /// Stores a pass and drops the puzzle and the ticket, which have no use any more.
    pub fn hold(&mut self, pass: &Pass) {
        self.pass = pass.encode();
        self.drop_work();
    }

    /// Drops the puzzle, its answers and the ticket.
    pub fn drop_work(&mut self) {
        self.puzzle.clear();
        self.nonce.clear();
        self.ticket.clear();
    }
}
