//! Shudu (疏堵): find what blocks people, get it fixed, prove it.
//!
//! # The map
//!
//! A feature is a folder; its address, its templates and its tests have the same name. In every slice the same files, each
//! optional: rules (pure), `commands` (writes, in a transaction they are given), `queries` (reads), `api` (JSON), `pages`
//! (HTML). Arrows point one way:
//!
//! ```text
//! pages, api  →  commands, queries  →  rules  →  entity
//! programme ← identity ← incidents ← campaign ← ballot ← tally ← dispatch ← report ← supervision ← retention      (audit: called by all)
//! ```
//!
//! Who may do what is one table, [`base::access`]; nothing else decides it. On PostgreSQL row-level security ([`base::row_security`]) keeps the rows of
//! other provinces out of a request whatever it asks for.
//!
//! A slice may call earlier slices' commands and queries, never writes another's table. `tests/architecture/main.rs` checks it.
//!
//! # A walk: how a pain point travels
//!
//! 1. An organiser writes a campaign ([`campaign::commands::create`]); an approver publishes it; the ballot paper follows
//!    into the ballots store ([`ballot::paper_sync::settle`]).
//! 2. A citizen gets a pass ([`ballot::issuing`]), ticks, casts ([`ballot::ballot_box`]): one row, one receipt.
//! 3. After the close the count is compared with a recount and stored ([`tally::commands::count`]); the first N are selected
//!    by the rule that the campaign published ([`tally::ranking`]) and signed twice.
//! 4. An approver dispatches ([`dispatch::commands::dispatch`]): every issue to every province, all rows or none.
//! 5. The province acknowledges, plans, reports with evidence, signs ([`report::commands`]); each move goes through one table
//!    ([`dispatch::workflow`]) and leaves one event.
//! 6. A supervision team verifies or rejects ([`verification::commands`]); the dashboard counts events up to any day
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
pub mod pass;
pub mod programme;
pub mod report;
pub mod retention;
pub mod router;
pub mod scheduler;
pub mod server;
pub mod sign_in;
pub mod tally;
pub mod verification;
pub mod verify;
pub mod web;
pub mod witness;
