//! Tags of the API document: one for each slice.

use poem_openapi::Tags;

/// Tags of the API document, one for each slice.
#[derive(Debug, Clone, Copy, Tags)]
pub enum ApiTags {
    /// Sign-in, the account of the caller, all accounts.
    Identity,
    /// The working-day calendar.
    Programme,
    /// Incidents at the site, published for everybody.
    Incidents,
    /// Campaigns with their rules, options and phases.
    Campaigns,
    /// Passes, ballots, receipts.
    Ballots,
    /// Counts, rankings, selections.
    Tally,
    /// Assignments and their moves.
    Assignments,
    /// Figures as of any past day.
    Dashboard,
    /// The audit trail: acts and their actors.
    Audit,
}
