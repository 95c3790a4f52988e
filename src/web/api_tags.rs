//! Tags of the API document: one a slice.

use poem_openapi::Tags;

/// One tag a slice, for the API document.
#[derive(Debug, Clone, Copy, Tags)]
pub enum ApiTags {
    /// Sign-in, the own account, accounts.
    Identity,
    /// The working-day calendar.
    Programme,
    /// What went wrong, told to everybody.
    Incidents,
    /// Consultation rounds.
    Campaigns,
    /// Passes, ballots, receipts.
    Ballots,
    /// Counts, rankings, selections.
    Tally,
    /// Assignments and their moves.
    Assignments,
    /// Figures as of any day.
    Dashboard,
    /// What was done, by whom.
    Audit,
}
