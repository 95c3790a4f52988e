//! Results: the visible part of a count. The display rule and the rule of small cells are applied here, once for everybody.

use chrono::{DateTime, Utc};
use entity::stored::{RankingRule, Track};
use entity::{campaign, campaign_option, selection, tally};
use public_log::bundle::NO_PLACE;
use sea_orm::ConnectionTrait;

use super::{decided, lines, ranking};
use crate::ballot_log::Sequencer;
use crate::ballot_log::counts::Counts;
use crate::ballot_log::running::{Running, running};
use crate::base::error::{Error, Refusal, Result};
use crate::base::store::Stores;
use crate::campaign::{phase::Phase, queries as campaigns};
use crate::tally::display::{Shows, shows};
use crate::tally::published::{ByTrack, MERGED, by_option, digest};
use crate::tally::ranking::Ranked;

/// Everything that anybody may see of a campaign's count at an instant. Pages, the API and files show this part, to staff too.
#[derive(Clone, Debug)]
pub struct Results {
    /// Campaign of the count.
    pub campaign: campaign::Model,
    /// Phase of the campaign.
    pub phase: Phase,
    /// Instant of the figures, programme time: the instant of the count, before that the instant of the last step, or now where
    /// no figure is shown.
    pub at: DateTime<Utc>,
    /// Ballots by track; none where nothing may be seen. A track without a step has 0.
    pub turnout: Option<ByTrack>,
    /// Whether figures may be seen but too few ballots were cast for the first step.
    pub too_few: bool,
    /// Counts of the options; none where they may not be seen.
    pub count: Option<Count>,
}

/// Counts as they may be shown.
#[derive(Clone, Debug)]
pub struct Count {
    /// The campaign's options in the order of ballot numbers.
    pub options: Vec<campaign_option::Model>,
    /// Published cells of the count.
    pub cells: Counts,
    /// Options by rank.
    pub ranking: Vec<Ranked>,
    /// Stored count; none while voting runs.
    pub tally: Option<tally::Model>,
    /// Selection of the campaign, once it is certified.
    pub selection: Option<selection::Model>,
}

impl Count {
    /// An option by its code.
    #[must_use]
    pub fn option(&self, code: &str) -> Option<&campaign_option::Model> {
        self.options.iter().find(|o| o.code == code)
    }

    /// Option votes of all options together, by track.
    #[must_use]
    pub fn option_votes(&self) -> ByTrack {
        let votes = by_option(&self.cells);
        votes.iter().filter(|(option, _)| !option.is_empty()).fold(ByTrack::default(), |sum, (_, n)| ByTrack {
            anonymous: sum.anonymous + n.anonymous,
            real_name: sum.real_name + n.real_name,
        })
    }
}

impl Results {
    /// Whether real-name ballots are mentioned: the campaign takes them, and the track has taken its first step.
    #[must_use]
    pub fn has_real_name(&self) -> bool {
        self.takes(Track::RealName) && !self.is_awaited(Track::RealName)
    }

    /// Whether the campaign takes ballots on a track.
    #[must_use]
    pub fn takes(&self, track: Track) -> bool {
        self.campaign.tracks.has(track.code())
    }

    /// Whether figures are shown in steps and the given track of the campaign has not taken a step yet.
    #[must_use]
    pub fn is_awaited(&self, track: Track) -> bool {
        let shown = self.turnout.map(|turnout| match track {
            Track::Anonymous => turnout.anonymous,
            Track::RealName => turnout.real_name,
        });
        !self.phase.is_counted() && self.takes(track) && shown == Some(0)
    }

    /// Whether the shown figures move in steps.
    #[must_use]
    pub fn is_stepwise(&self) -> bool {
        matches!(shows(self.phase, self.campaign.display), Shows::Turnout | Shows::Running)
    }

    /// Whether the campaign takes anonymous ballots; their number is not a number of people.
    #[must_use]
    pub fn has_anonymous(&self) -> bool {
        self.takes(Track::Anonymous)
    }

    /// Whether real-name votes decide and anonymous votes are shown beside them.
    #[must_use]
    pub fn is_by_real_name(&self) -> bool {
        self.campaign.ranking_rule == RankingRule::RealNameVotes && self.has_anonymous()
    }

    /// The counts, for callers that need them.
    ///
    /// # Errors
    /// `tally.hidden`. The refusal says what is shown instead: `turnout`; `few` where more ballots are awaited; `none` or
    /// `closed` where nothing is shown.
    pub fn counted(&self) -> Result<&Count> {
        self.count.as_ref().ok_or_else(|| {
            let shown = match (self.phase, &self.turnout) {
                (_, Some(_)) => "turnout",
                (_, None) if self.too_few => "few",
                (Phase::Scheduled | Phase::Cancelled, None) => "none",
                (_, None) => "closed",
            };
            Error::Conflict(Refusal::new("tally.hidden").with("shown", shown))
        })
    }
}

