//! The edge: protection of the server before a handler sees a request. docs/edge.md says how to tune it.
//!
//! [`client_rate_limit`] refuses one client that sends too many requests. [`load_shedding`] refuses classes of requests while too
//! many are in progress. [`metrics`] counts and logs all requests; refusals are logged with their account
//! ([`crate::web::log_context`]).

pub mod client_rate_limit;
pub mod load_shedding;
pub mod metrics;
pub mod settings;

pub use settings::Edge;
