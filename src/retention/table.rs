//! Everything that is stored, each with how long it stays. A table or a kind of file that has no row here fails a test
//! (`tests/http/retention.rs`). The words are messages `retention-…-{class}`.

use super::Keep;

/// Where something lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The main store.
    Main,
    /// The store of ballots.
    Ballots,
    /// The register of real-name passes.
    Register,
    /// The data directory.
    Files,
}

impl Place {
    /// The word under which messages know it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Ballots => "ballots",
            Self::Register => "register",
            Self::Files => "files",
        }
    }
}

/// What is kept for one purpose and one time.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Its word in the messages.
    pub class: &'static str,
    /// Where it lies.
    pub place: Place,
    /// Tables, or names in the data directory.
    pub names: &'static [&'static str],
}

/// Everything.
pub const KEPT: &[Kept] = &[
    Kept {
        class: "programme",
        place: Place::Main,
        names: &[
            "campaign",
            "campaign_option",
            "campaign_event",
            "tally",
            "tally_line",
            "selection",
            "issue",
            "invalidation",
            "dispatch",
            "assignment",
            "assignment_event",
            "exemption_request",
            "plan",
            "report",
            "verification",
        ],
    },
    Kept { class: "incidents", place: Place::Main, names: &["incident"] },
    Kept {
        class: "ground",
        place: Place::Main,
        names: &["place", "team", "term", "calendar_arrangement", "calendar_exception"],
    },
    Kept {
        class: "accounts",
        place: Place::Main,
        names: &["account", "role_grant", "role_proposal", "access_change", "delegation", "sign_on_link"],
    },
    Kept { class: "factors", place: Place::Main, names: &["totp", "passkey", "recovery_code"] },
    Kept { class: "invitations", place: Place::Main, names: &["invitation", "sign_on_invitation"] },
    Kept { class: "sessions", place: Place::Main, names: &["session"] },
    Kept { class: "evidence", place: Place::Main, names: &["evidence"] },
    Kept { class: "trail", place: Place::Main, names: &["audit_entry", "audit_head"] },
    Kept { class: "openings", place: Place::Main, names: &["audit_opening"] },
    Kept { class: "counts", place: Place::Main, names: &["limit_count"] },
    Kept { class: "refusals", place: Place::Main, names: &["audit_refusal"] },
    Kept { class: "marks", place: Place::Main, names: &["store_key", "seaql_migrations", "schema"] },
    Kept {
        class: "ballots",
        place: Place::Ballots,
        names: &["ballot", "ballot_count", "ballot_paper", "log_head", "sealed_count", "sealed_rule", "shown_count"],
    },
    Kept {
        class: "marks",
        place: Place::Ballots,
        names: &["store_key", "writer_shard", "pass_block", "seaql_migrations", "schema"],
    },
    Kept { class: "register", place: Place::Register, names: &["nullifier"] },
    Kept {
        class: "marks",
        place: Place::Register,
        names: &["store_key", "register_shard", "person_kind", "seaql_migrations", "schema"],
    },
    Kept { class: "keys", place: Place::Files, names: &["keys"] },
    Kept { class: "log", place: Place::Files, names: &["log", "held", "staging"] },
    Kept { class: "files", place: Place::Files, names: &["evidence"] },
    Kept { class: "stores", place: Place::Files, names: &["main.db", "ballots.db", "register.db"] },
    Kept { class: "site", place: Place::Files, names: &["site.json", "lock"] },
];

/// The days of a class that a setting says.
#[must_use]
pub const fn days(class: &str, keep: &Keep) -> i64 {
    match class.as_bytes() {
        b"openings" => keep.openings.num_days(),
        b"evidence" | b"files" => keep.drafts.num_days(),
        b"register" => keep.register.num_days(),
        _ => 0,
    }
}
