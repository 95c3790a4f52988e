//! Following the whole chain: entries, openings, and every checkpoint that somebody kept.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::AuditEntryId;
use entity::{audit_entry, audit_opening};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{Chain, commitment, committed};
use super::{head, openings};
use crate::base::error::Result;

/// Entries that are read at once.
const PART: u64 = 1000;

/// What is wrong with a trail: the first thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Numbers have a gap.
    #[error("entry {entry} is missing: the next one is {found}")]
    Missing {
        /// The one that should be there.
        entry: i64,
        /// The one that is.
        found: i64,
    },
    /// Content, hash and the entry before do not belong together.
    #[error("entry {entry} is not what was recorded, or not what followed the entry before it")]
    Changed {
        /// Which.
        entry: i64,
    },
    /// An opening opens nothing.
    #[error("entry {entry}: what is kept as its {name} is not what it was recorded with")]
    Opening {
        /// Which.
        entry: i64,
        /// Name of the commitment.
        name: String,
    },
    /// An opening is gone.
    #[error("entry {entry}: its {name} is gone, and no entry says that it was erased")]
    Gone {
        /// Which.
        entry: i64,
        /// Name of the commitment.
        name: String,
    },
    /// The chain ends elsewhere than its head says.
    #[error("the head of the trail counts {head} entries, and entry {entry} is where they end")]
    Head {
        /// By the head.
        head: i64,
        /// The last entry.
        entry: i64,
    },
    /// A checkpoint covers more than there is.
    #[error("{file}: {size} entries were signed, and entry {entry} is missing")]
    Cut {
        /// Which checkpoint.
        file: String,
        /// What it covers.
        size: i64,
        /// The first that is missing.
        entry: i64,
    },
    /// A checkpoint covers other entries.
    #[error("{file}: entry {entry}, or one before it, was another when this was signed")]
    Rewritten {
        /// Which checkpoint.
        file: String,
        /// The last that it covers.
        entry: i64,
    },
    /// A checkpoint is not this trail's.
    #[error("{file}: is not a checkpoint that this trail's key signed")]
    Signature {
        /// Which checkpoint.
        file: String,
    },
}

impl Flaw {
    /// The entry at which it shows, where it is one of an entry.
    #[must_use]
    pub const fn entry(&self) -> Option<i64> {
        match self {
            Self::Missing { entry, .. }
            | Self::Changed { entry }
            | Self::Opening { entry, .. }
            | Self::Gone { entry, .. }
            | Self::Head { entry, .. }
            | Self::Cut { entry, .. }
            | Self::Rewritten { entry, .. } => Some(*entry),
            Self::Signature { .. } => None,
        }
    }
}

/// A checkpoint that somebody kept, its signature checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it lies.
    pub file: String,
    /// Entries that it covers.
    pub size: i64,
    /// Hash of the last of them.
    pub hash: String,
}

/// A trail that holds together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Its end.
    pub chain: Chain,
    /// Commitments that are open.
    pub open: u64,
    /// Commitments whose openings were erased.
    pub erased: u64,
    /// Checkpoints that it was compared with.
    pub checkpoints: usize,
    /// What the newest of them covers.
    pub covered: i64,
}

/// Follows the trail from its first entry, while others may write.
///
/// # Errors
/// A store that fails. What is wrong with the trail is the inner error.
pub async fn verify(db: &impl ConnectionTrait, kept: &[Kept]) -> Result<Result<Verified, Flaw>> {
    let mut walk = Walk::new(kept);
    loop {
        let read = match walk.on(db).await? {
            Ok(read) => read,
            Err(flaw) => return Ok(Err(flaw)),
        };
        let head = head(db).await?;
        let is_end = head.size <= walk.chain.size;
        if is_end || read == 0 {
            let agrees = head.size == walk.chain.size && head.hash == walk.chain.hash;
            // One that was entered after the head was read is met again by the next to verify.
            return Ok(if agrees { walk.end() } else { Err(walk.cut(head.size)) });
        }
    }
}

