//! The table of moves of an assignment, as code that a civil servant could read.

use entity::assignment;
use entity::id::AccountId;
use entity::stored::{AssignmentState, Move};

use crate::base::access::{Act, Capacity};
use crate::base::ctx::{Lent, Staff};
use crate::base::error::{Error, Refusal, Result};

/// Person or role whose hand makes a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The coordinator of the province.
    Coordinator,
    /// The coordinator of the province, or a handler of one of its departments.
    CoordinatorOrHandler,
    /// The person who filed the standing report.
    Reporter,
    /// The province's coordinator, unless this coordinator filed the standing report.
    CoordinatorNotReporter,
    /// An organiser of campaigns.
    Organiser,
    /// The leader of the supervision team of the province.
    Leader,
}

/// The state that a move leads to and the hand that makes the move: the only place that states which move may follow which
/// state.
///
/// # Errors
/// `assignment.wrong_state`, with the present state of the assignment.
pub fn next(state: AssignmentState, act: Move) -> Result<(Hand, AssignmentState)> {
    use AssignmentState as S;
    use Move as M;
    Ok(match (state, act) {
        (S::Dispatched, M::Acknowledgement) => (Hand::Coordinator, S::Acknowledged),
        (S::Dispatched, M::Return) => (Hand::Coordinator, S::Returned),
        (S::Returned, M::Ruling) => (Hand::Organiser, S::Dispatched), // or exempt, by the ruling
        (S::Acknowledged, M::Plan) => (Hand::CoordinatorOrHandler, S::InProgress),
        (S::InProgress | S::Rework, M::Report) => (Hand::CoordinatorOrHandler, S::Reported),
        (S::Reported, M::Withdrawal) => (Hand::Reporter, S::InProgress),
        (S::Reported, M::Signature) => (Hand::CoordinatorNotReporter, S::Resolved),
        (S::Reported, M::SendingBack) => (Hand::Coordinator, S::InProgress),
        (S::Resolved, M::Verification) => (Hand::Leader, S::Verified),
        (S::Resolved, M::Rejection) => (Hand::Leader, S::Rework),
        (S::Verified, M::Relapse) => (Hand::Leader, S::Rework),
        (open, M::Exemption) if open.is_open() => (Hand::Organiser, S::Exempt),
        _ => {
            return Err(Error::Conflict(Refusal::new("assignment.wrong_state").with("state", state.code())));
        }
    })
}

impl Hand {
    /// Code of the hand in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::CoordinatorOrHandler => "coordinator_or_handler",
            Self::Reporter => "reporter",
            Self::CoordinatorNotReporter => "coordinator_not_reporter",
            Self::Organiser => "organiser",
            Self::Leader => "leader",
        }
    }

    /// Act that the table of acts must allow to the person who makes the move.
    #[must_use]
    pub const fn act(self) -> Act {
        match self {
            Self::Coordinator | Self::CoordinatorNotReporter => Act::Coordinate,
            Self::CoordinatorOrHandler | Self::Reporter => Act::Handle,
            Self::Organiser => Act::Rule,
            Self::Leader => Act::Verify,
        }
    }

    /// The capacity in which a person may make the move; none where the person may not.
    #[must_use]
    pub fn capacity_of<'a>(self, staff: &'a Staff, case: &Case<'_>) -> Option<Capacity<'a>> {
        let mut capacities = staff.capacities(self.act(), &case.row.province);
        capacities.find(|capacity| self.bar(staff, *capacity, case).is_none())
    }

    /// The reason why a person who has the role may not make the move. The person who acts in a lent role and the lender of the
    /// role count as one person. A person stays the same in every role.
    #[must_use]
    pub fn bar(self, staff: &Staff, capacity: Capacity<'_>, case: &Case<'_>) -> Option<Bar> {
        let reported = staff.persons(capacity).any(|person| case.row.is_reporter(person));
        let worked = staff.persons(capacity).any(|person| case.worked.contains(&person));
        let homes = [staff.home_province.as_deref(), capacity.lent.and_then(Lent::home)];
        match self {
            Self::Reporter if !reported => Some(Bar::NotReporter),
            Self::CoordinatorNotReporter if reported => Some(Bar::OwnReport),
            Self::Organiser | Self::Leader if worked => Some(Bar::OwnWork),
            Self::Leader if homes.contains(&Some(case.row.province.as_str())) => Some(Bar::OwnProvince),
            _ => None,
        }
    }
}

/// The facts that the rules about persons look at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Stored row of the assignment.
    pub row: &'a assignment::Model,
    /// Everybody on whose word the province's side of the assignment made a move or asked for an exemption.
    pub worked: &'a [AccountId],
}

/// Reason why a person with the role may not make a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// Somebody else filed the report.
    NotReporter,
    /// The person filed the report.
    OwnReport,
    /// The person did the work on the province's side that is to be judged.
    OwnWork,
    /// The home province of the person is the province of the assignment.
    OwnProvince,
}

/// The move for which a state waits; none where no move has to follow.
#[must_use]
pub const fn awaits(state: AssignmentState) -> Option<Move> {
    use AssignmentState as S;
    match state {
        S::Dispatched => Some(Move::Acknowledgement),
        S::Returned => Some(Move::Ruling),
        S::Acknowledged => Some(Move::Plan),
        S::InProgress | S::Rework => Some(Move::Report),
        S::Reported => Some(Move::Signature),
        S::Resolved => Some(Move::Verification),
        S::Verified | S::Exempt => None,
    }
}

/// The moves that a desk offers: exactly the moves that the table allows to this person now. The commands check dates and
/// earlier requests themselves. Three moves that would only mislead are left out here: a second return, an exemption that
/// nobody asked for, and the signature of a report with partial coverage.
#[must_use]
pub fn offers(staff: &Staff, case: &Case<'_>, exemption_asked: bool) -> Vec<Move> {
    Move::ALL
        .iter()
        .copied()
        .filter(|act| match act {
            Move::Return => !case.row.returned,
            Move::Exemption => exemption_asked,
            Move::Signature => case.row.covered == case.row.coverable,
            _ => true,
        })
        .filter(|act| next(case.row.state, *act).is_ok_and(|(hand, _)| hand.capacity_of(staff, case).is_some()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// The table with every state and every move, in the form that a person would read.
    #[test]
    fn the_table_of_moves_is_this() {
        let mut table = String::new();
        for state in AssignmentState::ALL {
            for act in Move::ALL {
                match next(*state, *act) {
                    Ok((hand, to)) => writeln!(table, "{state:<13} {act:<16} -> {to:<13} by {hand:?}").unwrap(),
                    Err(error) => assert_eq!(error.refusal().code, "assignment.wrong_state"),
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_a_state_waits_for_is_in_the_table() {
        for state in AssignmentState::ALL {
            assert!(awaits(*state).is_none_or(|act| next(*state, act).is_ok()), "{state}");
        }
    }

    #[test]
    fn nothing_leads_out_of_exempt_and_nothing_stays_where_it_is() {
        for act in Move::ALL {
            assert!(next(AssignmentState::Exempt, *act).is_err());
            for state in AssignmentState::ALL {
                assert!(next(*state, *act).map_or(true, |(_, to)| to != *state), "{state} {act}");
            }
        }
    }
}
