//! `shudu witness`: a program of its own, run by somebody else than the site. It keeps the last checkpoint of every log that it
//! was told of, and cosigns a newer one only when it is shown that the log did nothing but grow in between.
//!
//! So whoever holds a checkpoint with a witness's cosignature knows that the witness was never shown another tree of that size:
//! a site that shows different logs to different people has to win the witnesses over as well. The protocol is C2SP tlog-witness,
//! the signatures are C2SP tlog-cosignature. It knows nothing of ballots.

pub mod api;
pub mod memory;
