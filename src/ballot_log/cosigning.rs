//! Cosignatures of witnesses on the newest checkpoint of a log. The checkpoint is public before any witness is asked, and stays
//! public whatever the witnesses answer. The copy in `history/` has the signature of the log alone.

use public_log::cosignature::Witness;
use public_log::note::{Checkpoint, split};
use tokio::sync::watch;

use super::Sequencer;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::log::witnesses::{Answer, Remote};

/// The newest checkpoint of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Content of the checkpoint: name, size and root of the log.
    pub checkpoint: Checkpoint,
    /// Whole file: the text with the signature of the log and all cosignatures.
    pub note: String,
}

impl Sequencer {
    /// Signal that there may be something to cosign: after a batch, and at regular times.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<()> {
        self.0.news.subscribe()
    }

    /// Signals that there may be something to cosign.
    pub fn tell(&self) {
        self.0.news.send_replace(());
    }

    /// The campaigns whose logs this process has opened.
    #[must_use]
    pub fn campaigns(&self) -> Vec<String> {
        let opened = self.0.opened.read();
        let mut campaigns: Vec<String> = opened.map(|logs| logs.keys().cloned().collect()).unwrap_or_default();
        campaigns.sort_unstable();
        campaigns
    }

    /// The newest public checkpoint of a campaign; none before the first batch.
    ///
    /// # Errors
    /// A disk that fails; a file that is no checkpoint.
    pub fn newest(&self, campaign: &str) -> Result<Option<Newest>> {
        let file = self.folders(campaign).public.join("checkpoint");
        let Some(bytes) = files::read(&file)? else {
            return Ok(None);
        };
        let note = String::from_utf8_lossy(&bytes).into_owned();
        let read = split(&note).and_then(|(text, _)| Checkpoint::read(text));
        let checkpoint = read.ok_or_else(|| Error::Internal(format!("{} is no checkpoint", file.display())))?;
        Ok(Some(Newest { checkpoint, note }))
    }

    /// Asks a witness for its cosignature, with the consistency proof from `known`, the size that the witness is said to know.
    ///
    /// # Errors
    /// A disk that fails; tiles that are missing. A witness that does not answer is no error.
    pub async fn ask(&self, campaign: &str, witness: &Remote, known: u64, newest: &Newest) -> Result<Answer> {
        let (folders, witness, newest) = (self.folders(campaign), witness.clone(), newest.clone());
        files::blocking(move || {
            let proof = folders.tiles(newest.checkpoint.size).growth(known)?;
            Ok(witness.ask(known, &proof, &newest.note))
        })
        .await
    }

    /// Adds the cosignature from a witness's answer to the public checkpoint. False where a newer checkpoint is public already.
    ///
    /// # Errors
    /// A disk that fails; an answer that is no cosignature of this checkpoint by this witness.
    pub async fn add_cosignature(
        &self,
        campaign: &str,
        witness: &Witness,
        asked: &Newest,
        answer: &str,
    ) -> Result<bool> {
        let _one = self.0.one.lock().await;
        let Some(newest) = self.newest(campaign)?.filter(|newest| newest.checkpoint == asked.checkpoint) else {
            return Ok(false);
        };
        let cosigned = witness.join(&newest.note, answer);
        let cosigned = cosigned.ok_or_else(|| Error::Internal(format!("{} sent a wrong cosignature", witness.name)))?;
        let file = self.folders(campaign).public.join("checkpoint");
        files::blocking(move || files::write_atomic(&file, cosigned.as_bytes())).await?;
        Ok(true)
    }
}