/// The visible part of a campaign's count now. A stored count is shown only where it is the count that the site signed.
///
/// # Errors
/// `NotFound`, also for a draft; `tally.unsigned` where the stored count or ranking is not the signed one.
pub async fn results(stores: &Stores, sequencer: &Sequencer, slug: &str, now: DateTime<Utc>) -> Result<Results> {
    let db = stores.main.db();
    let campaign = campaigns::published(db, slug, now).await?;
    let phase = Phase::of(&campaign, now);
    let (mut at, mut turnout, mut count, mut too_few) = (now, None, None, false);
    match shows(phase, campaign.display) {
        Shows::Nothing => {}
        shown @ (Shows::Turnout | Shows::Running) => match running(stores.ballots.db(), slug).await? {
            None => too_few = true,
            Some(standing) => {
                at = standing.at;
                turnout = Some(of_running(&standing));
                if shown == Shows::Running {
                    let options = campaigns::options(db, campaign.id).await?;
                    let cells = cells(&campaign, standing);
                    count = Some(Count {
                        ranking: ranking(&campaign, &options, &cells),
                        options,
                        cells,
                        tally: None,
                        selection: None,
                    });
                }
            }
        },
        Shows::Count => {
            let stored = super::tally(db, campaign.id)
                .await?
                .ok_or_else(|| Error::Internal(format!("{slug} is counted and has no count")))?;
            let cells = signed_lines(db, sequencer, &campaign).await?;
            let options = campaigns::options(db, campaign.id).await?;
            let selection = match phase {
                Phase::Tallied => None,
                _ => super::selection(db, campaign.id).await?,
            };
            at = stored.counted_at;
            turnout = Some(by_option(&cells).get("").copied().unwrap_or_default());
            let counted = ranking(&campaign, &options, &cells);
            count = Some(Count {
                ranking: match &selection {
                    Some(selection) => as_counted(decided(selection)?, &counted, slug)?,
                    None => counted,
                },
                options,
                cells,
                tally: Some(stored),
                selection,
            });
        }
    }
    Ok(Results { campaign, phase, at, turnout, too_few, count })
}

/// The ballots of a campaign by track, as far as they may be seen now, and the instant of these figures: the part of [`results`]
/// without the counts.
///
/// # Errors
/// A store that fails.
pub async fn turnout(
    stores: &Stores,
    campaign: &campaign::Model,
    now: DateTime<Utc>,
) -> Result<Option<(ByTrack, DateTime<Utc>)>> {
    Ok(match shows(Phase::of(campaign, now), campaign.display) {
        Shows::Nothing => None,
        Shows::Turnout | Shows::Running => {
            running(stores.ballots.db(), &campaign.slug).await?.map(|shown| (of_running(&shown), shown.at))
        }
        Shows::Count => {
            super::tally(stores.main.db(), campaign.id).await?.map(|stored| (of_stored(&stored), stored.counted_at))
        }
    })
}

/// The cells of the stored count, if they equal the cells that the site signed.
///
/// # Errors
/// `tally.unsigned`; a store or disk that fails.
pub async fn signed_lines(
    db: &impl ConnectionTrait,
    sequencer: &Sequencer,
    campaign: &campaign::Model,
) -> Result<Counts> {
    let cells = lines(db, campaign.id).await?;
    let stored = super::tally(db, campaign.id).await?;
    let is_whole = stored.is_some_and(|stored| stored.digest == digest(&cells));
    let signed = sequencer.signed_count(&campaign.slug).await?;
    let is_signed = signed.is_some_and(|signed| digest(&signed) == digest(&cells));
    if is_whole && is_signed { Ok(cells) } else { Err(unsigned(&campaign.slug)) }
}

/// The ranking of a selection, if it follows from the signed count.
///
/// # Errors
/// `tally.unsigned`; a store or disk that fails.
pub async fn signed_ranking(
    db: &impl ConnectionTrait,
    sequencer: &Sequencer,
    campaign: &campaign::Model,
    selection: &selection::Model,
) -> Result<Vec<Ranked>> {
    let cells = signed_lines(db, sequencer, campaign).await?;
    let options = campaigns::options(db, campaign.id).await?;
    as_counted(decided(selection)?, &ranking(campaign, &options, &cells), &campaign.slug)
}

/// The stored ranking, if it is the ranking that follows from the count.
fn as_counted(decided: Vec<Ranked>, counted: &[Ranked], slug: &str) -> Result<Vec<Ranked>> {
    let place = |r: &Ranked| (r.rank, r.code.clone(), r.votes, r.votes_real_name, r.selected);
    if decided.iter().map(place).eq(counted.iter().map(place)) { Ok(decided) } else { Err(unsigned(slug)) }
}

/// The refusal of a count that is not the signed one. A count is stored first and signed next, so the refusal may pass by itself.
/// After somebody changed the store it does not pass.
fn unsigned(slug: &str) -> Error {
    tracing::error!(campaign = slug, "the stored count is not the one that was signed; it is not shown");
    Error::Later { refusal: Refusal::new("tally.unsigned").with("campaign", slug), retry_after: 30 }
}

fn of_running(shown: &Running) -> ByTrack {
    let ballots = |track| shown.ballots(track).unwrap_or(0);
    ByTrack { anonymous: ballots(Track::Anonymous), real_name: ballots(Track::RealName) }
}

/// Running figures as cells of a count, without provinces.
fn cells(campaign: &campaign::Model, shown: Running) -> Counts {
    let province = if campaign.places { MERGED } else { NO_PLACE };
    shown.counts.into_iter().map(|((option, track), n)| ((option, province.to_owned(), track), n)).collect()
}

const fn of_stored(stored: &tally::Model) -> ByTrack {
    ByTrack { anonymous: stored.ballots - stored.ballots_real_name, real_name: stored.ballots_real_name }
}
