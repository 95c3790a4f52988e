//! The pages that write the rules: `/desk/campaigns/new` and `/desk/campaigns/{slug}/rules`.

use entity::campaign;
use entity::stored::StoredPhase;
use poem::web::{Path, Query};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::form::Typed;
use super::{copying, desk};
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::campaign::draft::{Draft, Known};
use crate::campaign::pages::desk::rules_form::{FormView, RulesForm};
use crate::campaign::{commands, queries};
use crate::sign_in::extract::Signed;
use crate::web::form::Sent;
use crate::web::page::see_other;

/// The query of the form of a new campaign.
#[derive(Deserialize)]
pub struct NewQuery {
    /// Slug of the earlier campaign whose rules fill the form; empty for none.
    #[serde(default)]
    from: String,
}

/// Answers with the form of a new campaign, filled with the defaults or with the rules of an earlier campaign.
#[handler]
pub async fn blank(signed: Signed, Query(NewQuery { from }): Query<NewQuery>) -> Result<Response> {
    signed.ctx.require(Act::WriteCampaigns)?;
    if from.is_empty() {
        let form = RulesForm::new(Typed::usual(&known(&signed, None).await?), None);
        return form.show(&signed, FormView::Standing).await;
    }
    let (p, db) = (signed.page("desk"), signed.app.stores.main.db());
    let found = queries::campaign(db, &from).await?;
    let mut form = RulesForm::new(Typed::after(&Draft::of(&found)), None);
    form.earlier = Some(copying::of(&p, db, &found, false).await?);
    form.show(&signed, FormView::Standing).await
}

/// Takes the form of a new campaign: shows the effects of the rules, or creates the draft.
#[handler]
pub async fn create(signed: Signed, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::WriteCampaigns)?;
    let db = signed.app.stores.main.db();
    let mut form = RulesForm::new(Typed::sent(&sent), None);
    form.earlier = copying::earlier(&signed.page("desk"), db, &sent).await?;
    let draft = match form.typed.draft(&known(&signed, None).await?) {
        Ok(draft) => draft,
        Err(errors) => return form.show(&signed, FormView::Wrong(errors)).await,
    };
    if sent.get("act") == "check" {
        return form.show(&signed, FormView::Standing).await;
    }
    let copied = form.earlier.as_ref().filter(|earlier| earlier.with_options).map(|earlier| earlier.slug.clone());
    let write = async |tx: &DatabaseTransaction| {
        let made = commands::create(tx, &signed.ctx, &draft).await?;
        if let Some(earlier) = &copied {
            let options = copying::options(tx, earlier, &made.slug).await?;
            commands::put_options(tx, &signed.ctx, &made.slug, made.revision, &options).await?;
        }
        Ok(made)
    };
    match signed.write(Changes::Internal, write).await {
        Ok(made) => Ok(saved(&signed, &made)),
        Err(Error::Invalid(errors)) => form.show(&signed, FormView::Wrong(errors)).await,
        Err(other) => Err(other),
    }
}

/// Answers with the form of a draft. After the draft was submitted, its rules are text on the overview.
#[handler]
pub async fn standing(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::WriteCampaigns)?;
    let found = queries::campaign(signed.app.stores.main.db(), &slug).await?;
    if found.phase != StoredPhase::Draft {
        return Ok(see_other(&signed.page("desk").href(&desk(&slug))));
    }
    let form = RulesForm::new(Typed::of(&Draft::of(&found)), Some(&found));
    form.show(&signed, FormView::Standing).await
}

/// Takes the form of a draft: shows the effects of the rules, or saves them.
#[handler]
pub async fn save(signed: Signed, Path(slug): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::WriteCampaigns)?;
    let db = signed.app.stores.main.db();
    let found = queries::campaign(db, &slug).await?;
    let revision: i32 = sent.parse("revision", "form.number")?;
    let mut form = RulesForm::new(Typed::sent(&sent), Some(&found));
    form.revision = revision;
    let draft = match form.typed.draft(&known(&signed, Some(slug.as_str())).await?) {
        Ok(draft) => draft,
        Err(errors) => return form.show(&signed, FormView::Wrong(errors)).await,
    };
    if sent.get("act") == "check" {
        return form.show(&signed, FormView::Standing).await;
    }
    let write = async |tx: &DatabaseTransaction| commands::edit(tx, &signed.ctx, &slug, revision, &draft).await;
    match signed.write(Changes::Internal, write).await {
        Ok(made) => Ok(saved(&signed, &made)),
        Err(Error::Invalid(errors)) => form.show(&signed, FormView::Wrong(errors)).await,
        Err(Error::Conflict(refusal)) => {
            // The typed values can be saved over the present ones, after the reader has seen both.
            let now = queries::campaign(db, &slug).await?;
            form.revision = now.revision;
            form.show(&signed, FormView::Meanwhile(refusal, Box::new(now))).await
        }
        Err(other) => Err(other),
    }
}

async fn known(signed: &Signed, own: Option<&str>) -> Result<Known> {
    queries::known(signed.app.stores.main.db(), own).await
}

fn saved(signed: &Signed, made: &campaign::Model) -> Response {
    let address = format!("{}?done=rules", desk(&made.slug));
    see_other(&signed.page("desk").href(&address))
}
