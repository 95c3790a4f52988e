//! The page for a ballot that is not taken: not yet, no longer, not at present, or not this ballot. The ticked options are shown
//! as text.

use askama::Template;
use entity::stored::Track;
use poem::Response;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{Error, Refusal, Result};
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::programme::queries as programme;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, answer};

#[derive(Template)]
#[template(path = "ballot/stopped.html")]
struct StoppedPage {
    p: Page,
    address: String,
    /// Hidden fields of the form that keeps the ticks.
    hidden: Vec<(&'static str, String)>,
    /// Whether the same ticks can still go into an anonymous ballot.
    anonymous: bool,
    campaign: String,
    campaign_href: String,
    sentence: String,
    /// The organiser's reason; empty where there is none.
    reason: String,
    language: String,
    place: String,
    chosen: Vec<String>,
    /// Whether an earlier ballot counts under the same pass; a receipt would show that ballot.
    used: bool,
}

/// The booth of a campaign in which a ballot can be filled in; otherwise the page that tells why not.
///
/// # Errors
/// Any other refusal than that of the campaign, and a store that fails.
pub async fn booth(visit: &Visit, slug: &str, carried: &Carried) -> Result<std::result::Result<Booth, Response>> {
    match Booth::open(visit, slug, carried.order).await {
        Ok(booth) => Ok(Ok(booth)),
        Err(Error::Conflict(refusal)) => page(visit, slug, carried, &refusal).await.map(Err),
        Err(other) => Err(other),
    }
}

/// The page with the reason and the ticked options.
pub async fn page(visit: &Visit, slug: &str, carried: &Carried, refusal: &Refusal) -> Result<Response> {
    let db = visit.app.stores.main.db();
    let campaign = campaigns::published(db, slug, visit.ctx.now).await?;
    let mut p = visit.page("campaigns");
    p.address = format!("/campaigns/{slug}/ballot?o={}", carried.order);
    let word = refusal.code.trim_start_matches("ballot.");
    p.title = p.tc("ballot-stopped-", word);
    let chosen: Vec<String> = campaigns::options(db, campaign.id)
        .await?
        .iter()
        .filter(|option| carried.choices.contains(&option.code))
        .map(|option| p.pick(&option.title_zh, &option.title_en).to_owned())
        .collect();
    let place = match programme::place(db, &carried.place).await {
        Ok(place) => p.pick(&place.name_zh, &place.name_en).to_owned(),
        Err(_) => String::new(),
    };
    // A visitor who only looked has no ballot, so the sentence does not say that a ballot does not count.
    let used = word == "pass_used";
    let is_named = used && carried.track == Track::RealName.code();
    let sentence = if is_named {
        p.t("ballot-stopped-person-used")
    } else if carried.choices.is_empty() && word == "closed" {
        let asked = Refusal { code: "ballot.closed_already", args: refusal.args.clone() };
        p.locale.refusal(&asked)
    } else {
        p.locale.refusal(refusal)
    };
    let halted = matches!(Phase::of(&campaign, visit.ctx.now), Phase::Suspended | Phase::Cancelled);
    let anonymous = is_named && campaign.tracks.has(Track::Anonymous.code());
    let track = if anonymous { Track::Anonymous.code().to_owned() } else { carried.track.clone() };
    let kept = Carried { pass: String::new(), puzzle: String::new(), nonce: String::new(), track, ..carried.clone() };
    let page = StoppedPage {
        address: p.href(&p.address),
        hidden: kept.hidden(&[]),
        anonymous,
        campaign: p.pick(&campaign.name_zh, &campaign.name_en).to_owned(),
        campaign_href: p.href(&format!("/campaigns/{slug}")),
        reason: if halted { campaign.notice } else { String::new() },
        language: if campaign.language == "both" { p.lang().to_owned() } else { campaign.language },
        used,
        sentence,
        place,
        chosen,
        p,
    };
    answer(409, None, &page)
}
