//! When things are due: the day of dispatch does not count, a limit ends with the last working day.

use chrono::{DateTime, NaiveDate, Utc};
use entity::campaign;
use entity::stored::DayKind;

use crate::clock::{day_of, end_of};
use crate::programme::calendar::Calendar;

/// The dates that a dispatch sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Day of dispatch.
    pub dispatched_on: NaiveDate,
    /// Last day for acknowledging or returning.
    pub acknowledge_on: NaiveDate,
    /// Last day for fixes.
    pub due_on: NaiveDate,
    /// The fixed date, where it was rolled forward from a day off.
    pub rolled_from: Option<NaiveDate>,
    /// Working days from dispatch to the deadline.
    pub working_days: u32,
    /// Holidays and make-up days that lie between.
    pub met: Vec<(NaiveDate, DayKind)>,
    /// Years on the way whose arrangement is not loaded: there the deadline counts plain weekdays.
    pub unloaded_years: Vec<i32>,
}

impl Deadlines {
    /// The dates of a dispatch at an instant.
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

    /// End of the last day for fixes, exclusive.
    #[must_use]
    pub fn due_at(&self) -> DateTime<Utc> {
        end_of(self.due_on)
    }

    /// End of the last day for acknowledging, exclusive.
    #[must_use]
    pub fn acknowledge_due_at(&self) -> DateTime<Utc> {
        end_of(self.acknowledge_on)
    }
}
