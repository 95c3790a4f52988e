//! Rate limits that survive a restart: GCRA (the leaky bucket as a single instant), kept in the main store.
//!
//! Each counter is stored as its theoretical arrival time, the instant at which the bucket will be empty. An event moves the
//! instant on by `refill`, starting at the present at the earliest. A counter therefore needs no history, and counters of several
//! nodes add up.
//!
//! # Why
//! A password guesser must gain nothing from a restart or from another node. One write for each attempt would let a guesser keep
//! the store busy. So counters live in memory and are added to the store about once a second, all in one transaction. Counters of
//! other nodes are read back every few seconds. A crash loses one second of counting. Subjects are stored as keyed digests
//! (HMAC): neither an address nor an account can be read from the table. The number of subjects is bounded.
//!
//! # A clock that was ahead
//! A row whose last event lies in the future was written under a wrong clock. Both of its instants are moved back by the same
//! time, so the level stays as counted and nobody is refused until the wrong time comes again. A level never exceeds the burst by
//! more than [`MAX_EXCESS`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::limit_count;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::base::clock::Clock;
use crate::base::error::{Error, Result};
use crate::base::keys::Key;
use crate::base::main_store::{Changes, Main};

/// One rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Name of the limit in the store.
    pub name: &'static str,
    /// Number of events that are allowed at once.
    pub burst: u32,
    /// Time after which one more event is allowed.
    pub refill: TimeDelta,
}

impl Limit {
    /// The longest time until a counter is empty, in milliseconds.
    const fn longest(self) -> i64 {
        (self.burst as i64 + MAX_EXCESS as i64) * millis(self.refill)
    }
}

/// Largest number of subjects of one limit that are held in memory.
pub const MAX_SUBJECTS: usize = 10_000;
/// Time between two writes to the store.
const FLUSH: Duration = Duration::from_secs(1);
/// Number of writes between two reads of other nodes' counters.
const FLUSHES_PER_READ: u64 = 5;
/// Span of a read before the present, in milliseconds: longer than the clocks of two nodes differ. A stored row further ahead
/// than this span was written under a wrong clock.
const MAX_SKEW: i64 = 60_000;
/// Largest number of events above the burst that a counter remembers. The waits of a throttle stop growing earlier.
pub const MAX_EXCESS: u32 = 16;
/// Number of writes between two deletions of empty rows.
const FLUSHES_PER_SWEEP: u64 = 600;
/// Number of rows in one INSERT statement.
const MAX_ROWS: usize = 500;

/// Name of the limit and digest of the subject.
type Name = (&'static str, [u8; 16]);

/// The level of a counter at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Number of events that still count.
    pub count: u32,
    /// Instant of the last event.
    pub last: DateTime<Utc>,
}

/// Counter of one subject in memory. Instants are milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default)]
struct CounterRow {
    empty_at: i64,
    last_at: i64,
    /// Change that is not in the store yet.
    news: Option<News>,
}

#[derive(Clone, Copy, Debug, Default)]
struct News {
    /// Milliseconds by which `empty_at` moved since the last write.
    moved: i64,
    /// Whether the counter was reset before that move.
    is_reset: bool,
}

/// All rate limits of a process.
pub struct PersistentLimiter {
    key: Key,
    has_allowances: bool,
    table: Mutex<Table>,
}

/// The counters, locked.
#[derive(Default)]
pub struct Table {
    rows: HashMap<&'static str, HashMap<[u8; 16], CounterRow>>,
}

impl PersistentLimiter {
    /// A limiter without events. With `has_allowances` false, [`PersistentLimiter::try_acquire`] refuses nothing.
    #[must_use]
    pub fn new(key: Key, has_allowances: bool) -> Self {
        Self { key, has_allowances, table: Mutex::default() }
    }

    /// Keyed digest of a subject: the name under which the counter is stored.
    #[must_use]
    pub fn digest(&self, limit: Limit, subject: &str) -> [u8; 16] {
        let mac = self.key.mac(&[limit.name.as_bytes(), subject.as_bytes()]);
        mac.first_chunk().copied().unwrap_or_default()
    }

