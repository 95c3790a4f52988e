//! The ballots store. Its tables have natural keys only: no automatic numbers and no `created_at`.

pub mod ballot;
pub mod ballot_count;
pub mod ballot_paper;
pub mod log_batch;
pub mod log_head;
pub mod pass_block;
pub mod sealed_count;
pub mod sealed_rule;
pub mod shown_count;
pub mod writer_shard;
