//! The site's witnesses. Each witness is asked independently, so that a slow or missing witness delays nobody. Publication never
//! waits for a witness.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::ballot_log::Sequencer;
use crate::ballot_log::cosigning::Newest;
use crate::base::error::Result;
use crate::base::main_store::Main;
use crate::base::nodes::Nodes;
use crate::log::witnesses::{Answer, Remote};

/// State of one witness for one log.
#[derive(Default)]
struct WitnessState {
    /// Size that the witness cosigned last, as far as the site was told.
    known: u64,
    /// Size at which the witness refused for good. The witness is asked again only for a newer checkpoint.
    refused: Option<u64>,
}

/// Asks one witness for its missing cosignatures whenever there is news, as long as the process lives. Of several nodes one asks.
pub async fn run(sequencer: Sequencer, main: Main, nodes: Nodes, witness: Remote) {
    let mut news = sequencer.news();
    news.mark_changed();
    let mut standings: HashMap<String, WitnessState> = HashMap::new();
    while news.changed().await.is_ok() {
        if !nodes.works() {
            continue;
        }
        let campaigns = sequencer.campaigns().await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "the logs to cosign");
            Vec::new()
        });
        for campaign in campaigns {
            let standing = standings.entry(campaign.clone()).or_default();
            if let Err(error) = look(&sequencer, &main, &witness, &campaign, standing).await {
                tracing::error!(error = %error, campaign, witness = witness.key.name, "cosigning");
            }
        }
    }
}

async fn look(
    sequencer: &Sequencer,
    main: &Main,
    witness: &Remote,
    campaign: &str,
    standing: &mut WitnessState,
) -> Result<()> {
    let Some(newest) = sequencer.newest(campaign).await? else {
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
                main.announce().await?;
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

/// Cosignature of a witness on the newest checkpoint, or its absence.
pub struct Said {
    /// Name of the witness.
    pub name: String,
    /// Instant of the cosignature, by the clock of the witness; none where the witness did not cosign.
    pub at: Option<DateTime<Utc>>,
}

/// Cosignatures of all witnesses of the site on the newest checkpoint of a log. Empty where the site has no witnesses, or where
/// the log has no checkpoint yet.
///
/// # Errors
/// A store that fails.
pub async fn said(sequencer: &Sequencer, witnesses: &[Remote], campaign: &str) -> Result<Vec<Said>> {
    if witnesses.is_empty() {
        return Ok(Vec::new());
    }
    let Some(Newest { note, .. }) = sequencer.newest(campaign).await? else {
        return Ok(Vec::new());
    };
    let at = |seconds: u64| DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0);
    let said = |witness: &Remote| Said { name: witness.key.name.clone(), at: witness.key.cosigned(&note).and_then(at) };
    Ok(witnesses.iter().map(said).collect())
}
