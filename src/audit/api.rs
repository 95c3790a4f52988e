//! The JSON face of the trail.

use crate::base::access::Act;
use chrono::{DateTime, NaiveDate, Utc};
use entity::audit_entry;
use poem::http::Method;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::publishing::State;
use super::queries::{self, Search};
use crate::base::error::Result;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[(Method::GET, "/audit", Policy::CALL)];

/// See the module.
pub struct AuditApi;

/// A part of the audit trail.
#[derive(Debug, Object)]
struct TrailPage {
    /// Entries that were looked for, in all.
    total: u64,
    /// Those of this page, newest first.
    entries: Vec<TrailEntry>,
    /// How the chain was found when it was last followed.
    chain: ChainState,
}

/// How the chain was found when it was last followed.
#[derive(Debug, Object)]
struct ChainState {
    /// When; absent before the first time.
    #[oai(skip_serializing_if_is_none)]
    checked_at: Option<DateTime<Utc>>,
    /// Entries that hold together.
    #[oai(skip_serializing_if_is_none)]
    size: Option<i64>,
    /// Entries that the newest published checkpoint covered then.
    #[oai(skip_serializing_if_is_none)]
    covered: Option<i64>,
    /// What is wrong, in English.
    #[oai(skip_serializing_if_is_none)]
    flaw: Option<String>,
}

/// One act on record. What is personal is not in it.
#[derive(Debug, Object)]
struct TrailEntry {
    /// Place in the chain.
    number: i64,
    /// Programme time.
    at: DateTime<Utc>,
    /// System time.
    system_at: DateTime<Utc>,
    /// Number of the account; absent for the system and for citizens.
    #[oai(skip_serializing_if_is_none)]
    actor: Option<i64>,
    /// Roles held then, or the operator's command.
    capacity: String,
    /// Number of the account for which somebody else acted.
    #[oai(skip_serializing_if_is_none)]
    on_behalf_of: Option<i64>,
    /// What.
    act: String,
    /// On what; empty where that is personal.
    object: String,
    /// Facts: JSON as a text, exactly as it was hashed.
    detail: String,
    /// Salted hashes of what is personal, by name.
    commitments: String,
    /// SHA-256 of the entry and of the hash before it.
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

impl From<State> for ChainState {
    fn from(state: State) -> Self {
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
    /// Fifty entries a page, newest first.
    #[oai(path = "/audit", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the call")]
    async fn search(
        &self,
        signed: Signed,
        /// A login, or the number of an account after `#`
        who: Query<Option<String>>,
        /// An act, or the beginning of one
        act: Query<Option<String>>,
        /// The beginning of what it was done on, or a login
        object: Query<Option<String>>,
        /// First day, in programme time
        from: Query<Option<NaiveDate>>,
        /// Last day
        until: Query<Option<NaiveDate>>,
        /// From 1
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
