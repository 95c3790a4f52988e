//! Incidents at a site, published to everybody at `/incidents`. An approver publishes an incident; the program itself
//! publishes one where a new version knows a fault of an earlier version. Published texts are never changed or removed; a
//! correction is a new incident.

pub mod api;
pub mod commands;
pub mod known;
pub mod pages;
pub mod queries;
