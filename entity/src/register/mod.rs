//! The register: who was given a real-name pass, and on which day. Nothing else.

pub mod nullifier;
pub mod person_kind;
pub mod register_shard;
