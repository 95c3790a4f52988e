//! Permission for moves: whether the table of moves and the rules about persons allow a move now.

use entity::id::AccountId;
use entity::stored::{AssignmentState, Move};
use sea_orm::ConnectionTrait;

use super::people;
use super::queries::{self, LoadedAssignment};
use super::workflow::{Bar, Hand, next};
use crate::base::access::{Act, Capacity};
use crate::base::clock;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};

/// A move that the table and the rules about persons allow now. Only [`allowed`] makes a value, and
/// [`transition`](super::commands::transition) consumes the value: no move is made without permission, and permission is asked
/// once.
pub struct Permitted<'a> {
    found: &'a LoadedAssignment,
    act: Move,
    capacity: Capacity<'a>,
    to: AssignmentState,
}

impl<'a> Permitted<'a> {
    /// The lender of the role, where the move is made in a lent role.
    #[must_use]
    pub fn lender(&self) -> Option<AccountId> {
        self.capacity.lent.map(|lent| lent.by)
    }

    /// The capacity in which the move is made.
    #[must_use]
    pub const fn capacity(&self) -> &Capacity<'a> {
        &self.capacity
    }

    /// The state to which the move leads.
    #[must_use]
    pub const fn to(&self) -> AssignmentState {
        self.to
    }

    /// The move that is permitted.
    #[must_use]
    pub const fn act(&self) -> Move {
        self.act
    }

    /// The permission, where it is for one of the given moves: the permission for one move does not serve for another.
    ///
    /// # Errors
    /// `Internal` for any other move, which is a mistake of the caller.
    pub fn only(self, acts: &[Move]) -> Result<Self> {
        if acts.contains(&self.act) {
            Ok(self)
        } else {
            Err(Error::Internal(format!("permission for {} used for {acts:?}", self.act)))
        }
    }

    /// The assignment that the move changes.
    #[must_use]
    pub const fn assignment(&self) -> &'a LoadedAssignment {
        self.found
    }
}

/// Checks whether the table and the rules about persons allow a move now.
///
/// `expected_version` is the number of moves that the form or call was made from (optimistic lock). Where the number is given,
/// the move is refused after a move in between.
///
/// # Errors
/// `assignment.stale`; `assignment.wrong_state`; `assignment.not_yours` where the assignment is within the actor's reach and
/// the move is somebody else's; `assignment.own_report` where the reporter would sign; `assignment.own_work` and
/// `assignment.own_province` where somebody would judge the person's own work or home province.
pub async fn allowed<'a>(
    db: &impl ConnectionTrait,
    ctx: &'a Ctx,
    found: &'a LoadedAssignment,
    act: Move,
    expected_version: Option<i32>,
) -> Result<Permitted<'a>> {
    let staff = ctx.staff()?;
    let row = &found.assignment;
    if expected_version.is_some_and(|version| version != row.moves) {
        return Err(stale(db, found).await?);
    }
    let (hand, to) = next(row.state, act)?;
    if let Some(capacity) = hand.capacity_of(staff, &found.case()) {
        return Ok(Permitted { found, act, capacity, to });
    }
    let bar = staff.capacities(hand.act(), &row.province).find_map(|c| hand.bar(staff, c, &found.case()));
    Err(match bar {
        None | Some(Bar::NotReporter) => not_yours(hand),
        Some(Bar::OwnReport) => own_report(db, ctx, found, act).await?,
        Some(Bar::OwnWork) => Error::Forbidden(Refusal::new("assignment.own_work")),
        Some(Bar::OwnProvince) => Error::Forbidden(Refusal::new("assignment.own_province")),
    })
}

/// Checks whether the province may ask now that an assignment be exempted.
///
/// # Errors
/// `assignment.not_yours`; `assignment.wrong_state`; `exemption.asked` where another request is open.
pub async fn may_request_exemption(db: &impl ConnectionTrait, ctx: &Ctx, found: &LoadedAssignment) -> Result<()> {
    let row = &found.assignment;
    if !ctx.staff()?.may_in(Act::Coordinate, &row.province) {
        return Err(not_yours(Hand::Coordinator));
    }
    if !row.state.is_open() {
        return Err(Error::Conflict(Refusal::new("assignment.wrong_state").with("state", row.state.code())));
    }
    match queries::open_exemption_request(db, found).await? {
        Some(_) => Err(Error::conflict("exemption.asked")),
        None => Ok(()),
    }
}

/// Refusal of a move that is somebody else's; names the hand that can make the move.
#[must_use]
pub fn not_yours(hand: Hand) -> Error {
    Error::Forbidden(Refusal::new("assignment.not_yours").with("hand", hand.code()))
}

/// Refusal of a move from an old version; names office, move, state and time of the latest move.
///
/// # Errors
/// A store that fails.
pub(super) async fn stale(db: &impl ConnectionTrait, found: &LoadedAssignment) -> Result<Error> {
    let events = queries::events(db, found, None).await?;
    let mut refusal = Refusal::new("assignment.stale");
    if let Some(last) = events.last() {
        let at = last.at.with_timezone(&clock::CHINA);
        refusal = refusal
            .with("state", last.to_state.code())
            .with("act", last.act.code())
            .with("office", &last.office)
            .with("at", at.format("%Y-%m-%d %H:%M"));
    }
    Ok(Error::Conflict(refusal))
}

/// Refusal of a signature by the reporter; gives the number of others in the province who can sign.
async fn own_report(db: &impl ConnectionTrait, ctx: &Ctx, found: &LoadedAssignment, act: Move) -> Result<Error> {
    let others = people::hands(db, found, act, ctx.now).await?;
    let refusal = Refusal::new("assignment.own_report").with("count", others.len());
    Ok(Error::Forbidden(refusal))
}
