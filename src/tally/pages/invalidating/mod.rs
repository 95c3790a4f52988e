//! `/desk/campaigns/{slug}/invalidations`: proposing a rule after a preview of its effect, signing and withdrawing it. Applied
//! rules are shown on the results page too.

pub(super) mod final_check;
mod refused;

use askama::Template;
use entity::stored::Track;
use entity::{campaign, invalidation};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use public_log::invalidation::Criteria;
use serde::Deserialize;

use crate::accounts::queries::by_ids;
use crate::app::App;
use crate::ballot_log::criteria::Typed;
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::campaign::queries as campaigns;
use crate::campaign::queries::own_hands;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::tally::invalidation::queries::{self, Preview};
use crate::tally::invalidation::{State, commands, criteria, flows, may_sign};
use crate::tally::queries::Results;
use crate::web::dates::{day_long, moment_long};
use crate::web::form::Sent;
use crate::web::page::{Page, html_with, see_other};

/// Action that has just been done. The query of the desk also has the criteria to be tried.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RuleDone {
    done: String,
}

#[derive(Template)]
#[template(path = "tally/invalidating.html")]
struct Desk {
    p: Page,
    nav: Nav,
    slug: String,
    campaign: String,
    tally_href: String,
    here: String,
    may_propose: bool,
    typed: Typed,
    tracks: Vec<(&'static str, String)>,
    reason: String,
    tried: Option<Tried>,
    rules: Vec<Rule>,
    problems: Vec<(String, String)>,
}

impl Desk {
    /// Whether the page has the form that proposes the tried rule.
    fn proposes(&self) -> bool {
        self.may_propose && self.tried.as_ref().is_some_and(|tried| !tried.none)
    }

    /// Address of an action on a rule.
    fn here_of(&self, number: &i32, act: &str) -> String {
        self.p.href(&format!("/desk/campaigns/{}/invalidations/{number}/{act}", self.slug))
    }
}

/// Greatest number of blocks that a preview names.
const NAMED: usize = 8;
/// Greatest number of changes that a preview lists, from the top of the ranking.
const LISTED: usize = 30;

/// A preview of a rule as the page shows it.
struct Tried {
    sentence: String,
    none: bool,
    /// The largest blocks of anonymous passes among the matched ballots.
    blocks: String,
    changes: Vec<Change>,
    /// Number of changes that are not listed, as a sentence.
    more: String,
}

/// One option before and after the rule.
struct Change {
    code: String,
    votes: String,
    votes_after: String,
    rank: String,
    rank_after: String,
    selected: String,
}

/// A rule as staff see it.
struct Rule {
    number: i32,
    state: String,
    what: String,
    reason: String,
    lines: Vec<(String, String)>,
    /// Address at which the rule is previewed again while it waits for a signature.
    see_href: String,
    may_sign: bool,
    may_withdraw: bool,
    why_not: String,
}

/// A rule as everybody sees it, once it is applied.
pub(super) struct Applied {
    pub what: String,
    pub reason: String,
    pub signed: String,
}

#[handler]
pub(super) async fn desk(
    signed: Signed,
    Path(slug): Path<String>,
    Query(typed): Query<Typed>,
    Query(RuleDone { done }): Query<RuleDone>,
) -> Result<Response> {
    signed.ctx.require(Act::ReadCounts)?;
    let mut p = page(&signed);
    if ["proposal", "signature", "withdrawal"].contains(&&*done) {
        p.notice = Some(p.tc("tally-rules-done-", &done));
    }
    let asks = [&typed.track, &typed.province, &typed.blocks, &typed.batches, &typed.choices];
    if asks.iter().all(|part| part.trim().is_empty()) {
        return show(&signed, p, &slug, StatusCode::OK, typed, String::new(), None).await;
    }
    match queries::preview(&signed.app.ballots, &signed.ctx, &slug, &typed).await {
        Ok(preview) => show(&signed, p, &slug, StatusCode::OK, typed, String::new(), Some(preview)).await,
        Err(error) => {
            let (status, p) = p.again(error)?;
            show(&signed, p, &slug, status, typed, String::new(), None).await
        }
    }
}

#[handler]
pub(super) async fn propose(signed: Signed, Path(slug): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::ReadCounts)?;
    let part = |field| sent.get(field).to_owned();
    let typed = Typed {
        track: part("track"),
        province: part("province"),
        blocks: part("blocks"),
        batches: part("batches"),
        choices: part("choices"),
    };
    let reason = sent.get("reason");
    match flows::propose(&signed.app.ballots, &signed.ctx, &slug, &typed, reason).await {
        Ok(_) => Ok(on(&signed, &slug, "proposal")),
        Err(error) => {
            let (status, p) = page(&signed).again(error)?;
            // The preview is shown again with the form, where the criteria can be read.
            let preview = queries::preview(&signed.app.ballots, &signed.ctx, &slug, &typed).await.ok();
            show(&signed, p, &slug, status, typed, reason.to_owned(), preview).await
        }
    }
}

