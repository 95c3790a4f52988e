//! Providers: citizens who prove who they are, and staff who sign in at their ministry's.

mod browser;
mod citizens;
mod hostile;
mod program;
mod real;
mod staff;
mod unseen;
