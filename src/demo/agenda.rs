//! What happens when: every act of the demo in the order of time.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::data::{Campaign, Programme};
use super::timeline::{Step, timeline};
use crate::base::clock::start_of;

/// One entry.
pub struct AgendaEntry<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub act: Act<'a>,
}

/// One act of the demo.
pub enum Act<'a> {
    /// The organiser writes the campaign and hands it in.
    Draft(&'a Campaign),
    /// The approver publishes it.
    Publish(&'a Campaign),
    /// A day of voting, by its number.
    Vote(&'a Campaign, u16),
    /// The count.
    Count(&'a Campaign),
    /// The organiser draws up the selection.
    Propose(&'a Campaign),
    /// An approver signs it.
    Approve(&'a Campaign, &'static str),
    /// The approver dispatches.
    Dispatch(&'a Campaign),
    /// A move of an assignment.
    Step(Step),
}

/// Everything up to the day on which the demo begins to run.
#[must_use]
pub fn agenda(programme: &Programme) -> Vec<AgendaEntry<'_>> {
    let today = programme.acceptance.as_of.demo_today;
    let mut all = Vec::new();
    for campaign in &programme.campaigns {
        let mut add = |at, act| all.push(AgendaEntry { at, act });
        add(before(campaign.voting_opens, 10), Act::Draft(campaign));
        add(before(campaign.voting_opens, 6), Act::Publish(campaign));
        let voting = campaign.voting_opens.iter_days().take_while(|d| *d <= campaign.voting_closes.min(today));
        for (number, day) in (0..).zip(voting) {
            add(hour(day, 8), Act::Vote(campaign, number));
        }
        if let Some(day) = campaign.dispatched_on {
            add(hour(day, 8), Act::Count(campaign));
            add(hour(day, 9), Act::Propose(campaign));
            add(hour(day, 9) + TimeDelta::minutes(20), Act::Approve(campaign, "approver-1"));
            add(hour(day, 9) + TimeDelta::minutes(40), Act::Approve(campaign, "approver-2"));
            add(hour(day, 10), Act::Dispatch(campaign));
        }
    }
    all.extend(timeline(programme).into_iter().map(|step| AgendaEntry { at: step.at, act: Act::Step(step) }));
    // Stable: what is due at one instant keeps the order above.
    all.sort_by_key(|entry| entry.at);
    all
}

/// When the demo begins to run on by itself.
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
