//! Issuing of anonymous and real-name passes.
//!
//! * Anonymous: the serial is the name of a block (4 bytes) and 28 random bytes. A block has some 4,096 passes, so its name
//!   identifies nothing finer than "one of 4,096", and it keeps inserts local in the store's index. Blocks are numbered as they are
//!   begun. Their names are those numbers under a key, so that a pass does not reveal how many passes were requested before. Nothing
//!   is written for a single pass. For a solved puzzle, block and 28 bytes follow from the puzzle
//!   ([`crate::pass::proof_of_work`]): the same solution gives the same pass.
//! * Real name: the serial is an HMAC of the person's nullifier under the campaign's pass key, and depends on nothing else. A
//!   repeated request gives the same pass. So a lost answer never costs anyone the vote, and a lost or emptied register gives
//!   nobody a second vote. The register has one row for each nullifier; before a count, the number of real-name ballots is
//!   compared with it. The response time does not reveal whether a person voted: a new and a known person cost nearly the same
//!   work, and no answer comes before all the work is done.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ballots::pass_block;
use entity::register::{nullifier, person_kind, register_shard};
use entity::stored::Track;
use public_log::leaf::Serial;
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr,
    sea_query::OnConflict,
};

use super::paper::Paper;
use super::pass_keys::PassKeys;
use super::person::Person;
use crate::base::clock::day_of;
use crate::base::error::{Error, Refusal, Result};
use crate::base::group_commit::{Answers, AsyncCommit, GroupCommit};
use crate::base::keys::{self, Key, Keys};
use crate::base::nodes::Shard;
use crate::base::store::{Store, Stores};
use crate::pass::proof_of_work::{Puzzles, Solved};
use crate::pass::seal::Pass;
use crate::pass::sealed_puzzle::BlockName;

/// Shortest time until a real-name pass is given. A new or an existing row in the register differs by some microseconds, which a
/// hundred thousand requests could measure. The time is longer than an ordinary disk needs to make the register durable, and
/// shorter than people notice.
const MIN_ANSWER_TIME: Duration = Duration::from_millis(50);
/// Number of passes that share a block number.
const BLOCK_SIZE: u16 = 4096;
/// Number of block numbers that a process reserves in the store at once.
const BLOCKS_RESERVED: i64 = 64;
/// Key of the row that numbers the blocks of all nodes.
const BLOCKS: i32 = 0;

/// Issues passes; cheap to clone.
#[derive(Clone)]
pub struct Issuing {
    ballots: Store,
    people: Store,
    /// Keys of the campaigns for the serials of real-name passes.
    pub pass_keys: PassKeys,
    register: GroupCommit<Request, ()>,
    blocks: Arc<tokio::sync::Mutex<Blocks>>,
    kinds: Arc<tokio::sync::Mutex<HashMap<String, String>>>,
}

#[derive(Default)]
struct Blocks {
    current: i64,
    end: i64,
    used: u16,
}

/// A request to enter a person into the register.
struct Request {
    campaign: String,
    nullifier: [u8; 32],
    today: NaiveDate,
}

impl Issuing {
    /// Starts the writer of the register. The shard tells which rows only this process writes.
    #[must_use]
    pub fn start(stores: &Stores, shard: Shard, keys: &Keys) -> Self {
        Self {
            ballots: stores.ballots.clone(),
            people: stores.register.clone(),
            pass_keys: PassKeys::of(stores.main.clone(), keys),
            register: GroupCommit::start(Register { store: stores.register.clone(), shard }),
            blocks: Arc::default(),
            kinds: Arc::default(),
        }
    }

    /// A fresh anonymous pass. The caller checks the proof of work and the rate limits.
    ///
    /// # Errors
    /// `ballot.track` where the campaign takes no anonymous ballots; a store that fails.
    pub async fn anonymous(&self, paper: &Paper) -> Result<Pass> {
        takes(paper, Track::Anonymous)?;
        let block = self.block(paper).await?;
        self.count_pass().await;
        Ok(seal(paper, block, keys::random()?))
    }

