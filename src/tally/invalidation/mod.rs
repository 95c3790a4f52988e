//! Rules of invalidation: ballots that do not count. A rule consists of criteria over the public log. The rule is previewed,
//! signed twice and entered in the log; then the count is taken again. Ballots are never deleted; tally = included − invalidated,
//! and both are shown.
//!
//! A rule is possible between the count and the first signature under the selection. While a rule is open, no selection is drawn
//! up or signed. A selection drawn up earlier is dropped when the count changes.

pub mod commands;
pub mod flows;
pub mod queries;

use entity::id::AccountId;
use entity::invalidation;
use poem_openapi::Enum;
use public_log::invalidation::Criteria;

use crate::base::error::{Error, Result};
use crate::tally::two_signatures::Signing;

/// State of an invalidation rule. `proposed`: waits for the first signature. `signed_once`: waits for the second signature.
/// `signed`: signed twice, not yet in the log. `applied`: in the public log, and counted again. `withdrawn`: withdrawn before the
/// second signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum State {
    /// The rule waits for the first signature.
    Proposed,
    /// The rule waits for the second signature.
    SignedOnce,
    /// The rule is signed twice but not yet entered in the log.
    Signed,
    /// The rule is in the public log and the count was taken again.
    Applied,
    /// The rule was withdrawn before the second signature.
    Withdrawn,
}

impl State {
    /// State of a stored rule.
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

    /// Whether the rule is still to be decided or applied.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::SignedOnce | Self::Signed)
    }

    /// Name of the state in messages.
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

/// The number of a new rule, one at a time. `tried` are the rules as they were before the new rule was tried on the log. A rule
/// decided since may have taken ballots from the new rule, and nobody signs for other ballots than those that were shown.
///
/// # Errors
/// `invalidation.open` where another rule is open; `invalidation.moved` where the rules changed since `tried`.
pub fn next_number(tried: &[invalidation::Model], standing: &[invalidation::Model]) -> Result<i32> {
    if standing.iter().any(|rule| State::of(rule).is_open()) {
        return Err(Error::conflict("invalidation.open"));
    }
    if standing != tried {
        return Err(Error::conflict("invalidation.moved"));
    }
    Ok(standing.last().map_or(1, |rule| rule.number + 1))
}

/// Checks that an account may put the next signature under a rule of invalidation.
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

/// The criteria of a stored rule.
///
/// # Errors
/// A spelling that this version does not read.
pub fn criteria(spelling: &str) -> Result<Criteria> {
    Criteria::read(spelling).ok_or_else(|| Error::Internal(format!("stored criteria: {spelling}")))
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
        // The first rule came into the log while the second was tried.
        assert_eq!(code(&[proposed(1)], &[applied(1)]), "invalidation.moved");
        assert_eq!(code(&[], &[applied(1)]), "invalidation.moved");
    }
}
