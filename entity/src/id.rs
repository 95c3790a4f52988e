//! Keys of the main store. Addresses carry slugs, codes and hashes instead of keys, except where a key is documented as a number
//! in addresses.

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
    /// Key of one loading of a year's holiday arrangement.
    CalendarArrangementId,
    /// Key of the account of a member of staff.
    AccountId,
    /// Key of one role that an account holds.
    RoleGrantId,
    /// Key of one proposal of a weighty role, shown as its number in addresses.
    RoleProposalId,
    /// Key of one change of the ways into an account, shown as its number in addresses.
    AccessChangeId,
    /// Key of one role that is lent for some days, shown as its number in addresses.
    DelegationId,
    /// Key of one consultation round.
    CampaignId,
    /// Key of one line of a questionnaire.
    CampaignOptionId,
    /// Key of one entry in a campaign's history.
    CampaignEventId,
    /// Key of one counted cell of a tally.
    TallyLineId,
    /// Key of a rule by which ballots do not count.
    InvalidationId,
    /// Key of an option that was selected.
    IssueId,
    /// Key of one act of sending a campaign's issues to the provinces.
    DispatchId,
    /// Key of one issue at one province.
    AssignmentId,
    /// Key of one move of an assignment.
    AssignmentEventId,
    /// Key of a province's plan for an assignment.
    PlanId,
    /// Key of a province's claim of a fix.
    ReportId,
    /// Key of one file of evidence.
    EvidenceId,
    /// Key of a supervision team's check of a claim.
    VerificationId,
    /// Key of a province's request to be exempted.
    ExemptionRequestId,
    /// Number of one entry of the audit trail, also in addresses.
    AuditEntryId,
    /// Key of one published incident, shown as its number in addresses.
    IncidentId,
}
