//! What the moves of one assignment add up to: the dates at which its standing claim reached each step, and the course of every
//! claim that was ever made.

use chrono::{DateTime, Utc};
use entity::stored::Move;

/// When the steps that still stand were made. A claim that was taken back, sent back, rejected or that relapsed no
/// longer stands, and its dates are gone with it; the history and [`courses`] keep them.
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
    /// The last claim that failed a check, or relapsed after one: when it was made, and by which move it fell.
    pub failed: Option<(DateTime<Utc>, Move)>,
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
                if is_failure(act) {
                    self.failed = self.reported.map(|at| (at, act));
                }
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

/// Whether a move says that a signed claim does not hold: that claim was public, and stays so.
#[must_use]
pub const fn is_failure(act: Move) -> bool {
    matches!(act, Move::Rejection | Move::Relapse)
}

/// The course of one claim: places of its moves among all moves of the assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// The report.
    pub report: usize,
    /// The check that confirmed it.
    pub verification: Option<usize>,
    /// The move by which it ceased to stand: withdrawal, sending back, rejection or relapse.
    pub end: Option<usize>,
}

/// The courses of all claims, the first one first: one a report. Moves come in their stored order.
#[must_use]
pub fn courses(moves: impl IntoIterator<Item = Move>) -> Vec<Course> {
    let mut courses: Vec<Course> = Vec::new();
    for (place, act) in moves.into_iter().enumerate() {
        if act == Move::Report {
            courses.push(Course { report: place, verification: None, end: None });
            continue;
        }
        let Some(last) = courses.last_mut().filter(|c| c.end.is_none()) else {
            continue;
        };
        match act {
            Move::Verification => last.verification = Some(place),
            Move::Withdrawal | Move::SendingBack | Move::Rejection | Move::Relapse => last.end = Some(place),
            _ => {}
        }
    }
    courses
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
        assert_eq!((all.failed, fallen.failed), (None, Some((at(3), Move::Relapse))));
    }

    #[test]
    fn every_claim_keeps_its_course() {
        use Move::{Acknowledgement, Dispatch, Plan, Rejection, Relapse, Report, SendingBack, Signature, Verification};
        let moves = [
            Dispatch,
            Acknowledgement,
            Plan,
            Report,
            SendingBack,
            Report,
            Signature,
            Rejection,
            Report,
            Signature,
            Verification,
            Relapse,
            Report,
        ];
        let course = |report, verification, end| Course { report, verification, end };
        assert_eq!(
            courses(moves),
            [course(3, None, Some(4)), course(5, None, Some(7)), course(8, Some(10), Some(11)), course(12, None, None),]
        );
    }
}
