//! The final check before a dispatch, and the signature that makes the dispatch.

use poem::web::Path;
use poem::{Response, handler};

use super::wizard;
use crate::accounts;
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::campaign::pages::words::weekday;
use crate::campaign::queries::own_hands;
use crate::dispatch::commands;
use crate::dispatch::dry_run::{DryRun, dry_run};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::Section;
use crate::sign_in::pages::final_check::FinalCheck;
use crate::tally;
use crate::web::dates::moment_long;
use crate::web::form::Sent;
use crate::web::page::{Page, see_other};

/// The address of the signature, opened without a form: answers with the final check, or redirects to the dry run where the reader
/// cannot sign.
#[handler]
pub async fn ask(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::Dispatch)?;
    let page = page(&signed, &slug, None).await?;
    Ok(page.unwrap_or_else(|| see_other(&signed.page("desk").href(&format!("/desk/campaigns/{slug}/dispatch")))))
}

/// Makes the dispatch, as the signature of the approver.
#[handler]
pub async fn dispatch(signed: Signed, Path(slug): Path<String>, sent: Sent) -> Result<Response> {
    let ctx = &signed.ctx;
    let work = async |tx: &_| commands::dispatch(tx, ctx, &slug, Some(sent.get("expected_version"))).await;
    let error = match signed.write(Changes::Campaigns, work).await {
        Ok(_) => {
            let done = format!("/desk/campaigns/{slug}/dispatch?done=dispatch");
            return Ok(see_other(&signed.page("desk").href(&done)));
        }
        Err(error) => error,
    };
    match error {
        Error::Conflict(refusal) if refusal.code == "dispatch.changed" => {
            let page = page(&signed, &slug, Some(Error::Conflict(refusal.clone()))).await?;
            page.ok_or(Error::Conflict(refusal))
        }
        Error::Forbidden(_) => wizard::refused(&signed, &slug, error).await,
        other => Err(other),
    }
}

/// The page before a dispatch that the reader may sign, also after a refusal; none where the dispatch is made or the reader wrote
/// the campaign.
async fn page(signed: &Signed, slug: &str, refused: Option<Error>) -> Result<Option<Response>> {
    let (db, staff) = (signed.app.stores.main.db(), signed.ctx.require(Act::Dispatch)?);
    let run = dry_run(db, &signed.ctx, slug).await?;
    if run.done.is_some() || own_hands(db, &run.campaign).await?.contains(&staff.id) {
        return Ok(None);
    }
    let p = signed.page("desk");
    let name = p.pick(&run.campaign.name_zh, &run.campaign.name_en).to_owned();
    let heading = (p.t("dispatch-wizard-sign"), name);
    let (status, p) = FinalCheck::head_again(p, &heading, refused)?;
    let dates = &run.deadlines;
    let args = [
        ("rows", p.n(run.rows as i64)),
        ("issues", p.n(run.issues.len() as i64)),
        ("units", p.n(run.campaign.units.0.len() as i64)),
        ("from", weekday(&p, dates.dispatched_on)),
        ("acknowledge", weekday(&p, dates.acknowledge_on)),
        ("due", weekday(&p, dates.due_on)),
        ("n", dates.working_days.to_string()),
    ];
    let at = |rest: &str| p.href(&format!("/desk/campaigns/{slug}/dispatch{rest}"));
    let page = FinalCheck {
        nav: signed.nav(Section::Campaigns),
        heading,
        back: (at(""), p.t("dispatch-final-back")),
        effect: p.tr("dispatch-final", &args),
        facts: facts(&p, signed, &run).await?,
        lasting: p.t("dispatch-final-lasting"),
        action: at("/approval"),
        version: ("expected_version", run.version()),
        reason: None,
        button: p.t("dispatch-wizard-sign"),
        kind: "",
        p,
    };
    page.show(status).map(Some)
}

/// The signatures before, the codes of the issues, and the days that move a deadline.
async fn facts(p: &Page, signed: &Signed, run: &DryRun) -> Result<Vec<(String, String)>> {
    let db = signed.app.stores.main.db();
    let mut facts = Vec::new();
    if let Some(selection) = tally::queries::selection(db, run.campaign.id).await? {
        let signed: Vec<_> = tally::queries::signatures(&selection).collect();
        let names = accounts::queries::names(db, signed.iter().map(|(who, _)| *who)).await?;
        let said = signed.iter().map(|(who, at)| {
            let name = names.get(who).cloned().unwrap_or_default();
            p.tr("dispatch-final-signed", &[("who", name), ("at", moment_long(p.locale, *at))])
        });
        facts.push((p.t("sign-in-final-check-before"), said.collect::<Vec<_>>().join(&p.t("dispatch-semicolon"))));
    }
    let codes: Vec<String> = run.issues.iter().map(|issue| issue.code.clone()).collect();
    facts.push((p.t("dispatch-issue"), codes.join(&p.t("dispatch-and"))));
    if let Some(day) = run.deadlines.rolled_from {
        facts.push((p.t("dispatch-wizard-rolled"), p.tr("dispatch-wizard-rolled-text", &[("day", weekday(p, day))])));
    }
    if !run.deadlines.unloaded_years.is_empty() {
        let years: Vec<String> = run.deadlines.unloaded_years.iter().map(i32::to_string).collect();
        facts.push((p.t("dispatch-wizard-met"), p.t("dispatch-wizard-unloaded") + &years.join(&p.t("dispatch-and"))));
    }
    Ok(facts)
}
