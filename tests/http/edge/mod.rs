//! Tests of the edge over HTTP, on every address: headers, cross-site requests, limits, bodies and metrics.

mod bodies;
mod cross_site;
mod headers;
mod json;
mod limits;
mod metrics;
mod other_sites;
mod overload;
mod readiness;
mod response_cache;
mod routes;
mod texts;
mod weight;
