//! The ballot box: one writer in each process.
//!
//! The inserting transaction reads the state of the paper, whose row is locked against the close by another node. So ballots and the
//! close always have one order. Casting is idempotent: a repeated ballot is answered with its first receipt, and
//! a different ballot under the same pass is refused. Counts change in the same transaction, by the rows that were really
//! inserted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::ballots::{ballot_paper, writer_shard};
use entity::stored::{PaperState, Track};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    IntoActiveModel, QueryFilter, QuerySelect, Value, sea_query::Expr, sea_query::OnConflict,
};

use super::many_rows::ManyRows;
use super::promises::Promises;
use crate::base::clock::Clock;
use crate::base::error::{Error, Refusal, Result};
use crate::base::group_commit::{Answers, AsyncCommit, GroupCommit};
use crate::base::nodes::Shard;
use crate::base::store::Store;
use crate::pass::paper::{Checked, closed};

/// An order to the writer.
enum Command {
    Cast(Checked),
    Paper(Box<ballot_paper::Model>),
}

/// Whether a ballot was counted now or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// The ballot is counted now.
    New,
    /// The same ballot was counted before; the receipt number is unchanged.
    Again,
}

/// A ballot that counts, with the evidence for its voter.
#[derive(Clone, Debug)]
pub struct CountedBallot {
    /// Whether the ballot was counted now or before.
    pub cast: Cast,
    /// Signed promise that the ballot is in the log by the instant that its paper names.
    pub promise: String,
}

/// Answer of the writer: a ballot that counts; none to a paper.
type Answer = Option<CountedBallot>;

/// The handle by which callers reach the writer; cheap to clone.
#[derive(Clone)]
pub struct BallotBox {
    orders: GroupCommit<Command, Answer>,
}

impl BallotBox {
    /// Starts the writer. The shard tells which rows only this process writes.
    #[must_use]
    pub fn start(store: Store, shard: Shard, clock: Clock, promises: Promises) -> Self {
        let writer = Writer { sql: Sql::new(store.backend()), store, shard, clock, promises };
        Self { orders: GroupCommit::start(writer) }
    }

    /// Casts a ballot. A positive answer means that the ballot is durable.
    ///
    /// # Errors
    /// `ballot.not_open`, `ballot.closed`, `ballot.suspended`, `ballot.cancelled`, `ballot.pass_used`; `Busy`.
    pub async fn cast(&self, ballot: Checked) -> Result<CountedBallot> {
        counted(self.orders.send(Command::Cast(ballot)).await?)
    }

    /// Casts a ballot as [`BallotBox::cast`] does, but waits while the queue is full: for the demo and for imports.
    ///
    /// # Errors
    /// As [`BallotBox::cast`].
    pub async fn cast_patiently(&self, ballot: Checked) -> Result<CountedBallot> {
        counted(self.orders.send_patiently(Command::Cast(ballot)).await?)
    }

    /// Puts a campaign's paper into the box or changes its state. The operation is idempotent. A closed paper stays closed.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn put_paper(&self, paper: ballot_paper::Model) -> Result<()> {
        self.orders.send_patiently(Command::Paper(Box::new(paper))).await.map(|_| ())
    }

    /// Whether the writer is still running.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.orders.is_alive()
    }

    /// Number of ballots that wait for the writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.orders.waiting()
    }
}

fn counted(answer: Answer) -> Result<CountedBallot> {
    answer.ok_or_else(|| Error::Internal("the writer took a ballot for a paper".to_owned()))
}

struct Writer {
    store: Store,
    shard: Shard,
    clock: Clock,
    promises: Promises,
    sql: Sql,
}

impl AsyncCommit<Command, Answer> for Writer {
    async fn commit(&mut self, orders: Vec<Command>) -> Result<Answers<Answer>> {
        let mut ballots = Vec::with_capacity(orders.len());
        let mut papers = Vec::new();
        let are_ballots: Vec<bool> = orders.iter().map(|order| matches!(order, Command::Cast(_))).collect();
        for order in orders {
            match order {
                Command::Cast(ballot) => ballots.push(ballot),
                Command::Paper(paper) => papers.push(*paper),
            }
        }
        let (now, sql, shard) = (self.clock.now(), &self.sql, self.shard.current());
        let outcomes = self
            .store
            .write(async |tx| {
                for paper in papers {
                    put(tx, paper).await?;
                }
                take(tx, sql, shard, &ballots, now).await
            })
            .await?;
        let promises = self.promises.clone();
        Ok(Box::pin(async move {
            let mut counted = promises.sign(&ballots, outcomes).await.into_iter();
            let lost = || Err(Error::Busy { retry_after: 5 });
            let answer = |is_ballot: bool| match is_ballot {
                true => counted.next().unwrap_or_else(lost).map(Some),
                false => Ok(None),
            };
            are_ballots.into_iter().map(answer).collect()
        }))
    }
}

