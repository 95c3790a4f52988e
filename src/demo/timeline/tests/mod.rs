//! Tests that the moves are legal, in order and in office hours, and leave a plausible mixture of states.

use std::collections::{BTreeMap, BTreeSet};

use super::super::data::programme;
use super::*;

type Key = (String, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Dispatched,
    Returned,
    Acknowledged,
    InProgress,
    Reported,
    Resolved,
    Verified,
    Rework,
    Exempt,
}
use State::*;

mod figures;
mod stories;
mod words;

/// The table of moves from the design, with the data that its guards need for a row.
#[derive(Clone, Copy, Debug)]
struct Standing {
    state: State,
    returned_once: bool,
    exemption_asked: bool,
    whole: bool,
}

impl Standing {
    const NEW: Self = Self { state: Dispatched, returned_once: false, exemption_asked: false, whole: false };

    fn next(self, act: &Act) -> Option<Self> {
        let to = |state| Some(Self { state, ..self });
        match (self.state, act) {
            (Dispatched, Act::Acknowledge { .. }) => to(Acknowledged),
            (Dispatched, Act::Return { .. }) if !self.returned_once => {
                Some(Self { state: Returned, returned_once: true, ..self })
            }
            (Returned, Act::RuleBack { .. }) => to(Dispatched),
            (Acknowledged, Act::Plan { .. }) => to(InProgress),
            (InProgress | Rework, Act::Report { covered, total, .. }) => {
                Some(Self { state: Reported, whole: covered == total, ..self })
            }
            (Reported, Act::Sign) if self.whole => to(Resolved),
            (Reported, Act::SendBack { .. }) => to(InProgress),
            (Resolved, Act::Verify { .. }) => to(Verified),
            (Resolved, Act::Reject { .. }) | (Verified, Act::Relapse { .. }) => to(Rework),
            (Resolved | Verified | Exempt, _) => None,
            (_, Act::RequestExemption { .. }) => Some(Self { exemption_asked: true, ..self }),
            (_, Act::Exempt { .. }) if self.exemption_asked => to(Exempt),
            _ => None,
        }
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant as a plain clock reading in UTC+8.
fn local(at: DateTime<Utc>) -> chrono::NaiveDateTime {
    at.with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).unwrap()).naive_local()
}

/// The state of every row at the end of a day.
fn standings(as_of: &str) -> BTreeMap<Key, Standing> {
    let mut rows: BTreeMap<Key, Standing> = BTreeMap::new();
    for campaign in &programme().campaigns {
        for option in campaign.options.iter().filter(|o| o.expected_selected == Some(true)) {
            for province in &programme().provinces {
                rows.insert((option.code.clone(), province.code.clone()), Standing::NEW);
            }
        }
    }
    for step in timeline(programme()).iter().filter(|step| local(step.at).date() <= date(as_of)) {
        let row = rows.get_mut(&(step.issue.clone(), step.province.clone())).unwrap();
        *row = row.next(&step.act).unwrap_or_else(|| panic!("{row:?} does not allow {step:?}"));
    }
    rows
}

fn resolved(as_of: &str) -> BTreeSet<Key> {
    let rows = standings(as_of).into_iter();
    rows.filter(|(_, row)| matches!(row.state, Resolved | Verified)).map(|(key, _)| key).collect()
}

#[test]
fn every_move_is_legal_and_every_row_is_acknowledged() {
    let rows = standings("2018-06-22");
    assert_eq!(rows.len(), 1240);
    assert!(rows.values().all(|row| !matches!(row.state, Dispatched | Returned)));
}

#[test]
fn moves_are_in_order_in_office_hours_and_end_on_22_june() {
    let steps = timeline(programme());
    assert!(steps.is_sorted_by_key(|step| step.at));
    for step in &steps {
        let at = local(step.at);
        let minute = at.time().signed_duration_since(NaiveTime::MIN).num_minutes();
        assert!((510..720).contains(&minute) || (840..1050).contains(&minute), "{at}");
        let works = working_days(&programme().holiday_calendar_2018, at.date(), at.date());
        assert_eq!(works.len(), 1, "{at}");
        let (dispatch, last) = if step.issue.starts_with("S1") {
            ("2018-05-09T10:00:00", "2018-06-22T18:00:00")
        } else {
            ("2018-06-14T10:00:00", "2018-06-22T18:00:00")
        };
        assert!(at > dispatch.parse().unwrap() && at < last.parse().unwrap(), "{at}");
    }
    let rows: BTreeSet<_> = steps.iter().map(|s| (&s.issue, &s.province, s.at)).collect();
    assert_eq!(rows.len(), steps.len(), "no row has two moves in the same minute");
}

#[test]
fn nearly_all_rows_are_acknowledged_within_one_working_day() {
    let mut late = 0;
    for step in timeline(programme()) {
        if matches!(step.act, Act::Acknowledge { .. }) {
            let limit = if step.issue.starts_with("S1") { "2018-05-10" } else { "2018-06-15" };
            if local(step.at).date() > date(limit) {
                late += 1;
                assert!(step.issue.starts_with("S1") && local(step.at).date() <= date("2018-05-14"));
            }
        }
    }
    assert!((3..=25).contains(&late), "{late}");
}

#[test]
fn rows_stand_in_a_plausible_mixture() {
    let rows = standings("2018-06-22");
    let count = |season: &str, state: State| {
        rows.iter().filter(|((issue, _), row)| issue.starts_with(season) && row.state == state).count()
    };
    assert!((5..=25).contains(&count("S1", Acknowledged)), "{}", count("S1", Acknowledged));
    assert!((30..=70).contains(&count("S1", Reported)), "{}", count("S1", Reported));
    assert!(count("S1", InProgress) > 140, "{}", count("S1", InProgress));
    assert!((110..=150).contains(&count("S1", Verified)), "{}", count("S1", Verified));
    assert!((15..=50).contains(&count("S2", Acknowledged)), "{}", count("S2", Acknowledged));
    assert!((25..=70).contains(&count("S2", Reported)), "{}", count("S2", Reported));
    assert!((3..=15).contains(&count("S2", Verified)), "{}", count("S2", Verified));
    assert_eq!((count("S", Exempt), count("S", Rework), count("S", Returned)), (1, 0, 0));
    let unsigned = rows.values().filter(|row| row.state == Reported);
    assert!(unsigned.clone().count() > 0 && unsigned.clone().all(|row| !row.whole), "only partly resolved rows wait");
    let back = timeline(programme()).iter().filter(|step| matches!(step.act, Act::SendBack { .. })).count();
    assert!((10..=60).contains(&back), "{back}");
}