    /// Locks the counters, for a check and an event in one step.
    pub fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one event of a subject, or refuses.
    ///
    /// # Errors
    /// `TooMany` where the burst is used up, with the seconds until the next event is allowed.
    pub fn try_acquire(&self, limit: Limit, subject: &str, system: DateTime<Utc>) -> Result<()> {
        if !self.has_allowances {
            return Ok(());
        }
        let name = self.digest(limit, subject);
        let mut table = self.table();
        if table.get(limit, name, system).is_some_and(|c| c.count >= limit.burst) {
            let row = table.rows.get(limit.name).and_then(|rows| rows.get(&name)).copied().unwrap_or_default();
            let over = row.empty_at - millis(limit.refill) * (i64::from(limit.burst) - 1) - system.timestamp_millis();
            return Err(Error::TooMany { retry_after: over.max(1).unsigned_abs().div_ceil(1000) });
        }
        table.add(limit, name, system);
        Ok(())
    }

    /// Adds the changes since the last write to the store, all or nothing. After a failure they are kept for the next write.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn flush(&self, store: &Main, system: DateTime<Utc>) -> Result<()> {
        let news = self.table().take_news();
        if news.is_empty() {
            return Ok(());
        }
        let written = write(store, &news, system.timestamp_millis()).await;
        if written.is_err() {
            self.table().give_back(&news);
        }
        written
    }

    /// Reads recent counters of all nodes, or every counter with `all` (at the start). Rows of a wrong clock are corrected.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn read(&self, store: &Main, limits: &[Limit], system: DateTime<Utc>, all: bool) -> Result<()> {
        let now = system.timestamp_millis();
        let since = if all { 0 } else { now - MAX_SKEW };
        let rows = limit_count::Entity::find().filter(limit_count::COLUMN.last_at.gte(since)).all(store.db()).await?;
        let mut learned = Vec::with_capacity(rows.len());
        for row in rows {
            let Some((limit, digest)) = row.name.split_once(':') else { continue };
            let mut subject = [0; 16];
            let limit = limits.iter().find(|known| known.name == limit);
            if let Some(limit) = limit.filter(|_| hex::decode_to_slice(digest, &mut subject).is_ok()) {
                learned.push((
                    *limit,
                    subject,
                    CounterRow { empty_at: row.empty_at, last_at: row.last_at, news: None },
                ));
            }
        }
        let is_wrong =
            |limit: Limit, row: &CounterRow| row.last_at.max(row.empty_at - limit.longest()) > now + MAX_SKEW;
        if learned.iter().any(|(limit, _, row)| is_wrong(*limit, row)) {
            store.write(Changes::Internal, async |tx| put_right(tx, limits, now).await).await?;
        }
        let mut table = self.table();
        for (limit, subject, row) in learned {
            table.learn(limit, subject, row, now);
        }
        Ok(())
    }

    /// Writes and reads periodically until the process ends.
    pub async fn run(&self, store: &Main, clock: &Clock, limits: &[Limit]) {
        let mut timer = tokio::time::interval(FLUSH);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in 0u64.. {
            timer.tick().await;
            let system = clock.system();
            let mut outcome = self.flush(store, system).await;
            if round % FLUSHES_PER_READ == 0 {
                outcome = outcome.and(self.read(store, limits, system, round == 0).await);
            }
            if round % FLUSHES_PER_SWEEP == 0 {
                outcome = outcome.and(sweep(store, system).await);
            }
            if let Err(error) = outcome {
                tracing::warn!(error = %error, "rate limits wait for the store");
            }
        }
    }
}

