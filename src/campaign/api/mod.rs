//! The JSON API of this slice.
//!
//! Everybody may read published campaigns. Staff who make campaigns also read drafts, with the revision to send back and the
//! moves that they may make. They write with the same commands as the desk pages.

mod option;
mod sent;
mod shown;
mod views;

use entity::campaign;
use entity::stored::CampaignMove;
use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use sea_orm::DatabaseTransaction;

use self::sent::{Act, OptionList, Rules, RulesChange};
use self::shown::{Campaign, CampaignSummary, Questionnaire};
use self::views::Views;
use crate::app::App;
use crate::base::access;
use crate::base::ctx::Ctx;
use crate::base::error::Error;
use crate::base::main_store::Changes;
use crate::campaign::{commands, queries};
use crate::page_views;
use crate::sign_in::extract::{Signed, Visit};
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of the operations of this slice.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/campaigns", Policy::PUBLIC_CALL),
    (Method::GET, "/campaigns/:slug", Policy::PUBLIC_CALL),
    (Method::GET, "/campaigns/:slug/questionnaire", Policy::PUBLIC_CALL),
    (Method::GET, "/campaigns/:slug/views", Policy::PUBLIC_CALL),
    (Method::POST, "/campaigns", Policy::STAFF),
    (Method::PUT, "/campaigns/:slug", Policy::STAFF),
    (Method::PUT, "/campaigns/:slug/options", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/submission", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/sending-back", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/publication", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/suspension", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/halt-request", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/halt-confirmation", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/resumption", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/cancellation", Policy::STAFF),
];

/// The operations of this slice.
pub struct CampaignApi;

/// The answer after a campaign was created.
#[derive(ApiResponse)]
enum Made {
    /// The new draft
    #[oai(status = 201)]
    Created(Json<Campaign>),
}

/// The caller: staff where the request is signed in, else anybody.
type Anybody = poem::Result<Signed>;

#[OpenApi(tag = "ApiTags::Campaigns")]
impl CampaignApi {
    /// All campaigns, the latest opening first
    #[oai(path = "/campaigns", method = "get")]
    async fn campaigns(&self, visit: Visit, signed: Anybody) -> Result<Json<Vec<CampaignSummary>>, Error> {
        let (app, ctx) = (&visit.app, asker(&visit, &signed));
        let db = app.stores.main.db();
        let found = if reads_drafts(&ctx) { queries::all(db).await? } else { queries::all_published(db).await? };
        Ok(Json(found.iter().map(|c| CampaignSummary::of(c, ctx.now)).collect()))
    }

    /// One campaign with its rules
    #[oai(path = "/campaigns/:slug", method = "get")]
    async fn campaign(
        &self,
        visit: Visit,
        signed: Anybody,
        /// Slug of the campaign, its name in addresses.
        slug: Path<String>,
    ) -> Result<Json<Campaign>, Error> {
        let ctx = asker(&visit, &signed);
        let found = readable(&visit.app, &ctx, &slug).await?;
        Ok(Json(shown(&visit.app, &ctx, &found).await?))
    }

    /// The options of a campaign in the order of ballot numbers
    #[oai(path = "/campaigns/:slug/questionnaire", method = "get")]
    async fn questionnaire(
        &self,
        visit: Visit,
        signed: Anybody,
        /// Slug of the campaign, its name in addresses.
        slug: Path<String>,
    ) -> Result<Json<Questionnaire>, Error> {
        let ctx = asker(&visit, &signed);
        let found = readable(&visit.app, &ctx, &slug).await?;
        let db = visit.app.stores.main.db();
        let options = queries::options(db, found.id).await?;
        Ok(Json(Questionnaire::of(&found, &options)))
    }

    /// The views of a campaign's pages, counted without tracking
    #[oai(path = "/campaigns/:slug/views", method = "get")]
    async fn views(
        &self,
        visit: Visit,
        /// Slug of the campaign, its name in addresses.
        slug: Path<String>,
    ) -> Result<Json<Views>, Error> {
        let (app, now) = (&visit.app, visit.ctx.now);
        let db = app.stores.main.db();
        let found = queries::published(db, &slug, now).await?;
        let views = page_views::queries::of_campaign(db, &app.page_views, &found.slug).await?;
        Ok(Json(Views::of(&views, now)))
    }

    /// Creates a draft (organisers)
    #[oai(path = "/campaigns", method = "post")]
    async fn create(&self, signed: Signed, rules: JsonBody<Rules>) -> Result<Made, Error> {
        signed.ctx.require(access::Act::WriteCampaigns)?;
        let draft = rules.0.draft()?;
        let write = async |tx: &DatabaseTransaction| commands::create(tx, &signed.ctx, &draft).await;
        let made = signed.write(Changes::Internal, write).await?;
        let made = shown(&signed.app, &signed.ctx, &made).await?;
        Ok(Made::Created(Json(made)))
    }

    /// Changes the rules of a draft (organisers)
    ///
    /// `revision` is the revision that the caller read (optimistic lock). After a change in between the answer is 409
    /// `campaign.stale`; after the draft was submitted the answer is 409 `campaign.frozen`.
    #[oai(path = "/campaigns/:slug", method = "put")]
    async fn edit(
        &self,
        signed: Signed,
        /// Slug of the campaign, its name in addresses.
        slug: Path<String>,
        change: JsonBody<RulesChange>,
    ) -> Result<Json<Campaign>, Error> {
        signed.ctx.require(access::Act::WriteCampaigns)?;
        let RulesChange { revision, rules } = change.0;
        let draft = rules.draft()?;
        let write = async |tx: &DatabaseTransaction| commands::edit(tx, &signed.ctx, &slug, revision, &draft).await;
        let made = signed.write(Changes::Internal, write).await?;
        Ok(Json(shown(&signed.app, &signed.ctx, &made).await?))
    }

