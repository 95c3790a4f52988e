//! The final check before a signature under a rule of invalidation.

use poem::web::Path;
use poem::{Response, handler};

use super::what;
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::campaign::queries as campaigns;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::Section;
use crate::sign_in::pages::final_check::FinalCheck;
use crate::tally::invalidation::{may_sign, queries};
use crate::tally::pages::people::steps;
use crate::tally::two_signatures::Signature;
use crate::web::page::see_other;

/// The address of the signature, opened without a form: answers with the final check, or redirects to the rules where the reader
/// cannot sign.
#[handler]
pub async fn ask(signed: Signed, Path((slug, number)): Path<(String, i32)>) -> Result<Response> {
    signed.ctx.require(Act::SignResults)?;
    let page = page(&signed, &slug, number, None).await?;
    let rules = format!("/desk/campaigns/{slug}/invalidations");
    Ok(page.unwrap_or_else(|| see_other(&signed.page("desk").href(&rules))))
}

/// The page before a signature that the reader may put, also after a refusal; none where the reader cannot sign.
pub async fn page(signed: &Signed, slug: &str, number: i32, refused: Option<Error>) -> Result<Option<Response>> {
    let (db, staff) = (signed.app.stores.main.db(), signed.ctx.require(Act::SignResults)?);
    let found = campaigns::campaign(db, slug).await?;
    let rule = queries::rule(db, found.id, number).await?;
    let is_decided = queries::is_decided(db, &signed.ctx, &found).await?;
    if is_decided || may_sign(&campaigns::own_hands(db, &found).await?, &rule, staff.id).is_err() {
        return Ok(None);
    }
    let p = signed.page("desk");
    let heading = (p.t("tally-rules-sign"), p.pick(&found.name_zh, &found.name_en).to_owned());
    let (status, p) = FinalCheck::head_again(p, &heading, refused)?;
    let due = Signature::due(rule.first_approver);
    let ballots = [("n", p.n(rule.ballots))];
    let first = rule.first_approver.zip(rule.first_at);
    let mut facts = steps(&p, db, "tally-rules-proposed", (rule.proposed_by, rule.proposed_at), first).await?;
    facts.push((p.t("tally-final-rule"), what(&p, &rule)?));
    facts.push((p.t("tally-final-reason"), rule.reason.clone()));
    let at = |rest: &str| p.href(&format!("/desk/campaigns/{slug}/invalidations{rest}"));
    let page = FinalCheck {
        nav: signed.nav(Section::Campaigns),
        heading,
        back: (at(""), p.t("tally-final-back-rules")),
        effect: match due {
            Signature::First => p.tr("tally-final-rule-first", &ballots),
            Signature::Second => p.tr("tally-final-rule-second", &ballots),
        },
        facts,
        lasting: p.t("tally-final-rule-lasting"),
        action: at(&format!("/{number}/approval")),
        version: ("expected_version", due.number().to_string()),
        reason: None,
        button: p.t("tally-rules-sign"),
        kind: "danger",
        p,
    };
    page.show(status).map(Some)
}
