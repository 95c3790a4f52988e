//! Counts of networks in the main store. The counts survive a restart, and nodes that share a database share the counts.
//!
//! A row of `limit_count` is named by day, kind, campaign and keyed digest. The end of the next day is the row's base: `empty_at`
//! is the base plus the count, in milliseconds. So the sweep of [`crate::base::rate_limit`] removes the row after the next day
//! has ended. A crash loses the counts of one second.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::limit_count;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, EntityTrait, ExprTrait, QueryFilter};

use super::{CountedSet, NetworkRow, Networks, Subject};
use crate::base::clock::{Clock, day_of, end_of};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};

/// Prefix of the names of the rows.
const PREFIX: &str = "pass_day:";
/// Time between two writes of counts to the store.
const FLUSH: Duration = Duration::from_secs(1);
/// Number of flushes between two reads of other nodes' counts.
const LOOK: u64 = 5;
/// How far back a read goes: more than the clocks of two nodes differ.
const BACK: TimeDelta = TimeDelta::minutes(1);
/// Most rows of one statement.
const ROWS: usize = 500;

/// Passes of one row that the store does not know yet.
struct News {
    day: NaiveDate,
    campaign: String,
    subject: Subject,
    count: u32,
}

impl Networks {
    /// Adds to the store the passes that were counted since the last flush, all or none. After a failure the passes are kept for
    /// the next flush.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn flush(&self, store: &Main, system: DateTime<Utc>) -> Result<()> {
        let news = self.take_news();
        if news.is_empty() {
            return Ok(());
        }
        let written = write(store, &news, system).await;
        if written.is_err() {
            let mut table = self.table();
            for News { day, campaign, subject, count } in news {
                table.days.entry(day).or_default().entry(campaign).or_default().entry(subject).or_default().news +=
                    count;
            }
        }
        written
    }

    /// Reads the rows that this node or another node has changed lately; without `since`, all rows. Forgets days before
    /// yesterday.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn read(&self, store: &Main, system: DateTime<Utc>, since: Option<DateTime<Utc>>) -> Result<()> {
        let since = since.map_or(0, |since| (since - BACK).timestamp_millis());
        let column = limit_count::COLUMN;
        let rows = limit_count::Entity::find().filter(column.name.starts_with(PREFIX));
        let rows = rows.filter(column.last_at.gte(since)).all(store.db()).await?;
        let yesterday = day_of(system) - Days::new(1);
        let mut table = self.table();
        table.days.retain(|day, _| *day >= yesterday);
        for row in rows {
            let Some((day, campaign, subject)) = parse(&row.name).filter(|(day, ..)| *day >= yesterday) else {
                continue;
            };
            let stored = u32::try_from(row.empty_at - base(day)).unwrap_or(0);
            let rows = table.days.entry(day).or_default().entry(campaign.to_owned()).or_default();
            let NetworkRow { taken, news } = rows.entry(subject).or_default();
            *taken = stored.saturating_add(*news);
        }
        Ok(())
    }

    /// Keeps store and memory in step for as long as the process lives.
    pub async fn run(&self, store: &Main, clock: &Clock) {
        let mut timer = tokio::time::interval(FLUSH);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in 0u64.. {
            timer.tick().await;
            let system = clock.system();
            let mut outcome = self.flush(store, system).await;
            if round % LOOK == 0 {
                outcome = outcome.and(self.read(store, system, Some(system)).await);
            }
            if let Err(error) = outcome {
                tracing::warn!(error = %error, "counts of networks wait for the store");
            }
        }
    }

    /// Takes out the passes that the store does not know yet, in an order that is the same on every node.
    fn take_news(&self) -> Vec<News> {
        let mut found = Vec::new();
        for (day, campaigns) in &mut self.table().days {
            for (campaign, rows) in campaigns {
                for (subject, row) in rows.iter_mut().filter(|(_, row)| row.news > 0) {
                    let count = std::mem::take(&mut row.news);
                    found.push(News { day: *day, campaign: campaign.clone(), subject: *subject, count });
                }
            }
        }
        found.sort_unstable_by(|a, b| (a.day, &a.campaign, a.subject).cmp(&(b.day, &b.campaign, b.subject)));
        found
    }
}

/// End of the next day, in milliseconds since 1970.
fn base(day: NaiveDate) -> i64 {
    end_of(day + Days::new(1)).timestamp_millis()
}

fn name(news: &News) -> String {
    let News { day, campaign, subject: Subject { kind, digest }, .. } = news;
    format!("{PREFIX}{day}:{}:{campaign}:{}", kind.code(), hex::encode(digest))
}

fn parse(name: &str) -> Option<(NaiveDate, &str, Subject)> {
    let mut words = name.strip_prefix(PREFIX)?.split(':');
    let day = words.next()?.parse().ok()?;
    let code = words.next()?;
    let kind = CountedSet::ALL.into_iter().find(|kind| kind.code() == code)?;
    let campaign = words.next()?;
    let mut digest = [0; 16];
    hex::decode_to_slice(words.next()?, &mut digest).ok()?;
    Some((day, campaign, Subject { kind, digest }))
}

async fn write(store: &Main, news: &[News], system: DateTime<Utc>) -> Result<()> {
    let now = system.timestamp_millis();
    store
        .write(Changes::Internal, async |tx| {
            for day in news.chunk_by(|a, b| a.day == b.day) {
                let base = day.first().map_or(0, |first| base(first.day));
                for rows in day.chunks(ROWS) {
                    let row = |news: &News| limit_count::ActiveModel {
                        name: Set(name(news)),
                        empty_at: Set(base + i64::from(news.count)),
                        last_at: Set(now),
                    };
                    let count = Expr::col(("excluded", limit_count::Column::EmptyAt)).sub(base);
                    let added = Expr::col((limit_count::Entity, limit_count::Column::EmptyAt)).add(count);
                    let conflict = OnConflict::column(limit_count::Column::Name)
                        .value(limit_count::Column::EmptyAt, added)
                        .update_column(limit_count::Column::LastAt)
                        .to_owned();
                    let rows = limit_count::Entity::insert_many(rows.iter().map(row));
                    rows.on_conflict(conflict).exec_without_returning(tx).await?;
                }
            }
            Ok(())
        })
        .await
}
