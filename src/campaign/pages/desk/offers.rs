//! The moves of a campaign that its desk offers to a reader, with their buttons and their effects in words.

use entity::campaign;
use entity::stored::CampaignMove;
use poem::http::StatusCode;

use super::MOVES;
use crate::base::ctx::{Ctx, Staff};
use crate::base::error::FieldError;
use crate::campaign::halt;
use crate::campaign::pages::words::dates;
use crate::campaign::phase::{is_grave, needs_reason, offers};
use crate::web::dates::moment_long;
use crate::web::page::Page;

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
    /// Whether the move is made on a page of its own, after a final check.
    pub is_grave: bool,
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
                is_grave: is_grave(act),
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
    let mut args = dates(p, found);
    args.push(("until", moment_long(p.locale, until)));
    p.tr(&key, &args)
}
