//! HTTP furniture: no word of the domain in here.
//!
//! Outermost first, a request passes [`policy`] (what its address demands), [`crate::edge::metrics`] (metrics, access log), [`request_context::RequestContext`] (request id, client,
//! headers on every answer), [`problem`] (errors in two shapes), [`isolate::Isolate`] (panics, a task of its own for unsafe
//! methods), [`origin`] (cross-site refusal), [`crate::edge::client_rate_limit`] (too many of one client), [`response_cache`] (public
//! pages as bytes), [`crate::edge::load_shedding`] (too many at once; bodies within limits, [`body`]), then its handler. Below all of it,
//! [`connection`] puts deadlines on sockets.

pub mod api_tags;
pub mod assets;
pub mod body;
pub mod client;
pub mod connection;
pub mod csv;
pub mod dates;
pub mod document;
pub mod explorer;
pub mod form;
pub mod host_cookie;
pub mod isolate;
pub mod json_body;
pub mod locale;
pub mod log_context;
pub mod no_content;
pub mod origin;
pub mod page;
pub mod policy;
pub mod preferences;
pub mod problem;
pub mod qr;
pub mod query;
pub mod request_context;
pub mod response_cache;
pub mod routes;
pub mod security_headers;
pub mod session_cookie;
