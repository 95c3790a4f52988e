//! The chain: what is hashed of an entry, and what follows what. Pure.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::{audit_entry, audit_opening};
use sha2::{Digest, Sha256};

use super::verifying::Flaw;

/// Begins the hashed bytes of an entry: a later form has another word.
const ENTRY: &str = "shudu/audit/1";
/// Begins the hashed bytes of a commitment.
const OPENING: &str = "shudu/audit/opening/1";
/// Stands for the hash before the first entry.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of an entry that follows another one: SHA-256, hexadecimal.
#[must_use]
pub fn hash(entry: &audit_entry::Model, previous: &str) -> String {
    digest(&[
        ENTRY,
        &entry.number.to_string(),
        previous,
        &time(entry.at),
        &time(entry.system_at),
        &entry.actor_id.map(|id| id.to_string()).unwrap_or_default(),
        &entry.capacity,
        &entry.on_behalf_of.map(|id| id.to_string()).unwrap_or_default(),
        &entry.act,
        &entry.object,
        &entry.detail,
        &entry.commitments,
    ])
}

/// A time as it is hashed: UTC, microseconds.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// What an entry says of values that only their openings tell.
#[must_use]
pub fn commitments(openings: &[audit_opening::Model]) -> String {
    openings.iter().map(|o| format!("{} {}\n", o.name, commitment(o))).collect()
}

/// The names and hashes of an entry's commitments.
pub fn committed(entry: &audit_entry::Model) -> impl Iterator<Item = (&str, &str)> {
    entry.commitments.lines().filter_map(|line| line.split_once(' '))
}

/// The hash that an opening opens.
#[must_use]
pub fn commitment(opening: &audit_opening::Model) -> String {
    digest(&[OPENING, &opening.name, &opening.salt, &opening.value])
}

/// SHA-256 over several texts, each with its length in four bytes before it, so that no two lists of texts look alike.
fn digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// A chain as far as it was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Entries so far.
    pub size: i64,
    /// Hash of the last one.
    pub hash: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { size: 0, hash: START.to_owned() }
    }
}

impl Chain {
    /// Goes on by one entry.
    ///
    /// # Errors
    /// An entry that is not the next one, or not what its hash says.
    pub fn push(&mut self, entry: &audit_entry::Model) -> Result<(), Flaw> {
        let number = self.size + 1;
        if entry.number.0 != number {
            return Err(Flaw::Missing { entry: number, found: entry.number.0 });
        }
        if entry.hash != hash(entry, &self.hash) {
            return Err(Flaw::Changed { entry: number });
        }
        (self.size, self.hash) = (number, entry.hash.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::id::{AccountId, AuditEntryId};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The entry of `docs/audit.md`.
    fn written() -> (audit_entry::Model, audit_opening::Model) {
        let opening = audit_opening::Model {
            entry: AuditEntryId(1),
            name: "login".to_owned(),
            salt: "11".repeat(32),
            value: "organiser".to_owned(),
        };
        let entry = audit_entry::Model {
            number: AuditEntryId(1),
            at: "2018-04-01T12:00:00+08:00".parse().unwrap(),
            system_at: "2026-11-22T06:00:00.000001Z".parse().unwrap(),
            actor_id: Some(AccountId(3)),
            capacity: "sysadmin".to_owned(),
            on_behalf_of: None,
            act: "identity.add_account".to_owned(),
            object: String::new(),
            detail: json!({ "grants": ["organiser"] }).to_string(),
            commitments: commitments(std::slice::from_ref(&opening)),
            hash: String::new(),
        };
        (entry, opening)
    }

    #[test]
    fn the_test_vector_of_the_document_holds() {
        let (entry, opening) = written();
        let document = include_str!("../../docs/audit.md");
        for part in [commitment(&opening), hash(&entry, START), time(entry.at), time(entry.system_at)] {
            assert!(document.contains(&part), "{part}");
        }
    }

    fn entry() -> impl Strategy<Value = audit_entry::Model> {
        let texts = ("[a-z]{0,3}", "[a-z.]{0,6}", "[a-z0-9]{0,4}", "[a-z\"{}:]{0,8}", "[a-z0-9 \n]{0,6}");
        (1..9i64, 0..5i64, 0..5i64, proptest::option::of(1..4i64), proptest::option::of(1..4i64), texts).prop_map(
            |(number, at, system_at, actor, other, (capacity, act, object, detail, commitments))| audit_entry::Model {
                number: AuditEntryId(number),
                at: DateTime::from_timestamp_micros(at).unwrap(),
                system_at: DateTime::from_timestamp_micros(system_at).unwrap(),
                actor_id: actor.map(AccountId),
                capacity,
                on_behalf_of: other.map(AccountId),
                act,
                object,
                detail,
                commitments,
                hash: String::new(),
            },
        )
    }

    proptest! {
        #[test]
        fn entries_that_differ_anywhere_have_other_hashes(one in entry(), other in entry()) {
            prop_assert_eq!(one == other, hash(&one, START) == hash(&other, START));
            prop_assert_ne!(hash(&one, START), hash(&one, &"1".repeat(64)));
        }
    }
}
