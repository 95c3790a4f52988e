//! Style sheets and scripts, embedded in the binary. The address of an asset contains a hash of its content, so browsers may
//! cache the asset for a year.

use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Request, Response, handler};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::base::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "templates/assets/"]
struct Files;

struct Asset {
    media: &'static str,
    plain: Vec<u8>,
    gzip: Vec<u8>,
}

struct Assets {
    by_address: HashMap<String, Asset>,
    address_of: HashMap<String, String>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut assets = Assets { by_address: HashMap::new(), address_of: HashMap::new() };
    for name in Files::iter().map(|name| name.to_string()) {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        let bytes = file.data.into_owned();
        let hash = hex::encode(&Sha256::digest(&bytes)[..8]);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "bin"));
        let address = format!("/assets/{stem}.{hash}.{extension}");
        let media = match extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        assets.by_address.insert(address.clone(), Asset { media, gzip: gzip(&bytes), plain: bytes });
        assets.address_of.insert(name, address);
    }
    assets
});

/// Address of an asset, given its plain file name.
#[must_use]
pub fn address(name: &str) -> String {
    ASSETS.address_of.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
}

/// Compresses bytes with gzip.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Whether the client accepts gzip. A weight of 0 forbids a coding (RFC 9110, 12.5.3).
#[must_use]
pub fn takes_gzip(request: &Request) -> bool {
    request.header(header::ACCEPT_ENCODING).is_some_and(|codings| codings.split(',').any(is_gzip))
}

fn is_gzip(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    is_named && weight.is_none_or(|weight| weight.trim().parse::<f32>().is_ok_and(|weight| weight > 0.0))
}

/// `GET /assets/{name}.{hash}.{extension}`: one embedded file.
#[handler]
pub fn asset(request: &Request, Path(file): Path<String>) -> Result<Response> {
    let asset = ASSETS.by_address.get(&format!("/assets/{file}")).ok_or(Error::NotFound("page"))?;
    let response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, asset.media)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::VARY, "Accept-Encoding");
    Ok(if takes_gzip(request) {
        response.header(header::CONTENT_ENCODING, "gzip").body(asset.gzip.clone())
    } else {
        response.body(asset.plain.clone())
    })
}

/// The preference style sheet for a type size and a theme. The rules set custom properties that the main style sheet reads, and
/// mark the chosen values in the head. Scripts read `--chosen`.
#[must_use]
pub fn preferences(size: &str, theme: &str) -> String {
    let (size, scale) = match size {
        "2" => ("2", "--type:1.3;"),
        "3" => ("3", "--type:1.77;"),
        _ => ("1", ""),
    };
    // A custom property that holds only a blank counts as set: each theme switches the colours of the other theme off.
    let (theme, colours) = match theme {
        "light" => ("light", "--light:initial;--dark: ;color-scheme:light;"),
        "dark" => ("dark", "--light: ;--dark:initial;color-scheme:dark;"),
        _ => ("system", ""),
    };
    format!(
        ":root{{{scale}{colours}--chosen:{size} {theme}}}\
         .seg [data-type=\"{size}\"][data-nopow],.seg [data-theme=\"{theme}\"][data-nopow]{{background:var(--ink);color:var(--page)}}\
         .seg [data-type=\"{size}\"]::before,.seg [data-theme=\"{theme}\"]::before{{content:\"✓ \"}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_accepted_by_name_unless_its_weight_is_zero() {
        for (codings, is_accepted) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br;q=1, gzip ; q=0.1", true),
            ("x-gzipped, br", false),
            ("gzip;q=none", false),
            ("", false),
        ] {
            let request = Request::builder().header(header::ACCEPT_ENCODING, codings).finish();
            assert_eq!(takes_gzip(&request), is_accepted, "{codings}");
        }
    }
}
