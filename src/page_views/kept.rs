//! Counts of views in the main store. Nodes that share a database add to the same rows.

use std::time::Duration;

use entity::page_view;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, EntityTrait, ExprTrait};

use super::{PageViews, Waiting};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};

/// Time between two writes of counts to the store: what a crash can lose.
pub const FLUSH: Duration = Duration::from_secs(10);
/// Most rows of one statement.
const ROWS: usize = 200;

impl PageViews {
    /// Adds to the store the views that were counted since the last flush, all or none. After a failure the views are kept for
    /// the next flush.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn flush(&self, store: &Main) -> Result<()> {
        let news = std::mem::take(&mut *self.waiting());
        if news.is_empty() {
            return Ok(());
        }
        let written = write(store, &news).await;
        if written.is_err() {
            let mut waiting = self.waiting();
            for (row, views) in news {
                *waiting.entry(row).or_default() += views;
            }
        }
        written
    }

    /// Writes the counts for as long as the process lives.
    pub async fn run(&self, store: &Main) {
        let mut timer = tokio::time::interval(FLUSH);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            if let Err(error) = self.flush(store).await {
                tracing::warn!(error = %error, "counts of page views wait for the store");
            }
        }
    }
}

async fn write(store: &Main, news: &Waiting) -> Result<()> {
    // The rows are in the order of their keys on every node, so two nodes never deadlock.
    let rows: Vec<page_view::ActiveModel> = news
        .iter()
        .map(|((day, campaign, group), views)| page_view::ActiveModel {
            campaign: Set(campaign.to_string()),
            page_group: Set(group.code().to_owned()),
            day: Set(*day),
            views: Set(*views),
        })
        .collect();
    store
        .write(Changes::Internal, async |tx| {
            for rows in rows.chunks(ROWS) {
                let excluded = Expr::col(("excluded", page_view::Column::Views));
                let added = Expr::col((page_view::Entity, page_view::Column::Views)).add(excluded);
                let key = [page_view::Column::Campaign, page_view::Column::PageGroup, page_view::Column::Day];
                let conflict = OnConflict::columns(key).value(page_view::Column::Views, added).to_owned();
                let insert = page_view::Entity::insert_many(rows.to_vec());
                insert.on_conflict(conflict).exec_without_returning(tx).await?;
            }
            Ok(())
        })
        .await
}
