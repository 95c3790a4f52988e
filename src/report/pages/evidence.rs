//! The download of an evidence file, for staff who work on its assignment: always a download, never shown inside our pages.

use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Response, handler};

use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::dispatch::queries::for_staff;
use crate::report::evidence::Media;
use crate::report::evidence::name::saved;
use crate::report::{commands, queries};
use crate::sign_in::extract::Signed;
use crate::web::query;

/// Content security policy of the download: even if a browser displayed the file, the file could do nothing.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Answers with the file, and records the download in the audit trail.
#[handler]
pub async fn download(
    signed: Signed,
    Path((issue, province, sha256)): Path<(String, String, String)>,
) -> Result<Response> {
    let db = signed.app.stores.main.db();
    let found = for_staff(db, &signed.ctx, &issue, &province).await?;
    let file = queries::file(db, &found, &sha256).await?;
    let bytes = signed.app.files.get(&file.sha256).await?;
    let media = Media::of_mime(&file.media).ok_or(Error::NotFound("evidence"))?;
    let note = async |tx: &_| commands::note_reading(tx, &signed.ctx, &found, &file.sha256).await;
    signed.write(Changes::Internal, note).await?;
    Ok(Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, media.mime())
        .header(header::CONTENT_DISPOSITION, disposition(&file.name, &file.sha256, media))
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header("cross-origin-resource-policy", "same-origin")
        .header(header::CACHE_CONTROL, "private, no-store")
        .body(bytes))
}

/// A `Content-Disposition` of a download, with a plain name for old clients and the whole name (RFC 6266, RFC 8187) for all
/// others.
fn disposition(name: &str, sha256: &str, media: Media) -> String {
    let short: String = sha256.chars().take(8).collect();
    let whole = query::encode_header(&saved(name, media));
    format!("attachment; filename=\"evidence-{short}.{}\"; filename*=UTF-8''{whole}", media.endings()[0])
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_a_file_is_called_the_header_reads_back_as_one_harmless_name(name in "\\PC{0,150}|[\\x00-\\x7f]{0,150}|(\\.\\./|[\r\n\";%\u{202e}a]){0,50}") {
            let value = disposition(&name, &"ab".repeat(32), Media::Pdf);
            prop_assert!(poem::http::HeaderValue::from_str(&value).is_ok());
            prop_assert!(value.bytes().all(|b| (0x20..0x7f).contains(&b)), "{}", value);
            let (plain, whole) = value.split_once("; filename*=UTF-8''").unwrap();
            prop_assert_eq!(plain, "attachment; filename=\"evidence-abababab.pdf\"");
            prop_assert!(whole.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b)), "{}", whole);
            let read = percent_decode_str(whole).decode_utf8().unwrap().into_owned();
            prop_assert_eq!(read, saved(&name, Media::Pdf));
        }
    }
}
