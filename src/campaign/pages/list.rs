//! The public page of all campaigns: `/campaigns`.

use askama::Template;
use entity::campaign;
use poem::{Response, handler};

use super::words;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::campaign::queries;
use crate::sign_in::extract::Visit;
use crate::web::page::{self, Page};

#[derive(Template)]
#[template(path = "campaign/list.html")]
struct CampaignList {
    p: Page,
    parts: Vec<Part>,
}

/// Campaigns in the same situation: open, upcoming or over.
struct Part {
    title: String,
    campaigns: Vec<CampaignLine>,
}

/// One campaign in the list.
struct CampaignLine {
    href: String,
    name: String,
    purpose: String,
    lang: String,
    phase: String,
    sentence: String,
    open: bool,
    vote: String,
}

/// Answers with the campaigns: first the open ones, then the upcoming ones, then the others.
#[handler]
pub async fn list(visit: Visit) -> Result<Response> {
    let now = visit.ctx.now;
    let p = visit.page("campaigns").titled("campaign-list-title");
    let found = queries::all_published(visit.app.stores.main.db()).await?;
    let parts = [
        ("campaign-list-open", &[Phase::Voting][..]),
        ("campaign-list-coming", &[Phase::Scheduled, Phase::Suspended]),
        ("campaign-list-over", &[Phase::Closed, Phase::Tallied, Phase::Certified, Phase::Dispatched, Phase::Cancelled]),
    ]
    .into_iter()
    .map(|(title, phases)| Part {
        title: p.t(title),
        campaigns: found
            .iter()
            .filter(|c| phases.contains(&Phase::of(c, now)))
            .map(|c| line(&p, c, Phase::of(c, now), words::sentence(&p, c, now)))
            .collect(),
    })
    .filter(|part| !part.campaigns.is_empty())
    .collect();
    let described = p.t("head-campaigns");
    page::public(&CampaignList { p: p.described(described), parts })
}

fn line(p: &Page, found: &campaign::Model, phase: Phase, sentence: String) -> CampaignLine {
    CampaignLine {
        href: p.href(&format!("/campaigns/{}", found.slug)),
        vote: p.href(&format!("/campaigns/{}/ballot", found.slug)),
        name: p.pick(&found.name_zh, &found.name_en).to_owned(),
        purpose: p.pick(&found.purpose_zh, &found.purpose_en).to_owned(),
        lang: words::own_language(p, found),
        phase: words::phase(p, phase),
        sentence,
        open: phase == Phase::Voting,
    }
}
