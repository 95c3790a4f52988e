//! The phases of a campaign, and the table of its moves.
//!
//! Moves change the stored phase. The phases `voting` and `closed` are computed from programme time, so that a deadline takes
//! effect at the deadline and not when a job runs.

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::stored::{CampaignMove, StoredPhase};

use super::halt;
use crate::base::access::Act;
use crate::base::error::{Error, Refusal, Result};

/// Phase of a campaign. `draft`: being written. `in_review`: submitted to an approver. `scheduled`: published, not yet open.
/// `voting`: open. `closed`: past the close, not yet counted. `tallied`: counted. `certified`: the selection is signed twice.
/// `dispatched`: the issues are with the provinces. `suspended`: halted. `cancelled`: cancelled before voting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
pub enum Phase {
    /// The campaign is being written.
    Draft,
    /// The campaign was submitted to review by an approver.
    InReview,
    /// The campaign is published and not yet open.
    Scheduled,
    /// The campaign is open for voting.
    Voting,
    /// The campaign is past its close and not yet counted.
    Closed,
    /// The ballots are counted.
    Tallied,
    /// The selection was approved twice.
    Certified,
    /// The issues were dispatched to the provinces.
    Dispatched,
    /// The campaign is halted.
    Suspended,
    /// The campaign was cancelled before voting.
    Cancelled,
}

impl Phase {
    /// The phase of a campaign at an instant.
    #[must_use]
    pub fn of(campaign: &campaign::Model, now: DateTime<Utc>) -> Self {
        match campaign.phase {
            StoredPhase::Draft => Self::Draft,
            StoredPhase::InReview => Self::InReview,
            StoredPhase::Suspended if !halt::is_over(campaign, now) => Self::Suspended,
            StoredPhase::Scheduled | StoredPhase::Suspended if now < campaign.opens_at => Self::Scheduled,
            StoredPhase::Scheduled | StoredPhase::Suspended if now < campaign.closes_at => Self::Voting,
            StoredPhase::Scheduled | StoredPhase::Suspended => Self::Closed,
            StoredPhase::Tallied => Self::Tallied,
            StoredPhase::Certified => Self::Certified,
            StoredPhase::Dispatched => Self::Dispatched,
            StoredPhase::Cancelled => Self::Cancelled,
        }
    }

    /// Code of the phase in message keys and answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Scheduled => "scheduled",
            Self::Voting => "voting",
            Self::Closed => "closed",
            Self::Tallied => "tallied",
            Self::Certified => "certified",
            Self::Dispatched => "dispatched",
            Self::Suspended => "suspended",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the phase is public.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::InReview)
    }

    /// Whether the count exists and can be shown.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        matches!(self, Self::Tallied | Self::Certified | Self::Dispatched)
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// The act that a move of a campaign needs, and the phase that the move leads to: the only place that states which move may
/// follow which phase. The slices of counting and dispatch ask the same table.
///
/// # Errors
/// `campaign.wrong_phase`, with the present phase of the campaign.
pub fn next(phase: Phase, act: CampaignMove) -> Result<(Act, StoredPhase)> {
    use CampaignMove as M;
    use Phase as P;
    match (phase, act) {
        (P::Draft, M::Submission) => Ok((Act::WriteCampaigns, StoredPhase::InReview)),
        (P::InReview, M::SendingBack) => Ok((Act::PublishCampaigns, StoredPhase::Draft)),
        (P::InReview, M::Publication) => Ok((Act::PublishCampaigns, StoredPhase::Scheduled)),
        (P::Scheduled | P::Voting, M::Suspension) => Ok((Act::WriteCampaigns, StoredPhase::Suspended)),
        (P::Scheduled | P::Voting, M::HaltRequest) => Ok((Act::WriteCampaigns, StoredPhase::Scheduled)),
        (P::Scheduled | P::Voting | P::Suspended, M::HaltConfirmation) => {
            Ok((Act::PublishCampaigns, StoredPhase::Suspended))
        }
        (P::Suspended, M::Resumption) => Ok((Act::ResumeCampaigns, StoredPhase::Scheduled)),
        (P::Draft | P::InReview | P::Scheduled, M::Cancellation) => Ok((Act::WriteCampaigns, StoredPhase::Cancelled)),
        (P::Closed, M::Tally) => Ok((Act::CountBallots, StoredPhase::Tallied)),
        (P::Tallied, M::Certification) => Ok((Act::SignResults, StoredPhase::Certified)),
        (P::Certified, M::Dispatch) => Ok((Act::Dispatch, StoredPhase::Dispatched)),
        _ => Err(Error::Conflict(Refusal::new("campaign.wrong_phase").with("phase", phase.code()))),
    }
}

/// The moves that a desk offers to somebody: exactly the moves that the table and the rule of halts allow.
#[must_use]
pub fn offers(campaign: &campaign::Model, now: DateTime<Utc>, may: impl Fn(Act) -> bool) -> Vec<CampaignMove> {
    let phase = Phase::of(campaign, now);
    let is_allowed = |act: CampaignMove| next(phase, act).is_ok_and(|(who, _)| may(who));
    let fits = |act: CampaignMove| halt::check(campaign, act, now).is_ok();
    CampaignMove::ALL.iter().copied().filter(|act| is_allowed(*act) && fits(*act)).collect()
}

/// Whether a move needs a reason. The reason is part of the history; the reason of a halt or a cancellation is shown to
/// everybody.
#[must_use]
pub const fn needs_reason(act: CampaignMove) -> bool {
    matches!(
        act,
        CampaignMove::SendingBack | CampaignMove::Suspension | CampaignMove::HaltRequest | CampaignMove::Cancellation
    )
}

/// Whether a move on the desk of campaigns binds everybody or cannot be undone, so that a final check goes before it in the pages.
#[must_use]
pub const fn is_grave(act: CampaignMove) -> bool {
    matches!(
        act,
        CampaignMove::Publication
            | CampaignMove::Suspension
            | CampaignMove::HaltConfirmation
            | CampaignMove::Cancellation
    )
}

/// Number of options that a campaign needs before review: with fewer there is nothing to choose from or to select.
#[must_use]
pub fn least_options(campaign: &campaign::Model) -> u64 {
    u64::try_from(campaign.top_n.max(campaign.max_choices)).unwrap_or(0)
}
