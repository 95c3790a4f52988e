//! Names of all acts that the audit trail records. Each act has a message `audit-act-…` in both languages (`tests/words/mod.rs`).

use entity::stored::{CampaignMove, Move};

/// Acts that are recorded at a single place each. The function [`all`] adds the moves of campaigns and assignments.
const ACTS: &[&str] = &[
    "identity.sign_in",
    "identity.sign_out",
    "identity.refuse_sign_in",
    "identity.refuse_many",
    "identity.add_account",
    "identity.change_account",
    "identity.change_password",
    "identity.password",
    "identity.invite",
    "identity.accept_invitation",
    "identity.enrol_factor",
    "identity.remove_factor",
    "identity.remove_factors",
    "identity.renew_codes",
    "identity.confirm",
    "identity.revoke_session",
    "identity.put_roles",
    "identity.confirm_role",
    "identity.refuse_role",
    "identity.propose_access",
    "identity.confirm_access",
    "identity.refuse_access",
    "identity.delegate",
    "identity.end_delegation",
    "identity.invite_sign_on",
    "identity.link_sign_on",
    "identity.unlink_sign_on",
    "identity.sign_on_roles",
    "identity.export_person",
    "identity.erase_person",
    "programme.load_year",
    "incident.publish",
    "campaign.edit",
    "campaign.put_options",
    "tally.propose_selection",
    "tally.approve_selection",
    "invalidation.propose",
    "invalidation.approve",
    "invalidation.withdraw",
    "invalidation.apply",
    "assignment.exemption-request",
    "assignment.exemption-refusal",
    "report.add_evidence",
    "report.drop_evidence",
    "report.read_evidence",
    "audit.export",
    "audit.unmask",
    "audit.erase",
    "retention.remove",
    "backup.restore",
];

/// Names of all acts that the trail records.
pub fn all() -> impl Iterator<Item = String> {
    let campaigns = CampaignMove::ALL.iter().map(|act| format!("campaign.{act}"));
    let moves = Move::ALL.iter().map(|act| format!("assignment.{act}"));
    ACTS.iter().map(|act| (*act).to_owned()).chain(campaigns).chain(moves)
}

/// Whether the object of an act is the login of a person.
#[must_use]
pub fn is_about_a_person(act: &str) -> bool {
    act.starts_with("identity.")
}
