//! The site's witnesses: everyone of them is asked by itself, so that one which is slow or gone keeps nobody waiting. Publication
//! never waits for any.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Ballots;
use super::sequencer::cosigning::Newest;
use crate::base::error::Result;
use crate::log::witnesses::{Answer, Remote};

/// What is known of a witness and a log.
#[derive(Default)]
struct Standing {
    /// The size that the witness cosigned last, as far as the site was told.
    known: u64,
    /// The size at which it refused for good: it is not asked again before there is a newer one.
    refused: Option<u64>,
}

/// Asks one witness for what it has not cosigned, whenever there is news, as long as the process lives.
pub async fn run(ballots: Arc<Ballots>, witness: Remote) {
    let mut news = ballots.sequencer.news();
    news.mark_changed();
    let mut standings: HashMap<String, Standing> = HashMap::new();
    while news.changed().await.is_ok() {
        for campaign in ballots.sequencer.campaigns() {
            let standing = standings.entry(campaign.clone()).or_default();
            if let Err(error) = look(&ballots, &witness, &campaign, standing).await {
                tracing::error!(error = %error, campaign, witness = witness.key.name, "cosigning");
            }
        }
    }
}

async fn look(ballots: &Ballots, witness: &Remote, campaign: &str, standing: &mut Standing) -> Result<()> {
    let Some(newest) = ballots.sequencer.newest(campaign)? else {
        return Ok(());
    };
    let size = newest.checkpoint.size;
    if standing.refused == Some(size) || witness.key.cosigned(&newest.note).is_some() {
        return Ok(());
    }
    let name = &witness.key.name;
    let mut answer = ballots.sequencer.ask(campaign, witness, standing.known, &newest).await?;
    if let Answer::Knows(known) = answer
        && known <= size
        && known != standing.known
    {
        standing.known = known;
        answer = ballots.sequencer.ask(campaign, witness, known, &newest).await?;
    }
    match answer {
        Answer::Cosigned(lines) => {
            if ballots.sequencer.add_cosignature(campaign, &witness.key, &newest, &lines).await? {
                ballots.stores.main.public().advance();
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
pub fn said(ballots: &Ballots, campaign: &str) -> Result<Vec<Said>> {
    if ballots.witnesses.is_empty() {
        return Ok(Vec::new());
    }
    let Some(Newest { note, .. }) = ballots.sequencer.newest(campaign)? else {
        return Ok(Vec::new());
    };
    let at = |seconds: u64| DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0);
    let said = |witness: &Remote| Said { name: witness.key.name.clone(), at: witness.key.cosigned(&note).and_then(at) };
    Ok(ballots.witnesses.iter().map(said).collect())
}
