//! The edge over HTTP: headers, cross-site requests, limits, bodies, metrics, on every address there is.

mod bodies;
mod cross_site;
mod headers;
mod json;
mod limits;
mod overload;
mod response_cache;
mod routes;
mod watched;
mod weight;
