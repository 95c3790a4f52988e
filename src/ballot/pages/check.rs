//! Step 3: the check, the track, and for a real-name ballot who the voter is.

use askama::Template;
use entity::stored::Track;
use poem::Response;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, answer};

/// What a page of this step says beside itself.
pub enum Note {
    /// Nothing.
    None,
    /// What is to be corrected.
    Errors(Vec<FieldError>),
    /// Somebody proved who they are; the ballot is still to be cast.
    Proven,
    /// Nothing is wrong with the form and it was not taken: too many people, or too often.
    Later(Error),
    /// It does not fit the state of things.
    Conflict(Refusal),
    /// Somebody else's word was not taken.
    Forbidden(Refusal),
}

#[derive(Template)]
#[template(path = "ballot/check.html")]
struct CheckPage {
    p: Page,
    address: String,
    step: String,
    /// A sentence about the whole form.
    note: String,
    /// Whether it is good news.
    good: bool,
    /// What is to be corrected, as links.
    problems: Vec<(String, String)>,
    place: String,
    chosen: Vec<String>,
    chosen_text: String,
    language: String,
    /// Hidden fields for going back.
    carried: Vec<(&'static str, String)>,
    /// Hidden fields for going on.
    hidden: Vec<(&'static str, String)>,
    /// Slug, where the browser is asked to work.
    work: String,
    challenge: String,
    nonce: String,
    anonymous: bool,
    real_name: bool,
    /// The ranking rule in words: who chooses a track knows what its votes decide.
    ranking: String,
    /// Which of the two is chosen.
    named: bool,
    /// Whether the real-name track is open and nobody can prove an identity here.
    no_source: bool,
    error: String,
}

/// The check.
pub fn page(visit: &Visit, booth: &Booth, carried: &Carried, note: Note) -> Result<Response> {
    let good = matches!(note, Note::Proven);
    let (p, note, status, retry_after) = noted(booth.page(visit).titled("ballot-check-title"), note);
    let takes = |track: Track| booth.campaign.tracks.has(track.code());
    let source = visit.app.passes.identity_source.is_set_up();
    let (anonymous, real_name) = (takes(Track::Anonymous), takes(Track::RealName));
    let work = if carried.pass.is_empty() && anonymous { booth.campaign.slug.clone() } else { String::new() };
    let chosen = booth.chosen(&p, &carried.choices);
    let problems = p.problems().into_iter().map(|(_, sentence)| ("#track".to_owned(), sentence));
    let page = CheckPage {
        ranking: booth.ranking(&p),
        address: p.href(&booth.address()),
        step: booth.step(&p, 3),
        problems: problems.collect(),
        place: booth.place_name(&p, &carried.place),
        chosen_text: p.tr("ballot-check-chosen", &[("n", chosen.len().to_string())]),
        language: booth.language(&p),
        carried: carried.hidden(&[]),
        hidden: carried.hidden(&["track", "challenge", "nonce"]),
        challenge: carried.challenge.clone(),
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
    address: String,
    note: String,
    problems: Vec<(String, String)>,
    hidden: Vec<(&'static str, String)>,
    typed_name: String,
    name_error: String,
    typed_number: String,
    number_error: String,
}

/// Who the voter is. Asked for on the way to casting; what is typed goes into one request and nowhere else.
pub fn person(
    visit: &Visit,
    booth: &Booth,
    carried: &Carried,
    (name, number): (&str, &str),
    note: Note,
) -> Result<Response> {
    let (p, note, status, retry_after) = noted(booth.page(visit).titled("ballot-person-title"), note);
    let problems = p.problems().into_iter().map(|(field, sentence)| (format!("#{field}"), sentence));
    let page = PersonPage {
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

/// The page with its note, the note's sentence, the status, and when it works again.
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

/// What the sentence about many people says, in seconds.
const BUSY: u64 = 60;
