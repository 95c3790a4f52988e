//! The rule by which figures of a campaign under way move: in steps of at least [`LEAST`] new ballots of a track, at least
//! [`APART`] apart, and the newest [`LEAST`] ballots of a track never among them (a threshold rule, as for cells of a
//! published table).
//!
//! A *snapshot* of a track's figures is taken when it holds [`LEAST`] ballots more than those that are known. It is shown when
//! [`LEAST`] further ballots came after it. So between any two figures that somebody sees, the figures of the count among
//! them, lie no ballots or at least [`LEAST`].

use chrono::{DateTime, TimeDelta, Utc};

/// Fewest ballots of a track between two figures.
pub const LEAST: i64 = 50;
/// Least time between two steps of a campaign, by the programme's clock.
pub const APART: TimeDelta = TimeDelta::minutes(10);

/// A track of a campaign under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackState {
    /// Ballots in the box.
    pub cast: i64,
    /// Ballots of the last figures that anybody may have seen: shown, or sealed in the public log.
    pub known: i64,
    /// Ballots of the snapshot that waits to be shown.
    pub snapshot: Option<i64>,
}

/// What a track is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// A snapshot of the ballots in the box, in the place of one that may be there.
    Snapshot,
    /// The snapshot is shown.
    Step,
}

/// The rule. `is_time` says whether the last step of the campaign lies far enough back.
#[must_use]
pub const fn due(track: TrackState, is_time: bool) -> Due {
    match track.snapshot {
        // Else another process moved the figures past it, or an older copy of the store was put back.
        Some(snapshot) if snapshot - track.known >= LEAST && snapshot <= track.cast => {
            if is_time && track.cast - snapshot >= LEAST { Due::Step } else { Due::Nothing }
        }
        _ if track.cast - track.known >= LEAST => Due::Snapshot,
        _ => Due::Nothing,
    }
}

/// Whether a step may be taken, by the time of the last one.
#[must_use]
pub fn is_time(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| now - last >= APART)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A track as the commands move it, and every figure that was ever seen.
    struct Played {
        track: TrackState,
        seen: Vec<i64>,
    }

    impl Played {
        fn look(&mut self, is_time: bool) -> bool {
            let mut stepped = false;
            if due(self.track, is_time) == Due::Step {
                let shown = self.track.snapshot.take().unwrap();
                (self.track.known, stepped) = (shown, true);
                self.seen.push(shown);
            }
            if due(self.track, is_time) == Due::Snapshot {
                self.track.snapshot = Some(self.track.cast);
            }
            stepped
        }
    }

    proptest! {
        #[test]
        fn between_any_two_figures_lie_no_ballots_or_enough_of_each_track(
            // Ballots that come on each track, minutes that pass, before each look; a track is forgotten in a restart.
            looks in prop::collection::vec((0i64..90, 0i64..20, 0i64..8, 0u8..40), 1..200),
        ) {
            let (mut now, mut last) = (DateTime::<Utc>::UNIX_EPOCH, None);
            let mut steps = Vec::new();
            let empty = TrackState { cast: 0, known: 0, snapshot: None };
            let mut tracks = [empty, empty].map(|track| Played { track, seen: vec![0] });
            for (many, few, minutes, chance) in looks {
                now += TimeDelta::minutes(minutes);
                let time = is_time(last, now);
                let mut stepped = false;
                for (played, new) in tracks.iter_mut().zip([many, few]) {
                    played.track.cast += new;
                    if chance == 0 {
                        played.track.snapshot = None;
                    }
                    stepped |= played.look(time);
                }
                if stepped {
                    steps.push(now);
                    last = Some(now);
                }
            }
            for mut played in tracks {
                // A track of which nothing was shown appears with the count, as large as it is.
                if played.seen.len() > 1 {
                    played.seen.push(played.track.cast);
                }
                for pair in played.seen.windows(2) {
                    prop_assert!(pair[1] - pair[0] >= LEAST, "{:?}", played.seen);
                }
            }
            for pair in steps.windows(2) {
                prop_assert!(pair[1] - pair[0] >= APART);
            }
        }
    }

    #[test]
    fn a_snapshot_behind_what_is_known_is_taken_anew() {
        let track = TrackState { cast: 200, known: 120, snapshot: Some(130) };
        assert_eq!(due(track, true), Due::Snapshot);
        assert_eq!(due(TrackState { cast: 169, ..track }, true), Due::Nothing);
        assert_eq!(due(TrackState { known: 80, ..track }, true), Due::Step);
        assert_eq!(due(TrackState { known: 80, ..track }, false), Due::Nothing);
        assert_eq!(due(TrackState { known: 80, cast: 179, ..track }, true), Due::Nothing);
        assert_eq!(due(TrackState { known: 70, cast: 129, ..track }, true), Due::Snapshot);
    }
}
