//! Forms as clients send them: fields with one or several values, text parts and files, within limits.

use std::collections::HashMap;

use poem::http::header;
use poem::web::Multipart;
use poem::{Body, FromRequest, Request, RequestBody};
use tokio::io::AsyncRead;

use super::query;
use crate::base::error::{Error, Refusal, Result};
use crate::base::text;

/// A submitted form: `application/x-www-form-urlencoded` or `multipart/form-data`.
#[derive(Debug, Default)]
pub struct Sent {
    values: HashMap<String, Vec<String>>,
    files: Vec<File>,
}

/// Names and values of a form's fields.
pub type Pairs = Vec<(String, String)>;

/// One file of a submitted form.
#[derive(Debug)]
pub struct File {
    /// Name of the form field that holds the file.
    pub field: String,
    /// Name of the file on the sender's machine, without its folders.
    pub name: String,
    /// Content of the file.
    pub bytes: Vec<u8>,
}

/// Largest size of a form's text, in bytes.
pub const MAX_TEXT: usize = 1 << 20;
/// Largest size of one file, in bytes (20 MB).
pub const MAX_FILE: usize = 20 << 20;
/// Name of a file whose name cannot be read.
const UNNAMED: &str = "file";
/// Largest number of files in one form.
const MAX_FILES: usize = 10;
/// Fields that a form sends once for each ticked box or row. A field with the prefix `SCOPES` is such a field too.
const LISTS: [&str; 11] =
    ["choice", "day", "department", "expected_version", "hosts", "roles", "row", "seen", "text", "tracks", "units"];
/// Prefix of the fields with the scopes of a role.
const SCOPES: &str = "scope-";

impl Sent {
    /// The value of a field; empty where the field is absent.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        self.values.get(field).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// As [`Sent::get`], for a field that is a list in another form.
    ///
    /// # Errors
    /// `Invalid` for several values.
    pub fn one(&self, field: &str) -> Result<&str> {
        if self.all(field).len() > 1 { Err(query::named_twice(field)) } else { Ok(self.get(field)) }
    }

    /// All values of a field (checkboxes). The field is among the lists of this module.
    #[must_use]
    pub fn all(&self, field: &str) -> &[String] {
        debug_assert!(is_list(field), "the field {field} is not among the lists");
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether the form contains a field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// The value of a field, parsed as a value of the type.
    ///
    /// # Errors
    /// `Invalid` for this field with the given code.
    pub fn parse<T: std::str::FromStr>(&self, field: &str, code: &'static str) -> Result<T> {
        text::plain(self.get(field)).parse().map_err(|_| Error::field(field, Refusal::new(code)))
    }

    /// Names and values of all fields, by name.
    #[must_use]
    pub fn pairs(self) -> Pairs {
        let mut pairs: Pairs = Vec::new();
        for (field, values) in self.values {
            pairs.extend(values.into_iter().map(|value| (field.clone(), value)));
        }
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
        pairs
    }

    /// Takes the files out of the form.
    pub fn take_files(&mut self) -> Vec<File> {
        std::mem::take(&mut self.files)
    }

    fn add(&mut self, field: String, value: &[u8]) -> Result<()> {
        let value = readable(&field, value)?;
        self.push(field, value)
    }

    /// Adds a value. A second value of a field that has one value is refused: one of the two would be dropped in silence.
    fn push(&mut self, field: String, value: String) -> Result<()> {
        if self.has(&field) && !is_list(&field) {
            return Err(query::named_twice(&field));
        }
        self.values.entry(field).or_default().push(value);
        Ok(())
    }
}

/// Whether a field may have several values.
fn is_list(field: &str) -> bool {
    LISTS.contains(&field) || field.starts_with(SCOPES)
}

impl<'a> FromRequest<'a> for Sent {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let media = request.header(header::CONTENT_TYPE).unwrap_or("");
        if media.starts_with("multipart/form-data") {
            Ok(multipart(Multipart::from_request(request, body).await?).await?)
        } else if media.starts_with("application/x-www-form-urlencoded") {
            let bytes = body.take()?.into_bytes_limit(MAX_TEXT).await.map_err(|_| Error::TooLarge(MAX_TEXT as u64))?;
            let mut sent = Self::default();
            for (field, value) in urlencoded(&bytes)? {
                sent.push(field, value)?;
            }
            Ok(sent)
        } else {
            Err(Error::Unsupported(Refusal::new("media_type")).into())
        }
    }
}

/// A form with large files: its text is collected, and each file is streamed while it arrives.
pub struct Parts {
    parts: Option<Multipart>,
    text: usize,
    sent: Sent,
}

/// A file that is arriving. Any unread rest of its content is skipped.
pub struct Incoming {
    /// Name of the form field that holds the file.
    pub field: String,
    /// Name of the file on the sender's machine, without its folders.
    pub name: String,
    /// Content of the file, as a stream.
    pub content: Box<dyn AsyncRead + Send + Unpin>,
}