struct Walk<'a> {
    chain: Chain,
    kept: BTreeMap<i64, Vec<&'a Kept>>,
    open: u64,
    /// Commitments without an opening, and what entries say was erased.
    gone: BTreeSet<(i64, String)>,
    erased: Vec<(i64, i64)>,
}

impl<'a> Walk<'a> {
    fn new(kept: &'a [Kept]) -> Self {
        let mut by_size: BTreeMap<i64, Vec<&Kept>> = BTreeMap::new();
        for one in kept {
            by_size.entry(one.size).or_default().push(one);
        }
        Self { chain: Chain::default(), kept: by_size, open: 0, gone: BTreeSet::new(), erased: Vec::new() }
    }

    /// Follows what there is beyond the present place; gives how many entries.
    async fn on(&mut self, db: &impl ConnectionTrait) -> Result<Result<usize, Flaw>> {
        let mut read = 0;
        loop {
            let part = part(db, self.chain.size).await?;
            let (Some(first), Some(last)) = (part.first(), part.last()) else {
                return Ok(Ok(read));
            };
            let mut standing: BTreeMap<(i64, String), audit_opening::Model> = audit_opening::Entity::find()
                .filter(audit_opening::COLUMN.entry.between(first.number, last.number))
                .all(db)
                .await?
                .into_iter()
                .map(|row| ((row.entry.0, row.name.clone()), row))
                .collect();
            read += part.len();
            for entry in &part {
                if let Err(flaw) = self.push(entry, &mut standing) {
                    return Ok(Err(flaw));
                }
            }
            if let Some(((entry, name), _)) = standing.pop_first() {
                return Ok(Err(Flaw::Opening { entry, name }));
            }
        }
    }

    fn push(
        &mut self,
        entry: &audit_entry::Model,
        standing: &mut BTreeMap<(i64, String), audit_opening::Model>,
    ) -> Result<(), Flaw> {
        self.chain.push(entry)?;
        let number = entry.number.0;
        for (name, hash) in committed(entry) {
            match standing.remove(&(number, name.to_owned())) {
                Some(opening) if commitment(&opening) == hash => self.open += 1,
                Some(_) => return Err(Flaw::Opening { entry: number, name: name.to_owned() }),
                None => {
                    self.gone.insert((number, name.to_owned()));
                }
            }
        }
        self.erased.extend(openings::erased_by(entry));
        match self.kept.get(&number).and_then(|kept| kept.iter().find(|one| one.hash != entry.hash)) {
            Some(other) => Err(Flaw::Rewritten { file: other.file.clone(), entry: number }),
            None => Ok(()),
        }
    }

    /// The head names another end: a checkpoint tells it better, where one covers what is missing.
    fn cut(&self, head: i64) -> Flaw {
        self.beyond().unwrap_or(Flaw::Head { head, entry: self.chain.size })
    }

    fn beyond(&self) -> Option<Flaw> {
        let (size, kept) = self.kept.range(self.chain.size + 1..).next_back()?;
        let file = kept.first()?.file.clone();
        Some(Flaw::Cut { file, size: *size, entry: self.chain.size + 1 })
    }

    fn end(self) -> Result<Verified, Flaw> {
        if let Some(flaw) = self.beyond() {
            return Err(flaw);
        }
        let is_told = |entry: i64| self.erased.iter().any(|(first, last)| (*first..=*last).contains(&entry));
        if let Some((entry, name)) = self.gone.iter().find(|(entry, _)| !is_told(*entry)) {
            return Err(Flaw::Gone { entry: *entry, name: name.clone() });
        }
        Ok(Verified {
            chain: self.chain,
            open: self.open,
            erased: self.gone.len() as u64,
            checkpoints: self.kept.values().map(Vec::len).sum(),
            covered: self.kept.keys().next_back().copied().unwrap_or(0),
        })
    }
}

/// The next entries after a number, oldest first.
pub(super) async fn part(db: &impl ConnectionTrait, after: i64) -> Result<Vec<audit_entry::Model>> {
    Ok(audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.number.gt(AuditEntryId(after)))
        .order_by_asc(audit_entry::COLUMN.number)
        .limit(PART)
        .all(db)
        .await?)
}
