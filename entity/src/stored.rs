//! Enumerations that are stored, each as a short readable string, the same in the API and in addresses.

use sea_orm::sea_query::StringLen;

/// Declares an enumeration once, with its stored word: database column, API schema, `code()`, `ALL` and parsing.
macro_rules! stored_enum {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            sea_orm::EnumIter, sea_orm::DeriveActiveEnum,
            serde::Serialize, serde::Deserialize, poem_openapi::Enum,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))")]
        pub enum $name {
            $(
                $(#[$vdoc])*
                #[sea_orm(string_value = $code)]
                #[serde(rename = $code)]
                #[oai(rename = $code)]
                $variant,
            )+
        }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word under which the value is stored and shown to programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                match text {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode),
                }
            }
        }
    )+};
}

/// The text is none of the words of the enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

stored_enum! {
    /// Where an assignment stands. Lateness, coverage and requests are facts with dates, never states.
    AssignmentState {
        /// Sent to the province, not yet acknowledged.
        Dispatched = "dispatched",
        /// Sent back by the province as not its own; awaits the organiser's ruling.
        Returned = "returned",
        /// Acknowledged, with a responsible department.
        Acknowledged = "acknowledged",
        /// Planned and being worked on.
        InProgress = "in_progress",
        /// The department claims a fix; the province has not signed.
        Reported = "reported",
        /// Signed by the province: the programme's own meaning of "resolved".
        Resolved = "resolved",
        /// Checked by the supervision team.
        Verified = "verified",
        /// Rejected by the team, or relapsed: to be done again.
        Rework = "rework",
        /// Found not to apply; stays in every denominator.
        Exempt = "exempt",
    }

    /// A move of an assignment; its word is the noun in addresses.
    Move {
        /// The organiser's act that creates the row.
        Dispatch = "dispatch",
        /// The province takes the row and names a department.
        Acknowledgement = "acknowledgement",
        /// The province sends the row back, once.
        Return = "return",
        /// The organiser decides a return.
        Ruling = "ruling",
        /// Root cause, remedy and milestones.
        Plan = "plan",
        /// The claim of a fix, with evidence.
        Report = "report",
        /// The reporter takes the claim back.
        Withdrawal = "withdrawal",
        /// The coordinator signs the claim.
        Signature = "signature",
        /// The coordinator sends the claim back to the department.
        SendingBack = "sending-back",
        /// The team confirms the fix.
        Verification = "verification",
        /// The team refuses the fix.
        Rejection = "rejection",
        /// A confirmed fix no longer holds.
        Relapse = "relapse",
        /// The organiser exempts the row.
        Exemption = "exemption",
    }

    /// The stored part of a campaign's phase; `voting` and `closed` come from the clock.
    StoredPhase {
        /// Being written.
        Draft = "draft",
        /// Handed to an approver.
        InReview = "in_review",
        /// Published: wording and rules are frozen; opens and closes by the clock.
        Scheduled = "scheduled",
        /// Counted after the close.
        Tallied = "tallied",
        /// The selection is approved twice and published.
        Certified = "certified",
        /// The selected issues are with the provinces.
        Dispatched = "dispatched",
        /// Halted by an organiser, for a published reason; without an approver only for a time.
        Suspended = "suspended",
        /// Ended before voting began.
        Cancelled = "cancelled",
    }

    /// A move of a campaign.
    CampaignMove {
        /// Created.
        Creation = "creation",
        /// The author hands it to review.
        Submission = "submission",
        /// The approver sends it back to the author.
        SendingBack = "sending-back",
        /// The approver publishes it.
        Publication = "publication",
        /// An organiser halts it, for a limited time unless an approver confirms.
        Suspension = "suspension",
        /// An organiser asks an approver for a halt, after one that nobody confirmed.
        HaltRequest = "halt-request",
        /// An approver confirms a halt, which then lasts until it is ended.
        HaltConfirmation = "halt-confirmation",
        /// A halt that nobody confirmed in time ends by itself.
        HaltLapse = "halt-lapse",
        /// An organiser or an approver lets it go on.
        Resumption = "resumption",
        /// The organiser ends it before voting.
        Cancellation = "cancellation",
        /// The count after the close.
        Tally = "tally",
        /// The second approval of the selection.
        Certification = "certification",
        /// The issues go to the provinces.
        Dispatch = "dispatch",
    }

    /// How a ballot's voter is known. Tracks are counted and shown apart, always.
    Track {
        /// No personal data at all; a proof of work instead.
        Anonymous = "anonymous",
        /// Identity checked once; the number is not kept.
        RealName = "real_name",
    }

    /// What voters (and everybody else, staff included) see while voting is open.
    Display {
        /// Only how many voted.
        Turnout = "turnout",
        /// Option counts too.
        Live = "live",
        /// Nothing.
        Closed = "closed",
    }

    /// The published rule by which options are ranked, with its version. Equals go by the number on the ballot in the end.
    RankingRule {
        /// Real-name votes decide. Anonymous votes are shown beside them and decide nothing.
        RealNameVotes = "realname-number/1",
        /// Votes of all tracks decide; among equals the real-name votes of them.
        AllVotes = "votes-realname-number/1",
    }

    /// What an account may do; scopes are on the grant.
    Role {
        /// Accounts, calendar and settings; no business content.
        Sysadmin = "sysadmin",
        /// Grants and withdraws roles; no accounts of its own making, no business content.
        SecurityAdmin = "security_admin",
        /// Writes campaigns, rules on returns and exemptions.
        Organiser = "organiser",
        /// Publishes, certifies, dispatches: the second pair of eyes.
        Approver = "approver",
        /// Acknowledges and signs for one province.
        ProvinceCoordinator = "province_coordinator",
        /// Plans and reports for one province's department.
        Handler = "handler",
        /// Leads a supervision team: verifies, rejects.
        TeamLeader = "team_leader",
        /// Reads everything, writes nothing.
        Auditor = "auditor",
    }

    /// How an administrator changes the ways into the account of somebody else.
    AccessKind {
        /// A new invitation: the password is void.
        Invitation = "invitation",
        /// All second factors are taken off, and the password is void; a new invitation.
        SecondFactor = "second_factor",
        /// The account is linked with a name at the provider of single sign-on.
        SignOn = "sign_on",
        /// A suspended account may sign in again.
        Reinstatement = "reinstatement",
    }

    /// How a session travels.
    SessionKind {
        /// In a browser's cookie.
        Cookie = "cookie",
        /// In an `Authorization: Bearer` header.
        Bearer = "bearer",
    }

    /// How far somebody has come who signs in.
    SessionStage {
        /// The password was right; the second factor is due.
        Factor = "factor",
        /// The password was right; a second factor is demanded and there is none yet.
        Enrolment = "enrolment",
        /// Signed in.
        Complete = "complete",
    }

    /// Kinds of reference words.
    TermKind {
        /// A ministry or agency.
        Department = "department",
        /// A field of service.
        Domain = "domain",
        /// Why something blocks people.
        RootCause = "root_cause",
        /// What removes the block; its detail is the test that verifies it.
        Remedy = "remedy",
    }

    /// A day on which the plain rule of weekdays does not hold.
    DayKind {
        /// A weekday off.
        Holiday = "holiday",
        /// A weekend day on which offices work.
        Makeup = "makeup",
    }

    /// Who is affected by an option.
    Affected {
        /// People.
        Citizen = "citizen",
        /// Firms.
        Enterprise = "enterprise",
    }

    /// Who proposed an option.
    ProposedBy {
        /// A clerk at a window.
        FrontlineClerk = "frontline_clerk",
        /// One of the ministries that host the campaign.
        JointMinistry = "joint_ministry",
        /// A citizen.
        Citizen = "citizen",
    }

    /// Why a province asks to be exempted.
    ExemptionClass {
        /// The service does not exist there.
        NoSuchService = "no_such_service",
        /// A law forbids the remedy.
        LawForbids = "law_forbids",
    }

    /// What a check found.
    Outcome {
        /// The fix holds.
        Verified = "verified",
        /// The fix does not hold.
        Rejected = "rejected",
        /// It held once and no longer does.
        Relapsed = "relapsed",
    }

    /// Whether a ballot paper takes ballots, apart from the clock.
    PaperState {
        /// Takes ballots between its opening and its closing.
        Open = "open",
        /// Halted.
        Suspended = "suspended",
        /// Closed for good.
        Closed = "closed",
    }
}

