//! `/campaigns/{slug}/results`: the results by phase and by the campaign's display rule. The page is public, the same for
//! everybody, and cached.

use askama::Template;
use entity::stored::Track;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::chart::{Chart, chart, is_running};
use super::invalidating::{Applied, applied};
use super::provinces::choices;
use super::words::{Stripe, as_of, headline, name, not_people, otherwise, rule_in_words, rule_name, steps};
use crate::accounts::queries::by_ids;
use crate::app::App;
use crate::ballot_log::witnesses;
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::campaign::pages::views;
use crate::campaign::phase::Phase;
use crate::page_views::{PageGroup, PageOf};
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::tally::pages::sentences;
use crate::tally::published::ByTrack;
use crate::tally::queries::{self, Count, Results};
use crate::web::counted::counted;
use crate::web::csv::plain_address;
use crate::web::dates::{beginning, closing, day_long, moment_long};
use crate::web::page::{Page, see_other};
use crate::web::query;

/// Query of the pages and of the file of the results.
#[derive(Deserialize)]
pub(super) struct ResultsQuery {
    /// Code of the province to show beside the whole; empty for none.
    #[serde(default)]
    pub place: String,
}

/// A number of ballots or votes, with the parts that add up to it.
pub(super) struct Sum {
    pub total: String,
    pub parts: String,
}

/// A signature under the selection, by its office.
struct Signed {
    office: String,
    iso: String,
    day: String,
}

/// A witness of the public log.
struct Witnessed {
    name: String,
    /// Instant at which the witness cosigned the newest checkpoint; empty where it has not.
    iso: String,
    text: String,
}

#[derive(Template)]
#[template(path = "tally/results.html")]
struct ResultsPage {
    p: Page,
    clauses: Vec<String>,
    slug: String,
    name: String,
    campaign_href: String,
    ballot_href: String,
    as_of: String,
    as_of_iso: String,
    stripes: Vec<Stripe>,
    words: Vec<String>,
    can_vote: bool,
    ballots: Option<Sum>,
    ballots_label: String,
    /// Sentence that anonymous ballots are not people; empty where there are no anonymous ballots.
    ballots_note: String,
    votes: Option<Sum>,
    /// Sentence on the steps in which the figures move; empty where they do not move in steps.
    steps: String,
    votes_why: String,
    selected: Option<(String, String)>,
    chart: Option<Chart>,
    real_name: bool,
    tie: Option<String>,
    otherwise: Option<Stripe>,
    /// Choices of the form that asks for a province; empty where no figures by province are shown.
    choices: Vec<(String, String, bool)>,
    provinces_href: String,
    provinces_later: bool,
    csv: String,
    /// Address of the file for programs.
    csv_plain: String,
    rule: Option<String>,
    rule_name: String,
    signed: Vec<Signed>,
    /// Sentence with the numbers of included, invalidated and counted ballots.
    invalidated: String,
    rules: Vec<Applied>,
    digest: Option<String>,
    witnesses: Vec<Witnessed>,
    views: String,
}

#[handler]
pub(super) async fn results(
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<ResultsQuery>,
) -> Result<Response> {
    let app = &visit.app;
    let p = visit.page("campaigns");
    if !asked.place.is_empty() {
        // The province had its figures on this page once.
        let place = query::encode(&asked.place);
        return Ok(see_other(&p.href(&format!("/campaigns/{slug}/results/provinces?place={place}"))));
    }
    let shown = queries::results(&app.stores, &app.ballots.sequencer, &slug, visit.ctx.now).await?;
    let signed = signed(&p, app, &shown).await?;
    let title = headline(&p, &shown);
    let described = p.tr("head-results", &[("name", name(&p, &shown)), ("finding", title.clone())]);
    let p = p.named(title).described(described);
    let count = shown.count.as_ref();
    let running = count.is_some_and(is_running);
    let has_real_name = shown.has_real_name();
    let by = shown.campaign.ranking_rule;
    let viewed = PageOf::new(&shown.campaign.slug, PageGroup::Results);
    let page = ResultsPage {
        views: views::line(&visit, &p, &slug).await?,
        // A headline may break between its clauses.
        clauses: p.title.split_inclusive('：').map(str::to_owned).collect(),
        name: name(&p, &shown),
        campaign_href: p.href(&format!("/campaigns/{slug}")),
        ballot_href: p.href(&format!("/campaigns/{slug}/ballot")),
        as_of: as_of(&p, &shown),
        as_of_iso: day_of(shown.at).to_string(),
        stripes: stripes(&p, &shown),
        words: words(&p, &shown),
        can_vote: shown.phase == Phase::Voting,
        ballots: shown.turnout.map(|b| sum(&p, &shown, b)),
        ballots_label: p.t(if count.is_some() && !running { "tally-ballots" } else { "tally-ballots-now" }),
        ballots_note: not_people(&p, &shown),
        votes: count.map(|c| sum(&p, &shown, c.option_votes())),
        steps: steps(&p, &shown),
        votes_why: p.tr("tally-votes-why", &[("max", shown.campaign.max_choices.to_string())]),
        selected: count.and_then(|c| selected(&p, &shown, c)),
        chart: count.map(|c| chart(&p, &shown, c)),
        real_name: has_real_name,
        tie: count
            .filter(|c| !is_running(c))
            .and_then(|c| sentences::tie_across_cut(p.locale, by, &c.ranking, has_real_name)),
        otherwise: count.and_then(|c| otherwise(&p, &shown.campaign, &c.ranking)),
        provinces_later: running && shown.campaign.places,
        choices: if count.is_some_and(|c| !is_running(c)) && shown.campaign.places {
            choices(&p, &programme::queries::places(app.stores.main.db()).await?, "")
        } else {
            Vec::new()
        },
        provinces_href: p.href(&format!("/campaigns/{slug}/results/provinces")),
        csv_plain: plain_address(&csv(&p, &slug, "")),
        csv: csv(&p, &slug, ""),
        rule: count.map(|_| rule_in_words(&p, &shown)),
        rule_name: rule_name(&p, &shown),
        signed,
        invalidated: invalidated(&p, &shown),
        rules: applied(&p, app, &shown).await?,
        digest: count.and_then(|c| c.tally.as_ref()).map(|t| t.digest.clone()),
        witnesses: witnessed(&p, app, &slug).await?,
        slug,
        p,
    };
    counted(&page, viewed)
}

