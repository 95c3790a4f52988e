//! The edge on a real socket: unclear ends of requests, slow and greedy clients, floods, and the content of logs.
//!
//! The tests assert the fate of each connection, never a time. `SHUDU_PROOF=full` runs the numbers of clients that the claims
//! state.

mod flood;
mod listening;
mod logs;
mod request_smuggling;
mod slow;
