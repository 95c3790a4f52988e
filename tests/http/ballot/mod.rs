//! Tests of the slice `ballot`, over HTTP.

mod caching;
mod calls;
mod consistency;
mod kept;
mod once;
mod person;
mod qr_code;
mod receipts;
mod refusals;
mod secrecy;
mod steps;
mod stuffing;
pub mod voting;