/// Notices on everything that keeps the figures from being final.
fn stripes(p: &Page, shown: &Results) -> Vec<Stripe> {
    let stripe = |kind, key: &str| Stripe {
        kind,
        word: p.t(&format!("tally-{key}-word")),
        text: p.t(&format!("tally-{key}-text")),
    };
    let mut stripes = Vec::new();
    if matches!(shown.phase, Phase::Suspended | Phase::Cancelled) {
        stripes.push(Stripe { kind: "warn", word: p.t("tally-reason"), text: shown.campaign.notice.clone() });
    }
    match (&shown.count, shown.phase) {
        (Some(_), Phase::Voting | Phase::Suspended) => stripes.push(stripe("warn", "running")),
        (Some(_), Phase::Closed) => stripes.push(stripe("warn", "unchecked")),
        (Some(_), Phase::Tallied) if shown.campaign.top_n < 1 => {
            stripes.push(stripe("info", "imported"));
        }
        (Some(_), Phase::Tallied) => stripes.push(stripe("warn", "preliminary")),
        _ => {}
    }
    stripes
}

/// Sentences for a page that may not show votes yet: the date on which votes are shown, and the display rule.
fn words(p: &Page, shown: &Results) -> Vec<String> {
    let campaign = &shown.campaign;
    if shown.count.is_some() || shown.phase == Phase::Cancelled {
        return Vec::new();
    }
    let mut words = Vec::new();
    match shown.phase {
        Phase::Scheduled => {
            words.push(p.tr("tally-opens", &[("day", beginning(p.locale, campaign.opens_at))]));
        }
        Phase::Voting => {
            words.push(p.tr("tally-closes", &closing(p.locale, campaign.closes_at)));
        }
        _ => {}
    }
    words.push(if shown.phase == Phase::Closed {
        p.t("tally-rule-count")
    } else {
        p.tc("tally-rule-", campaign.display)
    });
    words
}

/// A sum with its parts; the parts are named where there is more than one track.
fn sum(p: &Page, shown: &Results, sums: ByTrack) -> Sum {
    let parts = if shown.is_awaited(Track::RealName) {
        p.t("tally-sum-anonymous")
    } else if shown.is_awaited(Track::Anonymous) {
        p.t("tally-sum-real-name")
    } else if shown.has_real_name() {
        p.tr("tally-sum", &[("anonymous", p.n(sums.anonymous)), ("real", p.n(sums.real_name))])
    } else {
        p.t("tally-anonymous-only")
    };
    Sum { total: p.n(sums.total()), parts }
}

fn selected(p: &Page, shown: &Results, count: &Count) -> Option<(String, String)> {
    let n = count.ranking.iter().filter(|r| r.selected).count();
    let of =
        p.tr("tally-selected-of", &[("all", count.ranking.len().to_string()), ("n", shown.campaign.top_n.to_string())]);
    (count.selection.is_some() && n > 0).then(|| (n.to_string(), of))
}

/// The address of the figures as a file.
pub(super) fn csv(p: &Page, slug: &str, place: &str) -> String {
    p.href(&if place.is_empty() {
        format!("/campaigns/{slug}/results.csv")
    } else {
        format!("/campaigns/{slug}/results.csv?place={place}")
    })
}

/// The sentence that derives the counted ballots from the ballots in the log.
fn invalidated(p: &Page, shown: &Results) -> String {
    let Some(tally) = shown.count.as_ref().and_then(|c| c.tally.as_ref()) else {
        return String::new();
    };
    let args = [
        ("included", p.n(tally.ballots + tally.invalidated)),
        ("void", p.n(tally.invalidated)),
        ("counted", p.n(tally.ballots)),
    ];
    p.tr("tally-invalidated-sum", &args)
}

async fn witnessed(p: &Page, app: &App, slug: &str) -> Result<Vec<Witnessed>> {
    let shown = |said: witnesses::Said| Witnessed {
        iso: said.at.map(|at| at.to_rfc3339()).unwrap_or_default(),
        text: match said.at {
            Some(at) => p.tr("tally-witness-cosigned", &[("moment", moment_long(p.locale, at))]),
            None => p.t("tally-witness-waits"),
        },
        name: said.name,
    };
    Ok(witnesses::said(&app.ballots.sequencer, &app.ballots.witnesses, slug).await?.into_iter().map(shown).collect())
}

/// The offices that signed a certified selection; names of people are never shown.
async fn signed(p: &Page, app: &App, shown: &Results) -> Result<Vec<Signed>> {
    let Some(selection) = shown.count.as_ref().and_then(|c| c.selection.as_ref()) else {
        return Ok(Vec::new());
    };
    let signatures: Vec<_> = queries::signatures(selection).collect();
    let people = by_ids(app.stores.main.db(), signatures.iter().map(|s| s.0)).await?;
    Ok(signatures
        .into_iter()
        .map(|(who, at)| Signed {
            office: people.get(&who).map(|a| a.office.clone()).unwrap_or_default(),
            iso: day_of(at).to_string(),
            day: p.tr("tally-signed-on", &[("day", day_long(p.locale, day_of(at)))]),
        })
        .collect())
}
