//! Counts that leak away, kept in the main store: failures to sign in, passes of an address, submissions of an account.
//!
//! A count is one instant: when it will have leaked to nothing. Counting one more moves it on by one leak, from now at the
//! earliest. So a count needs no history, and counts of several nodes add up.
//!
//! # Why
//! Whoever guesses passwords must gain nothing from a restart or from asking another node. A write for every attempt would let a
//! guesser keep the store busy, so counts are made in memory and added to the store about once a second, all of them in
//! one transaction; what other nodes added is read back a little later. A crash loses a second of counts. Subjects are stored as
//! keyed digests, so no address and no account can be read out of the table. What is remembered is bounded.
//!
//! # A clock that was ahead
//! A row that was last counted in the future was written under a wrong clock. Both of its instants are moved back by the same
//! time, so that the count stays what the count was: nobody is refused until the wrong time comes again. Whatever a row says, a
//! count is never more than the allowance and [`BEYOND`].

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
use crate::base::store::Store;

/// What is counted, and how gently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the store.
    pub name: &'static str,
    /// So many cost nothing.
    pub free: u32,
    /// One is forgotten in this time.
    pub leak: TimeDelta,
}

impl Rule {
    /// The longest that a count takes to leak away, in milliseconds.
    const fn longest(self) -> i64 {
        (self.free as i64 + BEYOND as i64) * millis(self.leak)
    }
}

/// Subjects that are counted at once, of each rule.
pub const ROOM: usize = 10_000;
/// How often counts go to the store …
const FLUSH: Duration = Duration::from_secs(1);
/// … and how many flushes lie between two looks at what other nodes counted.
const LOOK: u64 = 5;
/// How far back such a look goes, in milliseconds: further than the clocks of two nodes differ. A row of the store that lies
/// further ahead than this was written under a wrong clock.
const BACK: i64 = 60_000;
/// How many more than its allowance a count remembers. The waits of a throttle stop growing before.
pub const BEYOND: u32 = 16;
/// Flushes between two sweeps of the table.
const SWEEP: u64 = 600;
/// Rows of one statement.
const ROWS: usize = 500;

/// Name of the rule, digest of the subject.
type Name = (&'static str, [u8; 16]);

/// A count as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many have not leaked away.
    pub count: u32,
    /// When the last one was counted.
    pub last: DateTime<Utc>,
}

/// Instants in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    empty_at: i64,
    last_at: i64,
    /// What the store does not know yet.
    news: Option<News>,
}

#[derive(Clone, Copy, Debug, Default)]
struct News {
    /// How far the instant was moved …
    moved: i64,
    /// … after it was forgotten.
    is_reset: bool,
}

/// The counts of a process.
pub struct Counts {
    key: Key,
    has_allowances: bool,
    table: Mutex<Table>,
}

/// All counts, while nobody else counts.
#[derive(Default)]
pub struct Table {
    rows: HashMap<&'static str, HashMap<[u8; 16], Row>>,
}

impl Counts {
    /// Nothing counted yet. Without allowances, [`Counts::take`] refuses nothing.
    #[must_use]
    pub fn new(key: Key, has_allowances: bool) -> Self {
        Self { key, has_allowances, table: Mutex::default() }
    }

    /// The name of a subject, of which nothing can be read.
    #[must_use]
    pub fn digest(&self, rule: Rule, subject: &str) -> [u8; 16] {
        let mac = self.key.mac(&[rule.name.as_bytes(), subject.as_bytes()]);
        mac.first_chunk().copied().unwrap_or_default()
    }

    /// The table, to look and count in one step.
    pub fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one act of a subject that has an allowance of so many.
    ///
    /// # Errors
    /// `TooMany` where it is used up, with the seconds until one is free again.
    pub fn take(&self, rule: Rule, subject: &str, system: DateTime<Utc>) -> Result<()> {
        if !self.has_allowances {
            return Ok(());
        }
        let name = self.digest(rule, subject);
        let mut table = self.table();
        if table.get(rule, name, system).is_some_and(|c| c.count >= rule.free) {
            let row = table.rows.get(rule.name).and_then(|rows| rows.get(&name)).copied().unwrap_or_default();
            let over = row.empty_at - millis(rule.leak) * (i64::from(rule.free) - 1) - system.timestamp_millis();
            return Err(Error::TooMany { retry_after: over.max(1).unsigned_abs().div_ceil(1000) });
        }
        table.add(rule, name, system);
        Ok(())
    }

    /// Adds to the store what was counted since, all or nothing; what it cannot take is kept for the next time.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn flush(&self, store: &Store, system: DateTime<Utc>) -> Result<()> {
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

