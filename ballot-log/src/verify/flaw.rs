//! A flaw in a published log, and the file in which the flaw was found.

/// What is wrong, and in which file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}: {what}")]
pub struct Flaw {
    /// Path below the log's folder.
    pub file: String,
    /// What is wrong there.
    pub what: String,
}

/// How a check ends.
pub type Outcome<T> = Result<T, Flaw>;

/// A flaw in a file.
pub fn flaw<T>(file: &str, what: impl Into<String>) -> Outcome<T> {
    Err(Flaw { file: file.to_owned(), what: what.into() })
}
