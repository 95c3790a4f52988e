//! Rules of the house, checked against its sources and documents: layers, words, and what the security review relies on.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod security;
mod words;
