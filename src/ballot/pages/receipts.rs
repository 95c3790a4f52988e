//! Step 4 and the look-up: whether a ballot is in the box. A receipt never shows a choice, a place or a time.

use askama::Template;
use entity::campaign;
use poem::http::header;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use crate::ballot::queries;
use crate::ballot::receipts::parse;
use crate::base::clock::last_day;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::sign_in::extract::Visit;
use crate::web::dates::{closing, moment_long};
use crate::web::page::{Page, answer, html, public, see_other};
use crate::web::qr::{self, QrCode};

#[derive(Deserialize)]
struct ReceiptQuery {
    number: Option<String>,
}

#[derive(Template)]
#[template(path = "ballot/receipts.html")]
struct LookUpPage {
    p: Page,
    number: String,
    error: String,
}

/// `GET /receipts`: the form; with a number, a redirect to its receipt.
#[handler]
pub async fn look_up(visit: Visit, Query(asked): Query<ReceiptQuery>) -> Result<Response> {
    let p = visit.page("receipts").titled("ballot-receipts-title");
    let described = p.t("head-receipts");
    let p = p.described(described);
    let Some(number) = asked.number else {
        let (number, error) = (String::new(), String::new());
        return public(&LookUpPage { p, number, error });
    };
    let Some(asked) = parse(&number) else {
        return refused(p, number, 422, "ballot.receipt_malformed");
    };
    match queries::receipt(&visit.app.ballots, &asked).await? {
        Some(found) => Ok(see_other(&p.href(&format!("/receipts/{}", found.number.plain())))),
        None => refused(p, number, 404, "ballot.receipt_unknown"),
    }
}

fn refused(p: Page, number: String, status: u16, code: &'static str) -> Result<Response> {
    let p = p.refused(vec![FieldError { field: "number".to_owned(), refusal: Refusal::new(code) }]);
    let error = p.error("number").unwrap_or_default();
    answer(status, None, &LookUpPage { p, number, error })
}

#[derive(Template)]
#[template(path = "ballot/receipt.html")]
struct ReceiptPage {
    p: Page,
    number: String,
    /// Sentence that names the campaign of the ballot and the instant of the look-up.
    counted: String,
    /// Sentence that the promise is broken; empty where it is kept.
    late: String,
    campaign: String,
    campaign_href: String,
    /// Sentence on the position of the ballot in the log, or on its absence.
    sealed: String,
    /// Sentence that a rule invalidated the ballot; empty otherwise. The rule is shown on the results page.
    void: String,
    results_href: String,
    log_href: String,
    promise_href: String,
    proof_href: String,
    /// QR code of the promise.
    code: Option<QrCode>,
    next: Vec<Next>,
}

/// One past or future step in the life of a ballot.
struct Next {
    iso: String,
    date: String,
    text: String,
    href: String,
    link: String,
    now: bool,
}

/// `GET /receipts/{receipt number}`: the receipt of one ballot.
#[handler]
pub async fn receipt(visit: Visit, Path(number): Path<String>) -> Result<Response> {
    let found = match parse(&number) {
        Some(asked) => queries::receipt(&visit.app.ballots, &asked).await?,
        None => None,
    };
    let mut p = visit.page("receipts").unlisted();
    let Some(found) = found else {
        p.address = "/receipts".to_owned();
        let p = p.titled("ballot-receipts-title");
        return refused(p, number, 404, "ballot.receipt_unknown");
    };
    let plain = found.number.plain();
    if number != plain {
        return Ok(see_other(&p.href(&format!("/receipts/{plain}"))));
    }
    let campaign = campaigns::campaign(visit.app.stores.main.db(), &found.campaign).await?;
    let is_late = found.is_late(visit.ctx.now);
    let p = p.titled(if is_late { "ballot-receipt-late-title" } else { "ballot-receipt-title" });
    let late = [("moment", moment_long(p.locale, found.include_before))];
    let name = p.pick(&campaign.name_zh, &campaign.name_en).to_owned();
    let moment = moment_long(p.locale, visit.ctx.now);
    html(&ReceiptPage {
        counted: p.tr("ballot-receipt-counted", &[("campaign", name.clone()), ("moment", moment)]),
        late: if is_late { p.tr("ballot-receipt-late", &late) } else { String::new() },
        next: next(&visit, &p, &campaign),
        number: found.number.grouped(),
        campaign_href: p.href(&format!("/campaigns/{}", found.campaign)),
        void: found.void_by.map(|rule| p.tr("ballot-receipt-void", &[("rule", rule.to_string())])).unwrap_or_default(),
        results_href: p.href(&format!("/campaigns/{}/results", found.campaign)),
        log_href: format!("/log/{}/", found.campaign),
        promise_href: format!("/receipts/{plain}/promise"),
        code: qr::draw(&found.promise),
        proof_href: found.proof.as_ref().map(|_| format!("/receipts/{plain}/proof")).unwrap_or_default(),
        sealed: found.proof.map_or_else(
            || if is_late { p.t("ballot-receipt-not-sealed") } else { p.t("ballot-receipt-waits") },
            |at| p.tr("ballot-receipt-sealed", &[("entry", p.n(at.index + 1)), ("size", p.n(at.size))]),
        ),
        campaign: name,
        p,
    })
}