impl Table {
    /// The present level of a counter; `None` where the counter is empty.
    #[must_use]
    pub fn get(&mut self, limit: Limit, subject: [u8; 16], system: DateTime<Utc>) -> Option<Count> {
        let row = self.rows.get_mut(limit.name)?.get_mut(&subject)?;
        row.hold(limit, system.timestamp_millis());
        let count = row.count(limit, system.timestamp_millis());
        let last = DateTime::from_timestamp_millis(row.last_at)?;
        (count > 0).then_some(Count { count, last })
    }

    /// Counts one event.
    pub fn add(&mut self, limit: Limit, subject: [u8; 16], system: DateTime<Utc>) {
        let now = system.timestamp_millis();
        let rows = self.rows.entry(limit.name).or_default();
        if rows.len() >= MAX_SUBJECTS && !rows.contains_key(&subject) {
            make_room(rows, limit, now);
        }
        let row = rows.entry(subject).or_default();
        row.hold(limit, now);
        row.empty_at = row.empty_at.max(now) + millis(limit.refill);
        row.last_at = now;
        row.news.get_or_insert_default().moved += millis(limit.refill);
    }

    /// Takes one event back.
    pub fn take_back(&mut self, limit: Limit, subject: [u8; 16]) {
        if let Some(row) = self.rows.get_mut(limit.name).and_then(|rows| rows.get_mut(&subject)) {
            row.empty_at -= millis(limit.refill);
            row.news.get_or_insert_default().moved -= millis(limit.refill);
        }
    }

    /// Resets the counter of a subject to empty.
    pub fn forget(&mut self, limit: Limit, subject: [u8; 16]) {
        if let Some(row) = self.rows.get_mut(limit.name).and_then(|rows| rows.get_mut(&subject)) {
            row.empty_at = 0;
            row.news = Some(News { moved: 0, is_reset: true });
        }
    }

    /// Takes out the unwritten changes, sorted by name. Every node writes in this order, so two nodes never deadlock.
    fn take_news(&mut self) -> Vec<(Name, CounterRow)> {
        let mut news = Vec::new();
        for (limit, rows) in &mut self.rows {
            for (subject, row) in rows.iter_mut().filter(|(_, row)| row.news.is_some()) {
                news.push(((*limit, *subject), *row));
                row.news = None;
            }
        }
        news.sort_unstable_by_key(|(name, _)| *name);
        news
    }

    fn give_back(&mut self, news: &[(Name, CounterRow)]) {
        for ((limit, subject), old) in news {
            let row = self.rows.entry(limit).or_default().entry(*subject).or_insert(*old);
            let (old, new) = (old.news.unwrap_or_default(), row.news.unwrap_or_default());
            row.news =
                Some(if new.is_reset { new } else { News { moved: old.moved + new.moved, is_reset: old.is_reset } });
        }
    }

    /// Adopts a stored counter and adds the local changes that are not in the store yet.
    fn learn(&mut self, limit: Limit, subject: [u8; 16], mut stored: CounterRow, now: i64) {
        let rows = self.rows.entry(limit.name).or_default();
        if rows.len() >= MAX_SUBJECTS && !rows.contains_key(&subject) {
            return;
        }
        let row = rows.entry(subject).or_default();
        row.hold(limit, now);
        stored.hold(limit, now);
        row.empty_at = match row.news {
            None => stored.empty_at,
            Some(news) if news.is_reset => row.empty_at,
            Some(news) => stored.empty_at.max(row.last_at) + news.moved,
        };
        row.last_at = row.last_at.max(stored.last_at);
    }
}

impl CounterRow {
    /// Moves back a row that was written under a clock that was ahead, and bounds its level.
    fn hold(&mut self, limit: Limit, now: i64) {
        let ahead = (self.last_at - now).max(0);
        self.last_at -= ahead;
        self.empty_at = (self.empty_at - ahead).min(now + limit.longest());
    }

    fn count(self, limit: Limit, now: i64) -> u32 {
        let left = (self.empty_at - now).max(0).unsigned_abs();
        u32::try_from(left.div_ceil(millis(limit.refill).unsigned_abs().max(1))).unwrap_or(u32::MAX)
    }
}

