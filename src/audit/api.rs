//! The JSON API of the audit trail.

use chrono::{DateTime, NaiveDate, Utc};
use entity::audit_entry;
use poem::http::Method;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::publishing::TrailState;
use super::queries::{self, Search};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::policy::{Operation, Policy};

/// Policies of the operations on the audit trail.
pub const POLICIES: &[Operation] = &[(Method::GET, "/audit", Policy::CALL)];

/// Operations on the audit trail.
pub struct AuditApi;

/// One page of the audit trail.
#[derive(Debug, Object)]
struct TrailPage {
    /// Number of entries that match the search, on all pages.
    total: u64,
    /// Entries of this page, newest first.
    entries: Vec<TrailEntry>,
    /// State of the chain at the last verification.
    chain: ChainState,
}

/// State of the chain at the last verification.
#[derive(Debug, Object)]
struct ChainState {
    /// Instant of the verification, system time; absent before the first one.
    #[oai(skip_serializing_if_is_none)]
    checked_at: Option<DateTime<Utc>>,
    /// Number of verified entries.
    #[oai(skip_serializing_if_is_none)]
    size: Option<i64>,
    /// Number of entries that the newest published checkpoint covered at that instant.
    #[oai(skip_serializing_if_is_none)]
    covered: Option<i64>,
    /// Flaw of the chain, in English; absent where there is none.
    #[oai(skip_serializing_if_is_none)]
    flaw: Option<String>,
}

/// One act in the audit trail, without personal data.
#[derive(Debug, Object)]
struct TrailEntry {
    /// Number of the entry: its place in the chain, from 1.
    number: i64,
    /// Instant of the act, programme time.
    at: DateTime<Utc>,
    /// Instant of the act, system time.
    system_at: DateTime<Utc>,
    /// Number of the account that acted; absent for the system and for citizens.
    #[oai(skip_serializing_if_is_none)]
    actor: Option<i64>,
    /// Roles that the account held then, or command of the operator.
    capacity: String,
    /// Number of the account for which the actor acted, if there is one.
    #[oai(skip_serializing_if_is_none)]
    on_behalf_of: Option<i64>,
    /// Name of the act, such as `campaign.edit`.
    act: String,
    /// Object of the act; empty where the object is personal.
    object: String,
    /// Facts about the act: JSON as a text, exactly as it was hashed.
    detail: String,
    /// Names and salted hashes of the personal values.
    commitments: String,
    /// SHA-256 of the entry and of the hash of the entry before, in hexadecimal.
    hash: String,
}

impl From<audit_entry::Model> for TrailEntry {
    fn from(row: audit_entry::Model) -> Self {
        Self {
            number: row.number.0,
            at: row.at,
            system_at: row.system_at,
            actor: row.actor_id.map(|id| id.0),
            capacity: row.capacity,
            on_behalf_of: row.on_behalf_of.map(|id| id.0),
            act: row.act,
            object: row.object,
            detail: row.detail,
            commitments: row.commitments,
            hash: row.hash,
        }
    }
}

impl From<TrailState> for ChainState {
    fn from(state: TrailState) -> Self {
        let whole = state.found.as_ref().and_then(|found| found.as_ref().ok());
        Self {
            checked_at: state.at,
            size: whole.map(|w| w.chain.size),
            covered: whole.map(|w| w.covered),
            flaw: state.found.as_ref().and_then(|found| found.as_ref().err()).map(ToString::to_string),
        }
    }
}

#[OpenApi(tag = "ApiTags::Audit")]
impl AuditApi {
    /// The audit trail, for auditors
    ///
    /// A page has fifty entries, newest first.
    #[oai(path = "/audit", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the call")]
    async fn search(
        &self,
        signed: Signed,
        /// Account that acted: a login, or the number of an account after `#`
        who: Query<Option<String>>,
        /// Name of an act, or the beginning of one
        act: Query<Option<String>>,
        /// Object of the act or its beginning, or a login
        object: Query<Option<String>>,
        /// First day, in programme time
        from: Query<Option<NaiveDate>>,
        /// Last day, in programme time
        until: Query<Option<NaiveDate>>,
        /// Number of the page, from 1
        page: Query<Option<u64>>,
    ) -> Result<Json<TrailPage>> {
        signed.ctx.require(Act::ReadTrail)?;
        let asked = Search {
            who: who.0.unwrap_or_default(),
            act: act.0.unwrap_or_default(),
            object: object.0.unwrap_or_default(),
            from: from.0,
            until: until.0,
        };
        let found = queries::search(signed.app.stores.main.db(), &asked, page.0.unwrap_or(1).max(1)).await?;
        Ok(Json(TrailPage {
            total: found.total,
            entries: found.entries.into_iter().map(TrailEntry::from).collect(),
            chain: signed.app.trail.state().into(),
        }))
    }
}