async fn put(tx: &DatabaseTransaction, paper: ballot_paper::Model) -> Result<()> {
    let campaign = paper.campaign.clone();
    let state = paper.state;
    ballot_paper::Entity::insert(paper.into_active_model())
        .on_conflict_do_nothing_on([ballot_paper::Column::Campaign])
        .exec_without_returning(tx)
        .await?;
    ballot_paper::Entity::update_many()
        .col_expr(ballot_paper::Column::State, Expr::value(state))
        .filter(ballot_paper::COLUMN.campaign.eq(campaign))
        .filter(ballot_paper::COLUMN.state.ne(PaperState::Closed))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores a batch of ballots. Returns one outcome for each ballot.
async fn take(
    tx: &DatabaseTransaction,
    sql: &Sql,
    shard: i32,
    ballots: &[Checked],
    now: DateTime<Utc>,
) -> Result<Vec<Result<Cast>>> {
    step_shard(tx, shard).await?;
    let refusals = refusals(tx, ballots, now).await?;
    // The same pass may occur twice in one batch: only its first ballot goes to the store.
    let mut first: HashMap<(&str, &[u8; 32]), usize> = HashMap::with_capacity(ballots.len());
    let mut sent = Vec::with_capacity(ballots.len());
    for (n, ballot) in ballots.iter().enumerate() {
        if !refusals.contains_key(&*ballot.campaign) {
            first.entry((&ballot.campaign, &ballot.serial)).or_insert_with(|| {
                sent.push(n);
                n
            });
        }
    }
    let inserted = insert(tx, sql, ballots, &sent).await?;
    let mut stored: HashMap<usize, Vec<u8>> = HashMap::new();
    let mut counts = BTreeMap::new();
    let mut again = HashSet::new();
    for (n, ballot) in ballots.iter().enumerate().filter(|(_, ballot)| refusals.contains_key(&*ballot.campaign)) {
        // The same ballot again, after the close: a voter who lost the answer gets the receipt.
        if find_leaf(tx, ballot).await?.is_some_and(|leaf| leaf == ballot.leaf) {
            again.insert(n);
        }
    }
    for n in sent {
        let Some(ballot) = ballots.get(n) else {
            continue;
        };
        if inserted.contains(ballot.serial.as_slice()) {
            count(&mut counts, ballot);
        } else {
            stored.insert(n, stored_leaf(tx, ballot).await?);
        }
    }
    add(tx, sql, shard, counts).await?;
    let outcomes = ballots.iter().enumerate().map(|(n, ballot)| {
        if let Some(refusal) = refusals.get(&*ballot.campaign) {
            return if again.contains(&n) { Ok(Cast::Again) } else { Err(Error::Conflict(refusal.clone())) };
        }
        let at = first.get(&(&*ballot.campaign, &ballot.serial)).copied().unwrap_or(n);
        let standing = stored.get(&at).map(Vec::as_slice).or_else(|| ballots.get(at).map(|b| b.leaf.as_slice()));
        match (at == n && !stored.contains_key(&n), standing == Some(ballot.leaf.as_slice())) {
            (true, _) => Ok(Cast::New),
            (false, true) => Ok(Cast::Again),
            (false, false) => Err(Error::conflict("ballot.pass_used")),
        }
    });
    Ok(outcomes.collect())
}

/// Counts the commit. Every transaction has to write something, also when all its ballots are stored already. PostgreSQL waits
/// for a standby only after transactions that wrote, so a failover could lose a retry that was answered without a write.
async fn step_shard(tx: &DatabaseTransaction, shard: i32) -> Result<()> {
    let row = writer_shard::ActiveModel { shard: Set(shard), commits: Set(1) };
    let step = Expr::col((writer_shard::Entity, writer_shard::Column::Commits)).add(1);
    writer_shard::Entity::insert(row)
        .on_conflict(
            OnConflict::column(writer_shard::Column::Shard).value(writer_shard::Column::Commits, step).to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The reasons why campaigns take no ballots at this instant; campaigns that take ballots are absent.
async fn refusals(
    tx: &DatabaseTransaction,
    ballots: &[Checked],
    now: DateTime<Utc>,
) -> Result<HashMap<Arc<str>, Refusal>> {
    let mut campaigns: Vec<&Arc<str>> = ballots.iter().map(|b| &b.campaign).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    let mut refusals = HashMap::new();
    for campaign in campaigns {
        // PostgreSQL: a shared lock makes a close wait for this transaction, and this transaction wait for a close.
        let paper = ballot_paper::Entity::find_by_id(&**campaign).lock_shared().one(tx).await?;
        if let Some(refusal) = paper.as_ref().map_or(Some(Refusal::new("ballot.no_paper")), |p| closed(p, now)) {
            refusals.insert(Arc::clone(campaign), refusal);
        }
    }
    Ok(refusals)
}

/// Inserts the ballots at the given positions. Returns the serials that were not stored before. Every serial is sealed for its
/// campaign, so no two campaigns share a serial.
async fn insert(
    tx: &DatabaseTransaction,
    sql: &Sql,
    ballots: &[Checked],
    positions: &[usize],
) -> Result<HashSet<Vec<u8>>> {
    let mut inserted = HashSet::with_capacity(positions.len());
    let rows: Vec<[Value; 6]> = positions
        .iter()
        .filter_map(|n| ballots.get(*n))
        .map(|b| {
            [
                b.campaign.to_string().into(),
                b.serial.to_vec().into(),
                b.track.code().into(),
                b.province.clone().into(),
                b.choices.clone().into(),
                b.leaf.to_vec().into(),
            ]
        })
        .collect();
    for statement in sql.ballots.of(rows) {
        for row in tx.query_all_raw(statement).await? {
            inserted.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(inserted)
}

async fn stored_leaf(tx: &DatabaseTransaction, ballot: &Checked) -> Result<Vec<u8>> {
    find_leaf(tx, ballot).await?.ok_or_else(|| Error::Internal("a ballot neither inserted nor stored".to_owned()))
}

/// The leaf hash of the ballot that spent the pass; none while the pass is unspent.
async fn find_leaf(tx: &DatabaseTransaction, ballot: &Checked) -> Result<Option<Vec<u8>>> {
    use entity::ballots::ballot;
    Ok(ballot::Entity::find_by_id((ballot.campaign.to_string(), ballot.serial.to_vec()))
        .select_only()
        .column(ballot::Column::Leaf)
        .into_tuple()
        .one(tx)
        .await?)
}

type Counts = BTreeMap<(Arc<str>, Track, String, String), i64>;

fn count(counts: &mut Counts, ballot: &Checked) {
    for option in std::iter::once("").chain(ballot.choices.split(',')) {
        *counts
            .entry((Arc::clone(&ballot.campaign), ballot.track, ballot.province.clone(), option.to_owned()))
            .or_default() += 1;
    }
}

async fn add(tx: &DatabaseTransaction, sql: &Sql, shard: i32, counts: Counts) -> Result<()> {
    let rows: Vec<[Value; 6]> = counts
        .into_iter()
        .map(|((campaign, track, province, option), n)| {
            [campaign.to_string().into(), shard.into(), track.code().into(), province.into(), option.into(), n.into()]
        })
        .collect();
    for statement in sql.counts.of(rows) {
        tx.execute_raw(statement).await?;
    }
    Ok(())
}

/// The statements that the writer repeats.
struct Sql {
    ballots: ManyRows<6>,
    counts: ManyRows<6>,
}

impl Sql {
    fn new(backend: DbBackend) -> Self {
        Self {
            ballots: ManyRows::new(
                backend,
                "INSERT INTO ballot (campaign, serial, track, province, choices, leaf) VALUES",
                "ON CONFLICT DO NOTHING RETURNING serial",
            ),
            counts: ManyRows::new(
                backend,
                "INSERT INTO ballot_count (campaign, shard, track, province, option, n) VALUES",
                "ON CONFLICT (campaign, shard, track, province, option) DO UPDATE SET n = ballot_count.n + excluded.n",
            ),
        }
    }
}
