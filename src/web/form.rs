//! Forms as they arrive: names with one or several values, text parts and files, within limits.

use std::collections::HashMap;

use poem::http::header;
use poem::web::Multipart;
use poem::{Body, FromRequest, Request, RequestBody};
use tokio::io::AsyncRead;

use crate::base::error::{Error, Refusal, Result};

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
pub const MAX_TEXT: usize = 1 << 20;
/// Most bytes of one file (20 MB).
pub const MAX_FILE: usize = 20 << 20;
/// Most files in one form.
const MAX_FILES: usize = 10;

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
            let bytes = body.take()?.into_bytes_limit(MAX_TEXT).await.map_err(|_| Error::TooLarge(MAX_TEXT as u64))?;
            Ok(urlencoded(&bytes)?)
        } else {
            Err(Error::Unsupported(Refusal::new("media_type")).into())
        }
    }
}

/// A form with large files: its text is collected, each file is handed on while it arrives.
pub struct Parts {
    parts: Option<Multipart>,
    text: usize,
    sent: Sent,
}

/// A file that is arriving. What is left unread of it is skipped.
pub struct Incoming {
    /// Name of the field.
    pub field: String,
    /// Name of the file on the sender's machine, without its folders.
    pub name: String,
    /// Content.
    pub content: Box<dyn AsyncRead + Send + Unpin>,
}

impl Parts {
    /// Begins to read a form. One without files may also come urlencoded.
    ///
    /// # Errors
    /// `Unsupported`; `TooLarge`; `Invalid` for what is no form.
    pub async fn of(request: &Request, body: Body) -> poem::Result<Self> {
        let mut body = RequestBody::new(body);
        let media = request.header(header::CONTENT_TYPE).unwrap_or("");
        let (parts, sent) = if media.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, &mut body).await?;
            (Some(parts), Sent::default())
        } else {
            (None, Sent::from_request(request, &mut body).await?)
        };
        Ok(Self { parts, text: 0, sent })
    }

    /// The next file; none at the end of the form. An empty file control is passed over.
    ///
    /// # Errors
    /// `TooLarge` for the text; `Invalid` for what is no form.
    pub async fn next_file(&mut self) -> Result<Option<Incoming>> {
        let Some(parts) = &mut self.parts else {
            return Ok(None);
        };
        let malformed = |_| Error::field("request", Refusal::new("malformed"));
        while let Some(part) = parts.next_field().await.map_err(malformed)? {
            let field = part.name().unwrap_or("").to_owned();
            match part.file_name().map(without_folders) {
                Some(name) if name.is_empty() => {}
                Some(name) => {
                    return Ok(Some(Incoming { field, name, content: Box::new(Box::pin(part.into_async_read())) }));
                }
                None => {
                    let bytes = limited(part, MAX_TEXT - self.text).await?;
                    self.text += bytes.len();
                    let value =
                        String::from_utf8(bytes).map_err(|_| Error::field("request", Refusal::new("malformed")))?;
                    self.sent.add(field, value);
                }
            }
        }
        Ok(None)
    }

    /// The text of the form, as far as it was read.
    #[must_use]
    pub fn into_sent(self) -> Sent {
        self.sent
    }
}

fn without_folders(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or("").to_owned()
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
                let bytes = limited(part, MAX_FILE).await?;
                if name.is_empty() && bytes.is_empty() {
                    continue; // an empty file control
                }
                if sent.files.len() == MAX_FILES {
                    return Err(Error::field(field, Refusal::new("form.too_many_files").with("most", MAX_FILES)));
                }
                let name = without_folders(&name);
                sent.files.push(File { field, name, bytes });
            }
            None => {
                let bytes = limited(part, MAX_TEXT - text).await?;
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

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// One of several options.
    Choice,
}

/// A field as a page asks for it: label, hint, what was typed and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Field {
    /// How it is asked for.
    pub kind: Kind,
    /// Its name, and its id.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// A sentence under the label; empty for none.
    pub hint: String,
    /// What it holds.
    pub value: String,
    /// What is wrong with it; empty for nothing.
    pub error: String,
    /// Most characters; 0 where that is not said.
    pub most: usize,
    /// Value and text of the options.
    pub options: Vec<(String, String)>,
}

impl Field {
    /// A field that holds something.
    #[must_use]
    pub fn new(kind: Kind, name: &'static str, label: String, value: &str) -> Self {
        Self {
            kind,
            name,
            label,
            hint: String::new(),
            value: value.to_owned(),
            error: String::new(),
            most: 0,
            options: Vec::new(),
        }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hinted(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }

    /// Adds the most characters.
    #[must_use]
    pub const fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Adds the options.
    #[must_use]
    pub fn among(mut self, options: Vec<(String, String)>) -> Self {
        self.options = options;
        self
    }

    /// What was typed, in words: for showing it where it cannot be sent again.
    #[must_use]
    pub fn typed(&self) -> &str {
        let chosen = self.options.iter().find(|o| o.0 == self.value);
        chosen.map_or(&self.value, |o| &o.1)
    }
}
