//! What the moves of one assignment add up to: the dates at which its standing claim reached each step.

use chrono::{DateTime, Utc};
use entity::stored::Move;

/// When the steps that still stand were made. A claim that was taken back, sent back, rejected or that relapsed no
/// longer stands, and its dates are gone with it; the history keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// Sent to the province.
    pub dispatched: Option<DateTime<Utc>>,
    /// Taken by the province.
    pub acknowledged: Option<DateTime<Utc>>,
    /// Planned.
    pub planned: Option<DateTime<Utc>>,
    /// Claimed by the department.
    pub reported: Option<DateTime<Utc>>,
    /// Signed by the province.
    pub signed: Option<DateTime<Utc>>,
    /// Confirmed by the team.
    pub verified: Option<DateTime<Utc>>,
}

impl Milestones {
    /// Adds one move; moves come oldest first.
    pub fn add(&mut self, act: Move, at: DateTime<Utc>) {
        match act {
            Move::Dispatch => self.dispatched = Some(at),
            Move::Acknowledgement => self.acknowledged = Some(at),
            Move::Plan => self.planned = Some(at),
            Move::Report => self.reported = Some(at),
            Move::Signature => self.signed = Some(at),
            Move::Verification => self.verified = Some(at),
            Move::Withdrawal | Move::SendingBack | Move::Rejection | Move::Relapse => {
                (self.reported, self.signed, self.verified) = (None, None, None);
            }
            Move::Return | Move::Ruling | Move::Exemption => {}
        }
    }

    /// All moves at once, oldest first.
    #[must_use]
    pub fn of(moves: impl IntoIterator<Item = (Move, DateTime<Utc>)>) -> Self {
        let mut milestones = Self::default();
        for (act, at) in moves {
            milestones.add(act, at);
        }
        milestones
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_relapse_takes_the_dates_of_the_claim_with_it() {
        let at = |n| DateTime::UNIX_EPOCH + TimeDelta::days(n);
        let acts = [
            Move::Dispatch,
            Move::Acknowledgement,
            Move::Plan,
            Move::Report,
            Move::Signature,
            Move::Verification,
            Move::Relapse,
        ];
        let all = Milestones::of(acts[..6].iter().zip(0..).map(|(a, n)| (*a, at(n))));
        assert_eq!((all.reported, all.signed, all.verified), (Some(at(3)), Some(at(4)), Some(at(5))));
        let fallen = Milestones::of(acts.iter().zip(0..).map(|(a, n)| (*a, at(n))));
        assert_eq!((fallen.planned, fallen.reported, fallen.verified), (Some(at(2)), None, None));
    }
}