    /// Reads what was counted lately, by this node or another one; all of it at the start. Rows of a wrong clock are put right.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn read(&self, store: &Store, rules: &[Rule], system: DateTime<Utc>, all: bool) -> Result<()> {
        let now = system.timestamp_millis();
        let since = if all { 0 } else { now - BACK };
        let rows = limit_count::Entity::find().filter(limit_count::COLUMN.last_at.gte(since)).all(store.db()).await?;
        let mut learned = Vec::with_capacity(rows.len());
        for row in rows {
            let Some((rule, digest)) = row.name.split_once(':') else { continue };
            let mut subject = [0; 16];
            let rule = rules.iter().find(|known| known.name == rule);
            if let Some(rule) = rule.filter(|_| hex::decode_to_slice(digest, &mut subject).is_ok()) {
                learned.push((*rule, subject, Row { empty_at: row.empty_at, last_at: row.last_at, news: None }));
            }
        }
        let is_wrong = |rule: Rule, row: &Row| row.last_at.max(row.empty_at - rule.longest()) > now + BACK;
        if learned.iter().any(|(rule, _, row)| is_wrong(*rule, row)) {
            store.write(async |tx| put_right(tx, rules, now).await).await?;
        }
        let mut table = self.table();
        for (rule, subject, row) in learned {
            table.learn(rule, subject, row, now);
        }
        Ok(())
    }

    /// Keeps store and memory in step for as long as the process lives.
    pub async fn run(&self, store: &Store, clock: &Clock, rules: &[Rule]) {
        let mut timer = tokio::time::interval(FLUSH);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in 0u64.. {
            timer.tick().await;
            let system = clock.system();
            let mut outcome = self.flush(store, system).await;
            if round % LOOK == 0 {
                outcome = outcome.and(self.read(store, rules, system, round == 0).await);
            }
            if round % SWEEP == 0 {
                outcome = outcome.and(sweep(store, system).await);
            }
            if let Err(error) = outcome {
                tracing::warn!(error = %error, "counts wait for the store");
            }
        }
    }
}

impl Table {
    /// A count as it stands; none where nothing is left of it.
    #[must_use]
    pub fn get(&mut self, rule: Rule, subject: [u8; 16], system: DateTime<Utc>) -> Option<Count> {
        let row = self.rows.get_mut(rule.name)?.get_mut(&subject)?;
        row.hold(rule, system.timestamp_millis());
        let count = row.count(rule, system.timestamp_millis());
        let last = DateTime::from_timestamp_millis(row.last_at)?;
        (count > 0).then_some(Count { count, last })
    }

    /// Counts one more.
    pub fn add(&mut self, rule: Rule, subject: [u8; 16], system: DateTime<Utc>) {
        let now = system.timestamp_millis();
        let rows = self.rows.entry(rule.name).or_default();
        if rows.len() >= ROOM && !rows.contains_key(&subject) {
            make_room(rows, rule, now);
        }
        let row = rows.entry(subject).or_default();
        row.hold(rule, now);
        row.empty_at = row.empty_at.max(now) + millis(rule.leak);
        row.last_at = now;
        row.news.get_or_insert_default().moved += millis(rule.leak);
    }

    /// Takes one back.
    pub fn take_back(&mut self, rule: Rule, subject: [u8; 16]) {
        if let Some(row) = self.rows.get_mut(rule.name).and_then(|rows| rows.get_mut(&subject)) {
            row.empty_at -= millis(rule.leak);
            row.news.get_or_insert_default().moved -= millis(rule.leak);
        }
    }

    /// Forgets all of a subject.
    pub fn forget(&mut self, rule: Rule, subject: [u8; 16]) {
        if let Some(row) = self.rows.get_mut(rule.name).and_then(|rows| rows.get_mut(&subject)) {
            row.empty_at = 0;
            row.news = Some(News { moved: 0, is_reset: true });
        }
    }

    /// Takes out what the store does not know, in the order in which every node writes.
    fn take_news(&mut self) -> Vec<(Name, Row)> {
        let mut news = Vec::new();
        for (rule, rows) in &mut self.rows {
            for (subject, row) in rows.iter_mut().filter(|(_, row)| row.news.is_some()) {
                news.push(((*rule, *subject), *row));
                row.news = None;
            }
        }
        news.sort_unstable_by_key(|(name, _)| *name);
        news
    }

    fn give_back(&mut self, news: &[(Name, Row)]) {
        for ((rule, subject), old) in news {
            let row = self.rows.entry(rule).or_default().entry(*subject).or_insert(*old);
            let (old, new) = (old.news.unwrap_or_default(), row.news.unwrap_or_default());
            row.news =
                Some(if new.is_reset { new } else { News { moved: old.moved + new.moved, is_reset: old.is_reset } });
        }
    }

