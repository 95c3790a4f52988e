//! The register: the nullifiers to which real-name passes were issued, and the day of issue. Nothing else.

pub mod nullifier;
pub mod person_kind;
pub mod register_shard;
