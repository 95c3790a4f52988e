//! Forms as they arrive: names with one or several values, text parts and files, within limits.

use std::collections::HashMap;

use poem::http::header;
use poem::web::Multipart;
use poem::{FromRequest, Request, RequestBody};

use crate::error::{Error, Refusal, Result};

/// A form that was sent: `application/x-www-form-urlencoded` or `multipart/form-data`.
#[derive(Debug, Default)]
pub struct Sent {
    values: HashMap<String, Vec<String>>,
    files: Vec<File>,
}

/// One file of a form.
#[derive(Debug)]
pub struct File {
    /// Name of the field.
    pub field: String,
    /// Name of the file on the sender's machine, without its folders.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Most bytes of a form without files.
pub const MOST_TEXT: usize = 1 << 20;
/// Most bytes of one file (20 MB).
pub const MOST_FILE: usize = 20 << 20;
/// Most files in one form.
const MOST_FILES: usize = 10;

impl Sent {
    /// The value of a field; empty where it is absent.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        self.values.get(field).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// Every value of a field (tick boxes).
    #[must_use]
    pub fn all(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether a field was sent at all.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// The value of a field, parsed.
    ///
    /// # Errors
    /// `Invalid` for this field with the given code.
    pub fn parse<T: std::str::FromStr>(&self, field: &str, code: &'static str) -> Result<T> {
        self.get(field).trim().parse().map_err(|_| Error::field(field, Refusal::new(code)))
    }

    /// Takes the files out.
    pub fn take_files(&mut self) -> Vec<File> {
        std::mem::take(&mut self.files)
    }

    fn add(&mut self, field: String, value: String) {
        self.values.entry(field).or_default().push(value);
    }
}

impl<'a> FromRequest<'a> for Sent {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let media = request.header(header::CONTENT_TYPE).unwrap_or("");
        if media.starts_with("multipart/form-data") {
            Ok(multipart(Multipart::from_request(request, body).await?).await?)
        } else if media.starts_with("application/x-www-form-urlencoded") {
            let bytes =
                body.take()?.into_bytes_limit(MOST_TEXT).await.map_err(|_| Error::TooLarge(MOST_TEXT as u64))?;
            Ok(urlencoded(&bytes)?)
        } else {
            Err(Error::Unsupported(Refusal::new("media_type")).into())
        }
    }
}

fn urlencoded(bytes: &[u8]) -> Result<Sent> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(bytes).map_err(|_| Error::field("request", Refusal::new("malformed")))?;
    let mut sent = Sent::default();
    for (field, value) in pairs {
        sent.add(field, value);
    }
    Ok(sent)
}

async fn multipart(mut parts: Multipart) -> Result<Sent> {
    let malformed = |_| Error::field("request", Refusal::new("malformed"));
    let mut sent = Sent::default();
    let mut text = 0;
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let field = part.name().unwrap_or("").to_owned();
        match part.file_name().map(ToOwned::to_owned) {
            Some(name) => {
                let bytes = limited(part, MOST_FILE).await?;
                if name.is_empty() && bytes.is_empty() {
                    continue; // an empty file control
                }
                if sent.files.len() == MOST_FILES {
                    return Err(Error::field(field, Refusal::new("form.too_many_files").with("most", MOST_FILES)));
                }
                let name = name.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
                sent.files.push(File { field, name, bytes });
            }
            None => {
                let bytes = limited(part, MOST_TEXT - text).await?;
                text += bytes.len();
                let value = String::from_utf8(bytes).map_err(|_| Error::field("request", Refusal::new("malformed")))?;
                sent.add(field, value);
            }
        }
    }
    Ok(sent)
}

/// Counts while reading, so that a lying length buys nothing.
async fn limited(part: poem::web::Field, most: usize) -> Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    part.into_async_read()
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(|_| Error::field("request", Refusal::new("malformed")))?;
    if bytes.len() > most { Err(Error::TooLarge(most as u64)) } else { Ok(bytes) }
}
