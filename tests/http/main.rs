//! Tests of the product over HTTP: real endpoint, real database, actors as values.
//!
//! Without `TEST_DATABASE_URL`, every test has three SQLite files of its own. With the variable, every test has three PostgreSQL
//! databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod accounts;
mod api_guide;
mod audit;
mod ballot;
mod campaign;
mod cluster;
mod csv_injection;
mod dashboard;
mod dispatch;
mod edge;
mod incidents;
mod log;
mod nodes;
mod oidc;
mod outside;
mod page_views;
mod programme;
mod public_files;
mod report;
mod retention;
mod schema;
mod sealed;
mod search;
mod sign_in;
mod site;
mod spine;
mod tally;
mod verification;
mod verify;
