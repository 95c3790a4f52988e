//! `/campaigns/{slug}/results/provinces`: the ballots of each province, or one province beside the whole. The page is public, the
//! same for everybody, and cached.

use askama::Template;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::provinces::{Provinces, choices, provinces};
use super::results::{ResultsQuery, csv};
use super::words::{as_of, name};
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::tally::queries;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "tally/provinces.html")]
struct ByProvince {
    p: Page,
    name: String,
    campaign_href: String,
    results_href: String,
    provinces_href: String,
    as_of: String,
    as_of_iso: String,
    by: Option<Provinces>,
    choices: Vec<(String, String, bool)>,
    real_name: bool,
    csv: String,
}

#[handler]
pub(super) async fn by_province(
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<ResultsQuery>,
) -> Result<Response> {
    let app = &visit.app;
    let shown = queries::results(&app.stores, &app.ballots.sequencer, &slug, visit.ctx.now).await?;
    if !shown.campaign.places || shown.count.is_none() {
        return Err(Error::NotFound("page"));
    }
    let p = visit.page("campaigns");
    let places = programme::queries::places(app.stores.main.db()).await?;
    let by = provinces(&p, &places, &shown, &asked.place)?;
    let title = match &by {
        Some(Provinces { chosen: Some(there), .. }) => there.finding.clone(),
        Some(by) => by.most.clone(),
        None => p.t("tally-provinces"),
    };
    let p = p.named(title);
    public(&ByProvince {
        name: name(&p, &shown),
        campaign_href: p.href(&format!("/campaigns/{slug}")),
        results_href: p.href(&format!("/campaigns/{slug}/results")),
        provinces_href: p.href(&format!("/campaigns/{slug}/results/provinces")),
        as_of: as_of(&p, &shown),
        as_of_iso: day_of(shown.at).to_string(),
        choices: if by.is_some() { choices(&p, &places, &asked.place) } else { Vec::new() },
        real_name: shown.has_real_name(),
        csv: csv(&p, &slug, &asked.place),
        by,
        p,
    })
}
