//! The edge: what happens to a request before anybody looks at what it wants. docs/edge.md says how to tune it.
//!
//! [`floods`] refuses one client that sends too many, [`load`] refuses kinds of
//! requests while too much goes on, [`watch`] counts and logs all of them, [`asker`] with who sent those that are refused.

pub mod client_rate_limit;
pub mod load_shedding;
pub mod metrics;
pub mod settings;

pub use settings::Edge;
