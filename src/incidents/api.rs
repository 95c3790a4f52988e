//! The JSON API of this slice: incidents are listed for everybody and published by approvers.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::incident;
use poem::http::Method;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::commands::{self, NewIncident};
use super::queries;
use crate::app::App;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of the operations of this slice.
pub const POLICIES: &[Operation] =
    &[(Method::GET, "/incidents", Policy::PUBLIC_CALL), (Method::POST, "/incidents", Policy::STAFF)];

/// Operations about incidents.
pub struct IncidentsApi;

/// Incident: a fault of this site that is published for everybody.
#[derive(Object)]
struct Incident {
    /// Number of the incident, ascending in the order of publication.
    number: i64,
    /// Instant of publication, programme time.
    published_at: DateTime<Utc>,
    /// Title of the incident in Chinese, one line.
    title_zh: String,
    /// Title of the incident in English, one line.
    title_en: String,
    /// Text in Chinese: the event, its meaning, and advice to readers. Line breaks separate the paragraphs.
    text_zh: String,
    /// Text in English: the event, its meaning, and advice to readers. Line breaks separate the paragraphs.
    text_en: String,
    /// Whether the program published the incident itself, because of a fault in an earlier version.
    by_program: bool,
}

/// An incident to be published. Every field is required.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct IncidentToPublish {
    /// Title in Chinese, one line of at most 120 characters.
    title_zh: String,
    /// Title in English, one line of at most 120 characters.
    title_en: String,
    /// Text in Chinese, at most 6,000 characters.
    text_zh: String,
    /// Text in English, at most 6,000 characters.
    text_en: String,
}

#[derive(ApiResponse)]
enum Published {
    /// The incident is published, permanently.
    #[oai(status = 201)]
    New(Json<Number>),
}

/// Number of a published incident.
#[derive(Object)]
struct Number {
    /// Number of the new incident.
    number: i64,
}

impl From<incident::Model> for Incident {
    fn from(row: incident::Model) -> Self {
        Self {
            number: row.id.0,
            published_at: row.published_at,
            title_zh: row.title_zh,
            title_en: row.title_en,
            text_zh: row.text_zh,
            text_en: row.text_en,
            by_program: row.known_as.is_some(),
        }
    }
}

#[OpenApi(tag = "ApiTags::Incidents")]
impl IncidentsApi {
    /// Incidents at this site, the newest first
    #[oai(path = "/incidents", method = "get")]
    async fn incidents(&self, app: Data<&Arc<App>>) -> Result<Json<Vec<Incident>>, Error> {
        let found = queries::all(app.stores.main.db()).await?;
        Ok(Json(found.into_iter().map(Incident::from).collect()))
    }

    /// Publish an incident, for approvers
    ///
    /// An incident is neither changed nor removed after publication. A correction is a new incident.
    #[oai(path = "/incidents", method = "post")]
    async fn publish(&self, signed: Signed, body: JsonBody<IncidentToPublish>) -> Result<Published, Error> {
        let body = body.0;
        let new = NewIncident {
            title_zh: body.title_zh,
            title_en: body.title_en,
            text_zh: body.text_zh,
            text_en: body.text_en,
        };
        let id = signed.write(Changes::Public, async |tx| commands::publish(tx, &signed.ctx, &new).await).await?;
        Ok(Published::New(Json(Number { number: id.0 })))
    }
}
