//! Summary of the moves of one assignment: the dates at which its standing claim reached each step, and the course of every
//! claim that was ever made.

use chrono::{DateTime, Utc};
use entity::stored::Move;

/// Instants of the steps that still stand, programme time. A claim no longer stands after a withdrawal, a sending back, a
/// rejection or a relapse, and its instants are removed. The history and [`courses`] keep every claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// Instant of the dispatch to the province.
    pub dispatched: Option<DateTime<Utc>>,
    /// Instant of the acknowledgement by the province.
    pub acknowledged: Option<DateTime<Utc>>,
    /// Instant of the latest plan.
    pub planned: Option<DateTime<Utc>>,
    /// Instant of the report by the department.
    pub reported: Option<DateTime<Utc>>,
    /// Instant of the signature by the province.
    pub signed: Option<DateTime<Utc>>,
    /// Instant of the verification by the supervision team.
    pub verified: Option<DateTime<Utc>>,
    /// The last claim that failed a check or relapsed: instant of its report, and the move that ended it.
    pub failed: Option<(DateTime<Utc>, Move)>,
}

impl Milestones {
    /// Adds one move; moves are added oldest first.
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

    /// The milestones of all moves, which come oldest first.
    #[must_use]
    pub fn of(moves: impl IntoIterator<Item = (Move, DateTime<Utc>)>) -> Self {
        let mut milestones = Self::default();
        for (act, at) in moves {
            milestones.add(act, at);
        }
        milestones
    }
}

/// Whether a move states that a signed claim is not true. Such a claim was public and stays public.
#[must_use]
pub const fn is_failure(act: Move) -> bool {
    matches!(act, Move::Rejection | Move::Relapse)
}

/// The course of one claim: indexes of its moves among all moves of the assignment, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Index of the report.
    pub report: usize,
    /// Index of the verification that confirmed the claim.
    pub verification: Option<usize>,
    /// Index of the move that ended the claim: withdrawal, sending back, rejection or relapse.
    pub end: Option<usize>,
}

/// The courses of all claims, oldest first, one for each report. Moves come in their stored order.
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
