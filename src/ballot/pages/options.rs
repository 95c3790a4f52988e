//! Step 2: the pain points of the voter.

use askama::Template;
use poem::Response;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{FieldError, Result};
use crate::page_views::{PageGroup, PageOf};
use crate::sign_in::extract::Visit;
use crate::web::counted::counted;
use crate::web::page::{Page, answer};

#[derive(Template)]
#[template(path = "ballot/options.html")]
struct OptionsPage {
    p: Page,
    /// Whether the page is the shared one for everybody; its form then goes back to its own address.
    first: bool,
    address: String,
    step: String,
    /// Address of the step before; empty where a link would lose ticks.
    back: String,
    back_text: String,
    /// Name of the chosen place.
    place: String,
    question: String,
    /// Hint on the meaning of a tick, and on the order of the options.
    hint: String,
    language: String,
    /// Slug of the campaign where the browser gets a puzzle; empty elsewhere.
    work: String,
    most: i32,
    chosen: String,
    error: String,
    /// Corrections to make, as links: anchor and text.
    problems: Vec<(String, String)>,
    hidden: Vec<(&'static str, String)>,
    themes: Vec<Theme>,
}

/// The options under one theme.
pub struct Theme {
    /// Number of the theme on the page, from 1.
    pub number: usize,
    /// Name of the theme.
    pub name: String,
    /// Options of the theme.
    pub options: Vec<Choice>,
}

/// One option with its box.
pub struct Choice {
    /// Code of the option.
    pub code: String,
    /// Title of the option.
    pub title: String,
    /// Text that the search box matches.
    pub search: String,
    /// Whether the box is ticked.
    pub on: bool,
}

/// The step as everybody first sees it.
pub fn fresh(visit: &Visit, booth: &Booth) -> Result<Response> {
    let page_of = PageOf::new(&booth.campaign.slug, PageGroup::Ballot);
    counted(&page(visit, booth, &Carried::default(), Vec::new(), true), page_of)
}

/// The step again, with everything that has been entered since.
pub fn again(visit: &Visit, booth: &Booth, carried: &Carried, errors: Vec<FieldError>) -> Result<Response> {
    let status = if errors.is_empty() { 200 } else { 422 };
    answer(status, None, &page(visit, booth, carried, errors, false))
}

fn page(visit: &Visit, booth: &Booth, carried: &Carried, errors: Vec<FieldError>, first: bool) -> OptionsPage {
    let most = booth.campaign.max_choices;
    let p = booth.page(visit);
    let question = p.tr("ballot-options-title", &[("most", most.to_string())]);
    let mut p = p.named(&*question);
    if !errors.is_empty() {
        p = p.refused(errors);
    }
    let (back, back_text) = match (first, booth.campaign.places) {
        (false, _) => (String::new(), String::new()),
        (true, true) => (p.href(&booth.address()), p.t("ballot-back-place")),
        (true, false) => {
            let campaign = format!("/campaigns/{}", booth.campaign.slug);
            (p.href(&campaign), p.t("ballot-back-campaign"))
        }
    };
    let place = match booth.place_name(&p, &carried.place) {
        name if name.is_empty() => name,
        name => format!("{}{}{name}", p.t("ballot-check-place"), p.t("ballot-colon")),
    };
    let mut shown = vec!["choice"];
    let work = if carried.pass.is_empty() {
        shown.extend(["challenge", "nonce"]);
        booth.campaign.slug.clone()
    } else {
        String::new()
    };
    let themes = themes(booth, &p, &carried.choices);
    let chosen = themes.iter().flat_map(|t| &t.options).filter(|o| o.on);
    let first_box = themes.first().and_then(|t| t.options.first());
    let link = first_box.map_or(String::new(), |o| format!("#option-{}", o.code));
    let too_many = p.errors.iter().any(|error| error.refusal.code == "ballot.too_many");
    let ticked = chosen.clone().filter(|_| too_many).map(|o| (format!("#option-{}", o.code), o.title.clone()));
    let problems: Vec<_> =
        p.problems().into_iter().map(|(_, sentence)| (link.clone(), sentence)).chain(ticked).collect();
    OptionsPage {
        problems,
        address: p.href(&booth.address()),
        step: booth.step(&p, 2),
        back,
        back_text,
        place,
        language: booth.language(&p),
        chosen: chosen_text(&p, chosen.count(), most),
        error: p.error("choices").unwrap_or_default(),
        hidden: carried.hidden(&shown),
        hint: p.tr("ballot-options-hint", &[("ranking", booth.ranking(&p))]),
        first,
        question,
        work,
        most,
        themes,
        p,
    }
}

/// The text of the status bar before any script runs.
fn chosen_text(p: &Page, chosen: usize, most: i32) -> String {
    let most_chosen = usize::try_from(most).unwrap_or(0);
    let args = [
        ("n", chosen.to_string()),
        ("most", most.to_string()),
        ("over", chosen.saturating_sub(most_chosen).to_string()),
    ];
    match chosen {
        0 => p.tr("ballot-chosen-none", &args),
        n if n > most_chosen => p.tr("ballot-chosen-over", &args),
        _ => p.tr("ballot-chosen", &args),
    }
}

/// The options by theme; themes and options are in the order named in the address.
pub fn themes(booth: &Booth, p: &Page, chosen: &[String]) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for option in &booth.options {
        let name = p.pick(&option.theme_zh, &option.theme_en);
        let choice = Choice {
            code: option.code.clone(),
            title: p.pick(&option.title_zh, &option.title_en).to_owned(),
            search: format!("{} {} {}", option.code, option.short_zh, option.short_en),
            on: chosen.contains(&option.code),
        };
        match themes.iter_mut().find(|theme| theme.name == name) {
            Some(theme) => theme.options.push(choice),
            None => themes.push(Theme { number: themes.len() + 1, name: name.to_owned(), options: vec![choice] }),
        }
    }
    themes
}
