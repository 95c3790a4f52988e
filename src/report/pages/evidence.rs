//! A file, for those who work on its row: always a download, never shown inside our pages.

use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Response, handler};

use crate::dispatch::queries::for_staff;
use crate::error::Result;
use crate::identity::extract::Signed;
use crate::report::queries;
use crate::web::problem::percent;

/// Were a browser to show it after all, it could do nothing.
const POLICY: &str = "sandbox; default-src 'none'";

/// The file.
#[handler]
pub async fn download(
    signed: Signed,
    Path((issue, province, sha256)): Path<(String, String, String)>,
) -> Result<Response> {
    let db = signed.app.stores.main.db();
    let found = for_staff(db, &signed.ctx, &issue, &province).await?;
    let file = queries::file(db, &found, &sha256).await?;
    let bytes = signed.app.files.get(&file.sha256).await?;
    let ending = match file.media.as_str() {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        _ => "png",
    };
    let short: String = file.sha256.chars().take(8).collect();
    let disposition = format!(
        "attachment; filename=\"evidence-{short}.{ending}\"; filename*=UTF-8''{}",
        percent(&file.name).replace('/', "%2F")
    );
    Ok(Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, file.media)
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::CACHE_CONTROL, "private, no-store")
        .body(bytes))
}
