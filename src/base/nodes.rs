//! Leases of the processes (nodes) that serve one site: each has a shard, and one of them does the work that the clock starts.
//!
//! All instants are those of the database, so the clocks of the machines do not have to agree. A lease saves work and decides
//! nothing: a node that was frozen and goes on after the end of its lease does no harm, because all work is safe when two do it
//! ([`crate::ballot_log`], [`crate::scheduler`]). On SQLite the same code runs, and nobody else asks for a lease.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{job, node};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, SqlErr, Statement, TryInsertResult,
};

use super::clock::stamp;
use super::error::{Error, Result};
use super::main_store::{Changes, Main};

/// Length of the lease of a node.
const NODE_LEASE: TimeDelta = TimeDelta::seconds(20);
/// Length of the lease of the scheduler's work.
const JOB_LEASE: Duration = Duration::from_secs(15);
/// Time between two renewals.
const RENEWAL: Duration = Duration::from_secs(5);
/// Time until the next attempt after a renewal that failed.
const RETRY: Duration = Duration::from_secs(1);
/// Longest time that a starting node waits for the lease of a node that ended without giving the lease back.
const PATIENCE: Duration = Duration::from_secs(25);
/// Greatest difference between the clock of this machine and that of the database at which a node is ready. The close of a vote is
/// decided by the clock of the node that takes the ballot.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(2);
/// Name of the scheduler's work.
const SCHEDULER: &str = "scheduler";

/// Number of the rows that only this process writes, so that writers of several nodes do not wait for each other. Cheap to clone; all
/// clones change together. 0 until the process is a node: the number is a matter of speed only.
#[derive(Clone, Debug, Default)]
pub struct Shard(Arc<AtomicI32>);

impl Shard {
    /// The present number.
    #[must_use]
    pub fn current(&self) -> i32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The lease of this process beside those of others. Cheap to clone.
#[derive(Clone)]
pub struct Nodes(Arc<Inner>);

struct Inner {
    main: Main,
    name: String,
    /// Whether several nodes find the same objects.
    are_objects_shared: bool,
    shard: Shard,
    held: Mutex<Held>,
    is_stopping: AtomicBool,
}

/// State of the leases of this process, by its own monotonic clock.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// Last renewal of the node's lease; none before the process is a node.
    renewed: Option<Instant>,
    /// Beginning of the last renewal that got the scheduler's work; none where another node does the work.
    works_since: Option<Instant>,
    /// Clock of this machine minus clock of the database, at the last renewal.
    clock_difference: TimeDelta,
}

impl Nodes {
    /// The leases of a site, for the process that uses this data directory. A process that comes back after a crash takes its own
    /// lease again.
    #[must_use]
    pub fn new(main: Main, shard: Shard, data: &Path, are_objects_shared: bool) -> Self {
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let folder = data.canonicalize().unwrap_or_else(|_| data.to_owned());
        let name = format!("{}:{}", machine.trim(), folder.display());
        let (held, is_stopping) = (Mutex::default(), AtomicBool::new(false));
        Self(Arc::new(Inner { main, name, are_objects_shared, shard, held, is_stopping }))
    }

    /// Makes this process a node. Waits up to 25 seconds for the lease of a node that has gone.
    ///
    /// # Errors
    /// Another node, where the objects are in this node's data directory; a store that fails.
    pub async fn join(&self) -> Result<()> {
        let begun = Instant::now();
        while !self.renew().await? {
            if begun.elapsed() >= PATIENCE {
                return Err(Error::Internal(
                    "another process serves this site from another data directory. Several processes need one place for the public \
                     logs and the evidence: the setting `objects`"
                        .to_owned(),
                ));
            }
            tracing::warn!("another process serves this site; waiting for the end of its lease");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    }

    /// Renews the leases every 5 seconds, until the process leaves.
    pub async fn run(&self) {
        let mut timer = tokio::time::interval(RENEWAL);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            if self.is_stopping() {
                return;
            }
            match self.renew().await {
                Ok(true) => continue,
                Ok(false) => {
                    tracing::error!(
                        "another process excludes this one: it serves this site, or it chose the same shard"
                    )
                }
                Err(error) => tracing::warn!(error = %error, "the lease of this node was not renewed"),
            }
            timer.reset_after(RETRY);
        }
    }

    /// Whether this process does the scheduler's work at this moment: a node with the lease, or a process that is no node.
    #[must_use]
    pub fn works(&self) -> bool {
        let Held { renewed, works_since, .. } = self.held();
        // A clock that is wrong could end a vote.
        renewed.is_none() || self.is_in_step() && works_since.is_some_and(|since| since.elapsed() < JOB_LEASE)
    }

    /// Whether this process is no node, or a node whose lease runs and whose clock is near that of the database.
    #[must_use]
    pub fn is_in_step(&self) -> bool {
        let Held { renewed, clock_difference, .. } = self.held();
        let lease = NODE_LEASE.to_std().unwrap_or_default();
        renewed.is_none_or(|at| at.elapsed() < lease && clock_difference.abs() <= CLOCK_DIFFERENCE)
    }

