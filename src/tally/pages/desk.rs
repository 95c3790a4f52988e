//! `/desk/campaigns/{slug}/tally`: counting, drawing up the selection, signing it. Organisers and approvers act, auditors
//! read. Option counts are seen here no sooner than by the public.

use askama::Template;
use entity::campaign;
use entity::stored::Role;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::chart::{Chart, chart, short};
use super::last_day;
use crate::app::App;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::identity::extract::Signed;
use crate::identity::nav::{Nav, Section};
use crate::identity::queries as identity;
use crate::programme::queries as programme;
use crate::tally::queries::{self, Comparison, Results, comparison};
use crate::tally::{commands, sentences};
use crate::web::dates::{day_long, moment_long};
use crate::web::page::{Page, html_with, see_other};

/// What was just done, in the address after a form was taken.
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
    refused: Option<String>,
    turnout: Option<String>,
    /// `wait`, `ready`, `done`.
    counting: &'static str,
    counting_text: String,
    may_count: bool,
    organisers: String,
    compared: Vec<(String, String)>,
    counted_on: String,
    digest: String,
    differences: Vec<Differing>,
    more: usize,
    /// `never`, `wait`, `ready`, `proposed`, `certified`.
    selecting: &'static str,
    top_n: String,
    chart: Option<Chart>,
    real_name: bool,
    tie: Option<String>,
    signatures: Vec<Line>,
    may_sign: bool,
    sign_text: String,
}

/// A cell in which sum and recount differ.
struct Differing {
    option: String,
    province: String,
    track: String,
    kept: String,
    recounted: String,
    gap: String,
}

/// A line of the signatures.
struct Line {
    label: String,
    who: String,
    iso: String,
    when: String,
}

/// So many differing cells are listed.
const LISTED: usize = 60;

const READERS: [Role; 3] = [Role::Organiser, Role::Approver, Role::Auditor];

#[handler]
pub(super) async fn desk(
    signed: Signed,
    Path(slug): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response> {
    signed.ctx.require_any(&READERS)?;
    show(&signed, &slug, &done, None).await
}

#[handler]
pub(super) async fn count_ballots(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    let app = &signed.app;
    let counted = commands::count(
        &app.stores,
        &app.ballot_box,
        &app.issuing,
        &signed.ctx,
        &slug,
    )
    .await;
    app.kept.changed();
    answer(&signed, &slug, "count", counted).await
}

#[handler]
pub(super) async fn propose(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    let proposed = signed
        .app
        .write(async |tx| commands::propose(tx, &signed.ctx, &slug).await)
        .await;
    answer(&signed, &slug, "selection", proposed).await
}

#[handler]
pub(super) async fn approve(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    let approved = signed
        .app
        .write_campaign(async |tx| commands::approve(tx, &signed.ctx, &slug).await)
        .await;
    answer(&signed, &slug, "signature", approved).await
}

/// On with GET where it was done; the desk again, saying why not, where it was refused.
async fn answer(signed: &Signed, slug: &str, done: &str, outcome: Result<()>) -> Result<Response> {
    match outcome {
        Ok(()) => {
            let address = format!("/desk/campaigns/{slug}/tally?done={done}");
            Ok(see_other(&signed.page("desk").href(&address)))
        }
        Err(error @ (Error::Conflict(_) | Error::Forbidden(_))) => {
            show(signed, slug, "", Some(error)).await
        }
        Err(error) => Err(error),
    }
}

async fn show(signed: &Signed, slug: &str, done: &str, refused: Option<Error>) -> Result<Response> {
    let (app, ctx) = (&signed.app, &signed.ctx);
    let db = app.stores.main.db();
    let found = campaigns::campaign(db, slug).await?;
    let phase = Phase::of(&found, ctx.now);
    let shown = match phase.is_public() {
        true => Some(queries::results(&app.stores, slug, ctx.now).await?),
        false => None,
    };
    let p = signed.page("desk");
    let name = p.pick(&found.name_zh, &found.name_en).to_owned();
    let mut p = p.named(String::new());
    p.title = p.tr("tally-desk-title", &[("name", name.clone())]);
    let at = |rest: &str| p.href(&format!("/desk/campaigns/{slug}{rest}"));
    let mut page = Desk {
        nav: signed.nav(Section::Campaigns),
        campaign_href: at(""),
        tally_href: at("/tally"),
        selection_href: at("/selection"),
        approval_href: at("/selection/approval"),
        results_href: p.href(&format!("/campaigns/{slug}/results")),
        refused: refused
            .as_ref()
            .map(|error| p.locale.refusal(&error.refusal())),
        turnout: None,
        counting: "wait",
        counting_text: String::new(),
        may_count: false,
        organisers: String::new(),
        compared: Vec::new(),
        counted_on: String::new(),
        digest: String::new(),
        differences: Vec::new(),
        more: 0,
        selecting: if found.top_n < 1 { "never" } else { "wait" },
        top_n: found.top_n.to_string(),
        chart: None,
        real_name: shown.as_ref().is_some_and(Results::has_real_name),
        tie: None,
        signatures: Vec::new(),
        may_sign: false,
        sign_text: String::new(),
        name,
        p,
    };
    counting(&mut page, app, ctx, &found, shown.as_ref()).await?;
    if let Some(Error::Conflict(refusal)) = &refused
        && refusal.code == "tally.differs"
    {
        let compared = comparison(&app.stores.ballots, slug).await?;
        differences(&mut page, app, &found, &compared).await?;
    }
    selecting(&mut page, app, ctx, &found, shown.as_ref()).await?;
    page.p.notice = notice(&page, done);
    let status = refused.map_or(StatusCode::OK, |error| {
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::CONFLICT)
    });
    html_with(status, &page)
}

