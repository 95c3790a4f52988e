//! The final check before a signature under a selection.

use poem::web::Path;
use poem::{Response, handler};

use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::campaign::queries as campaigns;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::Section;
use crate::sign_in::pages::final_check::FinalCheck;
use crate::tally::commands::{signing, version};
use crate::tally::pages::people::steps;
use crate::tally::pages::sentences;
use crate::tally::queries;
use crate::tally::two_signatures::Signature;
use crate::web::dates::moment_long;
use crate::web::page::see_other;

/// The address of the signature, opened without a form: answers with the final check, or redirects to the desk where the reader
/// cannot sign.
#[handler]
pub async fn ask(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::SignResults)?;
    let page = page(&signed, &slug, None).await?;
    Ok(page.unwrap_or_else(|| see_other(&signed.page("desk").href(&format!("/desk/campaigns/{slug}/tally")))))
}

/// The page before a signature that the reader may put, also after a refusal; none where the reader cannot sign.
pub async fn page(signed: &Signed, slug: &str, refused: Option<Error>) -> Result<Option<Response>> {
    let (db, staff) = (signed.app.stores.main.db(), signed.ctx.require(Act::SignResults)?);
    let found = campaigns::campaign(db, slug).await?;
    let Some(standing) = queries::selection(db, found.id).await?.filter(|s| s.second_approver.is_none()) else {
        return Ok(None);
    };
    let wrote = campaigns::own_hands(db, &found).await?;
    if signing(&wrote, &standing).check(staff.id).is_err() {
        return Ok(None);
    }
    let p = signed.page("desk");
    let heading = (p.t("tally-desk-sign"), p.pick(&found.name_zh, &found.name_en).to_owned());
    let (status, p) = FinalCheck::head_again(p, &heading, refused)?;
    let units = found.units.0.len() as i64;
    let args = [
        ("n", found.top_n.to_string()),
        ("units", units.to_string()),
        ("assignments", p.n(i64::from(found.top_n) * units)),
    ];
    let effect = match Signature::due(standing.first_approver) {
        Signature::First => p.tr("tally-final-first", &args),
        Signature::Second => p.tr("tally-final-second", &args),
    };
    let ranking = queries::decided(&standing)?;
    let first = standing.first_approver.zip(standing.first_at);
    let mut facts = steps(&p, db, "tally-desk-proposed", (standing.proposed_by, standing.proposed_at), first).await?;
    let codes: Vec<String> = ranking.iter().filter(|r| r.selected).map(|r| r.code.clone()).collect();
    facts.push((p.tr("tally-final-selected", &args), codes.join(&p.t("tally-list-comma"))));
    let has_real_name = found.tracks.has(entity::stored::Track::RealName.code());
    if let Some(tie) = sentences::tie_across_cut(p.locale, found.ranking_rule, &ranking, has_real_name) {
        facts.push((p.t("tally-final-tie"), tie));
    }
    if let Some(counted) = queries::tally(db, found.id).await? {
        let args = [("n", p.n(counted.ballots)), ("moment", moment_long(p.locale, counted.counted_at))];
        facts.push((p.t("tally-final-count"), p.tr("tally-final-count-text", &args)));
        facts.push((p.t("tally-aside-digest"), counted.digest));
    }
    let at = |rest: &str| p.href(&format!("/desk/campaigns/{slug}{rest}"));
    let page = FinalCheck {
        nav: signed.nav(Section::Campaigns),
        heading,
        back: (at("/tally"), p.t("tally-final-back")),
        effect,
        facts,
        lasting: p.t("tally-final-lasting"),
        action: at("/selection/approval"),
        version: ("expected_version", version(&standing)),
        reason: None,
        button: p.t("tally-desk-sign"),
        kind: "",
        p,
    };
    page.show(status).map(Some)
}