    /// Replaces the options of a draft (organisers)
    ///
    /// The options are a list or the same table as CSV. Every wrong cell is named by line and column; then nothing is written.
    #[oai(path = "/campaigns/:slug/options", method = "put")]
    async fn put_options(
        &self,
        signed: Signed,
        /// Slug of the campaign, its name in addresses.
        slug: Path<String>,
        list: JsonBody<OptionList>,
    ) -> Result<Json<Questionnaire>, Error> {
        signed.ctx.require(access::Act::WriteCampaigns)?;
        let db = signed.app.stores.main.db();
        let revision = list.revision;
        let options = list.0.read(&queries::vocabulary(db).await?)?;
        let write = async |tx: &DatabaseTransaction| {
            commands::put_options(tx, &signed.ctx, &slug, revision, &options).await?;
            let found = queries::campaign(tx, &slug).await?;
            let options = queries::options(tx, found.id).await?;
            Ok(Questionnaire::of(&found, &options))
        };
        Ok(Json(signed.write(Changes::Internal, write).await?))
    }

    /// Submits a draft to review (organisers)
    #[oai(path = "/campaigns/:slug/submission", method = "post")]
    async fn submission(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::Submission, &act).await
    }

    /// Sends a campaign back to its author, for a reason (approvers)
    #[oai(path = "/campaigns/:slug/sending-back", method = "post")]
    async fn sending_back(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::SendingBack, &act).await
    }

    /// Publishes a campaign: wording and rules are frozen (approvers who neither wrote nor submitted it)
    #[oai(path = "/campaigns/:slug/publication", method = "post")]
    async fn publication(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::Publication, &act).await
    }

    /// Halts a campaign, for a reason that everybody reads (organisers)
    ///
    /// The halt begins at once. Unless an approver confirms the halt, it ends by itself after 24 hours, or after half of the
    /// time that was left until the close where that is less. After a halt that nobody confirmed, the next halt must be
    /// requested; a direct halt is then refused with 409 `campaign.halt_alone`.
    #[oai(path = "/campaigns/:slug/suspension", method = "post")]
    async fn suspension(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::Suspension, &act).await
    }

    /// Asks an approver for a halt, after a halt that nobody confirmed (organisers)
    ///
    /// The halt begins with the confirmation. The request lapses after 24 hours, at the latest at the close.
    #[oai(path = "/campaigns/:slug/halt-request", method = "post")]
    async fn halt_request(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::HaltRequest, &act).await
    }

    /// Confirms a halt, which then lasts until somebody ends it, beyond the close too (approvers)
    #[oai(path = "/campaigns/:slug/halt-confirmation", method = "post")]
    async fn halt_confirmation(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::HaltConfirmation, &act).await
    }

    /// Ends a halt; the dates of the campaign stay (organisers, approvers)
    #[oai(path = "/campaigns/:slug/resumption", method = "post")]
    async fn resumption(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::Resumption, &act).await
    }

    /// Cancels a campaign before voting, for a reason that everybody reads (organisers)
    #[oai(path = "/campaigns/:slug/cancellation", method = "post")]
    async fn cancellation(
        &self,
        signed: Signed,
        slug: Path<String>,
        act: JsonBody<Act>,
    ) -> Result<Json<Campaign>, Error> {
        advance(&signed, &slug, CampaignMove::Cancellation, &act).await
    }
}

/// Context of the caller: account and time.
fn asker(visit: &Visit, signed: &Anybody) -> Ctx {
    signed.as_ref().map_or_else(|_| visit.ctx.clone(), |signed| signed.ctx.clone())
}

/// Whether the caller reads campaigns before they are published.
fn reads_drafts(ctx: &Ctx) -> bool {
    ctx.may(access::Act::ReadCampaigns)
}

/// A campaign that the caller may read.
async fn readable(app: &App, ctx: &Ctx, slug: &str) -> Result<campaign::Model, Error> {
    let db = app.stores.main.db();
    if reads_drafts(ctx) { queries::campaign(db, slug).await } else { queries::published(db, slug, ctx.now).await }
}

/// A campaign as the caller sees it.
async fn shown(app: &App, ctx: &Ctx, found: &campaign::Model) -> Result<Campaign, Error> {
    let mut shown = Campaign::of(app.stores.main.db(), found, ctx.now).await?;
    if reads_drafts(ctx) {
        shown.for_staff(found, ctx);
    }
    Ok(shown)
}

async fn advance(signed: &Signed, slug: &str, act: CampaignMove, sent: &Act) -> Result<Json<Campaign>, Error> {
    let reason = sent.reason.as_deref().unwrap_or("");
    let write = async |tx: &DatabaseTransaction| {
        if !reads_drafts(&signed.ctx) {
            return Err(Error::NotFound("campaign"));
        }
        if let Some(revision) = sent.revision {
            commands::check_revision(tx, slug, revision).await?;
        }
        commands::advance(tx, &signed.ctx, slug, act, reason).await
    };
    let moved = signed.write(Changes::Campaigns, write).await?;
    Ok(Json(shown(&signed.app, &signed.ctx, &moved).await?))
}
