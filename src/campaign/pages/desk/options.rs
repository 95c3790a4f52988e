//! The page of the options table: pasted or uploaded, then previewed, and only then saved: `/desk/campaigns/{slug}/options`.

use askama::Template;
use entity::campaign;
use entity::stored::{Affected, ProposedBy, StoredPhase, TermKind};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;

use super::{at_large, desk, summary, summary_title};
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::base::main_store::Changes;
use crate::campaign::options::{COLUMNS, NewOption, decode, read, write};
use crate::campaign::pages::desk::rules_form::changed;
use crate::campaign::{commands, queries};
use crate::programme;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::csv::{CsvForm, CsvQuery, file_name, saved_as};
use crate::web::form::{MAX_TEXT, Sent};
use crate::web::page::{Page, html, html_with, see_other};

#[derive(Template)]
#[template(path = "campaign/options.html")]
struct Form {
    p: Page,
    nav: Nav,
    title: String,
    slug: String,
    revision: i32,
    text: String,
    error: String,
    file_error: String,
    problems_title: String,
    problems: Vec<(String, String)>,
    meanwhile: String,
    /// The stored table, where somebody else changed it; empty otherwise.
    standing: String,
    columns: Vec<(String, String)>,
    words: Vec<Words>,
}

/// Values that cells of some columns may hold.
struct Words {
    title: String,
    words: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "campaign/options_preview.html")]
struct Preview {
    p: Page,
    nav: Nav,
    slug: String,
    revision: i32,
    text: String,
    replaced: u64,
    list: Vec<NewOption>,
}

/// Answers with the stored table for editing. After the draft was submitted, the reader is sent to the overview.
#[handler]
pub async fn current(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::WriteCampaigns)?;
    let found = queries::campaign(signed.app.stores.main.db(), &slug).await?;
    if found.phase != StoredPhase::Draft {
        return Ok(see_other(&signed.page("desk").href(&desk(&slug))));
    }
    let text = written(&signed, &found).await?;
    form(&signed, &found, found.revision, text, None).await
}

/// Takes a table: previews it, or saves the previewed table.
#[handler]
pub async fn take(signed: Signed, Path(slug): Path<String>, mut sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::WriteCampaigns)?;
    let db = signed.app.stores.main.db();
    let found = queries::campaign(db, &slug).await?;
    let revision: i32 = sent.parse("revision", "form.number")?;
    let (text, file) = match table(&mut sent) {
        Ok(text) => (text, None),
        Err(refusal) => (sent.get("options").to_owned(), Some(wrong(refusal))),
    };
    if let Some(errors) = file {
        return form(&signed, &found, revision, text, Some(Error::Invalid(errors))).await;
    }
    if sent.get("act") == "edit" {
        return form(&signed, &found, revision, text, None).await;
    }
    let saves = sent.get("act") == "save";
    let taken = async {
        let options = read(&text, &queries::vocabulary(db).await?)?;
        queries::check_taken(db, Some(found.id), &options).await?;
        let write = async |tx: &DatabaseTransaction| {
            commands::check_revision(tx, &slug, revision).await?;
            if saves {
                commands::put_options(tx, &signed.ctx, &slug, revision, &options).await?;
            }
            Ok(())
        };
        signed.write(Changes::Internal, write).await?;
        Ok(options)
    };
    match taken.await {
        Ok(_) if saves => {
            let address = format!("{}?done=options", desk(&slug));
            Ok(see_other(&signed.page("desk").href(&address)))
        }
        Ok(options) => html(&Preview {
            p: signed.page("desk").titled("campaign-options-preview"),
            nav: signed.nav(Section::Campaigns),
            replaced: queries::option_count(db, found.id).await?,
            list: options,
            slug,
            revision,
            text,
        }),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let now = queries::campaign(db, &slug).await?;
            form(&signed, &now, revision, text, Some(error)).await
        }
        Err(other) => Err(other),
    }
}

