//! The page of a dispatch: its dry run before the signature of an approver who did not write the campaign, and the dispatch
//! afterwards.

use std::collections::HashMap;

use askama::Template;
use entity::stored::TermKind;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};

use crate::accounts;
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::campaign::pages::words::weekday;
use crate::campaign::queries::own_hands;
use crate::dispatch::dry_run::{DryRun, dry_run};
use crate::dispatch::pages::assignment_detail::stamp;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::{day_long, day_short};
use crate::web::page::{Page, html_with};
use crate::{campaign, programme};

#[derive(Template)]
#[template(path = "dispatch/wizard.html")]
struct Wizard {
    p: Page,
    nav: Nav,
    campaign_href: String,
    approval_href: String,
    name: String,
    /// Time of the dispatch, and name of the approver; none before the dispatch.
    done: Option<(String, String)>,
    rows: String,
    issues: String,
    units: String,
    due: String,
    working_days: u32,
    acknowledge_by: String,
    rolled_from: Option<String>,
    met: Vec<String>,
    unloaded: Vec<String>,
    left_out: Vec<String>,
    lines: Vec<IssueLine>,
    signers: Vec<String>,
    /// Whether the reader may sign the dispatch.
    signs: bool,
    /// Whether the reader wrote the campaign.
    wrote: bool,
}

/// One issue that the dispatch sends.
struct IssueLine {
    code: String,
    title: String,
    lead: String,
    votes: String,
}

/// Answers with the dispatch of a campaign, as it would be made or as it was made.
#[handler]
pub async fn shown(
    signed: Signed,
    Path(slug): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let mut p = page(&signed);
    if query.contains_key("done") {
        p.notice = Some(p.t("dispatch-done-dispatch"));
    }
    wizard(&signed, &slug, StatusCode::OK, p).await
}

/// The page after a refused signature, with the reason.
pub async fn refused(signed: &Signed, slug: &str, error: Error) -> Result<Response> {
    let (status, p) = page(signed).again(error)?;
    wizard(signed, slug, status, p).await
}

fn page(signed: &Signed) -> Page {
    signed.page("desk").titled("dispatch-wizard-title")
}

async fn wizard(signed: &Signed, slug: &str, status: StatusCode, p: Page) -> Result<Response> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let run = dry_run(db, ctx, slug).await?;
    let staff = ctx.staff()?;
    let mut signers = accounts::queries::holders(db, Act::Dispatch).await?;
    let own = own_hands(db, &run.campaign).await?;
    signers.retain(|a| !own.contains(&a.id));
    let wrote = own.contains(&staff.id);
    let done = match &run.done {
        Some(act) => {
            let names = accounts::queries::names(db, [act.approver_id]).await?;
            let name = names.get(&act.approver_id).cloned().unwrap_or_default();
            Some((stamp(act.at), name))
        }
        None => None,
    };
    let left_out = programme::queries::provinces(db)
        .await?
        .into_iter()
        .filter(|place| !run.campaign.units.has(&place.code))
        .map(|place| p.pick(&place.name_zh, &place.name_en).to_owned())
        .collect();
    let lines = lines(signed, &p, &run).await?;
    let dates = &run.deadlines;
    let template = Wizard {
        nav: signed.nav(Section::Campaigns),
        campaign_href: format!("/desk/campaigns/{slug}"),
        approval_href: format!("/desk/campaigns/{slug}/dispatch/approval"),
        name: p.pick(&run.campaign.name_zh, &run.campaign.name_en).to_owned(),
        rows: p.n(run.rows as i64),
        issues: p.n(run.issues.len() as i64),
        units: p.n(run.campaign.units.0.len() as i64),
        due: weekday(&p, dates.due_on),
        working_days: dates.working_days,
        acknowledge_by: day_long(p.locale, dates.acknowledge_on),
        rolled_from: dates.rolled_from.map(|day| day_long(p.locale, day)),
        met: dates
            .met
            .iter()
            .map(|(day, kind)| {
                let day = [("day", day_short(p.locale, *day))];
                p.tr(&format!("dispatch-day-{kind}"), &day)
            })
            .collect(),
        unloaded: dates.unloaded_years.iter().map(i32::to_string).collect(),
        left_out,
        lines,
        signs: done.is_none() && staff.may(Act::Dispatch) && !wrote,
        signers: signers.into_iter().map(|a| a.name).collect(),
        wrote,
        done,
        p,
    };
    html_with(status, &template)
}

async fn lines(signed: &Signed, p: &Page, run: &DryRun) -> Result<Vec<IssueLine>> {
    let db = signed.app.stores.main.db();
    let options = campaign::queries::options(db, run.campaign.id).await?;
    let words = programme::queries::words(db).await?;
    Ok(run
        .issues
        .iter()
        .filter_map(|issue| {
            let option = options.iter().find(|o| o.id == issue.option_id)?;
            let lead = (TermKind::Department, option.lead_department.clone());
            Some(IssueLine {
                code: issue.code.clone(),
                title: p.pick(&option.title_zh, &option.title_en).to_owned(),
                lead: words.get(&lead).map_or(lead.1, |word| p.pick(&word.name_zh, &word.name_en).to_owned()),
                votes: p
                    .tr("dispatch-votes-both", &[("votes", p.n(issue.votes)), ("real", p.n(issue.votes_real_name))]),
            })
        })
        .collect())
}