impl AssignmentState {
    /// Still waiting for somebody's work; only open rows can be overdue.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Verified | Self::Exempt)
    }

    /// Counts as resolved in every figure: signed by the province, checked or not.
    #[must_use]
    pub const fn is_resolved(self) -> bool {
        matches!(self, Self::Resolved | Self::Verified)
    }
}

impl Role {
    /// One of the three offices that look after the product: each in other hands, and none in business hands.
    #[must_use]
    pub const fn is_office(self) -> bool {
        matches!(self, Self::Sysadmin | Self::SecurityAdmin | Self::Auditor)
    }

    /// Whether two people grant it: who holds it decides what others may do, or what becomes public.
    #[must_use]
    pub const fn is_weighty(self) -> bool {
        self.is_office() || matches!(self, Self::Approver)
    }

    /// The kind of scope that a grant of this role carries.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::ProvinceCoordinator | Self::Handler => Scope::Province,
            Self::TeamLeader => Scope::Team,
            Self::Sysadmin | Self::SecurityAdmin | Self::Organiser | Self::Approver | Self::Auditor => {
                Scope::Everything
            }
        }
    }
}

/// What a role is limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Not limited.
    Everything,
    /// One province, by its code.
    Province,
    /// One supervision team, by its code.
    Team,
}
