//! The final check of a grave move of a campaign: publication, halt, confirmation of a halt, cancellation.

use entity::campaign;
use entity::stored::CampaignMove;
use poem::Response;
use poem::http::StatusCode;

use super::offers::{Offer, Refused, offered};
use super::overview::{actor, findings};
use super::{barred, desk, people};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::pages::words;
use crate::campaign::{halt, queries};
use crate::programme;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::Section;
use crate::sign_in::pages::final_check::{FinalCheck, Reason};
use crate::web::dates::moment_long;
use crate::web::page::Page;

/// The page before a grave move that is offered to the reader, empty or after a refusal; none for all other moves.
pub async fn page(
    signed: &Signed,
    slug: &str,
    act: CampaignMove,
    refused: Option<&Refused>,
) -> Result<Option<Response>> {
    let staff = signed.ctx.require(Act::ReadCampaigns)?;
    let db = signed.app.stores.main.db();
    let found = queries::campaign(db, slug).await?;
    let p = signed.page("desk");
    let barred = barred(&p, db, &found, staff).await?;
    let offers = offered(&p, &found, &signed.ctx, staff, &barred, refused);
    let is_open = |offer: &Offer| offer.is_grave && offer.act == act && offer.barred.is_empty();
    let Some(offer) = offers.into_iter().find(is_open) else {
        return Ok(None);
    };
    let heading = (offer.button.clone(), p.pick(&found.name_zh, &found.name_en).to_owned());
    let p = FinalCheck::head(p, &heading);
    let (p, status) = match refused {
        Some(refused) => (p.refused(refused.errors.clone()), refused.status),
        None => (p, StatusCode::OK),
    };
    let page = FinalCheck {
        nav: signed.nav(Section::Campaigns),
        heading,
        back: (p.href(&desk(slug)), p.t("campaign-to-overview")),
        effect: effect(&p, signed, &found, act).await?,
        facts: facts(&p, signed, &found, act).await?,
        lasting: p.tc("campaign-final-lasting-", act),
        action: p.href(&format!("{}/{act}", desk(slug))),
        version: ("revision", found.revision.to_string()),
        reason: offer.reason.then(|| Reason {
            hint: match found.published_at {
                Some(_) => p.tc("campaign-reason-", act),
                None => p.t("campaign-reason-of-draft"),
            },
            typed: offer.typed,
            error: offer.error,
        }),
        button: offer.button,
        kind: offer.kind,
        p,
    };
    page.show(status).map(Some)
}

/// The effect of a move with its figures.
async fn effect(p: &Page, signed: &Signed, found: &campaign::Model, act: CampaignMove) -> Result<String> {
    let now = signed.ctx.now;
    let options = queries::option_count(signed.app.stores.main.db(), found.id).await?;
    let units = found.units.0.len() as i64;
    let mut args = words::dates(p, found);
    args.extend([
        ("options", options.to_string()),
        ("units", units.to_string()),
        ("top", found.top_n.to_string()),
        ("assignments", p.n(i64::from(found.top_n) * units)),
        ("until", moment_long(p.locale, halt::until(found, now))),
    ]);
    let key = match act {
        CampaignMove::Publication if found.opens_at <= now => "publication-at-once",
        CampaignMove::Publication => "publication",
        CampaignMove::Suspension => "suspension",
        CampaignMove::HaltConfirmation => "halt-confirmation",
        _ if found.published_at.is_none() => "cancellation-draft",
        _ => "cancellation",
    };
    Ok(p.tr(&format!("campaign-final-{key}"), &args))
}

/// The step before, with its author; for a publication the checks and the rules that it fixes as well.
async fn facts(p: &Page, signed: &Signed, found: &campaign::Model, act: CampaignMove) -> Result<Vec<(String, String)>> {
    let db = signed.app.stores.main.db();
    let mut facts = Vec::new();
    if let Some(event) = queries::history(db, found.id).await?.pop() {
        let args = [
            ("act", words::act_because(p, &event)),
            ("who", actor(&event, &people(p, db).await?)),
            ("at", moment_long(p.locale, event.at)),
        ];
        facts.push((p.t("sign-in-final-check-before"), p.tr("campaign-final-step", &args)));
    }
    if act != CampaignMove::Publication {
        return Ok(facts);
    }
    let open: Vec<String> = findings(p, db, found, signed)
        .await?
        .into_iter()
        .filter(|finding| finding.verdict != "good")
        .map(|finding| format!("{}{}", finding.word, finding.text))
        .collect();
    let checks =
        if open.is_empty() { p.t("campaign-final-checks") } else { open.join(&p.t("campaign-sentence-joint")) };
    facts.push((p.t("campaign-checks"), checks));
    let units = words::units(p, &programme::queries::places(db).await?, found);
    facts.extend(words::rules(p, found, &units));
    Ok(facts)
}