/// Removes empty counters; where there are none, removes the counter with the lowest level and among those the oldest. A flood of
/// invented names therefore displaces itself and not the account under attack.
fn make_room(rows: &mut HashMap<[u8; 16], CounterRow>, limit: Limit, now: i64) {
    rows.retain(|_, row| {
        row.hold(limit, now);
        row.empty_at > now || row.news.is_some_and(|news| news.is_reset)
    });
    if rows.len() >= MAX_SUBJECTS {
        let least = rows.iter().min_by_key(|(_, row)| (row.count(limit, now), row.last_at)).map(|(name, _)| *name);
        if let Some(least) = least {
            rows.remove(&least);
        }
    }
}

const fn millis(time: TimeDelta) -> i64 {
    time.num_milliseconds()
}

async fn write(store: &Main, news: &[(Name, CounterRow)], now: i64) -> Result<()> {
    let (forgotten, moved): (Vec<_>, Vec<_>) =
        news.iter().partition(|(_, row)| row.news.is_some_and(|news| news.is_reset));
    // Both expressions mean the same on SQLite and PostgreSQL.
    let later = "CASE WHEN excluded.last_at > limit_count.last_at THEN excluded.last_at ELSE limit_count.last_at END";
    let added = format!(
        "CASE WHEN limit_count.empty_at > {now} THEN limit_count.empty_at ELSE {now} END + excluded.empty_at - {now}"
    );
    let put = async |rows: &[&(Name, CounterRow)], empty_at: &str, tx: &DatabaseTransaction| -> Result<()> {
        for rows in rows.chunks(MAX_ROWS) {
            let row = |((limit, subject), row): &&(Name, CounterRow)| limit_count::ActiveModel {
                name: Set(format!("{limit}:{}", hex::encode(subject))),
                empty_at: Set(now + row.news.map_or(0, |news| news.moved)),
                last_at: Set(row.last_at.min(now)),
            };
            let conflict = OnConflict::column(limit_count::Column::Name)
                .value(limit_count::Column::EmptyAt, Expr::cust(empty_at.to_owned()))
                .value(limit_count::Column::LastAt, Expr::cust(later))
                .to_owned();
            let rows = limit_count::Entity::insert_many(rows.iter().map(row));
            rows.on_conflict(conflict).exec_without_returning(tx).await?;
        }
        Ok(())
    };
    store
        .write(Changes::Internal, async |tx| {
            put_right(tx, &[], now).await?;
            put(&moved, &added, tx).await?;
            put(&forgotten, "excluded.empty_at", tx).await
        })
        .await
}

/// Corrects rows that were written under a clock that was ahead, as [`CounterRow::hold`] does.
async fn put_right(tx: &DatabaseTransaction, limits: &[Limit], now: i64) -> Result<()> {
    let (empty_at, last_at) = (limit_count::Column::EmptyAt, limit_count::Column::LastAt);
    let moved_back = Expr::cust(format!("empty_at - last_at + {now}"));
    limit_count::Entity::update_many()
        .col_expr(empty_at, moved_back)
        .col_expr(last_at, Expr::value(now))
        .filter(limit_count::COLUMN.last_at.gt(now + MAX_SKEW))
        .exec(tx)
        .await?;
    for limit in limits {
        let most = now + limit.longest();
        limit_count::Entity::update_many()
            .col_expr(empty_at, Expr::value(most))
            .filter(limit_count::COLUMN.name.starts_with(format!("{}:", limit.name)))
            .filter(limit_count::COLUMN.empty_at.gt(most + MAX_SKEW))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn sweep(store: &Main, system: DateTime<Utc>) -> Result<()> {
    let gone = system.timestamp_millis() - MAX_SKEW;
    let empty = limit_count::Entity::delete_many().filter(limit_count::COLUMN.empty_at.lt(gone));
    let old = empty.filter(limit_count::COLUMN.last_at.lt(gone));
    store.write(Changes::Internal, async |tx| Ok(old.exec(tx).await.map(drop)?)).await
}
