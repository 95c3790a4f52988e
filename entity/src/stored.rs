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

impl From<RankingRule> for public_log::vote::RankingRule {
    fn from(rule: RankingRule) -> Self {
        match rule {
            RankingRule::RealNameVotes => Self::RealNameVotes,
            RankingRule::AllVotes => Self::AllVotes,
        }
    }
}

impl From<Track> for public_log::vote::Track {
    fn from(track: Track) -> Self {
        match track {
            Track::Anonymous => Self::Anonymous,
            Track::RealName => Self::RealName,
        }
    }
}

impl TryFrom<public_log::vote::Track> for Track {
    type Error = UnknownCode;

    /// The track of a log as campaigns of this version offer it. The track `assisted` is reserved and unknown here.
    fn try_from(track: public_log::vote::Track) -> Result<Self, UnknownCode> {
        track.code().parse()
    }
}

/// The text is none of the words of the enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

stored_enum! {
    /// State of an assignment. Lateness, coverage and requests are facts with dates, never states.
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

    /// Move of an assignment; its code is the noun in addresses.
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

    /// Stored part of a campaign's phase; `voting` and `closed` come from the clock.
    StoredPhase {
        /// The campaign is being written.
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
        /// Halted by an organiser, for a published reason. Without the confirmation of an approver, the halt lasts a limited
        /// time.
        Suspended = "suspended",
        /// Ended before voting began.
        Cancelled = "cancelled",
    }

    /// Move of a campaign.
    CampaignMove {
        /// The organiser creates the campaign.
        Creation = "creation",
        /// The author hands the campaign to review.
        Submission = "submission",
        /// The approver sends the campaign back to the author.
        SendingBack = "sending-back",
        /// The approver publishes the campaign.
        Publication = "publication",
        /// An organiser halts the campaign, for a limited time unless an approver confirms.
        Suspension = "suspension",
        /// An organiser asks an approver for a halt, after one that nobody confirmed.
        HaltRequest = "halt-request",
        /// An approver confirms a halt, which then lasts until it is ended.
        HaltConfirmation = "halt-confirmation",
        /// A halt that nobody confirmed in time ends by itself.
        HaltLapse = "halt-lapse",
        /// An organiser or an approver ends the halt.
        Resumption = "resumption",
        /// The organiser ends the campaign before voting.
        Cancellation = "cancellation",
        /// The ballots are counted after the close.
        Tally = "tally",
        /// The selection is approved for the second time.
        Certification = "certification",
        /// The issues go to the provinces.
        Dispatch = "dispatch",
    }

    /// Way in which a ballot's voter is known. Tracks are always counted and shown apart.
    Track {
        /// No personal data at all; a puzzle (proof of work) instead.
        Anonymous = "anonymous",
        /// Identity checked once; the identity number is not kept.
        RealName = "real_name",
    }

    /// Figures that everybody (voters, the public and staff alike) sees while voting is open.
    Display {
        /// Only the number of ballots.
        Turnout = "turnout",
        /// Also the counts of the options.
        Live = "live",
        /// No figures at all.
        Closed = "closed",
    }

    /// Published rule by which options are ranked, with its version. Remaining ties are broken by the number on the ballot.
    RankingRule {
        /// Real-name votes decide. Anonymous votes are shown beside them and decide nothing.
        RealNameVotes = "realname-number/1",
        /// Votes of all tracks decide; among options with equal votes, the real-name votes decide.
        AllVotes = "votes-realname-number/1",
    }

    /// Role of an account: the acts that it allows. The scope is on the grant.
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

    /// Way in which an administrator changes the ways into the account of somebody else.
    AccessKind {
        /// A new invitation; the password becomes void.
        Invitation = "invitation",
        /// All second factors are removed and the password becomes void; a new invitation follows.
        SecondFactor = "second_factor",
        /// The account is linked with a name at the provider of single sign-on.
        SignOn = "sign_on",
        /// A suspended account may sign in again.
        Reinstatement = "reinstatement",
    }

    /// Way in which the token of a session travels.
    SessionKind {
        /// In a browser's cookie.
        Cookie = "cookie",
        /// In an `Authorization: Bearer` header.
        Bearer = "bearer",
    }

    /// Stage that signing in has reached.
    SessionStage {
        /// The password was right; the second factor is due.
        Factor = "factor",
        /// The password was right; the site demands a second factor, and the account has none yet.
        Enrolment = "enrolment",
        /// Sign-in is complete.
        Complete = "complete",
    }

    /// Kind of a reference word.
    TermKind {
        /// A ministry or agency.
        Department = "department",
        /// A field of service.
        Domain = "domain",
        /// Root cause that blocks people.
        RootCause = "root_cause",
        /// Remedy that removes the block; its detail is the test that verifies the remedy.
        Remedy = "remedy",
    }

    /// A day on which the plain rule of weekdays does not hold.
    DayKind {
        /// A weekday off.
        Holiday = "holiday",
        /// A weekend day on which offices work.
        Makeup = "makeup",
    }

    /// Group that is affected by an option.
    Affected {
        /// The option affects citizens.
        Citizen = "citizen",
        /// The option affects enterprises.
        Enterprise = "enterprise",
    }

    /// Group that proposed an option.
    ProposedBy {
        /// A clerk at a window.
        FrontlineClerk = "frontline_clerk",
        /// One of the ministries that host the campaign.
        JointMinistry = "joint_ministry",
        /// A citizen proposed the option.
        Citizen = "citizen",
    }

    /// Class of a province's reason to ask for an exemption.
    ExemptionClass {
        /// The service does not exist there.
        NoSuchService = "no_such_service",
        /// A law forbids the remedy.
        LawForbids = "law_forbids",
    }

    /// Outcome of a check by a supervision team.
    Outcome {
        /// The fix holds.
        Verified = "verified",
        /// The fix does not hold.
        Rejected = "rejected",
        /// The fix held once and no longer does.
        Relapsed = "relapsed",
    }

    /// Whether a ballot paper takes ballots, apart from the clock.
    PaperState {
        /// The paper takes ballots between its opening and its closing.
        Open = "open",
        /// Halted for a time: no ballots are taken.
        Suspended = "suspended",
        /// Closed for good: no ballots are taken any more.
        Closed = "closed",
    }
}

impl AssignmentState {
    /// Whether the assignment still waits for somebody's work. Only open assignments can be overdue.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Verified | Self::Exempt)
    }

    /// Whether the assignment counts as resolved in every figure: signed by the province, checked or not.
    #[must_use]
    pub const fn is_resolved(self) -> bool {
        matches!(self, Self::Resolved | Self::Verified)
    }
}

impl Role {
    /// Whether the role is one of the three offices that look after the product. Each office is held by other people, and nobody
    /// in an office has a role in the business (separation of duties).
    #[must_use]
    pub const fn is_office(self) -> bool {
        matches!(self, Self::Sysadmin | Self::SecurityAdmin | Self::Auditor)
    }

    /// Whether two people grant the role: its holder decides what others may do, or what becomes public.
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

/// Kind of limit on a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The role is not limited.
    Everything,
    /// One province, by its code.
    Province,
    /// One supervision team, by its code.
    Team,
}