#[handler]
pub(super) async fn approve(signed: Signed, Path((slug, number)): Path<(String, i32)>, sent: Sent) -> Result<Response> {
    // A form without a version was made by no final check, and is refused as one with an old version.
    let expected = Some(sent.get("expected_version").parse().unwrap_or_default());
    let outcome = flows::approve(&signed.app.ballots, &signed.ctx, &slug, number, expected).await;
    if let Err(Error::Conflict(refusal)) = &outcome
        && refusal.code == "invalidation.changed"
        && let Some(page) = final_check::page(&signed, &slug, number, Some(Error::Conflict(refusal.clone()))).await?
    {
        return Ok(page);
    }
    answer(&signed, &slug, "signature", outcome).await
}

#[handler]
pub(super) async fn withdraw(signed: Signed, Path((slug, number)): Path<(String, i32)>) -> Result<Response> {
    signed.ctx.require(Act::ProposeResults)?;
    let work = async |tx: &_| commands::withdraw(tx, &signed.ctx, &slug, number).await;
    let outcome = signed.write(Changes::Public, work).await;
    answer(&signed, &slug, "withdrawal", outcome).await
}

async fn answer(signed: &Signed, slug: &str, done: &str, outcome: Result<()>) -> Result<Response> {
    let error = match outcome {
        Ok(()) => return Ok(on(signed, slug, done)),
        Err(error) => error,
    };
    let (status, p) = page(signed).again(error)?;
    show(signed, p, slug, status, Typed::default(), String::new(), None).await
}

fn on(signed: &Signed, slug: &str, done: &str) -> Response {
    see_other(&signed.page("desk").href(&format!("/desk/campaigns/{slug}/invalidations?done={done}")))
}

fn page(signed: &Signed) -> Page {
    signed.page("desk").titled("tally-rules-title")
}

async fn show(
    signed: &Signed,
    mut p: Page,
    slug: &str,
    status: StatusCode,
    typed: Typed,
    reason: String,
    preview: Option<Preview>,
) -> Result<Response> {
    let (app, ctx) = (&signed.app, &signed.ctx);
    let found = campaigns::campaign(app.stores.main.db(), slug).await?;
    let rules = queries::rules(app.stores.main.db(), found.id).await?;
    let is_open = rules.iter().any(|rule| State::of(rule).is_open());
    let decided = queries::is_decided(app.stores.main.db(), ctx, &found).await?;
    p.address = address(slug, &typed)?;
    let page = Desk {
        nav: signed.nav(Section::Campaigns),
        slug: slug.to_owned(),
        campaign: p.pick(&found.name_zh, &found.name_en).to_owned(),
        tally_href: p.href(&format!("/desk/campaigns/{slug}/tally")),
        here: p.href(&format!("/desk/campaigns/{slug}/invalidations")),
        may_propose: ctx.may(Act::ProposeResults) && !is_open && !decided,
        tracks: std::iter::once(("", p.t("tally-rules-any")))
            .chain([Track::Anonymous, Track::RealName].map(|t| (t.code(), p.tc("tally-rules-track-", t))))
            .collect(),
        tried: preview.map(|preview| tried(&p, &preview)),
        rules: {
            let mut shown = Vec::new();
            for rule in rules.iter().rev() {
                shown.push(staff_rule(&p, app, ctx, &found, rule, decided).await?);
            }
            shown
        },
        problems: refused::links(&p),
        typed,
        reason,
        p,
    };
    html_with(status, &page)
}

/// The address of the page with the preview of these criteria, where there are any.
fn address(slug: &str, typed: &Typed) -> Result<String> {
    let asked = serde_urlencoded::to_string(typed).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(format!("/desk/campaigns/{slug}/invalidations?{asked}").trim_end_matches('?').to_owned())
}

fn tried(p: &Page, preview: &Preview) -> Tried {
    Tried {
        sentence: p
            .tr("tally-rules-meets", &[("n", preview.ballots.to_string()), ("criteria", said(p, &preview.criteria))]),
        none: preview.ballots == 0,
        blocks: {
            let said = |(block, n): &(String, usize)| {
                p.tr("tally-rules-block", &[("block", block.clone()), ("n", n.to_string())])
            };
            preview.blocks.iter().take(NAMED).map(said).collect::<Vec<_>>().join(&p.t("tally-rules-and"))
        },
        more: match preview.changed().count().saturating_sub(LISTED) {
            0 => String::new(),
            more => p.tr("tally-rules-more", &[("n", more.to_string())]),
        },
        changes: preview
            .changed()
            .take(LISTED)
            .map(|(before, after)| Change {
                code: before.code.clone(),
                votes: p.n(before.votes),
                votes_after: p.n(after.votes),
                rank: before.rank.to_string(),
                rank_after: after.rank.to_string(),
                selected: match (before.selected, after.selected) {
                    (true, false) => p.t("tally-rules-falls-out"),
                    (false, true) => p.t("tally-rules-comes-in"),
                    _ => String::new(),
                },
            })
            .collect(),
    }
}

