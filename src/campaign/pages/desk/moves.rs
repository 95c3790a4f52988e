//! The addresses of the moves of a campaign: the final check of a grave move, and the handler of all moves.

use entity::stored::CampaignMove;
use poem::error::ResponseError;
use poem::http::Uri;
use poem::web::Path;
use poem::{Response, handler};

use super::offers::Refused;
use super::{at_large, desk, final_check, overview};
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::campaign::commands;
use crate::sign_in::extract::Signed;
use crate::web::form::Sent;
use crate::web::page::see_other;

/// The address of a move, opened without a form: answers with the final check of a grave move that is offered to the reader, and
/// redirects to the overview otherwise.
#[handler]
pub async fn ask(signed: Signed, Path(slug): Path<String>, uri: &Uri) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    let page = final_check::page(&signed, &slug, named(uri)?, None).await?;
    Ok(page.unwrap_or_else(|| see_other(&signed.page("desk").href(&desk(&slug)))))
}

/// The move that an address names.
fn named(uri: &Uri) -> Result<CampaignMove> {
    let noun = uri.path().rsplit('/').next().unwrap_or("");
    noun.parse().map_err(|_| Error::NotFound("page"))
}

/// Makes the move that the address names.
#[handler]
pub async fn advance(signed: Signed, Path(slug): Path<String>, uri: &Uri, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    let act = named(uri)?;
    let reason = sent.get("reason");
    let moved = async {
        let revision = sent.parse("revision", "form.number")?;
        let write = async |tx: &sea_orm::DatabaseTransaction| {
            commands::check_revision(tx, &slug, revision).await?;
            commands::advance(tx, &signed.ctx, &slug, act, reason).await
        };
        signed.write(Changes::Campaigns, write).await
    };
    let error = match moved.await {
        Ok(moved) => {
            let done = format!("{}?done={act}", desk(&moved.slug));
            return Ok(see_other(&signed.page("desk").href(&done)));
        }
        Err(error) => error,
    };
    let status = ResponseError::status(&error);
    let errors = match error {
        Error::Invalid(errors) => errors,
        Error::Conflict(refusal) | Error::Forbidden(refusal) => at_large(refusal),
        other => return Err(other),
    };
    let refused = Refused { act, reason: reason.to_owned(), errors, status };
    if let Some(page) = final_check::page(&signed, &slug, act, Some(&refused)).await? {
        return Ok(page);
    }
    overview::page(&signed, &slug, "", Some(refused)).await
}
