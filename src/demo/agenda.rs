//! The agenda: every act of the demo in chronological order.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::data::{Campaign, Programme};
use super::timeline::{Step, timeline};
use crate::base::clock::start_of;

/// An act with its instant.
pub struct AgendaEntry<'a> {
    /// Instant of the act, programme time.
    pub at: DateTime<Utc>,
    /// Act to be played at that instant.
    pub act: AgendaAct<'a>,
}

/// One act of the demo.
pub enum AgendaAct<'a> {
    /// The organiser writes the campaign and submits it.
    Draft(&'a Campaign),
    /// The approver publishes the campaign.
    Publish(&'a Campaign),
    /// Citizens vote on one day, given by its number.
    Vote(&'a Campaign, u16),
    /// The system counts the campaign.
    Count(&'a Campaign),
    /// The organiser draws up the selection.
    Propose(&'a Campaign),
    /// The approver with this login signs the selection.
    Approve(&'a Campaign, &'static str),
    /// The approver dispatches the issues.
    Dispatch(&'a Campaign),
    /// An assignment makes a move.
    Step(Step),
}

/// All acts up to the day on which the demo begins to run.
#[must_use]
pub fn agenda(programme: &Programme) -> Vec<AgendaEntry<'_>> {
    let today = programme.acceptance.as_of.demo_today;
    let mut all = Vec::new();
    for campaign in &programme.campaigns {
        let mut add = |at, act| all.push(AgendaEntry { at, act });
        add(before(campaign.voting_opens, 10), AgendaAct::Draft(campaign));
        add(before(campaign.voting_opens, 6), AgendaAct::Publish(campaign));
        let voting = campaign.voting_opens.iter_days().take_while(|d| *d <= campaign.voting_closes.min(today));
        for (number, day) in (0..).zip(voting) {
            add(hour(day, 8), AgendaAct::Vote(campaign, number));
        }
        if let Some(day) = campaign.dispatched_on {
            add(hour(day, 8), AgendaAct::Count(campaign));
            add(hour(day, 9), AgendaAct::Propose(campaign));
            add(hour(day, 9) + TimeDelta::minutes(20), AgendaAct::Approve(campaign, "approver-1"));
            add(hour(day, 9) + TimeDelta::minutes(40), AgendaAct::Approve(campaign, "approver-2"));
            add(hour(day, 10), AgendaAct::Dispatch(campaign));
        }
    }
    all.extend(timeline(programme).into_iter().map(|step| AgendaEntry { at: step.at, act: AgendaAct::Step(step) }));
    // The sort is stable: acts at one instant keep the order in which they were added.
    all.sort_by_key(|entry| entry.at);
    all
}

/// The instant at which the demo begins to run by itself, programme time.
#[must_use]
pub fn begins(programme: &Programme) -> DateTime<Utc> {
    hour(programme.acceptance.as_of.demo_today, 10)
}

fn hour(day: NaiveDate, hour: i64) -> DateTime<Utc> {
    start_of(day) + TimeDelta::hours(hour)
}

fn before(day: NaiveDate, days: u64) -> DateTime<Utc> {
    hour(day.checked_sub_days(Days::new(days)).unwrap_or(day), 10)
}
