//! A product of its own for every test, people who use it, and histories built through commands.

pub mod actors;
pub mod app;
pub mod database;
pub mod desk;
pub mod given;
pub mod hostile;
pub mod untold;

pub use actors::{Answer, Person};
pub use app::TestApp;
pub use desk::Desk;
