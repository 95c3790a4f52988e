//! `/log/…` serves the public files as they are on disk, and lists of them so that `wget -m` finds every file.
//!
//! Nothing here needs the product: any file server can serve a copy of the folder.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use poem::http::header;
use poem::web::{Data, Path as At};
use poem::{Response, handler};

use crate::app::App;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of the public files.
pub fn routes(route: Routes) -> Routes {
    route.get("/log", Policy::FILES, up).get("/log/*path", Policy::FILES, file)
}

#[handler]
fn up() -> Response {
    Response::builder().status(poem::http::StatusCode::SEE_OTHER).header(header::LOCATION, "/log/").finish()
}

/// Serves a file, or a list where the address ends with a slash.
#[handler]
async fn file(app: Data<&Arc<App>>, At(path): At<String>) -> Result<Response> {
    let root = super::folder(&app.config.data);
    files::blocking(move || answer(&root, &path)).await
}

fn answer(root: &Path, path: &str) -> Result<Response> {
    let place = below(root, path).ok_or(Error::NotFound("file"))?;
    if path.is_empty() || path.ends_with('/') {
        return list(&place);
    }
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

/// Lists the names in a folder with relative links, so that a copy can be read from anywhere.
fn list(folder: &Path) -> Result<Response> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if files::is_absent(&e) => return Err(Error::NotFound("folder")),
        Err(e) => return Err(files::failed(folder, &e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| files::failed(folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let slash = if entry.path().is_dir() { "/" } else { "" };
        if !name.starts_with('.') {
            names.push(format!("{name}{slash}"));
        }
    }
    names.sort_unstable();
    let mut page =
        String::from("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Ballot log</title>\n<ul>\n");
    for name in names {
        // Writing to a string does not fail.
        let _ = writeln!(page, "<li><a href=\"{name}\">{name}</a></li>");
    }
    page.push_str("</ul></html>\n");
    Ok(Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, no-cache")
        .body(page))
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
