//! What the form of a ballot carries from page to page.

use entity::stored::Track;
use serde::Deserialize;

use crate::ballot::option_order::ORDERS;
use crate::base::error::{Error, Refusal, Result};
use crate::pass::seal::Pass;
use crate::web::form::Sent;

/// The query of a ballot's address.
#[derive(Debug, Default, Deserialize)]
pub struct BallotQuery {
    #[serde(default)]
    o: String,
    #[serde(default)]
    step: String,
    /// The place, as the visitor's own: the page of options is the same for all places.
    #[serde(default, rename = "my-place")]
    place: String,
}

impl BallotQuery {
    /// The order in which the options stand, where there is such an order.
    pub fn order(&self) -> Option<u8> {
        self.o.parse().ok().filter(|order| *order < ORDERS)
    }

    /// Whether the options are asked for.
    pub fn options(&self) -> bool {
        self.step == "options"
    }
}

/// Everything that was entered so far. Not printable: a pass is in it.
#[derive(Clone, Default)]
pub struct Carried {
    /// Order of the options.
    pub order: u8,
    /// Place as sent.
    pub place: String,
    /// Option codes as sent.
    pub choices: Vec<String>,
    /// Track as sent.
    pub track: String,
    /// Challenge that the browser was given.
    pub challenge: String,
    /// The answers that the browser found.
    pub nonce: String,
    /// Ticket of a browser that does no work.
    pub ticket: String,
    /// The pass, once there is one: whatever is sent after is the same ballot.
    pub pass: String,
}

impl Carried {
    /// What an address carries.
    pub fn asked(asked: &BallotQuery) -> Self {
        Self { order: asked.order().unwrap_or(0), place: asked.place.clone(), ..Self::default() }
    }

    /// What a form carries; the page of options leaves the place in the address.
    pub fn sent(asked: &BallotQuery, sent: &Sent) -> Self {
        let text = |field: &str| sent.get(field).trim().to_owned();
        let place = if sent.has("place") { text("place") } else { asked.place.clone() };
        Self {
            order: asked.order().unwrap_or(0),
            place,
            choices: sent.all("choice").to_vec(),
            track: text("track"),
            challenge: text("challenge"),
            nonce: text("nonce"),
            ticket: text("ticket"),
            pass: text("pass"),
        }
    }

    /// The hidden fields of a page, without those that the page shows.
    pub fn hidden(&self, shown: &[&str]) -> Vec<(&'static str, String)> {
        let one = [
            ("place", &self.place),
            ("track", &self.track),
            ("challenge", &self.challenge),
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

    /// The carried pass, where it is one for the track.
    ///
    /// # Errors
    /// `ballot.pass_malformed` for what is no pass; it is carried no longer.
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

    /// Notes a pass; what it was got for is of no use any more.
    pub fn hold(&mut self, pass: &Pass) {
        self.pass = pass.encode();
        self.drop_work();
    }

    /// Forgets challenge and ticket.
    pub fn drop_work(&mut self) {
        self.challenge.clear();
        self.nonce.clear();
        self.ticket.clear();
    }
}
