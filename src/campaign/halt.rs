//! Halts of a vote. One organiser halts at once, because an emergency does not wait; a second hand makes the halt last.
//!
//! # The rule
//! A halt that no approver confirmed ends by itself after [`ALONE`], or after half of the time that was left until the close where
//! that is less: voting goes on before the close, whatever the organiser does. After such a halt, nobody halts alone again: the next one
//! is asked for, and begins once an approver confirms it. A confirmed halt lasts until an organiser or an approver ends it,
//! beyond the close too. The close itself never moves.

use chrono::{DateTime, TimeDelta, Utc};
use entity::campaign;
use entity::stored::{CampaignMove, StoredPhase};

use crate::base::error::{Error, Result};

/// How long a halt lasts at most that nobody confirmed, and how long a request for one waits.
pub const ALONE: TimeDelta = TimeDelta::hours(24);

/// When a halt that begins now ends unless it is confirmed.
#[must_use]
pub fn until(campaign: &campaign::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    let left = (campaign.closes_at - now).max(TimeDelta::zero());
    now + ALONE.min(left / 2)
}

/// When a request for a halt lapses that is made now.
#[must_use]
pub fn asked_until(campaign: &campaign::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    campaign.closes_at.min(now + ALONE)
}

/// Whether a halt or a request for one waits for an approver.
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

/// Whether something is to be written down: a halt that ended by itself, or one of an earlier version, which knew no end.
#[must_use]
pub fn is_due(campaign: &campaign::Model, now: DateTime<Utc>) -> bool {
    campaign.phase == StoredPhase::Suspended && (is_over(campaign, now) || is_endless(campaign))
}

/// Whether a halt has neither an end nor a confirmation: one that an earlier version stored.
#[must_use]
pub const fn is_endless(campaign: &campaign::Model) -> bool {
    campaign.halt_until.is_none() && campaign.halt_confirmed_by.is_none()
}

/// Refuses a move that the rule of halts does not allow; other moves pass.
///
/// # Errors
/// `campaign.halt_waits` while a request waits; `campaign.halt_alone` after a halt that nobody confirmed; `campaign.halt_none`
/// where nothing waits for an approver, or a request is not needed.
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
