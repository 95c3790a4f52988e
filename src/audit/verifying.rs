//! Verification of the whole chain: entries, openings, and all checkpoints that somebody kept.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::AuditEntryId;
use entity::{audit_entry, audit_opening};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{Chain, commitment, committed};
use super::{head, openings};
use crate::base::error::Result;

/// Number of entries that are read at once.
const PART: u64 = 1000;

/// Flaw of a trail: the first one that the verification found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The numbers of the entries have a gap.
    #[error("entry {entry} is missing: the next one is {found}")]
    Missing {
        /// Number of the missing entry.
        entry: i64,
        /// Number of the next entry that exists.
        found: i64,
    },
    /// The content of an entry, its hash and the entry before do not match.
    #[error("entry {entry} is not what was recorded, or not what followed the entry before it")]
    Changed {
        /// Number of the changed entry.
        entry: i64,
    },
    /// An opening does not match any commitment of its entry.
    #[error("entry {entry}: what is kept as its {name} is not what it was recorded with")]
    Opening {
        /// Number of the entry with the commitment.
        entry: i64,
        /// Name of the commitment in that entry.
        name: String,
    },
    /// An opening is missing, and no entry records its erasure.
    #[error("entry {entry}: its {name} is gone, and no entry says that it was erased")]
    Gone {
        /// Number of the entry with the commitment.
        entry: i64,
        /// Name of the commitment in that entry.
        name: String,
    },
    /// The chain ends elsewhere than its head says.
    #[error("the head of the trail counts {head} entries, and entry {entry} is where they end")]
    Head {
        /// Number of entries according to the head.
        head: i64,
        /// Number of the last entry.
        entry: i64,
    },
    /// A checkpoint covers more entries than exist.
    #[error("{file}: {size} entries were signed, and entry {entry} is missing")]
    Cut {
        /// File with the checkpoint.
        file: String,
        /// Number of entries that the checkpoint covers.
        size: i64,
        /// Number of the first missing entry.
        entry: i64,
    },
    /// A checkpoint covers other entries than those of the trail.
    #[error("{file}: entry {entry}, or one before it, was another when this was signed")]
    Rewritten {
        /// File with the checkpoint.
        file: String,
        /// Number of the last entry that the checkpoint covers.
        entry: i64,
    },
    /// A checkpoint does not belong to this trail.
    #[error("{file}: is not a checkpoint that this trail's key signed")]
    Signature {
        /// File with the checkpoint.
        file: String,
    },
}

impl Flaw {
    /// Number of the entry with the flaw, for a flaw of an entry.
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

/// A checkpoint that somebody kept, with a verified signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Path of the file with the checkpoint.
    pub file: String,
    /// Number of entries that the checkpoint covers.
    pub size: i64,
    /// Hash of the last covered entry, in hexadecimal.
    pub hash: String,
}

/// A trail without a flaw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Number of entries and hash of the last one.
    pub chain: Chain,
    /// Number of commitments with openings.
    pub open: u64,
    /// Number of commitments whose openings were erased.
    pub erased: u64,
    /// Number of checkpoints with which the trail was compared.
    pub checkpoints: usize,
    /// Number of entries that the newest checkpoint covers; 0 without a checkpoint.
    pub covered: i64,
}

/// Verifies the trail from its first entry, while others may write.
///
/// # Errors
/// A store that fails. The inner error is the flaw of the trail.
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
            // An entry that was written after the head was read is left to the next verification.
            return Ok(if agrees { walk.end() } else { Err(walk.cut(head.size)) });
        }
    }
}

struct Walk<'a> {
    chain: Chain,
    kept: BTreeMap<i64, Vec<&'a Kept>>,
    open: u64,
    /// Commitments without an opening, and the runs of entries whose erasure is recorded.
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

    /// Verifies the entries after the present end; returns their number.
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

    /// Flaw of a chain whose head names another end. A checkpoint that covers missing entries gives the more precise flaw.
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

/// The next entries after a number, oldest first, at most [`PART`].
pub(super) async fn part(db: &impl ConnectionTrait, after: i64) -> Result<Vec<audit_entry::Model>> {
    Ok(audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.number.gt(AuditEntryId(after)))
        .order_by_asc(audit_entry::COLUMN.number)
        .limit(PART)
        .all(db)
        .await?)
}