    /// The anonymous pass of a solved puzzle. Every repetition gives the same pass, as long as the puzzle is valid.
    ///
    /// # Errors
    /// As [`Issuing::anonymous`]; `pass.network` for a puzzle of another network that is not remembered as redeemed; refusals of
    /// `count`, which counts one more pass.
    pub async fn for_work(
        &self,
        paper: &Paper,
        puzzles: &Puzzles,
        solved: &Solved,
        count: impl FnOnce() -> Result<()>,
    ) -> Result<Pass> {
        takes(paper, Track::Anonymous)?;
        if !puzzles.is_redeemed(solved)? {
            solved.check_network()?;
            if puzzles.redeem(solved, count)? {
                self.count_pass().await;
            }
        }
        Ok(seal(paper, solved.block, solved.tail))
    }

    /// Key of a campaign's puzzles. The key is destroyed with the pass key from which it is derived.
    ///
    /// # Errors
    /// A pass key that was lost or does not match the paper; a store that fails.
    pub async fn puzzle_key(&self, paper: &Paper) -> Result<Key> {
        Ok(self.pass_keys.key(paper).await?.derive("puzzle/1", &paper.campaign))
    }

    /// Name of the block for the next passes of a campaign. A block has some 4,096 passes: the next block begins once so many
    /// passes were given.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn block(&self, paper: &Paper) -> Result<BlockName> {
        let mut blocks = self.blocks.lock().await;
        if blocks.used >= BLOCK_SIZE || blocks.end == 0 {
            blocks.current += 1;
            blocks.used = 0;
        }
        if blocks.current >= blocks.end {
            let end = self.ballots.write(reserve).await?;
            blocks.current = end - BLOCKS_RESERVED;
            blocks.end = end;
        }
        Ok(paper.block_name(u32::try_from(blocks.current).unwrap_or(u32::MAX)))
    }

    /// Counts a pass that was given for the first time.
    async fn count_pass(&self) {
        let mut blocks = self.blocks.lock().await;
        blocks.used = blocks.used.saturating_add(1);
    }

    /// The pass of [`Issuing::real_name`], delayed to at least `MIN_ANSWER_TIME`, for a client who waits for the answer and could
    /// measure its time.
    ///
    /// # Errors
    /// As [`Issuing::real_name`].
    pub async fn real_name_unhurried(&self, paper: &Paper, person: &Person, now: DateTime<Utc>) -> Result<Pass> {
        let (answer, ()) = tokio::join!(self.real_name(paper, person, now), tokio::time::sleep(MIN_ANSWER_TIME));
        answer
    }

    /// The pass of a person whose identity was proved. Every repetition gives the same pass, while voting is open.
    ///
    /// # Errors
    /// `ballot.track` where the campaign takes no real-name ballots; `pass.kind` where the campaign counts people of another
    /// kind; `Busy`; a store that fails.
    pub async fn real_name(&self, paper: &Paper, person: &Person, now: DateTime<Utc>) -> Result<Pass> {
        takes(paper, Track::RealName)?;
        self.check_kind(&paper.campaign, person).await?;
        // The key comes before the row: where the key was lost, everybody is refused and nobody is entered.
        let key = self.pass_keys.key(paper).await?;
        let nullifier = paper.nullifier(person);
        self.register.send(Request { campaign: paper.campaign.to_string(), nullifier, today: day_of(now) }).await?;
        Ok(paper.sealer.seal(Track::RealName, key.mac(&[b"serial/2", &nullifier])))
    }

    /// Whether the writer of the register is still running.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.register.is_alive()
    }

    /// Destroys the key that could link a person to a ballot, at the close. Also rewrites the register in order, so that it no
    /// longer tells the order in which people came.
    ///
    /// # Errors
    /// A store that fails, or that somebody reads without a pause.
    pub async fn forget(&self, campaign: &str) -> Result<()> {
        let entered = nullifier::Entity::find().filter(nullifier::COLUMN.campaign.eq(campaign)).limit(1);
        if self.pass_keys.has(campaign).await? && entered.one(self.people.db()).await?.is_some() {
            self.people.put_in_order("nullifier", "campaign, nullifier").await?;
        }
        self.pass_keys.destroy(campaign).await
    }

    /// Checks that the campaign counts people of this kind. The first person decides the kind.
    async fn check_kind(&self, campaign: &str, person: &Person) -> Result<()> {
        // The lock is held while the store is asked: of many first requests at once, only one asks.
        let mut kinds = self.kinds.lock().await;
        let standing = match kinds.get(campaign) {
            Some(standing) => standing.clone(),
            None => {
                let kind = person.kind();
                let standing = self.people.write(async |tx| enter_kind(tx, campaign, &kind).await).await?;
                kinds.insert(campaign.to_owned(), standing.clone());
                standing
            }
        };
        if standing == person.kind() { Ok(()) } else { Err(Error::conflict("pass.kind")) }
    }
}

