//! The rule by which the figures of a campaign under way move. A step adds at least [`LEAST`] new ballots of a track. Two steps
//! are at least [`APART`] apart. The newest [`LEAST`] ballots of a track are never among the figures. Such a threshold rule is
//! also used for the cells of published tables.
//!
//! A *snapshot* of a track's figures is taken when it holds [`LEAST`] ballots more than the known figures. The snapshot is shown
//! when [`LEAST`] further ballots came after it. So between any two figures that somebody sees, including the figures of the
//! count, there are no ballots or at least [`LEAST`].

use chrono::{DateTime, TimeDelta, Utc};

/// Fewest ballots of a track between two figures.
pub const LEAST: i64 = 50;
/// Least time between two steps of a campaign, programme time.
pub const APART: TimeDelta = TimeDelta::minutes(10);

/// State of a track of a campaign under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackState {
    /// Number of the track's ballots in the box.
    pub cast: i64,
    /// Number of ballots in the last figures that anybody may have seen: shown, or sealed in the public log.
    pub known: i64,
    /// Number of ballots in the snapshot that waits to be shown; none where no snapshot waits.
    pub snapshot: Option<i64>,
}

/// Action that a track is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// No action is due.
    Nothing,
    /// A snapshot of the ballots in the box is taken. A snapshot that is there already is replaced.
    Snapshot,
    /// The snapshot is shown.
    Step,
}

/// The rule. `is_time` tells whether enough time has passed since the last step of the campaign.
#[must_use]
pub const fn due(track: TrackState, is_time: bool) -> Due {
    match track.snapshot {
        // Other snapshots are obsolete: another process moved the figures past them, or the store was restored from an older
        // copy.
        Some(snapshot) if snapshot - track.known >= LEAST && snapshot <= track.cast => {
            if is_time && track.cast - snapshot >= LEAST { Due::Step } else { Due::Nothing }
        }
        _ if track.cast - track.known >= LEAST => Due::Snapshot,
        _ => Due::Nothing,
    }
}

/// Whether enough time has passed since the last step.
#[must_use]
pub fn is_time(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| now - last >= APART)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A simulated track, and every figure of the track that was ever seen.
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
            // Before each look: new ballots on each track, minutes that pass, and a chance that a restart loses the snapshots.
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
                // A track without shown figures appears with the count, whatever its size.
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