    /// What the store says, with what it does not know yet.
    fn learn(&mut self, rule: Rule, subject: [u8; 16], mut stored: Row, now: i64) {
        let rows = self.rows.entry(rule.name).or_default();
        if rows.len() >= ROOM && !rows.contains_key(&subject) {
            return;
        }
        let row = rows.entry(subject).or_default();
        row.hold(rule, now);
        stored.hold(rule, now);
        row.empty_at = match row.news {
            None => stored.empty_at,
            Some(news) if news.is_reset => row.empty_at,
            Some(news) => stored.empty_at.max(row.last_at) + news.moved,
        };
        row.last_at = row.last_at.max(stored.last_at);
    }
}

impl Row {
    /// Moves a row back that a clock wrote which was ahead, and keeps its count within bounds.
    fn hold(&mut self, rule: Rule, now: i64) {
        let ahead = (self.last_at - now).max(0);
        self.last_at -= ahead;
        self.empty_at = (self.empty_at - ahead).min(now + rule.longest());
    }

    fn count(self, rule: Rule, now: i64) -> u32 {
        let left = (self.empty_at - now).max(0).unsigned_abs();
        u32::try_from(left.div_ceil(millis(rule.leak).unsigned_abs().max(1))).unwrap_or(u32::MAX)
    }
}

/// Forgets what has leaked away; where that is nothing, the smallest and oldest count, so that a flood of made-up names
/// drives out itself and not the account that is under attack.
fn make_room(rows: &mut HashMap<[u8; 16], Row>, rule: Rule, now: i64) {
    rows.retain(|_, row| {
        row.hold(rule, now);
        row.empty_at > now || row.news.is_some_and(|news| news.is_reset)
    });
    if rows.len() >= ROOM {
        let least = rows.iter().min_by_key(|(_, row)| (row.count(rule, now), row.last_at)).map(|(name, _)| *name);
        if let Some(least) = least {
            rows.remove(&least);
        }
    }
}

const fn millis(time: TimeDelta) -> i64 {
    time.num_milliseconds()
}

async fn write(store: &Store, news: &[(Name, Row)], now: i64) -> Result<()> {
    let (forgotten, moved): (Vec<_>, Vec<_>) =
        news.iter().partition(|(_, row)| row.news.is_some_and(|news| news.is_reset));
    // Both read the same on SQLite and PostgreSQL.
    let later = "CASE WHEN excluded.last_at > limit_count.last_at THEN excluded.last_at ELSE limit_count.last_at END";
    let added = format!(
        "CASE WHEN limit_count.empty_at > {now} THEN limit_count.empty_at ELSE {now} END + excluded.empty_at - {now}"
    );
    let put = async |rows: &[&(Name, Row)], empty_at: &str, tx: &DatabaseTransaction| -> Result<()> {
        for rows in rows.chunks(ROWS) {
            let row = |((rule, subject), row): &&(Name, Row)| limit_count::ActiveModel {
                name: Set(format!("{rule}:{}", hex::encode(subject))),
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
        .write(async |tx| {
            put_right(tx, &[], now).await?;
            put(&moved, &added, tx).await?;
            put(&forgotten, "excluded.empty_at", tx).await
        })
        .await
}

/// Puts rows right that were written under a clock that was ahead: as [`Row::hold`] does.
async fn put_right(tx: &DatabaseTransaction, rules: &[Rule], now: i64) -> Result<()> {
    let (empty_at, last_at) = (limit_count::Column::EmptyAt, limit_count::Column::LastAt);
    let moved_back = Expr::cust(format!("empty_at - last_at + {now}"));
    limit_count::Entity::update_many()
        .col_expr(empty_at, moved_back)
        .col_expr(last_at, Expr::value(now))
        .filter(limit_count::COLUMN.last_at.gt(now + BACK))
        .exec(tx)
        .await?;
    for rule in rules {
        let most = now + rule.longest();
        limit_count::Entity::update_many()
            .col_expr(empty_at, Expr::value(most))
            .filter(limit_count::COLUMN.name.starts_with(format!("{}:", rule.name)))
            .filter(limit_count::COLUMN.empty_at.gt(most + BACK))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn sweep(store: &Store, system: DateTime<Utc>) -> Result<()> {
    let gone = system.timestamp_millis() - BACK;
    let empty = limit_count::Entity::delete_many().filter(limit_count::COLUMN.empty_at.lt(gone));
    let old = empty.filter(limit_count::COLUMN.last_at.lt(gone));
    store.write(async |tx| Ok(old.exec(tx).await.map(drop)?)).await
}