async fn staff_rule(
    p: &Page,
    app: &App,
    ctx: &crate::base::ctx::Ctx,
    campaign: &campaign::Model,
    rule: &invalidation::Model,
    decided: bool,
) -> Result<Rule> {
    let staff = ctx.staff()?;
    let state = State::of(rule);
    let own = may_sign(&own_hands(app.stores.main.db(), campaign).await?, rule, staff.id);
    let is_approver = staff.may(Act::SignResults);
    let waits = matches!(state, State::Proposed | State::SignedOnce) && !decided;
    let people = by_ids(
        app.stores.main.db(),
        [Some(rule.proposed_by), rule.first_approver, rule.second_approver].into_iter().flatten(),
    )
    .await?;
    let by = |who| people.get(&who).map(|a| crate::tally::pages::people::person(p, a)).unwrap_or_default();
    let mut lines = vec![(
        p.t("tally-rules-proposed"),
        format!("{} {}", by(rule.proposed_by), moment_long(p.locale, rule.proposed_at)),
    )];
    for (key, (who, at)) in ["tally-desk-first", "tally-desk-second"].into_iter().zip(queries::signatures(rule)) {
        lines.push((p.t(key), format!("{} {}", by(who), moment_long(p.locale, at))));
    }
    if let Some(at) = rule.appended_at {
        lines.push((p.t("tally-rules-applied"), moment_long(p.locale, at)));
    }
    Ok(Rule {
        number: rule.number,
        state: p.tc("tally-rules-state-", state.code()),
        what: what(p, rule)?,
        reason: rule.reason.clone(),
        lines,
        see_href: if waits { see_href(p, &campaign.slug, rule)? } else { String::new() },
        may_sign: waits && is_approver && own.is_ok(),
        may_withdraw: waits && staff.may(Act::ProposeResults),
        why_not: match own {
            Err(error @ Error::Forbidden(_)) if waits && is_approver => p.locale.refusal(&error.refusal()),
            _ => String::new(),
        },
    })
}

/// The address at which a rule is previewed again.
fn see_href(p: &Page, slug: &str, rule: &invalidation::Model) -> Result<String> {
    let parts: Vec<(&str, &str)> = rule.criteria.split(' ').filter_map(|part| part.split_once('=')).collect();
    let asked = serde_urlencoded::to_string(parts).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(p.href(&format!("/desk/campaigns/{slug}/invalidations?{asked}")))
}

/// The number of ballots of a rule and its criteria.
fn what(p: &Page, rule: &invalidation::Model) -> Result<String> {
    let criteria = said(p, &criteria(&rule.criteria)?);
    let args = [("number", rule.number.to_string()), ("n", rule.ballots.to_string()), ("criteria", criteria)];
    Ok(p.tr("tally-rules-what", &args))
}

/// Criteria as a sentence.
fn said(p: &Page, criteria: &Criteria) -> String {
    let range = |(first, last): (u32, u32)| if first == last { first.to_string() } else { format!("{first}–{last}") };
    let mut parts = Vec::new();
    parts.extend(criteria.track.map(|track| p.tc("tally-rules-track-", track)));
    parts.extend(criteria.province.iter().map(|code| p.tr("tally-rules-said-province", &[("code", code.clone())])));
    if !criteria.blocks.is_empty() {
        let names = criteria.blocks.join(&p.t("tally-list-comma"));
        parts.push(p.tr("tally-rules-said-blocks", &[("range", names)]));
    }
    parts.extend(criteria.batches.map(|r| p.tr("tally-rules-said-batches", &[("range", range(r))])));
    if !criteria.choices.is_empty() {
        let codes = criteria.choices.join(&p.t("tally-list-comma"));
        parts.push(p.tr("tally-rules-said-choices", &[("codes", codes)]));
    }
    parts.join(&p.t("tally-rules-and"))
}

/// The rules that are applied, for everybody.
pub(super) async fn applied(p: &Page, app: &App, shown: &Results) -> Result<Vec<Applied>> {
    if shown.count.as_ref().and_then(|c| c.tally.as_ref()).is_none_or(|t| t.invalidated == 0) {
        return Ok(Vec::new());
    }
    let rules = queries::rules(app.stores.main.db(), shown.campaign.id).await?;
    let mut list = Vec::new();
    for rule in rules.iter().filter(|rule| State::of(rule) == State::Applied) {
        let people = by_ids(app.stores.main.db(), queries::signatures(rule).map(|s| s.0)).await?;
        let offices = queries::signatures(rule)
            .map(|(who, at)| {
                let office = people.get(&who).map(|a| a.office.clone()).unwrap_or_default();
                let day = day_long(p.locale, day_of(at));
                p.tr("tally-rules-signed", &[("office", office), ("day", day)])
            })
            .collect::<Vec<_>>();
        list.push(Applied {
            what: what(p, rule)?,
            reason: rule.reason.clone(),
            signed: offices.join(&p.t("tally-list-comma")),
        });
    }
    Ok(list)
}
