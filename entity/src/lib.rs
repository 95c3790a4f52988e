//! The tables of Shudu, one file each, and the small types that their columns share.
//!
//! Three stores, three sets of tables (the stores never join):
//! * `main`: the programme, campaigns, issues, assignments, accounts, audit;
//! * [`ballots`]: ballot papers, ballots, counts. No person, no address, no time finer than a batch;
//! * [`register`]: nullifiers to which real-name passes were issued. No choice, no serial.
//!
//! A `Model` is the domain record and is never serialised: pages and answers of the API have types of their own.

#![expect(
    clippy::disallowed_methods,
    reason = "derived code opens transactions for cascading saves, which nobody calls"
)]

pub mod codes;
pub mod id;
pub mod stored;

pub mod access_change;
pub mod account;
pub mod assignment;
pub mod assignment_event;
pub mod audit_entry;
pub mod audit_head;
pub mod audit_opening;
pub mod audit_refusal;
pub mod calendar_arrangement;
pub mod calendar_exception;
pub mod campaign;
pub mod campaign_event;
pub mod campaign_option;
pub mod delegation;
pub mod dispatch;
pub mod evidence;
pub mod exemption_request;
pub mod incident;
pub mod invalidation;
pub mod invitation;
pub mod issue;
pub mod job;
pub mod limit_count;
pub mod node;
pub mod page_view;
pub mod pass_key;
pub mod passkey;
pub mod place;
pub mod plan;
pub mod public_version;
pub mod recovery_code;
pub mod report;
pub mod role_grant;
pub mod role_proposal;
pub mod schema;
pub mod selection;
pub mod session;
pub mod sign_on_invitation;
pub mod sign_on_link;
pub mod store_key;
pub mod tally;
pub mod tally_line;
pub mod team;
pub mod term;
pub mod totp;
pub mod verification;

pub mod ballots;
pub mod register;
