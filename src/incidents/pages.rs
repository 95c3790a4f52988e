//! The pages of this slice: `/incidents` for everybody, `/desk/incidents` for approvers.

use askama::Template;
use entity::incident;
use poem::web::Query;
use poem::{Response, handler};

use super::commands::{self, NewIncident};
use super::queries;
use crate::base::access::Act;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::sign_in::extract::{Signed, Visit};
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::moment_long;
use crate::web::form::Sent;
use crate::web::page::{Page, html, html_with, public, see_other};
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route.get("/incidents", Policy::READING, incidents).get("/desk/incidents", Policy::STAFF, desk).post(
        "/desk/incidents",
        Policy::STAFF,
        publish,
    )
}

#[derive(Template)]
#[template(path = "incidents/incidents.html")]
struct IncidentsPage {
    p: Page,
    told: Vec<Told>,
}

/// One incident in the language of the reader.
struct Told {
    anchor: String,
    iso: String,
    moment: String,
    title: String,
    paragraphs: Vec<String>,
}

impl Told {
    fn of(p: &Page, row: incident::Model) -> Self {
        let text = p.pick(&row.text_zh, &row.text_en);
        Self {
            anchor: format!("incident-{}", row.id),
            iso: row.published_at.to_rfc3339(),
            moment: moment_long(p.locale, row.published_at),
            title: p.pick(&row.title_zh, &row.title_en).to_owned(),
            paragraphs: text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        }
    }
}

/// `GET /incidents`: all incidents, for everybody.
#[handler]
async fn incidents(visit: Visit) -> Result<Response> {
    let p = visit.page("incidents").titled("incidents-title");
    let found = queries::all(visit.app.stores.main.db()).await?;
    let described = p.t("incidents-what");
    public(&IncidentsPage { told: found.into_iter().map(|row| Told::of(&p, row)).collect(), p: p.described(described) })
}

#[derive(Template)]
#[template(path = "incidents/publish.html")]
struct DeskPage {
    p: Page,
    nav: Nav,
    new: NewIncident,
    told: Vec<Told>,
    problems: Vec<(String, String)>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct IncidentsQuery {
    done: String,
}

/// `GET /desk/incidents`: the form of approvers.
#[handler]
async fn desk(signed: Signed, Query(wanted): Query<IncidentsQuery>) -> Result<Response> {
    signed.ctx.require(Act::PublishIncidents)?;
    let mut p = signed.page("desk").titled("incidents-desk-title");
    if wanted.done == "publish" {
        p.notice = Some(p.t("incidents-done"));
    }
    html(&desk_page(&signed, p, NewIncident::default()).await?)
}

/// `POST /desk/incidents`: publishes an incident.
#[handler]
async fn publish(signed: Signed, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::PublishIncidents)?;
    let p = signed.page("desk").titled("incidents-desk-title");
    let text = |field: &str| sent.get(field).to_owned();
    let new = NewIncident {
        title_zh: text("title_zh"),
        title_en: text("title_en"),
        text_zh: text("text_zh"),
        text_en: text("text_en"),
    };
    match signed.write(Changes::Public, async |tx| commands::publish(tx, &signed.ctx, &new).await).await {
        Ok(_) => Ok(see_other(&p.href("/desk/incidents?done=publish"))),
        Err(error) => {
            let (status, p) = p.again(error)?;
            html_with(status, &desk_page(&signed, p, new).await?)
        }
    }
}

/// Names of the fields of the form, in its order.
const FIELDS: [&str; 4] = ["title_zh", "text_zh", "title_en", "text_en"];

async fn desk_page(signed: &Signed, p: Page, new: NewIncident) -> Result<DeskPage> {
    let found = queries::all(signed.app.stores.main.db()).await?;
    let labels = FIELDS.map(|field| (field, p.tc("incidents-", field)));
    let link = |(field, sentence): (String, String)| (format!("#{field}"), sentence);
    Ok(DeskPage {
        nav: signed.nav(Section::Incidents),
        problems: p.labelled_problems(&labels).into_iter().map(link).collect(),
        told: found.into_iter().map(|row| Told::of(&p, row)).collect(),
        new,
        p,
    })
}
