//! Cosignatures of witnesses on the newest checkpoint of a log. The checkpoint is public before any witness is asked, and stays
//! public whatever the witnesses answer. The copy in `history/` has the signature of the log alone.

use entity::ballots::log_head;
use public_log::cosignature::Witness;
use public_log::note::{Checkpoint, split};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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

    /// The campaigns whose logs have a public checkpoint.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn campaigns(&self) -> Result<Vec<String>> {
        let shown = log_head::Entity::find()
            .filter(log_head::COLUMN.checkpoint.is_not_null())
            .order_by_asc(log_head::Column::Campaign)
            .select_only()
            .column(log_head::Column::Campaign);
        Ok(shown.into_tuple().all(self.0.store.db()).await?)
    }

    /// The newest public checkpoint of a campaign; none before the first batch.
    ///
    /// # Errors
    /// A store that fails; a text that is no checkpoint.
    pub async fn newest(&self, campaign: &str) -> Result<Option<Newest>> {
        let found = log_head::Entity::find_by_id(campaign).one(self.0.store.db()).await?;
        let Some(note) = found.and_then(|head| head.checkpoint) else {
            return Ok(None);
        };
        let read = split(&note).and_then(|(text, _)| Checkpoint::read(text));
        let checkpoint = read.ok_or_else(|| Error::Internal(format!("the checkpoint of {campaign} is none")))?;
        Ok(Some(Newest { checkpoint, note }))
    }

    /// Asks a witness for its cosignature, with the consistency proof from `known`, the size that the witness is said to know.
    ///
    /// # Errors
    /// A disk that fails; tiles that are missing. A witness that does not answer is no error.
    pub async fn ask(&self, campaign: &str, witness: &Remote, known: u64, newest: &Newest) -> Result<Answer> {
        let (files, witness, newest) = (self.files(campaign), witness.clone(), newest.clone());
        files::blocking(move || {
            let proof = files.tiles(newest.checkpoint.size).growth(known)?;
            Ok(witness.ask(known, &proof, &newest.note))
        })
        .await
    }

    /// Adds the cosignature from a witness's answer to the public checkpoint. False where another checkpoint is public already.
    ///
    /// # Errors
    /// A store that fails; an answer that is no cosignature of this checkpoint by this witness.
    pub async fn add_cosignature(
        &self,
        campaign: &str,
        witness: &Witness,
        asked: &Newest,
        answer: &str,
    ) -> Result<bool> {
        let _one = self.0.one.lock().await;
        self.0
            .store
            .write(async |tx| {
                // The row is locked while the line is added: another witness may answer at the same moment.
                let head = log_head::Entity::find_by_id(campaign).lock_exclusive().one(tx).await?;
                let Some(note) = head.and_then(|head| head.checkpoint) else {
                    return Ok(false);
                };
                let standing = split(&note).and_then(|(text, _)| Checkpoint::read(text));
                if standing.as_ref() != Some(&asked.checkpoint) {
                    return Ok(false);
                }
                let wrong = || Error::Internal(format!("{} sent a wrong cosignature", witness.name));
                let cosigned = witness.join(&note, answer).ok_or_else(wrong)?;
                log_head::Entity::update_many()
                    .col_expr(log_head::Column::Checkpoint, Expr::value(cosigned))
                    .filter(log_head::COLUMN.campaign.eq(campaign))
                    .exec(tx)
                    .await?;
                Ok(true)
            })
            .await
    }
}
