//! `/log/…` serves the public files, and lists of them so that `wget -m` finds every file.
//!
//! Nothing in a copy needs the product: any file server can serve the folder that `wget -m` makes.

mod folder;

use std::fmt::Write;

use poem::http::{HeaderValue, header};
use poem::web::Path as At;
use poem::{Request, Response, handler};

use crate::audit::publishing::FOLDER;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Visit;
use crate::web::page::html;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of the public files.
pub fn routes(route: Routes) -> Routes {
    route.get("/log", Policy::FILES.readable(), up).get("/log/*path", Policy::FILES.readable(), file)
}

#[handler]
fn up() -> Response {
    Response::builder().status(poem::http::StatusCode::SEE_OTHER).header(header::LOCATION, "/log/").finish()
}

/// Serves a file, or a list where the address ends with a slash. A browser, which asks for `text/html` by name, gets the list as a
/// page of the site; every other client gets bare links.
#[handler]
async fn file(request: &Request, visit: Visit, At(path): At<String>) -> Result<Response> {
    if !path.is_empty() && !path.ends_with('/') {
        return answer(&visit, &path).await;
    }
    let entries = entries(&visit, &path).await?;
    let accepts = request.header(header::ACCEPT).unwrap_or_default();
    let mut response = match accepts.contains("text/html") {
        true => html(&folder::page(&visit, &path, entries).await?)?,
        false => Response::builder().content_type("text/html; charset=utf-8").body(bare(&entries)),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    Ok(response)
}

async fn answer(visit: &Visit, path: &str) -> Result<Response> {
    let (log, rest) = path.split_once('/').ok_or(Error::NotFound("file"))?;
    let found = match log {
        FOLDER => visit.app.trail.public_file(rest).await?,
        slug => visit.app.ballots.sequencer.public_file(slug, rest).await?,
    };
    let bytes = found.ok_or(Error::NotFound("file"))?;
    let forever = is_forever(path);
    let keep = if forever { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    let media = if path.contains("/tile/") || path.contains("/places/") || path.ends_with("/questionnaire") {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    };
    Ok(Response::builder().content_type(media).header(header::CACHE_CONTROL, keep).body(bytes))
}

/// Whether a file never changes: tiles, bundles and old checkpoints are never written again.
fn is_forever(path: &str) -> bool {
    ["/tile/", "/places/", "/history/"].iter().any(|part| path.contains(part))
}

/// One entry of a folder.
struct Entry {
    /// Name of the entry, with a slash at the end of a folder; the relative link to the entry.
    name: String,
    /// Bytes of a file; none for a folder.
    size: Option<u64>,
}

impl Entry {
    fn new(name: String, size: Option<u64>) -> Self {
        Self { name: if size.is_none() { format!("{name}/") } else { name }, size }
    }
}

/// The entries of a folder, by name.
async fn entries(visit: &Visit, path: &str) -> Result<Vec<Entry>> {
    let (trail, sequencer) = (&visit.app.trail, &visit.app.ballots.sequencer);
    let path = path.trim_end_matches('/');
    let found: Vec<Entry> = match path.split_once('/').unwrap_or((path, "")) {
        ("", _) => {
            let mut logs = sequencer.logs().await?;
            if trail.is_begun().await? {
                logs.push(FOLDER.to_owned());
                logs.sort_unstable();
            }
            return Ok(logs.into_iter().map(|log| Entry::new(log, None)).collect());
        }
        (FOLDER, rest) => {
            trail.public_files(rest).await?.into_iter().map(|(name, size)| Entry::new(name, size)).collect()
        }
        (slug, rest) => {
            let found = sequencer.public_files(slug, rest).await?;
            found.into_iter().map(|one| Entry::new(one.name, one.size)).collect()
        }
    };
    if found.is_empty() { Err(Error::NotFound("folder")) } else { Ok(found) }
}

/// The list for programs: relative links and nothing else, so that `wget -m` finds every file and leaves the rest of the site,
/// and a copy can be read from anywhere.
fn bare(entries: &[Entry]) -> String {
    let mut page =
        String::from("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Ballot log</title>\n<ul>\n");
    for Entry { name, .. } in entries {
        // Writing to a string does not fail.
        let _ = writeln!(page, "<li><a href=\"{name}\">{name}</a></li>");
    }
    page.push_str("</ul></html>\n");
    page
}
