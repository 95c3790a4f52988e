//! A flaw in a published log, and the file in which the flaw was found.

/// A flaw in a published log, with its file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}: {what}")]
pub struct Flaw {
    /// Path below the log's folder.
    pub file: String,
    /// Description of the flaw, in words.
    pub what: String,
}

/// Result of a check: a value, or the first flaw.
pub type Outcome<T> = Result<T, Flaw>;

/// The outcome of a check that found a flaw in a file.
pub fn flaw<T>(file: &str, what: impl Into<String>) -> Outcome<T> {
    Err(Flaw { file: file.to_owned(), what: what.into() })
}
