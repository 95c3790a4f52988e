//! The stored head of a log, and the process that leads the log.

use entity::ballots::log_head;
use public_log::note::Checkpoint;
use public_log::tree::Frontier;
use sea_orm::{EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use super::Sequencer;
use crate::base::error::{Error, Result};

impl Sequencer {
    /// The head of a log; created where the store has none.
    pub(super) async fn head(&self, campaign: &str) -> Result<log_head::Model> {
        if let Some(head) = log_head::Entity::find_by_id(campaign).one(self.0.store.db()).await? {
            return Ok(head);
        }
        let empty = log_head::Model {
            campaign: campaign.to_owned(),
            origin: format!("{}/log/{campaign}", self.0.site),
            size: 0,
            batches: 0,
            epoch: 0,
            rewritten: false,
            root: Frontier::default().root().to_vec(),
        };
        let row = empty.clone().into_active_model();
        self.0
            .store
            .write(async |tx| {
                log_head::Entity::insert(row)
                    .on_conflict_do_nothing_on([log_head::Column::Campaign])
                    .exec_without_returning(tx)
                    .await?;
                Ok(())
            })
            .await?;
        Ok(empty)
    }

    /// Increments the epoch of a log: from now on no other process commits a batch of this log.
    pub(super) async fn lead(&self, campaign: &str) -> Result<i64> {
        let step = Expr::col(log_head::Column::Epoch).add(1);
        self.0
            .store
            .write(async |tx| {
                log_head::Entity::update_many()
                    .col_expr(log_head::Column::Epoch, step)
                    .filter(log_head::COLUMN.campaign.eq(campaign))
                    .exec(tx)
                    .await?;
                let head = log_head::Entity::find_by_id(campaign).one(tx).await?;
                head.map(|head| head.epoch).ok_or_else(|| Error::Internal(format!("{campaign} has no log")))
            })
            .await
    }

    /// The epoch under which this process seals.
    ///
    /// # Errors
    /// A log that this process did not open, or whose files are in another data directory.
    pub(super) fn epoch(&self, campaign: &str) -> Result<i64> {
        self.opened(campaign)
            .ok_or_else(|| Error::Internal(format!("the log of {campaign} is not open")))?
            .ok_or_else(|| Error::Internal(format!("the log of {campaign} is not in this data directory")))
    }

    /// Whether the files of an open log are in another data directory.
    #[must_use]
    pub fn is_elsewhere(&self, campaign: &str) -> bool {
        self.opened(campaign).is_some_and(|epoch| epoch.is_none())
    }

    /// The head of a log that this process still leads. Fails otherwise, so that nothing is signed.
    pub(super) async fn head_under(&self, campaign: &str, epoch: i64) -> Result<log_head::Model> {
        let head = self.head(campaign).await?;
        if head.epoch == epoch { Ok(head) } else { Err(overtaken(campaign)) }
    }
}

/// The error of a process that no longer leads a log, because another process opened the log later.
pub(super) fn overtaken(campaign: &str) -> Error {
    Error::Internal(format!("another process leads the log of {campaign} since: this one seals no more of it"))
}

/// The checkpoint of a head.
pub(super) fn checkpoint(head: &log_head::Model) -> Result<Checkpoint> {
    let root = <[u8; 32]>::try_from(head.root.as_slice())
        .map_err(|_| Error::Internal(format!("the stored root of {} is damaged", head.campaign)))?;
    Ok(Checkpoint { origin: head.origin.clone(), size: head.size.unsigned_abs(), root })
}