/// What was done, where the page bears it out.
fn notice(page: &Desk, done: &str) -> Option<String> {
    let p = &page.p;
    match (done, page.counting, page.selecting) {
        ("count", "done", _) => {
            let ballots = page.compared.first().map(|c| c.1.clone());
            let ballots = ballots.unwrap_or_default();
            Some(p.tr("tally-desk-done-count", &[("ballots", ballots)]))
        }
        ("selection", _, "proposed") => Some(p.t("tally-desk-done-select")),
        ("signature", _, "proposed") => Some(p.t("tally-desk-done-sign-first")),
        ("signature", _, "certified") => Some(p.t("tally-desk-done-sign-second")),
        _ => None,
    }
}

async fn counting(
    page: &mut Desk,
    app: &App,
    ctx: &Ctx,
    found: &campaign::Model,
    shown: Option<&Results>,
) -> Result<()> {
    let p = &page.p;
    let phase = Phase::of(found, ctx.now);
    let stored = shown.and_then(|s| s.count.as_ref()?.tally.as_ref());
    if let Some(tally) = stored {
        page.counting = "done";
        page.counted_on = p.tr(
            "tally-desk-counted-on",
            &[("moment", moment_long(p.locale, tally.counted_at))],
        );
        page.digest = tally.digest.clone();
        let anonymous = tally.ballots - tally.ballots_real_name;
        page.compared = vec![(p.t("tally-ballots"), p.n(tally.ballots))];
        if page.real_name {
            page.compared.push((p.t("tally-anonymous"), p.n(anonymous)));
            page.compared
                .push((p.t("tally-real-name"), p.n(tally.ballots_real_name)));
        }
        page.compared
            .push((p.t("tally-votes"), p.n(tally.option_votes)));
        return Ok(());
    }
    page.turnout = shown.and_then(|s| s.turnout).map(|t| p.n(t.total()));
    page.counting_text = match phase {
        Phase::Scheduled | Phase::Voting => p.tr(
            "tally-desk-count-early",
            &[("day", day_long(p.locale, last_day(found.closes_at)))],
        ),
        Phase::Closed => p.t("tally-desk-count-ready"),
        Phase::Suspended => p.t("tally-wait-suspended"),
        Phase::Cancelled => p.t("tally-wait-cancelled"),
        _ => p.t("tally-wait-draft"),
    };
    if phase == Phase::Closed {
        page.counting = "ready";
        page.may_count = ctx.staff()?.holds(Role::Organiser);
        page.organisers = organisers(p, app).await?;
    }
    Ok(())
}

async fn organisers(p: &Page, app: &App) -> Result<String> {
    let holders = identity::holders(app.stores.main.db(), Role::Organiser, "").await?;
    Ok(listed(p, &holders))
}

