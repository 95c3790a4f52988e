//! What can be on record, by name. Each has a message `audit-act-…` in both languages (`tests/words.rs`).

use entity::stored::{CampaignMove, Move};

/// Acts that are named in one place each; moves of campaigns and assignments are added by [`all`].
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

/// Every act.
pub fn all() -> impl Iterator<Item = String> {
    let campaigns = CampaignMove::ALL.iter().map(|act| format!("campaign.{act}"));
    let moves = Move::ALL.iter().map(|act| format!("assignment.{act}"));
    ACTS.iter().map(|act| (*act).to_owned()).chain(campaigns).chain(moves)
}

/// Whether the object of an act is a person's login.
#[must_use]
pub fn is_about_a_person(act: &str) -> bool {
    act.starts_with("identity.")
}
