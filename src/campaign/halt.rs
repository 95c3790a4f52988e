//! The halt of a vote. One organiser halts at once, because an emergency does not wait; the confirmation by an approver makes
//! the halt last.
//!
//! # The rule
//! A halt that no approver confirmed ends by itself after [`ALONE`], or after half of the time that was left until the close
//! where that is less: voting continues before the close, whatever the organiser does. After such a halt, nobody halts alone
//! again: the next halt is requested, and begins when an approver confirms the request. A confirmed halt lasts until an
//! organiser or an approver ends the halt, beyond the close too. The close itself never moves.

use chrono::{DateTime, TimeDelta, Utc};
use entity::campaign;
use entity::stored::{CampaignMove, StoredPhase};

use crate::base::error::{Error, Result};

/// Longest duration of a halt that nobody confirmed, and of a request for a halt.
pub const ALONE: TimeDelta = TimeDelta::hours(24);

/// The instant at which a halt that begins now ends without confirmation, programme time.
#[must_use]
pub fn until(campaign: &campaign::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    let left = (campaign.closes_at - now).max(TimeDelta::zero());
    now + ALONE.min(left / 2)
}

/// The instant at which a request for a halt that is made now lapses, programme time.
#[must_use]
pub fn asked_until(campaign: &campaign::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    campaign.closes_at.min(now + ALONE)
}

/// Whether a halt or a request for a halt waits for an approver.
#[must_use]
pub fn is_unconfirmed(campaign: &campaign::Model, now: DateTime<Utc>) -> bool {
    let is_running = matches!(campaign.phase, StoredPhase::Suspended | StoredPhase::Scheduled);
    is_running && campaign.halt_confirmed_by.is_none() && campaign.halt_until.is_some_and(|until| now < until)
}

/// Whether a halt has ended by itself.
#[must_use]
pub fn is_over(campaign: &campaign::Model, now: DateTime<Utc>) -> bool {
    campaign.halt_until.is_some_and(|until| until <= now)
}

/// Whether the store has to be updated: a halt ended by itself, or an earlier version stored a halt without an end.
#[must_use]
pub fn is_due(campaign: &campaign::Model, now: DateTime<Utc>) -> bool {
    campaign.phase == StoredPhase::Suspended && (is_over(campaign, now) || is_endless(campaign))
}

/// Whether a halt has neither an end nor a confirmation, as an earlier version stored halts.
#[must_use]
pub const fn is_endless(campaign: &campaign::Model) -> bool {
    campaign.halt_until.is_none() && campaign.halt_confirmed_by.is_none()
}

/// Refuses a move that the rule of halts does not allow; all other moves pass.
///
/// # Errors
/// `campaign.halt_waits` while a halt or a request waits for an approver; `campaign.halt_alone` after a halt that nobody
/// confirmed; `campaign.halt_none` where nothing waits for an approver, or a request is not needed.
pub fn check(campaign: &campaign::Model, act: CampaignMove, now: DateTime<Utc>) -> Result<()> {
    let was_alone = campaign.halted_at.is_some() && campaign.halt_confirmed_by.is_none();
    let refusal = match act {
        CampaignMove::Suspension | CampaignMove::HaltRequest if is_unconfirmed(campaign, now) => "campaign.halt_waits",
        CampaignMove::Suspension if was_alone => "campaign.halt_alone",
        CampaignMove::HaltRequest if !was_alone => "campaign.halt_none",
        CampaignMove::HaltConfirmation if !is_unconfirmed(campaign, now) => "campaign.halt_none",
        _ => return Ok(()),
    };
    Err(Error::conflict(refusal))
}
