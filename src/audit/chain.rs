//! The hash chain: the hashed bytes of an entry, and the order of entries. Pure functions.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::{audit_entry, audit_opening};
use sha2::{Digest, Sha256};

use super::verifying::Flaw;

/// Domain separator of an entry's hash; another form of entries gets another one.
const ENTRY: &str = "shudu/audit/1";
/// Domain separator of a commitment's hash.
const OPENING: &str = "shudu/audit/opening/1";
/// Stands in for the hash before the first entry.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of an entry, given the hash of the entry before: SHA-256, in hexadecimal.
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

/// An instant as it is hashed: RFC 3339 in UTC, with microseconds.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The commitments of an entry to personal values: a line with name and salted hash for each opening.
#[must_use]
pub fn commitments(openings: &[audit_opening::Model]) -> String {
    openings.iter().map(|o| format!("{} {}\n", o.name, commitment(o))).collect()
}

/// Names and hashes of an entry's commitments.
pub fn committed(entry: &audit_entry::Model) -> impl Iterator<Item = (&str, &str)> {
    entry.commitments.lines().filter_map(|line| line.split_once(' '))
}

/// The salted hash to which an opening belongs.
#[must_use]
pub fn commitment(opening: &audit_opening::Model) -> String {
    digest(&[OPENING, &opening.name, &opening.salt, &opening.value])
}

/// SHA-256 of several texts. The length of each text precedes the text in four bytes, so that no two lists of texts give the same
/// input.
fn digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// The verified part of a chain, from its first entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Number of verified entries.
    pub size: i64,
    /// Hash of the last verified entry, in hexadecimal.
    pub hash: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { size: 0, hash: START.to_owned() }
    }
}

impl Chain {
    /// Verifies the next entry and adds it.
    ///
    /// # Errors
    /// An entry that is not the next one, or that does not match its hash.
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

    /// The example entry of `docs/audit.md`.
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