/// Answers with the table as a CSV file, which spreadsheets recognise as UTF-8.
#[handler]
pub async fn csv(signed: Signed, Path(slug): Path<String>, Query(asked): Query<CsvQuery>) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    let found = queries::campaign(signed.app.stores.main.db(), &slug).await?;
    let text = written(&signed, &found).await?;
    let name = file_name(&["options", &slug], day_of(signed.ctx.now));
    let bytes = match asked.form() {
        CsvForm::Spreadsheet => format!("\u{feff}{text}"),
        CsvForm::Plain => text,
    };
    Ok(saved_as(&name, bytes.into_bytes()))
}

async fn form(
    signed: &Signed,
    found: &campaign::Model,
    revision: i32,
    text: String,
    refused: Option<Error>,
) -> Result<Response> {
    let mut p = signed.page("desk").titled("campaign-options-title");
    let title = p.title.clone();
    let (mut meanwhile, mut standing, mut error, mut file_error) = Default::default();
    let (mut status, mut revision) = (StatusCode::OK, revision);
    match refused {
        None => {}
        Some(Error::Conflict(refusal)) => {
            status = StatusCode::CONFLICT;
            if found.phase == StoredPhase::Draft {
                meanwhile = changed(&p, signed, found).await?;
                standing = written(signed, found).await?;
                revision = found.revision;
            }
            p = p.refused(at_large(refusal));
        }
        Some(Error::Invalid(errors)) => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            p = p.refused(errors);
            match p.error("file") {
                Some(sentence) => file_error = sentence,
                None => error = p.tr("campaign-options-wrong", &[("count", p.errors.len().to_string())]),
            }
        }
        Some(other) => return Err(other),
    }
    let template = Form {
        nav: signed.nav(Section::Campaigns),
        title,
        slug: found.slug.clone(),
        revision,
        text,
        error,
        file_error,
        problems_title: summary_title(&p),
        problems: summary(&p, &[], |field| if field == "file" { "file" } else { "options" }.to_owned()),
        meanwhile,
        standing,
        columns: COLUMNS.iter().map(|column| ((*column).to_owned(), p.tc("campaign-column-", column))).collect(),
        words: words(signed, &p).await?,
        p,
    };
    html_with(status, &template)
}

/// The stored options of a campaign as a table.
async fn written(signed: &Signed, found: &campaign::Model) -> Result<String> {
    let options = queries::options(signed.app.stores.main.db(), found.id).await?;
    let options: Vec<NewOption> = options.iter().map(queries::as_written).collect();
    write(&options)
}

/// The table of the request: the file where there is one, else the pasted text.
fn table(sent: &mut Sent) -> Result<String, Refusal> {
    let Some(file) = sent.take_files().into_iter().find(|f| f.field == "file") else {
        return Ok(sent.get("options").to_owned());
    };
    if file.bytes.len() > MAX_TEXT {
        return Err(Refusal::new("options.too_large").with("name", file.name));
    }
    decode(&file.name, &file.bytes)
}

fn wrong(refusal: Refusal) -> Vec<FieldError> {
    vec![FieldError { field: "file".to_owned(), refusal }]
}

/// The values that cells may hold, by column.
async fn words(signed: &Signed, p: &Page) -> Result<Vec<Words>> {
    let db = signed.app.stores.main.db();
    let mut lists = Vec::new();
    for (kind, title) in [
        (TermKind::Department, "campaign-words-department"),
        (TermKind::Domain, "campaign-words-domain"),
        (TermKind::RootCause, "campaign-words-root-cause"),
        (TermKind::Remedy, "campaign-words-remedy"),
    ] {
        lists.push(Words {
            title: p.t(title),
            words: programme::queries::terms(db, kind)
                .await?
                .into_iter()
                .map(|t| (t.code, p.pick(&t.name_zh, &t.name_en).to_owned()))
                .collect(),
        });
    }
    let of = |prefix: &str, codes: Vec<String>| Words {
        title: p.t(&format!("campaign-words-{prefix}")),
        words: codes
            .into_iter()
            .map(|code| {
                let name = p.tc(&format!("campaign-{prefix}-"), &code);
                (code, name)
            })
            .collect(),
    };
    let affected = Affected::ALL.iter().map(ToString::to_string).collect();
    lists.push(of("affected", affected));
    let proposers = ProposedBy::ALL.iter().map(ToString::to_string).collect();
    lists.push(of("proposed-by", proposers));
    Ok(lists)
}
