//! `POST /desk/audit/export`: the result of a search as a table, or the whole trail as lines for verification elsewhere. The
//! export is recorded, so the page has a form and no link.

use poem::http::header;
use poem::{Response, handler};

use super::list::TrailQuery;
use super::words;
use crate::audit::chain::time;
use crate::audit::{exporting, queries};
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::web::csv::{CsvFile, file_name};
use crate::web::form::Sent;

/// Largest number of rows in a table, for the sake of spreadsheets.
const MAX_ENTRIES: u64 = 100_000;

#[handler]
pub(super) async fn export(signed: Signed, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::ReadTrail)?;
    let text = |name: &str| sent.get(name).to_owned();
    let wanted = TrailQuery {
        who: text("who"),
        act: text("act"),
        object: text("object"),
        from: text("from"),
        until: text("until"),
        page: String::new(),
    };
    let store = &signed.app.stores.main;
    match sent.get("form") {
        "csv" => {
            // A login in a search is personal, so the recorded entry names only the fields of the search, not their values.
            let asked: Vec<String> =
                wanted.asked().split('&').filter_map(|pair| pair.split('=').next()).map(str::to_owned).collect();
            signed
                .write(Changes::Internal, async |tx| exporting::note(tx, &signed.ctx, "csv", &asked.join(" ")).await)
                .await?;
            table(&signed, &wanted).await
        }
        "jsonl" => {
            signed.write(Changes::Internal, async |tx| exporting::note(tx, &signed.ctx, "jsonl", "").await).await?;
            let mut lines = String::new();
            exporting::write(store.db(), |line| {
                lines.push_str(line);
                Ok(())
            })
            .await?;
            Ok(Response::builder()
                .header(header::CONTENT_TYPE, "application/jsonl; charset=utf-8")
                .header(header::CONTENT_DISPOSITION, "attachment; filename=\"entries.jsonl\"")
                .header(header::CACHE_CONTROL, "no-store")
                .body(lines))
        }
        _ => Err(Error::field("form", Refusal::new("audit.no_form"))),
    }
}

async fn table(signed: &Signed, wanted: &TrailQuery) -> Result<Response> {
    let p = signed.page("desk");
    let db = signed.app.stores.main.db();
    let entries = queries::all(db, &wanted.search(), MAX_ENTRIES).await?;
    let names = queries::names(db, &entries).await?;
    let head = ["number", "at", "system-at", "who", "capacity", "behalf", "code", "act", "object", "detail", "hash"];
    let mut sheet = CsvFile::default();
    sheet.line(head.iter().map(|column| p.t(&format!("audit-{column}"))));
    for entry in &entries {
        sheet.line([
            entry.number.to_string(),
            time(entry.at),
            time(entry.system_at),
            words::who(&p, entry, &names),
            entry.capacity.clone(),
            entry.on_behalf_of.map(|id| words::person(&p, id, &names)).unwrap_or_default(),
            entry.act.clone(),
            words::act(&p, &entry.act),
            entry.object.clone(),
            entry.detail.clone(),
            entry.hash.clone(),
        ]);
    }
    sheet.download(&file_name(&["audit"], day_of(signed.ctx.now)))
}
