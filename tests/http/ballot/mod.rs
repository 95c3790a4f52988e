//! Tests of the slice `ballot`, over HTTP.

pub mod booth;
mod calls;
mod code;
mod consistency;
mod kept;
mod once;
mod person;
mod receipts;
mod refusals;
mod secrecy;
mod steps;
mod stuffing;
