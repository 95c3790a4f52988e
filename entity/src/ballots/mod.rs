//! The ballots store: natural keys only, no automatic numbers, no `created_at`.

pub mod ballot;
pub mod ballot_count;
pub mod ballot_paper;
pub mod pass_block;
pub mod store_key;
pub mod writer_shard;
