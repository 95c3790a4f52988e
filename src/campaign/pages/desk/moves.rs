//! The moves of a campaign: the buttons that its overview offers, and the handler of the buttons.

use entity::campaign;
use entity::stored::CampaignMove;
use poem::http::{StatusCode, Uri};
use poem::web::Path;
use poem::{Response, handler};

use super::{MOVES, at_large, desk, overview};
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::ctx::{Ctx, Staff};
use crate::base::error::{Error, FieldError, Result};
use crate::base::main_store::Changes;
use crate::campaign::pages::words::weekday;
use crate::campaign::phase::{needs_reason, offers};
use crate::campaign::{commands, halt};
use crate::sign_in::extract::Signed;
use crate::web::dates::moment_long;
use crate::web::form::Sent;
use crate::web::page::{Page, see_other};

/// One move that the overview offers.
pub struct Offer {
    /// Move of the campaign, whose code is part of the address.
    pub act: CampaignMove,
    /// Text of the button.
    pub button: String,
    /// Sentence about the effect of the move.
    pub means: String,
    /// Whether the move needs a reason.
    pub reason: bool,
    /// Reason as typed.
    pub typed: String,
    /// Error message of the reason; empty for none.
    pub error: String,
    /// Style of the button: forward moves are primary, sending back is secondary, moves that end or halt something are marked.
    pub kind: &'static str,
    /// Sentence why the reader cannot make the move, and who can; empty where the reader can.
    pub barred: String,
}

/// A move that was refused, for showing the page again.
pub struct Refused {
    /// Move that was refused.
    pub act: CampaignMove,
    /// Reason as typed.
    pub reason: String,
    /// Errors of the form or of the request.
    pub errors: Vec<FieldError>,
    /// HTTP status of the refusal.
    pub status: StatusCode,
}

/// The moves that the table offers to the reader.
pub fn offered(
    p: &Page,
    found: &campaign::Model,
    ctx: &Ctx,
    staff: &Staff,
    barred: &str,
    refused: Option<&Refused>,
) -> Vec<Offer> {
    offers(found, ctx.now, |act| staff.may(act))
        .into_iter()
        .filter(|act| MOVES.contains(act))
        .map(|act| {
            let again = refused.filter(|refused| refused.act == act);
            let error = again.and_then(|again| again.errors.iter().find(|e| e.field == "reason"));
            Offer {
                button: p.tc("campaign-move-", act),
                means: means(p, found, ctx, act),
                reason: needs_reason(act),
                typed: again.map(|again| again.reason.clone()).unwrap_or_default(),
                error: error.map_or_else(String::new, |e| p.locale.refusal(&e.refusal)),
                kind: match act {
                    CampaignMove::Suspension
                    | CampaignMove::HaltRequest
                    | CampaignMove::HaltConfirmation
                    | CampaignMove::Cancellation => "danger",
                    CampaignMove::SendingBack => "2",
                    _ => "",
                },
                barred: match act {
                    CampaignMove::Publication => barred.to_owned(),
                    _ => String::new(),
                },
                act,
            }
        })
        .collect()
}

/// The sentence about the effect of a move.
fn means(p: &Page, found: &campaign::Model, ctx: &Ctx, act: CampaignMove) -> String {
    let opens_at_once = act == CampaignMove::Publication && found.opens_at <= ctx.now;
    let key = if opens_at_once {
        "campaign-move-publication-means-at-once".to_owned()
    } else {
        format!("campaign-move-{act}-means")
    };
    let until = halt::until(found, ctx.now);
    p.tr(&key, &[("opens", weekday(p, day_of(found.opens_at))), ("until", moment_long(p.locale, until))])
}

/// The address of a move, opened without a form: redirects to the overview.
#[handler]
pub async fn back(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    Ok(see_other(&signed.page("desk").href(&desk(&slug))))
}

/// Makes the move that the address names.
#[handler]
pub async fn advance(signed: Signed, Path(slug): Path<String>, uri: &Uri, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    let noun = uri.path().rsplit('/').next().unwrap_or("");
    let act: CampaignMove = noun.parse().map_err(|_| Error::NotFound("page"))?;
    let reason = sent.get("reason");
    let moved = async {
        let revision = sent.parse("revision", "form.number")?;
        let write = async |tx: &sea_orm::DatabaseTransaction| {
            commands::check_revision(tx, &slug, revision).await?;
            commands::advance(tx, &signed.ctx, &slug, act, reason).await
        };
        signed.write(Changes::Campaigns, write).await
    };
    let refused = match moved.await {
        Ok(moved) => {
            let done = format!("{}?done={act}", desk(&moved.slug));
            return Ok(see_other(&signed.page("desk").href(&done)));
        }
        Err(Error::Invalid(errors)) => {
            Refused { act, reason: reason.to_owned(), errors, status: StatusCode::UNPROCESSABLE_ENTITY }
        }
        Err(Error::Conflict(refusal)) => {
            Refused { act, reason: reason.to_owned(), errors: at_large(refusal), status: StatusCode::CONFLICT }
        }
        Err(Error::Forbidden(refusal)) => {
            Refused { act, reason: reason.to_owned(), errors: at_large(refusal), status: StatusCode::FORBIDDEN }
        }
        Err(other) => return Err(other),
    };
    overview::page(&signed, &slug, "", Some(refused)).await
}
