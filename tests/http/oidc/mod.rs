//! Tests of OpenID Connect: citizens who prove their identity, and staff who sign in at their ministry's provider.

mod browser;
mod citizens;
mod hostile;
mod program;
mod real;
mod staff;
mod unseen;
