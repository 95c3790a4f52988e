//! `/desk/audit/{number}`: one entry with all values that its hash covers.

use askama::Template;
use chrono::{DateTime, Utc};
use entity::id::AuditEntryId;
use entity::{audit_entry, audit_opening};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::words::{self, Personal};
use crate::audit::chain::{hash, time};
use crate::audit::{openings, queries};
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::moment_long;
use crate::web::form::Sent;
use crate::web::page::{Page, html_with};

#[derive(Template)]
#[template(path = "audit/entry.html")]
struct EntryView {
    p: Page,
    links: Vec<(String, String)>,
    nav: Nav,
    number: String,
    act: String,
    facts: Vec<(&'static str, String)>,
    personal: Vec<Personal>,
    /// Whether an opening is left that can be shown for a reason.
    can_open: bool,
    reason: String,
    /// Values that programs wrote: key of the label, and text.
    codes: [(&'static str, String); 3],
    fits: bool,
}

/// `GET /desk/audit/{number}`: shows the entry with masked personal values.
#[handler]
pub(super) async fn show(signed: Signed, Path(number): Path<i64>) -> Result<Response> {
    signed.ctx.require(Act::ReadTrail)?;
    let found = openings::of(signed.app.stores.main.db(), &[AuditEntryId(number)]).await?;
    let p = signed.page("desk");
    page(&signed, p, number, &found, false, "", StatusCode::OK).await
}

/// `POST /desk/audit/{number}`: shows the personal values to an auditor who states a reason.
#[handler]
pub(super) async fn unmask(signed: Signed, Path(number): Path<i64>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::ReadTrail)?;
    let reason = sent.get("reason");
    let entry = AuditEntryId(number);
    let p = signed.page("desk");
    match signed.write(Changes::Internal, async |tx| openings::unmask(tx, &signed.ctx, entry, reason).await).await {
        Ok(found) => page(&signed, p, number, &found, true, "", StatusCode::OK).await,
        Err(error @ Error::Invalid(_)) => {
            let (status, p) = p.again(error)?;
            let found = openings::of(signed.app.stores.main.db(), &[entry]).await?;
            page(&signed, p, number, &found, false, reason, status).await
        }
        Err(other) => Err(other),
    }
}

async fn page(
    signed: &Signed,
    p: Page,
    number: i64,
    opened: &[audit_opening::Model],
    is_open: bool,
    reason: &str,
    status: StatusCode,
) -> Result<Response> {
    let db = signed.app.stores.main.db();
    let (entry, previous) = queries::entry(db, AuditEntryId(number)).await?;
    let facts = facts(&p, db, &entry).await?;
    let title = format!("{}{}", p.title, p.tr("audit-entry", &[("n", p.n(number))]));
    let p = p.named(title);
    let labels = [("reason", p.t("audit-unmask-reason"))];
    let links = p.labelled_problems(&labels);
    let links = links.into_iter().map(|(field, sentence)| (format!("#{field}"), sentence)).collect();
    let page = EntryView {
        links,
        nav: signed.nav(Section::Audit),
        number: p.n(number),
        act: words::act(&p, &entry.act),
        facts,
        personal: words::personal(&p, &entry, opened, is_open),
        can_open: !is_open && !opened.is_empty(),
        reason: reason.to_owned(),
        fits: entry.hash == hash(&entry, &previous),
        codes: [("audit-detail", entry.detail), ("audit-previous", previous), ("audit-hash", entry.hash)],
        p,
    };
    html_with(status, &page)
}

async fn facts(
    p: &Page,
    db: &impl sea_orm::ConnectionTrait,
    entry: &audit_entry::Model,
) -> Result<Vec<(&'static str, String)>> {
    let names = queries::names(db, std::slice::from_ref(entry)).await?;
    let behalf = entry.on_behalf_of.map(|id| words::person(p, id, &names)).unwrap_or_default();
    let facts = [
        ("audit-who", words::who(p, entry, &names)),
        ("audit-capacity", entry.capacity.clone()),
        ("audit-behalf", behalf),
        ("audit-object", entry.object.clone()),
        ("audit-at", moment(p, entry.at)),
        ("audit-system-at", moment(p, entry.system_at)),
        ("audit-code", entry.act.clone()),
    ];
    Ok(facts.into_iter().filter(|(_, value)| !value.is_empty()).collect())
}

/// An instant in China time, with the text that the hash covers.
fn moment(p: &Page, at: DateTime<Utc>) -> String {
    p.tr("audit-moment", &[("moment", moment_long(p.locale, at)), ("stored", time(at))])
}
