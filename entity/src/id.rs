//! Keys of the main store. Never shown to people: addresses carry slugs, codes and hashes.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

typed_id! {
    /// One loading of a year's holiday arrangement.
    CalendarArrangementId,
    /// A member of staff.
    AccountId,
    /// One role that an account holds.
    RoleGrantId,
    /// One weighty role that waits for its second person.
    RoleProposalId,
    /// One change of the ways into an account.
    AccessChangeId,
    /// One role, lent for some days.
    DelegationId,
    /// One consultation round.
    CampaignId,
    /// One line of a questionnaire.
    CampaignOptionId,
    /// One entry in a campaign's history.
    CampaignEventId,
    /// One counted cell of a tally.
    TallyLineId,
    /// A rule by which ballots do not count.
    InvalidationId,
    /// An option that was selected.
    IssueId,
    /// One act of sending a campaign's issues to the provinces.
    DispatchId,
    /// One issue at one province.
    AssignmentId,
    /// One move of an assignment.
    AssignmentEventId,
    /// A province's plan for an assignment.
    PlanId,
    /// A province's claim of a fix.
    ReportId,
    /// One file that proves something.
    EvidenceId,
    /// A supervision team's check of a claim.
    VerificationId,
    /// A province's request to be exempted.
    ExemptionRequestId,
    /// One entry of the audit trail.
    AuditEntryId,
    /// Something that went wrong, told to everybody.
    IncidentId,
}
