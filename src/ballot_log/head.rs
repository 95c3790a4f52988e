//! The stored head of a log, and the rows of its batches.

use entity::ballots::{log_batch, log_head};
use public_log::note::Checkpoint;
use public_log::tree::{Frontier, Hash};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

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
            rewritten: false,
            root: Frontier::default().root().to_vec(),
            edge: Vec::new(),
            is_begun: false,
            is_disclosed: false,
            checkpoint: None,
            tally: None,
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

    /// Makes a log public, once its key and its questionnaire are stored. The call is idempotent.
    pub(super) async fn begin(&self, campaign: &str) -> Result<()> {
        let begun = log_head::ActiveModel { is_begun: Set(true), ..Default::default() };
        self.0
            .store
            .write(async |tx| {
                let of = log_head::Entity::update_many().set(begun).filter(log_head::COLUMN.campaign.eq(campaign));
                of.filter(log_head::COLUMN.is_begun.eq(false)).exec(tx).await?;
                Ok(())
            })
            .await
    }

    /// Sizes of the tree after each committed batch.
    pub(super) async fn batch_ends(&self, campaign: &str) -> Result<Vec<u64>> {
        let sizes: Vec<i64> = log_batch::Entity::find()
            .filter(log_batch::COLUMN.campaign.eq(campaign))
            .order_by_asc(log_batch::Column::Number)
            .select_only()
            .column(log_batch::Column::Size)
            .into_tuple()
            .all(self.0.store.db())
            .await?;
        Ok(sizes.into_iter().map(i64::unsigned_abs).collect())
    }

    /// Sizes of the tree after each batch whose checkpoint is public.
    pub(super) async fn signed_ends(&self, campaign: &str) -> Result<Vec<u64>> {
        let newest = self.newest_batch(campaign).await?.map_or(0, |batch| batch.size.unsigned_abs());
        let mut ends = self.batch_ends(campaign).await?;
        ends.retain(|end| *end <= newest);
        Ok(ends)
    }

    /// The batches that are committed and not signed, oldest first. The rows are locked for a moment: a database with a standby
    /// answers only after the standby has them.
    pub(super) async fn unsigned(&self, campaign: &str) -> Result<Vec<log_batch::Model>> {
        let unsigned = log_batch::Entity::find()
            .filter(log_batch::COLUMN.campaign.eq(campaign))
            .filter(log_batch::COLUMN.is_signed.eq(false))
            .order_by_asc(log_batch::Column::Number);
        if unsigned.clone().one(self.0.store.db()).await?.is_none() {
            return Ok(Vec::new());
        }
        self.0.store.write(async |tx| Ok(unsigned.lock_exclusive().all(tx).await?)).await
    }

    /// The newest batch whose checkpoint is public.
    pub(super) async fn newest_batch(&self, campaign: &str) -> Result<Option<log_batch::Model>> {
        let signed = log_batch::Entity::find()
            .filter(log_batch::COLUMN.campaign.eq(campaign))
            .filter(log_batch::COLUMN.is_signed.eq(true))
            .order_by_desc(log_batch::Column::Number);
        Ok(signed.one(self.0.store.db()).await?)
    }

    /// Number of entries after a batch; 0 before the first one.
    pub(super) async fn size_after(&self, campaign: &str, number: i32) -> Result<u64> {
        if number < 0 {
            return Ok(0);
        }
        let found = log_batch::Entity::find_by_id((campaign.to_owned(), number)).one(self.0.store.db()).await?;
        let missing = || Error::Internal(format!("batch {number} of {campaign} is missing"));
        Ok(found.ok_or_else(missing)?.size.unsigned_abs())
    }
}

/// The edge of the committed tree, compared with its root.
pub(super) fn edge(head: &log_head::Model) -> Result<Frontier> {
    let damaged =
        || Error::Internal(format!("the stored edge of {} is not the tree that was committed", head.campaign));
    let (peaks, rest) = head.edge.as_chunks::<32>();
    let edge = Frontier::of(head.size.unsigned_abs(), peaks.to_vec());
    let count = usize::try_from(edge.size().count_ones()).unwrap_or(usize::MAX);
    if !rest.is_empty() || peaks.len() != count || edge.root().as_slice() != head.root {
        return Err(damaged());
    }
    Ok(edge)
}

/// The checkpoint of a head.
pub(super) fn checkpoint(head: &log_head::Model) -> Result<Checkpoint> {
    let root = <Hash>::try_from(head.root.as_slice())
        .map_err(|_| Error::Internal(format!("the stored root of {} is damaged", head.campaign)))?;
    Ok(Checkpoint { origin: head.origin.clone(), size: head.size.unsigned_abs(), root })
}
