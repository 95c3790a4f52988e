//! The JSON face of this slice.

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

/// Policies of these operations.
pub const POLICIES: &[Operation] =
    &[(Method::GET, "/incidents", Policy::CALL), (Method::POST, "/incidents", Policy::STAFF)];

/// See the module.
pub struct IncidentsApi;

/// Something that went wrong at this site.
#[derive(Object)]
struct Incident {
    /// Number, ascending in the order of publication.
    number: i64,
    /// When it was published, by the programme's clock.
    published_at: DateTime<Utc>,
    /// One line, in Chinese.
    title_zh: String,
    /// One line, in English.
    title_en: String,
    /// What happened, what it means, what to do, in Chinese; paragraphs are separated by line breaks.
    text_zh: String,
    /// The same in English.
    text_en: String,
    /// Whether the program itself published it, because an earlier version did something wrong.
    by_program: bool,
}

/// An incident to be published. Every field is needed.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct IncidentToPublish {
    /// One line, in Chinese, at most 120 characters.
    title_zh: String,
    /// One line, in English, at most 120 characters.
    title_en: String,
    /// In Chinese, at most 6,000 characters.
    text_zh: String,
    /// In English, at most 6,000 characters.
    text_en: String,
}

#[derive(ApiResponse)]
enum Published {
    /// Published, for good.
    #[oai(status = 201)]
    New(Json<Number>),
}

/// The number of what was published.
#[derive(Object)]
struct Number {
    /// Number.
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
    /// What went wrong at this site, the newest first
    #[oai(path = "/incidents", method = "get")]
    async fn incidents(&self, app: Data<&Arc<App>>) -> Result<Json<Vec<Incident>>, Error> {
        let found = queries::all(app.stores.main.db()).await?;
        Ok(Json(found.into_iter().map(Incident::from).collect()))
    }

    /// Publish an incident, for approvers
    ///
    /// It is neither changed nor removed afterwards: a correction is a new one.
    #[oai(path = "/incidents", method = "post")]
    async fn publish(&self, signed: Signed, body: JsonBody<IncidentToPublish>) -> Result<Published, Error> {
        let body = body.0;
        let new = NewIncident {
            title_zh: body.title_zh,
            title_en: body.title_en,
            text_zh: body.text_zh,
            text_en: body.text_en,
        };
        let id = signed
            .app
            .stores
            .main
            .write(Changes::Public, async |tx| commands::publish(tx, &signed.ctx, &new).await)
            .await?;
        Ok(Published::New(Json(Number { number: id.0 })))
    }
}
