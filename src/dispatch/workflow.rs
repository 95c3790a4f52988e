//! The moves of an assignment: the table that a civil servant could read, as code.

use entity::assignment;
use entity::stored::{AssignmentState, Move, Role};

use crate::ctx::Staff;
use crate::error::{Error, Refusal, Result};

/// By whose hand a move is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The province's coordinator.
    Coordinator,
    /// The province's coordinator or a department's handler.
    CoordinatorOrHandler,
    /// Who filed the standing report.
    Reporter,
    /// The province's coordinator, unless the standing report is the own one.
    CoordinatorNotReporter,
    /// An organiser.
    Organiser,
    /// The leader of the province's supervision team.
    Leader,
}

/// The one place that says what may follow what, and by whose hand.
///
/// # Errors
/// `assignment.wrong_state` with the state it is in.
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
    /// Its word in messages.
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

    /// The roles that make the move.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Coordinator | Self::CoordinatorNotReporter => &[Role::ProvinceCoordinator],
            Self::CoordinatorOrHandler | Self::Reporter => &[Role::Handler, Role::ProvinceCoordinator],
            Self::Organiser => &[Role::Organiser],
            Self::Leader => &[Role::TeamLeader],
        }
    }

    /// The role in which somebody may make the move on this assignment, whose province is checked by a team; none where
    /// they may not.
    #[must_use]
    pub fn role_of(self, staff: &Staff, assignment: &assignment::Model, team: Option<&str>) -> Option<Role> {
        let province = assignment.province.as_str();
        let coordinates = || staff.holds_in(Role::ProvinceCoordinator, province).then_some(Role::ProvinceCoordinator);
        let handles = || staff.holds_in(Role::Handler, province).then_some(Role::Handler);
        let reported = assignment.reporter_id == Some(staff.id);
        match self {
            Self::Coordinator => coordinates(),
            Self::CoordinatorOrHandler => coordinates().or_else(handles),
            Self::Reporter => coordinates().or_else(handles).filter(|_| reported),
            Self::CoordinatorNotReporter => coordinates().filter(|_| !reported),
            Self::Organiser => staff.holds(Role::Organiser).then_some(Role::Organiser),
            Self::Leader => team.is_some_and(|t| staff.holds_in(Role::TeamLeader, t)).then_some(Role::TeamLeader),
        }
    }
}

/// The move for which a state waits; none where nothing has to follow.
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

/// Whether somebody works on this assignment, or reads everything: for others it does not exist as a desk.
#[must_use]
pub fn concerns(staff: &Staff, province: &str, team: Option<&str>) -> bool {
    staff.holds(Role::Organiser)
        || staff.holds(Role::Auditor)
        || staff.holds_in(Role::ProvinceCoordinator, province)
        || staff.holds_in(Role::Handler, province)
        || team.is_some_and(|t| staff.holds_in(Role::TeamLeader, t))
}

/// The moves that a desk offers: exactly what the table allows to this person now. Guards on dates and on what was asked
/// before are left to the move itself, except for the two that would only mislead: a second return, and an exemption
/// that nobody asked for.
#[must_use]
pub fn offers(staff: &Staff, assignment: &assignment::Model, team: Option<&str>, exemption_asked: bool) -> Vec<Move> {
    Move::ALL
        .iter()
        .copied()
        .filter(|act| match act {
            Move::Return => !assignment.returned,
            Move::Exemption => exemption_asked,
            Move::Signature => assignment.covered == assignment.coverable,
            _ => true,
        })
        .filter(|act| {
            next(assignment.state, *act).is_ok_and(|(hand, _)| hand.role_of(staff, assignment, team).is_some())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// Every state with every move: what the table says, as a person would read it.
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