/// The coming steps for a ballot, with dates where they are known.
fn next(visit: &Visit, p: &Page, campaign: &campaign::Model) -> Vec<Next> {
    let phase = Phase::of(campaign, visit.ctx.now);
    let top = [("n", campaign.top_n.to_string())];
    let item = |iso: String, date: String, text: String| Next {
        iso,
        date,
        text,
        href: String::new(),
        link: String::new(),
        now: false,
    };
    // No date here: nobody knows when a ballot was cast.
    let in_box = Next { now: true, ..item(String::new(), String::new(), p.t("ballot-receipt-now")) };
    let close = |key: &str| {
        let date = p.tr("ballot-receipt-midnight", &closing(p.locale, campaign.closes_at));
        item(last_day(campaign.closes_at).to_string(), date, p.t(key))
    };
    let later = |key: &str| item(String::new(), String::new(), p.tr(key, &top));
    let linked = |key: &str, link: &str, path: &str| Next { href: p.href(path), link: p.t(link), ..later(key) };
    let results = format!("/campaigns/{}/results", campaign.slug);
    match phase {
        Phase::Draft | Phase::InReview | Phase::Scheduled | Phase::Voting | Phase::Suspended | Phase::Cancelled => {
            vec![in_box, close("ballot-receipt-closing"), later("ballot-receipt-selected")]
        }
        Phase::Closed => vec![in_box, close("ballot-receipt-closed"), later("ballot-receipt-selected")],
        Phase::Tallied | Phase::Certified => vec![
            in_box,
            close("ballot-receipt-closed"),
            linked("ballot-receipt-counted-all", "ballot-receipt-results", &results),
            later("ballot-receipt-selected"),
        ],
        Phase::Dispatched => vec![
            in_box,
            close("ballot-receipt-closed"),
            linked("ballot-receipt-counted-all", "ballot-receipt-results", &results),
            linked("ballot-receipt-dispatched", "ballot-receipt-progress", "/dashboard"),
        ],
    }
}

/// `GET /receipts/{receipt number}/promise`: the signed promise, as a text file.
#[handler]
pub async fn promise(visit: Visit, Path(number): Path<String>) -> Result<Response> {
    let found = looked_up(&visit, &number).await?;
    Ok(text(&format!("promise-{}.txt", hex::encode(&found.leaf[..4])), found.promise))
}

/// `GET /receipts/{receipt number}/proof`: the Merkle inclusion proof of the ballot, as a text file for verifiers.
#[handler]
pub async fn proof(visit: Visit, Path(number): Path<String>) -> Result<Response> {
    let found = looked_up(&visit, &number).await?;
    let proof = found.proof.ok_or(Error::NotFound("proof"))?;
    Ok(text(&format!("receipt-{}.txt", hex::encode(&found.leaf[..4])), proof.text))
}

async fn looked_up(visit: &Visit, number: &str) -> Result<queries::FoundBallot> {
    let asked = parse(number).ok_or(Error::NotFound("receipt"))?;
    queries::receipt(&visit.app.ballots, &asked).await?.ok_or(Error::NotFound("receipt"))
}

fn text(name: &str, body: String) -> Response {
    Response::builder()
        .content_type("text/plain; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}
