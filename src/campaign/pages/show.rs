//! The public page of one campaign, which changes with the phase: `/campaigns/{slug}`.

use askama::Template;
use entity::stored::{CampaignMove, Display, TermKind};
use entity::{campaign, campaign_event};
use poem::web::Path;
use poem::{Response, handler};

use super::{views, words};
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::campaign::queries;
use crate::page_views::{PageGroup, PageOf};
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::web::counted::counted;
use crate::web::dates::day_long;
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "campaign/show.html")]
struct Show {
    p: Page,
    slug: String,
    purpose: String,
    lang: String,
    phase: String,
    sentence: String,
    steps: Vec<words::PhaseStep>,
    /// Halt or cancellation, with its published reason.
    halt: Option<Halt>,
    voting: bool,
    closed: bool,
    scheduled: bool,
    counted: bool,
    dispatched: bool,
    /// Name of the figures that may be seen before the count; empty where none may.
    figures: String,
    rules: Vec<(String, String)>,
    units: Vec<String>,
    hosts: Vec<String>,
    questionnaire: String,
    history: Vec<Event>,
    views: String,
}

/// Reason why a campaign does not continue.
struct Halt {
    word: String,
    /// Sentence about the start of a halt, and its confirmation or its end; empty for a cancellation.
    since: String,
    reason: String,
}

/// One public entry of the history: offices, never names of people.
struct Event {
    iso: String,
    day: String,
    text: String,
    office: String,
}

/// Answers with the public page of a campaign.
#[handler]
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Response> {
    let now = visit.ctx.now;
    let db = visit.app.stores.main.db();
    let found = queries::published(db, &slug, now).await?;
    let p = visit.page("campaigns");
    let name = p.pick(&found.name_zh, &found.name_en).to_owned();
    let sentence = words::sentence(&p, &found, now);
    let described = [p.pick(&found.purpose_zh, &found.purpose_en), &*sentence].join(&p.t("head-joint"));
    let p = p.named(name).described(described);
    let phase = Phase::of(&found, now);
    let units = words::units(&p, &programme::queries::places(db).await?, &found);
    let departments = programme::queries::terms(db, TermKind::Department).await?;
    let history = queries::history(db, found.id).await?;
    let viewed = PageOf::new(&found.slug, PageGroup::Campaign);
    let page = Show {
        views: views::line(&visit, &p, &found.slug).await?,
        slug: found.slug.clone(),
        purpose: p.pick(&found.purpose_zh, &found.purpose_en).to_owned(),
        lang: words::own_language(&p, &found),
        phase: words::phase(&p, phase),
        sentence,
        steps: words::steps(&p, &found, now),
        halt: halt(&p, &found, phase, words::halt(&p, &found, now, &history)),
        voting: phase == Phase::Voting,
        closed: phase == Phase::Closed,
        scheduled: phase == Phase::Scheduled,
        counted: phase.is_counted(),
        dispatched: phase == Phase::Dispatched,
        figures: match (phase, found.display) {
            (Phase::Voting | Phase::Closed, Display::Turnout) => p.t("campaign-see-turnout"),
            (Phase::Voting | Phase::Closed, Display::Live) => p.t("campaign-see-running"),
            _ => String::new(),
        },
        rules: words::rules(&p, &found, &units),
        units,
        hosts: found
            .hosts
            .0
            .iter()
            .filter_map(|code| departments.iter().find(|d| d.code == *code))
            .map(|d| p.pick(&d.name_zh, &d.name_en).to_owned())
            .collect(),
        questionnaire: found.questionnaire.clone().unwrap_or_default(),
        history: history.iter().filter_map(|event| public(&p, event)).collect(),
        p,
    };
    counted(&page, viewed)
}

fn halt(p: &Page, found: &campaign::Model, phase: Phase, since: String) -> Option<Halt> {
    let word = match phase {
        Phase::Suspended => "campaign-halt-suspended",
        Phase::Cancelled => "campaign-halt-cancelled",
        _ => return None,
    };
    Some(Halt { word: p.t(word), since, reason: found.notice.clone() })
}

/// A public entry of the history; none for moves before publication and for halt requests, which only staff see.
fn public(p: &Page, event: &campaign_event::Model) -> Option<Event> {
    let inside = matches!(
        event.act,
        CampaignMove::Creation | CampaignMove::Submission | CampaignMove::SendingBack | CampaignMove::HaltRequest
    );
    let explained = matches!(event.act, CampaignMove::Suspension | CampaignMove::Cancellation);
    (!inside).then(|| Event {
        iso: day_of(event.at).to_string(),
        day: day_long(p.locale, day_of(event.at)),
        text: if explained { words::act_because(p, event) } else { words::act(p, event.act) },
        office: event.office.clone(),
    })
}
