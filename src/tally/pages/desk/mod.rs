//! `/desk/campaigns/{slug}/tally`: counting, drawing up the selection and signing it. Organisers and approvers act; auditors
//! read. The desk shows option counts no earlier than the public pages.

mod counting;
pub(super) mod final_check;
mod selecting;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use self::counting::{Counting, counting, stored};
use self::selecting::{Selecting, selecting};
use super::chart::{Chart, chart};
use super::people::listed;
use super::words::{Stripe, not_people, otherwise, rule_in_words, rule_name};
use crate::accounts::queries::holders;
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::tally::pages::sentences;
use crate::tally::queries::{Results, results};
use crate::tally::{commands, flows};
use crate::web::form::Sent;
use crate::web::page::{Page, html_with, see_other};

/// Query of the desk: the action that has just been done, after a form was accepted.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "tally/counting.html")]
struct Desk {
    p: Page,
    nav: Nav,
    name: String,
    campaign_href: String,
    results_href: String,
    tally_href: String,
    selection_href: String,
    approval_href: String,
    invalidations_href: String,
    /// Part of the page that shows a refusal, and the reason for the refusal.
    refused: Option<(&'static str, String)>,
    counting: Counting,
    selecting: Selecting,
    /// Chart of the stored count as it is, or will be, published.
    chart: Option<Chart>,
    real_name: bool,
    tie: Option<String>,
    /// Notice on the selection by the other rule.
    otherwise: Option<Stripe>,
    /// Ranking rule in words and by its name.
    rule: String,
    /// Sentence that anonymous ballots are not people; empty where there are no anonymous ballots.
    not_people: String,
    /// Names of the staff who count and draw up the selection.
    organisers: String,
}

#[handler]
pub(super) async fn desk(
    signed: Signed,
    Path(slug): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response> {
    signed.ctx.require(Act::ReadCounts)?;
    show(&signed, &slug, &done, None).await
}

#[handler]
pub(super) async fn count_ballots(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    let app = &signed.app;
    let counted = flows::count(&app.ballots, &app.steadiness, &signed.ctx, &slug).await;
    answer(&signed, &slug, "count", counted).await
}

#[handler]
pub(super) async fn propose(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    let proposed = signed
        .write(Changes::Public, async |tx| {
            commands::propose(tx, &signed.ctx, &signed.app.ballots.sequencer, &slug).await
        })
        .await;
    answer(&signed, &slug, "selection", proposed).await
}

#[handler]
pub(super) async fn approve(signed: Signed, Path(slug): Path<String>, sent: Sent) -> Result<Response> {
    let expected = Some(sent.get("expected_version"));
    let approved = signed
        .write(Changes::Campaigns, async |tx| {
            commands::approve(tx, &signed.ctx, &signed.app.ballots.sequencer, &slug, expected).await
        })
        .await;
    if let Err(Error::Conflict(refusal)) = &approved
        && refusal.code == "selection.changed"
        && let Some(page) = final_check::page(&signed, &slug, Some(Error::Conflict(refusal.clone()))).await?
    {
        return Ok(page);
    }
    answer(&signed, &slug, "signature", approved).await
}

/// Redirects to a GET after success; shows the desk with the reason after a refusal.
async fn answer(signed: &Signed, slug: &str, done: &str, outcome: Result<()>) -> Result<Response> {
    match outcome {
        Ok(()) => {
            let address = format!("/desk/campaigns/{slug}/tally?done={done}");
            Ok(see_other(&signed.page("desk").href(&address)))
        }
        Err(error @ (Error::Conflict(_) | Error::Forbidden(_))) => show(signed, slug, "", Some(error)).await,
        Err(error) => Err(error),
    }
}

async fn show(signed: &Signed, slug: &str, done: &str, refused: Option<Error>) -> Result<Response> {
    let (app, ctx) = (&signed.app, &signed.ctx);
    let found = campaigns::campaign(app.stores.main.db(), slug).await?;
    // The public sees nothing of a draft.
    let shown = if Phase::of(&found, ctx.now).is_public() {
        Some(results(&app.stores, &app.ballots.sequencer, slug, ctx.now).await?)
    } else {
        None
    };
    let counted = stored(shown.as_ref());
    let p = signed.page("desk");
    let name = p.pick(&found.name_zh, &found.name_en).to_owned();
    let title = p.tr("tally-desk-title", &[("name", name.clone())]);
    let mut p = p.named(title);
    let refusal = refused.as_ref().map(Error::refusal);
    if refusal.is_some() {
        p.title = format!("{}{}", p.t("layout-error-prefix"), p.title);
    }
    let differs = refusal.as_ref().is_some_and(|r| r.code == "tally.differs");
    let counting = counting(&p, app, ctx, &found, shown.as_ref(), differs).await?;
    let selecting = selecting(&p, app, ctx, &found, counted.is_some()).await?;
    p.notice = notice(&p, done, &counting, &selecting);
    let at = |rest: &str| p.href(&format!("/desk/campaigns/{slug}{rest}"));
    let real_name = shown.as_ref().is_some_and(Results::has_real_name);
    let status = refused.as_ref().map_or(200, Error::status);
    let page = Desk {
        nav: signed.nav(Section::Campaigns),
        campaign_href: at(""),
        tally_href: at("/tally"),
        selection_href: at("/selection"),
        approval_href: at("/selection/approval"),
        invalidations_href: at("/invalidations"),
        results_href: p.href(&format!("/campaigns/{slug}/results")),
        refused: refusal.map(|refusal| {
            let about = match refusal.code.split_once('.') {
                Some(("selection", _)) => "#selection",
                _ => "#count",
            };
            (about, p.locale.refusal(&refusal))
        }),
        chart: counted.map(|(shown, count)| chart(&p, shown, count)),
        tie: counted
            .and_then(|(_, count)| sentences::tie_across_cut(p.locale, found.ranking_rule, &count.ranking, real_name)),
        otherwise: counted.and_then(|(_, count)| otherwise(&p, &found, &count.ranking)),
        rule: shown
            .as_ref()
            .map_or_else(String::new, |shown| format!("{}{}", rule_in_words(&p, shown), rule_name(&p, shown))),
        not_people: shown.as_ref().map_or_else(String::new, |shown| not_people(&p, shown)),
        organisers: {
            let people = holders(app.stores.main.db(), Act::ProposeResults).await?;
            listed(&p, &people)
        },
        real_name,
        counting,
        selecting,
        name,
        p,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
    html_with(status, &page)
}

/// The notice on the action just done, where the state of the page confirms it.
fn notice(p: &Page, done: &str, counting: &Counting, selecting: &Selecting) -> Option<String> {
    match (done, counting.state, selecting.state) {
        ("count", "done", _) => {
            let ballots = counting.compared.first().map(|c| c.1.clone());
            let args = [("ballots", ballots.unwrap_or_default())];
            Some(p.tr("tally-desk-done-count", &args))
        }
        ("selection", _, "proposed") => Some(p.t("tally-desk-done-select")),
        ("signature", _, "proposed") => Some(p.t("tally-desk-done-sign-first")),
        ("signature", _, "certified") => Some(p.t("tally-desk-done-sign-second")),
        _ => None,
    }
}
