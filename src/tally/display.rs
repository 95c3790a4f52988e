//! The display rule: how much of a count anybody may see, by the campaign's phase and frozen rule. The rule binds everyone, staff
//! included, on every page, operation and file: every reading of an option's count for display passes through this module.

use entity::stored::Display;

use crate::campaign::phase::Phase;

/// How much of a count may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// No figure at all.
    Nothing,
    /// Number of ballots, by track.
    Turnout,
    /// The running counts of the options too.
    Running,
    /// The stored count.
    Count,
}

/// The display rule. The close alone reveals nothing: counts are visible after they were compared with a recount and stored.
#[must_use]
pub const fn shows(phase: Phase, display: Display) -> Shows {
    match (phase, display) {
        (Phase::Tallied | Phase::Certified | Phase::Dispatched, _) => Shows::Count,
        (Phase::Voting | Phase::Closed | Phase::Suspended, Display::Live) => Shows::Running,
        (Phase::Voting | Phase::Closed | Phase::Suspended, Display::Turnout) => Shows::Turnout,
        (Phase::Draft | Phase::InReview | Phase::Scheduled | Phase::Cancelled, _) | (_, Display::Closed) => {
            Shows::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_live_campaign_shows_counts_before_they_are_stored() {
        use Phase as P;
        let open = [P::Voting, P::Closed, P::Suspended];
        let counted = [P::Tallied, P::Certified, P::Dispatched];
        for display in Display::ALL {
            for phase in open {
                let wanted = match display {
                    Display::Turnout => Shows::Turnout,
                    Display::Live => Shows::Running,
                    Display::Closed => Shows::Nothing,
                };
                assert_eq!(shows(phase, *display), wanted);
            }
            for phase in counted {
                assert_eq!(shows(phase, *display), Shows::Count);
            }
            for phase in [P::Draft, P::InReview, P::Scheduled, P::Cancelled] {
                assert_eq!(shows(phase, *display), Shows::Nothing);
            }
        }
    }
}
