//! Shudu (疏堵): find what blocks people, get it fixed, prove it.
//!
//! # The map
//!
//! A feature is a folder, called a slice; its address, its templates and its tests have the same name. Every slice has the
//! same files, each optional: rules (pure functions), `commands` (writes, in a transaction of the caller), `flows` (several
//! steps around a command), `queries` (reads), `api` (JSON) and `pages` (HTML). Dependencies point one way:
//!
//! ```text
//! pages, api  →  flows  →  commands, queries  →  rules  →  entity
//! programme ← sign_in ← accounts ← incidents ← pass ← campaign ← ballot_log ← ballot
//!   ← tally ← dispatch ← report ← verification ← dashboard ← retention      (audit: called by all)
//! ```
//!
//! Permissions are one table, [`base::access`]; nothing else decides who may do what. On PostgreSQL, row-level security
//! ([`base::row_security`]) keeps the rows of other provinces out of every request.
//!
//! A slice may call the flows, commands and queries of earlier slices, but never writes the table of another slice.
//! `tests/architecture/mod.rs` checks the direction of the dependencies.
//!
//! # A walk: how a pain point travels
//!
//! 1. An organiser writes a campaign ([`campaign::commands::create`]) and an approver publishes it. The ballot paper then
//!    goes into the ballots store ([`ballot::paper_sync::settle`]).
//! 2. A citizen gets a pass ([`pass::issuing`]), ticks options and casts ([`ballot::ballot_box`]): one row, one receipt.
//! 3. After the close, the count is compared with a recount and stored ([`tally::flows::count`]). The first N options by
//!    the rule that the campaign published ([`tally::ranking`]) are selected, and the selection is signed twice (dual
//!    control).
//! 4. An approver dispatches ([`dispatch::commands::dispatch`]): every issue to every province, all rows or none.
//! 5. The province acknowledges, plans, reports with evidence and signs ([`report::commands`]). Each move goes through one
//!    table ([`dispatch::workflow`]) and leaves one event.
//! 6. A supervision team verifies or rejects ([`verification::commands`]). The dashboard counts the events up to any day
//!    ([`dashboard::figures`]).

pub mod accounts;
pub mod app;
pub mod audit;
pub mod backup;
pub mod ballot;
pub mod ballot_log;
pub mod base;
pub mod campaign;
pub mod config;
pub mod dashboard;
pub mod data_dir;
pub mod demo;
pub mod dispatch;
pub mod edge;
pub mod import;
pub mod incidents;
pub mod log;
pub mod networks;
pub mod oidc;
pub mod page_views;
pub mod pass;
pub mod programme;
pub mod report;
pub mod retention;
pub mod router;
pub mod scheduler;
pub mod search;
pub mod server;
pub mod sign_in;
pub mod site;
pub mod tally;
pub mod verification;
pub mod verify;
pub mod web;
pub mod witness;