    /// Says that the process is about to stop: it is not ready any more.
    pub fn stop(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }

    /// Whether other nodes can take over requests while this one stops.
    #[must_use]
    pub fn can_have_others(&self) -> bool {
        self.0.are_objects_shared
    }

    /// Gives the leases back, at the end of the process.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn leave(&self) -> Result<()> {
        let name = &self.0.name;
        self.0
            .main
            .write(Changes::Internal, async |tx| {
                job::Entity::delete_many().filter(job::COLUMN.node.eq(name)).exec(tx).await?;
                node::Entity::delete_by_id(name.clone()).exec(tx).await?;
                Ok(())
            })
            .await
    }

    /// Takes or renews the leases once; false where another node excludes this one for now.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn renew(&self) -> Result<bool> {
        let begun = Instant::now();
        let renewed = self.0.main.write(Changes::Internal, async |tx| self.lease(tx).await).await;
        let lease = match renewed {
            // Two nodes began at the same moment and chose the same shard.
            Err(Error::Database(error)) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                None
            }
            other => other?,
        };
        let Some(Lease { shard, works, clock_difference }) = lease else {
            return Ok(false);
        };
        self.0.shard.0.store(shard, Ordering::Relaxed);
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) =
            Held { renewed: Some(begun), works_since: works.then_some(begun), clock_difference };
        Ok(true)
    }

    async fn lease(&self, tx: &DatabaseTransaction) -> Result<Option<Lease>> {
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared("SET LOCAL lock_timeout = '2s'").await?;
        }
        let (now, clock_difference) = now(tx).await?;
        let others = node::Entity::find().order_by_asc(node::Column::Name).lock_exclusive().all(tx).await?;
        let (own, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|other| other.name == self.0.name);
        // On SQLite the lock of the data directory says that nobody else serves.
        let is_alone = tx.get_database_backend() == DbBackend::Sqlite;
        let (live, gone): (Vec<_>, Vec<_>) = others.into_iter().partition(|other| other.until >= now && !is_alone);
        if !live.is_empty() && !self.0.are_objects_shared {
            return Ok(None);
        }
        node::Entity::delete_many()
            .filter(node::COLUMN.name.is_in(gone.into_iter().map(|other| other.name)))
            .exec(tx)
            .await?;
        let shard = match own.first() {
            Some(own) => own.shard,
            None => (0..).find(|shard| live.iter().all(|other| other.shard != *shard)).unwrap_or_default(),
        };
        let row = node::Model { name: self.0.name.clone(), shard, until: now + NODE_LEASE };
        node::Entity::insert(row.into_active_model())
            .on_conflict(
                sea_orm::sea_query::OnConflict::column(node::Column::Name)
                    .update_column(node::Column::Until)
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
        let works = take_work(tx, &self.0.name, now).await?;
        Ok(Some(Lease { shard, works, clock_difference }))
    }

    fn held(&self) -> Held {
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A renewed lease of a node.
struct Lease {
    shard: i32,
    works: bool,
    clock_difference: TimeDelta,
}

/// Takes or renews the lease of the scheduler's work; returns whether this node has the lease.
async fn take_work(tx: &DatabaseTransaction, name: &str, now: DateTime<Utc>) -> Result<bool> {
    let until = now + TimeDelta::from_std(JOB_LEASE).unwrap_or(NODE_LEASE);
    let standing = job::Entity::find_by_id(SCHEDULER).lock_exclusive().one(tx).await?;
    let row = job::ActiveModel { name: Set(SCHEDULER.to_owned()), node: Set(name.to_owned()), until: Set(until) };
    match standing {
        None => {
            let inserted = job::Entity::insert(row).on_conflict_do_nothing_on([job::Column::Name]);
            Ok(matches!(inserted.exec_without_returning(tx).await?, TryInsertResult::Inserted(_)))
        }
        Some(standing) if standing.node == name || standing.until < now => {
            job::Entity::update(row).exec(tx).await?;
            Ok(true)
        }
        Some(_) => Ok(false),
    }
}

/// The present instant by the clock of the database, and the least difference by which the clock of this machine is off: none, where
/// the instant lies between the question and its answer.
async fn now(tx: &DatabaseTransaction) -> Result<(DateTime<Utc>, TimeDelta)> {
    let asked = stamp();
    if tx.get_database_backend() == DbBackend::Sqlite {
        return Ok((asked, TimeDelta::zero()));
    }
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()")).await?;
    let row = row.ok_or_else(|| Error::Internal("the database tells no time".to_owned()))?;
    let now: DateTime<Utc> = row.try_get_by_index(0)?;
    let answered = stamp();
    let difference = if now < asked { asked - now } else { (now - answered).max(TimeDelta::zero()) };
    Ok((now, difference))
}