impl Parts {
    /// Begins to read a form. A form without files may also be URL-encoded.
    ///
    /// # Errors
    /// `Unsupported` for another media type; `TooLarge`; `Invalid` for a malformed form.
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

    /// The next file; `None` at the end of the form. A file control without a file is skipped.
    ///
    /// # Errors
    /// `TooLarge` for the text; `Invalid` for a malformed form.
    pub async fn next_file(&mut self) -> Result<Option<Incoming>> {
        let Some(parts) = &mut self.parts else {
            return Ok(None);
        };
        while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
            let field = part.name().unwrap_or("").to_owned();
            match file_name(&part) {
                Some(name) if name.is_empty() => {}
                Some(name) => {
                    return Ok(Some(Incoming { field, name, content: Box::new(Box::pin(part.into_async_read())) }));
                }
                None => {
                    let bytes = limited(part, MAX_TEXT - self.text).await?;
                    self.text += bytes.len();
                    self.sent.add(field, &bytes)?;
                }
            }
        }
        Ok(None)
    }

    /// The text fields that were read so far.
    #[must_use]
    pub fn into_sent(self) -> Sent {
        self.sent
    }
}

/// Name of the file of a part, without its folders; none for a text. The parser of the form gives no name that is not UTF-8, such
/// as the GBK of older tools, and none in the form of RFC 5987. A part with a media type other than `text/plain` (RFC 7578, 4.4)
/// is a file all the same.
#[must_use]
pub fn file_name(part: &poem::web::Field) -> Option<String> {
    let is_text =
        |media: &str| media.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/plain"));
    let is_file = part.content_type().is_some_and(|media| !is_text(media));
    part.file_name().map(without_folders).or_else(|| is_file.then(|| UNNAMED.to_owned()))
}

fn without_folders(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or("").to_owned()
}

/// The fields of an URL-encoded form, in their order.
///
/// # Errors
/// `Invalid` for bytes that are not UTF-8, and for NUL.
pub fn urlencoded(bytes: &[u8]) -> Result<Pairs> {
    let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (field, value) = pair.split_at(at);
            let field = readable("request", &query::decode(field))?;
            let value = readable(&field, &query::decode(value.get(1..).unwrap_or_default()))?;
            Ok((field, value))
        })
        .collect()
}

/// A value as it was sent, with a line feed at the end of each line.
fn readable(field: &str, value: &[u8]) -> Result<String> {
    let value = std::str::from_utf8(value).map_err(|_| malformed())?;
    if value.contains('\0') {
        return Err(Error::field(field, Refusal::new("form.control_characters")));
    }
    Ok(text::unix_lines(value))
}

/// Refusal of a body that cannot be read as a form.
pub(super) fn malformed() -> Error {
    Error::field("request", Refusal::new("malformed"))
}

async fn multipart(mut parts: Multipart) -> Result<Sent> {
    let mut sent = Sent::default();
    let mut text = 0;
    while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
        let field = part.name().unwrap_or("").to_owned();
        match file_name(&part) {
            Some(name) => {
                let bytes = limited(part, MAX_FILE).await?;
                if name.is_empty() && bytes.is_empty() {
                    continue; // an empty file control
                }
                if sent.files.len() == MAX_FILES {
                    return Err(Error::field(field, Refusal::new("form.too_many_files").with("most", MAX_FILES)));
                }
                sent.files.push(File { field, name, bytes });
            }
            None => {
                let bytes = limited(part, MAX_TEXT - text).await?;
                text += bytes.len();
                sent.add(field, &bytes)?;
            }
        }
    }
    Ok(sent)
}

/// Reads a part and counts its bytes while reading, so that a false length in the header has no effect.
async fn limited(part: poem::web::Field, most: usize) -> Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    part.into_async_read().take(most as u64 + 1).read_to_end(&mut bytes).await.map_err(|_| malformed())?;
    if bytes.len() > most { Err(Error::TooLarge(most as u64)) } else { Ok(bytes) }
}

/// Kind of control for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text control of one line.
    Line,
    /// Text area of several lines.
    Area,
    /// Choice of one among several options.
    Choice,
}

/// A form field of a page: label, hint, value and error.
#[derive(Clone, Debug)]
pub struct Field {
    /// Kind of control that shows the field.
    pub kind: Kind,
    /// Name of the field, also the id of the control.
    pub name: &'static str,
    /// Label of the field, in the language of the page.
    pub label: String,
    /// A sentence under the label; empty for none.
    pub hint: String,
    /// Value that the control shows.
    pub value: String,
    /// Error sentence of the field; empty for none.
    pub error: String,
    /// Largest number of characters; 0 for no stated limit.
    pub most: usize,
    /// Value and text of each option.
    pub options: Vec<(String, String)>,
}

impl Field {
    /// A field with a value and without hint, error, limit or options.
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

    /// Adds the largest number of characters.
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

    /// The value in words, for showing it where it cannot be submitted again: for a choice the text of the option.
    #[must_use]
    pub fn typed(&self) -> &str {
        let chosen = self.options.iter().find(|o| o.0 == self.value);
        chosen.map_or(&self.value, |o| &o.1)
    }
}
