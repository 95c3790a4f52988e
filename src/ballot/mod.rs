//! Casting: the pass, the ballot box, receipts.
//!
//! To vote is to spend a pass. The pass's serial is the ballot's primary key, so the ballot row *is* the spending: the same
//! pass with the same place and choices gives the same receipt again, with others it is refused. Who holds a pass is never
//! known here; who was given a real-name pass is known to the register, which never sees a serial or a choice.

pub mod api;
pub mod ballot_box;
pub mod commands;
pub mod consistency;
pub mod forgetting;
pub mod identity_source;
pub mod invalidation;
pub mod issuing;
pub mod leaf;
pub mod level;
pub mod many_rows;
pub mod orders;
pub mod pages;
pub mod paper;
pub mod pass;
pub mod pass_keys;
pub mod person;
pub mod proving;
pub mod puzzle;
pub mod queries;
pub mod receipts;
pub mod resident;
pub mod running;
pub mod sequencer;
pub mod steps;
pub mod witnesses;
pub mod work;
