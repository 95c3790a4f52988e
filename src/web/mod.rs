//! HTTP infrastructure, without any term of the domain.
//!
//! A request passes these layers, from the outside to the inside. [`policy`] finds the policy of the address.
//! [`crate::edge::metrics`] measures and writes the access log. [`request_context::RequestContext`] adds the request id, the
//! client and the headers of every answer. [`problem`] renders errors in two forms. [`isolate::Isolate`] catches panics and gives
//! unsafe methods a task of their own. [`origin`] refuses cross-site requests. [`crate::edge::client_rate_limit`] refuses a
//! client with too many requests. [`response_cache`] serves public pages as bytes. [`crate::edge::load_shedding`] refuses
//! requests while too many are in progress, and limits bodies ([`body`]). The handler comes last. Below all layers,
//! [`connection`] enforces deadlines on sockets, and [`host`] refuses requests without one Host line.

pub mod address;
pub mod api_guide;
pub mod api_tags;
pub mod assets;
pub mod body;
pub mod client;
pub mod connection;
pub mod counted;
pub mod csv;
pub mod dates;
pub mod document;
pub mod explorer;
pub mod form;
pub mod frame;
pub mod head;
pub mod host;
pub mod host_cookie;
pub mod isolate;
pub mod json_body;
pub mod json_shape;
pub mod languages;
pub mod listener;
pub mod locale;
pub mod log_context;
pub mod markup;
pub mod no_content;
pub mod operator;
pub mod origin;
pub mod page;
pub mod page_view;
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
pub mod well_formed;