fn listed(p: &Page, people: &[entity::account::Model]) -> String {
    let names: Vec<String> = people.iter().map(|a| person(p, a)).collect();
    names.join(&p.t("tally-list-comma"))
}

fn person(p: &Page, account: &entity::account::Model) -> String {
    let args = [
        ("name", account.name.clone()),
        ("office", account.office.clone()),
    ];
    p.tr("tally-desk-person", &args)
}

async fn differences(
    page: &mut Desk,
    app: &App,
    found: &campaign::Model,
    compared: &Comparison,
) -> Result<()> {
    let db = app.stores.main.db();
    let (options, places) = (
        campaigns::options(db, found.id).await?,
        programme::places(db).await?,
    );
    let p = &page.p;
    let all = compared.differences();
    page.more = all.len().saturating_sub(LISTED);
    page.counting_text = p.tr("tally-desk-differs", &[("n", all.len().to_string())]);
    page.differences = all
        .into_iter()
        .take(LISTED)
        .map(|cell| {
            let option = options.iter().find(|o| o.code == cell.option);
            let place = places.iter().find(|place| place.code == cell.province);
            Differing {
                option: if cell.option.is_empty() {
                    p.t("tally-desk-cell-ballots")
                } else {
                    format!("{} {}", cell.option, short(p.locale, option))
                },
                province: place.map_or(cell.province, |place| {
                    p.pick(&place.name_zh, &place.name_en).to_owned()
                }),
                track: p.tc("tally-", cell.track),
                gap: p.n(cell.kept - cell.recounted),
                kept: p.n(cell.kept),
                recounted: p.n(cell.recounted),
            }
        })
        .collect();
    Ok(())
}

async fn selecting(
    page: &mut Desk,
    app: &App,
    ctx: &Ctx,
    found: &campaign::Model,
    shown: Option<&Results>,
) -> Result<()> {
    let counted = shown.and_then(|s| Some((s, s.count.as_ref()?)));
    let Some((shown, count)) = counted.filter(|(_, count)| count.tally.is_some()) else {
        return Ok(());
    };
    let p = &page.p;
    page.chart = Some(chart(p, shown, count));
    page.tie = sentences::tie_across_cut(p.locale, &count.ranking, page.real_name);
    if found.top_n < 1 {
        return Ok(());
    }
    let staff = ctx.staff()?;
    page.may_count = staff.holds(Role::Organiser);
    page.organisers = organisers(p, app).await?;
    let db = app.stores.main.db();
    let Some(selection) = queries::selection(db, found.id).await? else {
        page.selecting = "ready";
        return Ok(());
    };
    page.selecting = "proposed";
    let signed = [
        (
            "tally-desk-proposed",
            Some(selection.proposed_by),
            Some(selection.proposed_at),
        ),
        (
            "tally-desk-first",
            selection.first_approver,
            selection.first_at,
        ),
        (
            "tally-desk-second",
            selection.second_approver,
            selection.second_at,
        ),
    ];
    let people = identity::by_ids(db, signed.iter().filter_map(|s| s.1)).await?;
    page.signatures = signed
        .into_iter()
        .map(|(key, who, at)| Line {
            label: p.t(key),
            who: who
                .and_then(|who| people.get(&who))
                .map_or_else(|| p.t("tally-desk-not-signed"), |a| person(p, a)),
            iso: at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            when: at.map(|at| moment_long(p.locale, at)).unwrap_or_default(),
        })
        .collect();
    if selection.second_approver.is_some() {
        page.selecting = "certified";
        return Ok(());
    }
    if selection.first_approver.is_some() {
        // Nothing is drawn up again under a signature.
        page.may_count = false;
    }
    let own = commands::may_sign(found, &selection, staff.id);
    page.may_sign = staff.holds(Role::Approver) && own.is_ok();
    let mut left = identity::holders(db, Role::Approver, "").await?;
    left.retain(|a| commands::may_sign(found, &selection, a.id).is_ok());
    let who = if left.is_empty() {
        p.t("tally-desk-sign-nobody")
    } else {
        p.tr("tally-desk-sign-who", &[("names", listed(p, &left))])
    };
    page.sign_text = match own {
        Err(error) if staff.holds(Role::Approver) => {
            format!(
                "{}{}{who}",
                p.locale.refusal(&error.refusal()),
                p.t("tally-stop")
            )
        }
        _ => who,
    };
    Ok(())
}