fn takes(paper: &Paper, track: Track) -> Result<()> {
    if paper.takes(track) { Ok(()) } else { Err(Error::field("track", Refusal::new("ballot.track"))) }
}

fn seal(paper: &Paper, block: BlockName, tail: [u8; 28]) -> Pass {
    let mut serial: Serial = [0; 32];
    serial[..4].copy_from_slice(&block);
    serial[4..].copy_from_slice(&tail);
    paper.sealer.seal(Track::Anonymous, serial)
}

/// Reserves the next range of block numbers in the store. A crash wastes the rest of a range, and never repeats one.
async fn reserve(tx: &DatabaseTransaction) -> Result<i64> {
    let row = pass_block::ActiveModel { node: Set(BLOCKS), next: Set(BLOCKS_RESERVED) };
    let step = Expr::col((pass_block::Entity, pass_block::Column::Next)).add(BLOCKS_RESERVED);
    pass_block::Entity::insert(row)
        .on_conflict(OnConflict::column(pass_block::Column::Node).value(pass_block::Column::Next, step).to_owned())
        .exec_without_returning(tx)
        .await?;
    let row = pass_block::Entity::find_by_id(BLOCKS).one(tx).await?;
    row.map(|r| r.next).ok_or_else(|| Error::Internal("no pass block".to_owned()))
}

struct Register {
    store: Store,
    shard: Shard,
}

impl AsyncCommit<Request, ()> for Register {
    async fn commit(&mut self, requests: Vec<Request>) -> Result<Answers<()>> {
        let shard = self.shard.current();
        self.store.write(async |tx| enter(tx, shard, &requests).await).await?;
        Ok(Box::pin(async move { requests.iter().map(|_| Ok(())).collect() }))
    }
}

/// Enters the kind of people that a campaign counts, unless a kind is entered already. Returns the kind that is entered.
async fn enter_kind(tx: &DatabaseTransaction, campaign: &str, kind: &str) -> Result<String> {
    let row = person_kind::ActiveModel { campaign: Set(campaign.to_owned()), kind: Set(kind.to_owned()) };
    person_kind::Entity::insert(row)
        .on_conflict(OnConflict::column(person_kind::Column::Campaign).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let row = person_kind::Entity::find_by_id(campaign).one(tx).await?;
    row.map(|row| row.kind).ok_or_else(|| Error::Internal("no kind of people".to_owned()))
}

/// Enters the new nullifiers. An existing row is written again unchanged: otherwise the writing time would distinguish it from a
/// new row.
async fn enter(tx: &DatabaseTransaction, shard: i32, requests: &[Request]) -> Result<()> {
    let shard = register_shard::ActiveModel { shard: Set(shard), commits: Set(1) };
    let step = Expr::col((register_shard::Entity, register_shard::Column::Commits)).add(1);
    register_shard::Entity::insert(shard)
        .on_conflict(
            OnConflict::column(register_shard::Column::Shard).value(register_shard::Column::Commits, step).to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    // PostgreSQL refuses to write one row twice in a statement, so duplicates are removed.
    let once: BTreeMap<(&str, [u8; 32]), NaiveDate> =
        requests.iter().map(|r| ((r.campaign.as_str(), r.nullifier), r.today)).collect();
    let rows = once.iter().map(|((campaign, nullifier), today)| nullifier::ActiveModel {
        campaign: Set((*campaign).to_owned()),
        nullifier: Set(nullifier.to_vec()),
        issued_on: Set(*today),
    });
    let standing = Expr::col((nullifier::Entity, nullifier::Column::IssuedOn));
    let key = OnConflict::columns([nullifier::Column::Campaign, nullifier::Column::Nullifier])
        .value(nullifier::Column::IssuedOn, standing)
        .to_owned();
    nullifier::Entity::insert_many(rows).on_conflict(key).exec_without_returning(tx).await?;
    Ok(())
}
