//! The timeline of an issue from its proposal to the as-of day: the decisions of the campaign, then the moves of the
//! provinces, day by day.

use chrono::{DateTime, Utc};
use entity::stored::{Move, RankingRule, Track};

use super::Told;
use crate::base::clock::day_of;
use crate::base::clock::{just_before, last_day};
use crate::dashboard::queries::stories::ProvinceMove;
use crate::web::dates::day_long;

/// One entry of the timeline.
pub struct Event {
    /// Day of the entry as `YYYY-MM-DD`, for programs.
    pub iso: String,
    /// Day of the entry, in words.
    pub day: String,
    /// Text of the entry.
    pub text: String,
    /// Office that made the move; empty for several moves.
    pub who: String,
}

impl Told<'_> {
    /// The entries from the proposal to the as-of day, oldest first.
    pub(super) fn timeline(&self) -> Vec<Event> {
        let (p, story, before) = (self.p, self.story, self.as_of.instant);
        let campaign = &story.campaign;
        let mut events = Vec::new();
        let mut add = |at: DateTime<Utc>, text: String, who: String| {
            if at < before {
                let day = day_of(at);
                events.push(Event { iso: day.to_string(), day: day_long(p.locale, day), text, who });
            }
        };
        if let Some(at) = campaign.published_at {
            let by = p.tc("dashboard-proposed-by-", story.option.proposed_by);
            let no = story.option.ballot_no.to_string();
            add(at, p.tr("dashboard-event-proposed", &[("by", by), ("no", no)]), String::new());
        }
        if let (Some(tally), Some(ranked)) = (&story.tally, story.ranked()) {
            let key = match campaign.ranking_rule {
                RankingRule::AllVotes => "dashboard-event-votes",
                RankingRule::RealNameVotes => "dashboard-event-votes-real-name",
            };
            let mut text = p.tr(
                key,
                &[
                    ("votes", p.n(ranked.votes)),
                    ("real", p.n(ranked.votes_real_name)),
                    ("anonymous", p.n(ranked.votes - ranked.votes_real_name)),
                    ("ballots", p.n(tally.ballots)),
                    ("rank", ranked.rank.to_string()),
                ],
            );
            if campaign.tracks.has(Track::Anonymous.code()) {
                text = [text, p.t("dashboard-not-people")].join(&p.t("dashboard-semicolon"));
            }
            add(just_before(campaign.closes_at), text, String::new());
        }
        if let Some(at) = story.selection.as_ref().and_then(|s| s.second_at)
            && let Some(ranked) = story.ranked()
        {
            let key = if ranked.selected { "dashboard-event-selected" } else { "dashboard-event-not-selected" };
            add(at, p.t(key), String::new());
        }
        if let (Some(dispatch), Some(_)) = (&story.dispatch, &story.issue) {
            let due = day_long(p.locale, last_day(dispatch.due_at));
            let n = story.standings.len().to_string();
            add(dispatch.at, p.tr("dashboard-event-dispatch", &[("n", n), ("due", due)]), String::new());
        }
        for steps in story.steps.chunk_by(|a, b| day_of(a.at) == day_of(b.at)) {
            self.day(steps, &mut add);
        }
        events
    }

    /// Adds the moves of one day. Claims and checks are counted in one entry; failures, returns and exemptions get an entry
    /// each.
    fn day(&self, steps: &[ProvinceMove], add: &mut impl FnMut(DateTime<Utc>, String, String)) {
        let p = self.p;
        let Some(last) = steps.last() else { return };
        let counted: Vec<String> = [
            (Move::Report, "dashboard-day-reports"),
            (Move::Signature, "dashboard-day-signatures"),
            (Move::Verification, "dashboard-day-verifications"),
            (Move::SendingBack, "dashboard-day-sendings-back"),
            (Move::Withdrawal, "dashboard-day-withdrawals"),
        ]
        .into_iter()
        .filter_map(|(act, key)| {
            let places: Vec<String> = steps.iter().filter(|s| s.act == act).map(|s| self.place(&s.province)).collect();
            self.several(key, &places)
        })
        .collect();
        if !counted.is_empty() {
            add(last.at, counted.join(&p.t("dashboard-semicolon")), String::new());
        }
        for step in steps {
            let key = match step.act {
                Move::Rejection | Move::Relapse | Move::Return | Move::Ruling | Move::Exemption => {
                    p.tc("dashboard-act-", step.act)
                }
                _ => continue,
            };
            let text = p.tr(
                "dashboard-event-one",
                &[("place", self.place(&step.province)), ("act", key), ("reason", step.reason.clone())],
            );
            add(step.at, text, step.office.clone());
        }
    }

    /// Text with the number of provinces, and with their names where there are few.
    fn several(&self, key: &str, places: &[String]) -> Option<String> {
        const NAMED: usize = 4;
        let p = self.p;
        let names = match places.len() {
            0 => return None,
            n if n <= NAMED => p.tr("dashboard-named", &[("names", places.join(&p.t("dashboard-and")))]),
            _ => String::new(),
        };
        let n = places.len().to_string();
        Some(p.tr(key, &[("n", n), ("names", names)]))
    }
}
