//! Deadlines of assignments, in working days: the day of dispatch does not count, and a limit ends with the end of its last
//! working day.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{AssignmentState, DayKind};
use entity::{assignment, campaign, dispatch};

use crate::base::clock::{day_of, end_of, just_after, last_day};
use crate::programme::calendar::Calendar;

/// Working days before a deadline within which the deadline counts as near.
const SOON: u32 = 3;

/// Whether an assignment is overdue: the assignment is open, and its limit ended before an instant. `before` is exclusive, like
/// the instants of figures: pass [`just_after`] of the moment for which the fact is stated.
#[must_use]
pub fn is_overdue(state: AssignmentState, due_at: DateTime<Utc>, before: DateTime<Utc>) -> bool {
    state.is_open() && due_at < before
}

/// Exclusive end of the span in which deadlines count as near, seen from `now` (programme time).
#[must_use]
pub fn soon_until(calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    end_of(calendar.add_working_days(day_of(now), SOON))
}

/// Limit that an open assignment has to meet next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Limit for acknowledging or returning the assignment.
    Acknowledgement,
    /// Limit for the fix.
    Fix,
}

/// The next legal deadline of an open assignment, seen from a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Limit that the deadline belongs to.
    pub limit: Limit,
    /// Last day of the limit.
    pub on: NaiveDate,
    /// Whether the limit is over.
    pub late: bool,
    /// Number of working days that are left after today, or that have passed since the last day.
    pub days: u32,
}

impl Due {
    /// The next deadline; none for an assignment that is not open. For an assignment that is not acknowledged, the
    /// acknowledgement limit comes first, also after that limit is over, until the limit for the fix is over as well.
    #[must_use]
    pub fn of(
        row: &assignment::Model,
        acknowledge_due_at: DateTime<Utc>,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        if !row.state.is_open() {
            return None;
        }
        let first = row.state == AssignmentState::Dispatched && now < row.due_at;
        let (limit, end) = if first { (Limit::Acknowledgement, acknowledge_due_at) } else { (Limit::Fix, row.due_at) };
        Some(Self::at(limit, end, calendar, day_of(now), just_after(now)))
    }

    /// The deadline for the fix, seen from the end of a day; `before` is the exclusive instant for which lateness is stated.
    /// None for an assignment that is not open.
    #[must_use]
    pub fn fix(
        state: AssignmentState,
        due_at: DateTime<Utc>,
        calendar: &Calendar,
        today: NaiveDate,
        before: DateTime<Utc>,
    ) -> Option<Self> {
        state.is_open().then(|| Self::at(Limit::Fix, due_at, calendar, today, before))
    }

    fn at(limit: Limit, end: DateTime<Utc>, calendar: &Calendar, today: NaiveDate, before: DateTime<Utc>) -> Self {
        let (on, late) = (last_day(end), end < before);
        let days = if late { calendar.working_days(on, today) } else { calendar.working_days(today, on) };
        Self { limit, on, late, days }
    }

    /// Whether the limit for the fix is over: the fact "overdue".
    #[must_use]
    pub const fn is_overdue(&self) -> bool {
        self.late && matches!(self.limit, Limit::Fix)
    }

    /// Whether the deadline is near.
    #[must_use]
    pub const fn is_soon(&self) -> bool {
        !self.late && self.days <= SOON
    }
}

/// The dates that a dispatch sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Day of the dispatch.
    pub dispatched_on: NaiveDate,
    /// Last day for acknowledging or returning an assignment.
    pub acknowledge_on: NaiveDate,
    /// Last day for the fixes.
    pub due_on: NaiveDate,
    /// Fixed deadline of the campaign, where that day is no working day and the deadline was rolled forward.
    pub rolled_from: Option<NaiveDate>,
    /// Number of working days from the dispatch to the deadline.
    pub working_days: u32,
    /// Holidays and make-up days between the dispatch and the deadline.
    pub met: Vec<(NaiveDate, DayKind)>,
    /// Years between the dispatch and the deadline whose holiday arrangement is not loaded: in these years the deadline counts
    /// plain weekdays.
    pub unloaded_years: Vec<i32>,
}

impl Deadlines {
    /// The dates of a dispatch that is made at an instant.
    #[must_use]
    pub fn of(campaign: &campaign::Model, calendar: &Calendar, at: DateTime<Utc>) -> Self {
        let dispatched_on = day_of(at);
        let acknowledge_on =
            calendar.add_working_days(dispatched_on, u32::try_from(campaign.acknowledge_days).unwrap_or(1));
        let fixed = campaign.deadline_on.filter(|day| *day > dispatched_on);
        let due_on = match (fixed, campaign.deadline_days) {
            (Some(day), _) => calendar.roll_forward(day),
            (None, days) => {
                calendar.add_working_days(dispatched_on, days.and_then(|d| u32::try_from(d).ok()).unwrap_or(30))
            }
        };
        Self {
            dispatched_on,
            acknowledge_on,
            due_on,
            rolled_from: fixed.filter(|day| *day != due_on),
            working_days: calendar.working_days(dispatched_on, due_on),
            met: calendar.exceptions_between(dispatched_on, due_on),
            unloaded_years: calendar.unloaded_years(dispatched_on, due_on),
        }
    }

    /// The dates that a dispatch has set, independent of the campaign and the calendar as they are today.
    #[must_use]
    pub fn as_set(self, done: &dispatch::Model, calendar: &Calendar) -> Self {
        let due_on = last_day(done.due_at);
        Self {
            acknowledge_on: last_day(done.acknowledge_due_at),
            due_on,
            working_days: calendar.working_days(self.dispatched_on, due_on),
            met: calendar.exceptions_between(self.dispatched_on, due_on),
            unloaded_years: calendar.unloaded_years(self.dispatched_on, due_on),
            rolled_from: self.rolled_from.filter(|day| *day < due_on),
            ..self
        }
    }

    /// Exclusive end of the last day for the fixes.
    #[must_use]
    pub fn due_at(&self) -> DateTime<Utc> {
        end_of(self.due_on)
    }

    /// Exclusive end of the last day for acknowledging.
    #[must_use]
    pub fn acknowledge_due_at(&self) -> DateTime<Utc> {
        end_of(self.acknowledge_on)
    }
}
