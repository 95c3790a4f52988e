//! The site's witnesses: everyone of them is asked by itself, so that one which is slow or gone keeps nobody waiting. Publication
//! never waits for any.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::ballot_log::Sequencer;
use crate::ballot_log::cosigning::Newest;
use crate::base::error::Result;
use crate::base::main_store::PublicVersion;
use crate::log::witnesses::{Answer, Remote};

/// What is known of a witness and a log.
#[derive(Default)]
struct WitnessState {
    /// The size that the witness cosigned last, as far as the site was told.
    known: u64,
    /// The size at which it refused for good: it is not asked again before there is a newer one.
    refused: Option<u64>,
}

/// Asks one witness for what it has not cosigned, whenever there is news, as long as the process lives.
pub async fn run(sequencer: Sequencer, public: PublicVersion, witness: Remote) {
    let mut news = sequencer.news();
    news.mark_changed();
    let mut standings: HashMap<String, WitnessState> = HashMap::new();
    while news.changed().await.is_ok() {
        for campaign in sequencer.campaigns() {
            let standing = standings.entry(campaign.clone()).or_default();
            if let Err(error) = look(&sequencer, &public, &witness, &campaign, standing).await {
                tracing::error!(error = %error, campaign, witness = witness.key.name, "cosigning");
            }
        }
    }
}

async fn look(
    sequencer: &Sequencer,
    public: &PublicVersion,
    witness: &Remote,
    campaign: &str,
    standing: &mut WitnessState,
) -> Result<()> {
    let Some(newest) = sequencer.newest(campaign)? else {
        return Ok(());
    };
    let size = newest.checkpoint.size;
    if standing.refused == Some(size) || witness.key.cosigned(&newest.note).is_some() {
        return Ok(());
    }
    let name = &witness.key.name;
    let mut answer = sequencer.ask(campaign, witness, standing.known, &newest).await?;
    if let Answer::Knows(known) = answer
        && known <= size
        && known != standing.known
    {
        standing.known = known;
        answer = sequencer.ask(campaign, witness, known, &newest).await?;
    }
    match answer {
        Answer::Cosigned(lines) => {
            if sequencer.add_cosignature(campaign, &witness.key, &newest, &lines).await? {
                public.advance();
            }
            standing.known = size;
            tracing::info!(campaign, witness = name, size, "cosigned");
        }
        Answer::Knows(known) if known < size => tracing::warn!(campaign, witness = name, known, "asked again later"),
        Answer::Knows(known) => {
            standing.refused = Some(size);
            tracing::error!(campaign, witness = name, size, known, "the witness knows another log than this one");
        }
        Answer::Refused(why) => {
            standing.refused = Some(size);
            tracing::error!(campaign, witness = name, size, why, "the witness refuses this log");
        }
        Answer::Silent(why) => tracing::warn!(campaign, witness = name, size, why, "no cosignature"),
    }
    Ok(())
}

/// What a witness says of the newest checkpoint.
pub struct Said {
    /// Name of the witness.
    pub name: String,
    /// When it cosigned; none where it did not.
    pub at: Option<DateTime<Utc>>,
}

/// What every witness of the site says of a log; nothing where the site has none, or the log has no checkpoint yet.
///
/// # Errors
/// A disk that fails.
pub fn said(sequencer: &Sequencer, witnesses: &[Remote], campaign: &str) -> Result<Vec<Said>> {
    if witnesses.is_empty() {
        return Ok(Vec::new());
    }
    let Some(Newest { note, .. }) = sequencer.newest(campaign)? else {
        return Ok(Vec::new());
    };
    let at = |seconds: u64| DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0);
    let said = |witness: &Remote| Said { name: witness.key.name.clone(), at: witness.key.cosigned(&note).and_then(at) };
    Ok(witnesses.iter().map(said).collect())
}
