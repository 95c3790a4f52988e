//! Shared parts of tests and measurements: a product of its own for every test, people who use the product, and histories built through
//! commands.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(missing_docs, reason = "small helpers are named after what they do")]

pub mod actors;
pub mod app;
pub mod database;
pub mod desk;
pub mod given;
pub mod hostile;
pub mod process_databases;
pub mod proof;
pub mod public_log;
pub mod site;
pub mod topology;
pub mod unaudited;

/// Memory as in the product: the allocator of the system takes a tenth of the time of these tests.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use actors::{Answer, Person};
pub use app::TestApp;
pub use desk::Desk;
