//! The retention table: everything that the product stores, by class. A database table or kind of file without a row here
//! fails a test (`tests/http/retention.rs`). The texts of a class are the messages `retention-…-{class}`.

use super::Keep;

/// Location of stored data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The main store, for the rows of the programme.
    Main,
    /// The ballots store.
    Ballots,
    /// The register of real-name passes.
    Register,
    /// Files in the data directory.
    Files,
}

impl Place {
    /// Code of the location in the keys of messages.
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

/// Data that are stored for one purpose and one period.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Class of the data, as the keys of messages name it.
    pub class: &'static str,
    /// Location of the data.
    pub place: Place,
    /// Names of the database tables, or of files and folders in the data directory.
    pub names: &'static [&'static str],
}

/// All classes of stored data.
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
    Kept { class: "views", place: Place::Main, names: &["page_view"] },
    Kept { class: "counts", place: Place::Main, names: &["limit_count"] },
    Kept { class: "refusals", place: Place::Main, names: &["audit_refusal"] },
    Kept {
        class: "marks",
        place: Place::Main,
        names: &["store_key", "seaql_migrations", "schema", "node", "job", "public_version"],
    },
    Kept { class: "keys", place: Place::Main, names: &["pass_key"] },
    Kept {
        class: "ballots",
        place: Place::Ballots,
        names: &[
            "ballot",
            "ballot_count",
            "ballot_paper",
            "log_batch",
            "log_head",
            "sealed_count",
            "sealed_rule",
            "shown_count",
        ],
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
    Kept { class: "log", place: Place::Files, names: &["objects/log", "objects/staged", "objects/snapshots"] },
    Kept { class: "files", place: Place::Files, names: &["objects/evidence", "scratch"] },
    Kept { class: "stores", place: Place::Files, names: &["main.db", "ballots.db", "register.db"] },
    Kept { class: "site", place: Place::Files, names: &["keys", "site.json", "lock"] },
];

/// Retention period of a class in days, as the settings give it; 0 for a class without a setting.
#[must_use]
pub const fn days(class: &str, keep: &Keep) -> i64 {
    match class.as_bytes() {
        b"openings" => keep.openings.num_days(),
        b"evidence" | b"files" => keep.drafts.num_days(),
        b"register" => keep.register.num_days(),
        _ => 0,
    }
}
