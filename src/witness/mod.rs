//! `shudu witness`: a separate program that somebody other than the site runs. The program keeps the last checkpoint that it
//! cosigned of every log that it watches. A newer checkpoint is cosigned only with a proof that the log did nothing but grow in
//! between.
//!
//! A checkpoint with a witness's cosignature proves that the witness cosigned no other tree of that size. So a site that shows
//! different logs to different people has to win the witnesses over as well. The protocol is C2SP tlog-witness, and the
//! signatures are those of C2SP tlog-cosignature. The program knows nothing about ballots.

pub mod api;
pub mod memory;
