//! Rules by which ballots do not count: criteria over the public log, a preview, two signatures, then entries in the log and
//! the count taken again. Ballots are never deleted; tally = included − invalidated, and both are shown.
//!
//! A rule is possible between the count and the first signature under the selection. While one is open no selection is drawn
//! up or signed; a selection that was drawn up before is dropped when the count changes.

pub mod commands;
pub mod queries;

use entity::id::AccountId;
use entity::invalidation;
use poem_openapi::Enum;

use crate::base::error::{Error, Result};
use crate::tally::two_signatures::Signing;

/// Where a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum State {
    /// Waits for the first signature.
    Proposed,
    /// Waits for the second.
    SignedOnce,
    /// Signed twice; the log is about to say so.
    Signed,
    /// In the public log; the count is taken again.
    Applied,
    /// Taken back before it was signed twice.
    Withdrawn,
}

impl State {
    /// Where a rule stands.
    #[must_use]
    pub const fn of(rule: &invalidation::Model) -> Self {
        if rule.withdrawn_at.is_some() {
            Self::Withdrawn
        } else if rule.appended_at.is_some() {
            Self::Applied
        } else if rule.second_approver.is_some() {
            Self::Signed
        } else if rule.first_approver.is_some() {
            Self::SignedOnce
        } else {
            Self::Proposed
        }
    }

    /// Whether it is still to be decided or applied.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::SignedOnce | Self::Signed)
    }

    /// Its word in messages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::SignedOnce => "signed_once",
            Self::Signed => "signed",
            Self::Applied => "applied",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The number of a new rule, one at a time. `tried` are the rules as they were before the new one was tried on the log: one that
/// was decided since may have taken its ballots, and nobody signs for other ballots than were shown.
///
/// # Errors
/// `invalidation.open`, `invalidation.moved`.
pub fn next_number(tried: &[invalidation::Model], standing: &[invalidation::Model]) -> Result<i32> {
    if standing.iter().any(|rule| State::of(rule).is_open()) {
        return Err(Error::conflict("invalidation.open"));
    }
    if standing != tried {
        return Err(Error::conflict("invalidation.moved"));
    }
    Ok(standing.last().map_or(1, |rule| rule.number + 1))
}

/// Whether somebody may put the next signature under a rule of invalidation.
///
/// # Errors
/// `invalidation.decided`, `invalidation.author`, `invalidation.twice`.
pub fn may_sign(own: &[AccountId], rule: &invalidation::Model, approver: AccountId) -> Result<()> {
    if !matches!(State::of(rule), State::Proposed | State::SignedOnce) {
        return Err(Error::conflict("invalidation.decided"));
    }
    let signing = Signing {
        own,
        proposed_by: rule.proposed_by,
        first_approver: rule.first_approver,
        codes: ("invalidation.author", "invalidation.twice"),
    };
    signing.check(approver)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::id::{CampaignId, InvalidationId};

    use super::*;

    fn proposed(number: i32) -> invalidation::Model {
        invalidation::Model {
            id: InvalidationId(number.into()),
            campaign_id: CampaignId(1),
            number,
            criteria: "track=anonymous".to_owned(),
            reason: "脚本".to_owned(),
            ballots: 12,
            proposed_by: AccountId(1),
            proposed_at: DateTime::UNIX_EPOCH,
            first_approver: None,
            first_at: None,
            second_approver: None,
            second_at: None,
            withdrawn_at: None,
            appended_at: None,
        }
    }

    fn applied(number: i32) -> invalidation::Model {
        invalidation::Model { appended_at: Some(DateTime::UNIX_EPOCH), ..proposed(number) }
    }

    #[test]
    fn a_rule_is_numbered_after_those_that_stood_when_it_was_tried() {
        let code = |tried: &[_], standing: &[_]| next_number(tried, standing).unwrap_err().refusal().code;
        assert_eq!(next_number(&[], &[]).unwrap(), 1);
        assert_eq!(next_number(&[applied(1)], &[applied(1)]).unwrap(), 2);
        assert_eq!(code(&[], &[proposed(1)]), "invalidation.open");
        // While the second was tried the first came into the log.
        assert_eq!(code(&[proposed(1)], &[applied(1)]), "invalidation.moved");
        assert_eq!(code(&[], &[applied(1)]), "invalidation.moved");
    }
}
