//! Tests of the slice `ballot`, over HTTP.

pub mod booth;
mod calls;
mod kept;
mod once;
mod person;
mod receipts;
mod refusals;
mod secrecy;
mod steps;
