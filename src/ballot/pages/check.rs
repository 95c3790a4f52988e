//! Step 3: the check, the track, and the identification of the voter of a real-name ballot.

use askama::Template;
use entity::stored::Track;
use poem::Response;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::pass::seal::Pass;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, answer};

/// A message beside the content of the page.
pub enum Note {
    /// No message at all.
    None,
    /// Fields that have to be corrected.
    Errors(Vec<FieldError>),
    /// The voter proved an identity; the ballot is still to be cast.
    Proven,
    /// The form is valid but was not accepted: too many people, or too many attempts.
    Later(Error),
    /// The form conflicts with the present state.
    Conflict(Refusal),
    /// The identity that somebody else vouched for was refused.
    Forbidden(Refusal),
}

#[derive(Template)]
#[template(path = "ballot/check.html")]
struct CheckPage {
    p: Page,
    slug: String,
    address: String,
    step: String,
    /// Sentence about the whole form.
    note: String,
    /// Whether the sentence is good news.
    good: bool,
    /// Corrections to make, as links: anchor and text.
    problems: Vec<(String, String)>,
    place: String,
    chosen: Vec<String>,
    chosen_text: String,
    language: String,
    /// Hidden fields of the form that goes back.
    carried: Vec<(&'static str, String)>,
    /// Hidden fields of the form that goes on.
    hidden: Vec<(&'static str, String)>,
    /// Slug of the campaign where the browser gets a puzzle; empty elsewhere.
    work: String,
    challenge: String,
    nonce: String,
    anonymous: bool,
    real_name: bool,
    /// Ranking rule in words: a voter who chooses a track should know what its votes decide.
    ranking: String,
    /// Whether the real-name track is the chosen one.
    named: bool,
    /// Whether the button leads a real-name voter to the proof of identity, and does not cast.
    proves: bool,
    /// Whether the real-name track is open but no identity source is set up.
    no_source: bool,
    error: String,
}

/// The page with the check of the ballot.
pub fn page(visit: &Visit, booth: &Booth, carried: &Carried, note: Note) -> Result<Response> {
    let good = matches!(note, Note::Proven);
    let (p, note, status, retry_after) = noted(booth.page(visit).titled("ballot-check-title"), note);
    let takes = |track: Track| booth.campaign.tracks.has(track.code());
    let source = visit.app.passes.identity_source.is_set_up();
    let (anonymous, real_name) = (takes(Track::Anonymous), takes(Track::RealName));
    let work = if carried.pass.is_empty() && anonymous { booth.campaign.slug.clone() } else { String::new() };
    let chosen = booth.chosen(&p, &carried.choices);
    let problems = p.problems().into_iter().map(|(_, sentence)| ("#track".to_owned(), sentence));
    let has_pass = Pass::parse(&carried.pass).is_some_and(|pass| pass.track == Track::RealName);
    let page = CheckPage {
        slug: booth.campaign.slug.clone(),
        proves: real_name && source && !has_pass,
        ranking: booth.ranking(&p),
        address: p.href(&booth.address()),
        step: booth.step(&p, 3),
        problems: problems.collect(),
        place: booth.place_name(&p, &carried.place),
        chosen_text: p.tr("ballot-check-chosen", &[("n", chosen.len().to_string())]),
        language: booth.language(&p),
        carried: carried.hidden(&[]),
        hidden: carried.hidden(&["track", "challenge", "nonce"]),
        challenge: carried.puzzle.clone(),
        nonce: carried.nonce.clone(),
        named: carried.track == Track::RealName.code() || !anonymous,
        no_source: real_name && !source,
        real_name: real_name && source,
        error: p.error("track").unwrap_or_default(),
        note,
        good,
        chosen,
        work,
        anonymous,
        p,
    };
    answer(status, retry_after, &page)
}

#[derive(Template)]
#[template(path = "ballot/person.html")]
struct PersonPage {
    p: Page,
    slug: String,
    address: String,
    note: String,
    problems: Vec<(String, String)>,
    hidden: Vec<(&'static str, String)>,
    typed_name: String,
    name_error: String,
    typed_number: String,
    number_error: String,
}

/// The page that identifies the voter, on the way to casting. The entered identity goes into one request and nowhere else.
pub fn person(
    visit: &Visit,
    booth: &Booth,
    carried: &Carried,
    (name, number): (&str, &str),
    note: Note,
) -> Result<Response> {
    let (p, note, status, retry_after) = noted(booth.page(visit).titled("ballot-person-title"), note);
    let labels = [("name", p.t("ballot-person-name")), ("number", p.t("ballot-person-number"))];
    let problems = p.labelled_problems(&labels).into_iter().map(|(field, sentence)| (format!("#{field}"), sentence));
    let page = PersonPage {
        slug: booth.campaign.slug.clone(),
        address: p.href(&booth.address()),
        problems: problems.collect(),
        hidden: carried.hidden(&[]),
        typed_name: name.to_owned(),
        name_error: p.error("name").unwrap_or_default(),
        typed_number: number.to_owned(),
        number_error: p.error("number").unwrap_or_default(),
        note,
        p,
    };
    answer(status, retry_after, &page)
}

/// The page with its note: frame, sentence, status, and seconds to wait before a retry.
fn noted(p: Page, note: Note) -> (Page, String, u16, Option<u64>) {
    match note {
        Note::None => (p, String::new(), 200, None),
        Note::Errors(errors) => (p.refused(errors), String::new(), 422, None),
        Note::Proven => {
            let sentence = p.t("ballot-proven");
            (p, sentence, 200, None)
        }
        Note::Conflict(refusal) => {
            let sentence = p.locale.refusal(&refusal);
            (p.refused(Vec::new()), sentence, 409, None)
        }
        Note::Forbidden(refusal) => {
            let sentence = p.locale.refusal(&refusal);
            (p.refused(Vec::new()), sentence, 403, None)
        }
        Note::Later(Error::UsedUp { refusal, retry_after }) => {
            let sentence = p.locale.refusal(&refusal);
            (p.refused(Vec::new()), sentence, 429, Some(retry_after))
        }
        Note::Later(Error::TooMany { retry_after }) => {
            let minutes = retry_after.div_ceil(60);
            let sentence = p.tr("ballot-too-often", &[("n", minutes.to_string())]);
            (p.refused(Vec::new()), sentence, 429, Some(retry_after))
        }
        Note::Later(_) => {
            let sentence = p.t("ballot-busy");
            (p.refused(Vec::new()), sentence, 503, Some(BUSY))
        }
    }
}

/// Seconds to wait that the sentence about many people names.
const BUSY: u64 = 60;
