//! `/log/…` serves the public files as they are on disk, and lists of them so that `wget -m` finds every file.
//!
//! Nothing here needs the product: any file server can serve a copy of the folder.

mod folder;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use poem::http::{HeaderValue, header};
use poem::web::Path as At;
use poem::{Request, Response, handler};

use crate::base::error::{Error, Result};
use crate::base::files;
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
    let root = super::folder(&visit.app.config.data);
    if !path.is_empty() && !path.ends_with('/') {
        return files::blocking(move || answer(&root, &path)).await;
    }
    let place = below(&root, &path).ok_or(Error::NotFound("file"))?;
    let entries = files::blocking(move || entries(&place)).await?;
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

fn answer(root: &Path, path: &str) -> Result<Response> {
    let place = below(root, path).ok_or(Error::NotFound("file"))?;
    if place.is_dir() {
        return Err(Error::NotFound("file"));
    }
    let bytes = files::read(&place)?.ok_or(Error::NotFound("file"))?;
    let forever = is_forever(path);
    let keep = if forever { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    let media = if path.contains("/tile/") || path.contains("/places/") || path.ends_with("/questionnaire") {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    };
    Ok(Response::builder().content_type(media).header(header::CACHE_CONTROL, keep).body(bytes))
}

/// The file or folder of an address. None for an address that could lead out of the log's folder or to an unfinished file.
fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let names = path.split('/').filter(|name| !name.is_empty());
    let fits = |name: &str| {
        !name.starts_with('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
    };
    names.clone().all(fits).then(|| names.fold(root.to_owned(), |place, name| place.join(name)))
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

/// The entries of a folder, by name.
fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let listed = match std::fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(e) if files::is_absent(&e) => return Err(Error::NotFound("folder")),
        Err(e) => return Err(files::failed(folder, &e)),
    };
    let mut found = Vec::new();
    for entry in listed {
        let entry = entry.map_err(|e| files::failed(folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let about = entry.metadata().map_err(|e| files::failed(folder, &e))?;
        found.push(match about.is_dir() {
            true => Entry { name: format!("{name}/"), size: None },
            false => Entry { name, size: Some(about.len()) },
        });
    }
    found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out_of_the_log_or_to_an_unfinished_file() {
        let root = Path::new("/data/log");
        assert_eq!(below(root, "s1/tile/0/x001/002.p/7"), Some(root.join("s1/tile/0/x001/002.p/7")));
        for wrong in ["../keys/site.key", "s1/../../keys", "s1/.checkpoint.new", "s1/%2e", "s1/\u{0}", ".", "s1/a b"] {
            assert_eq!(below(root, wrong), None, "{wrong}");
        }
    }
}
