//! Everything that can be refused or go wrong, in one enumeration: one meaning a variant, one status, one stable code.
//!
//! The domain holds no prose. A [`Refusal`] is a code (`ballot.pass_used`) and its arguments; the message files translate
//! the code (`error-ballot-pass-used`), the API carries it, tests assert on it. `web::problem` renders an error in one of
//! two shapes, and logs the unforeseen ones once.

use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

/// The result of everything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Absent, or not yours to know about. Carries what was looked for.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Nobody is signed in where somebody must be.
    #[error("not signed in")]
    Unauthenticated,
    /// The input can be shown again, field by field.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// The request is understood and does not fit the state of things.
    #[error("{}", .0.code)]
    Conflict(Refusal),
    /// The request is refused by a rule about who may do it.
    #[error("{}", .0.code)]
    Forbidden(Refusal),
    /// The body, or a file in it, is larger than the limit in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// The body came too slowly, or did not end.
    #[error("too slow")]
    TooSlow,
    /// A kind of file that is not taken.
    #[error("kind of file not taken")]
    Unsupported(Refusal),
    /// Too often; works again after so many seconds.
    #[error("too often")]
    TooMany {
        /// Seconds.
        retry_after: u64,
    },
    /// All that there is for a time was taken; works again after so many seconds.
    #[error("{}", .refusal.code)]
    UsedUp {
        /// What was taken.
        refusal: Refusal,
        /// Seconds.
        retry_after: u64,
    },
    /// Too much is going on; nothing was accepted; works again after so many seconds.
    #[error("busy")]
    Busy {
        /// Seconds.
        retry_after: u64,
    },
    /// What must be asked first does not answer; nothing was accepted; works again after so many seconds.
    #[error("{}", .refusal.code)]
    Later {
        /// Why.
        refusal: Refusal,
        /// Seconds.
        retry_after: u64,
    },
    /// A disk is full; 503, as it will have room again.
    #[error("disk full: {0}")]
    Full(String),
    /// Everything unforeseen in a store; 503 where the store is away or full, and will be back.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Everything else unforeseen.
    #[error("{0}")]
    Internal(String),
}

/// A stable code and the values that its sentence names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `slice.what_is_wrong`.
    pub code: &'static str,
    /// Values of the sentence.
    pub args: Vec<(&'static str, String)>,
}

/// A refusal that belongs to one field of a form or one member of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// What is wrong with it.
    pub refusal: Refusal,
}

impl Refusal {
    /// A refusal without values.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }

    /// Adds a value to the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl Error {
    /// A conflict without values.
    #[must_use]
    pub const fn conflict(code: &'static str) -> Self {
        Self::Conflict(Refusal::new(code))
    }

    /// One field is wrong.
    #[must_use]
    pub fn field(field: impl Into<String>, refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), refusal }])
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound(_) => 404,
            Self::Unauthenticated => 401,
            Self::Invalid(_) => 422,
            Self::Conflict(_) => 409,
            Self::Forbidden(_) => 403,
            Self::TooLarge(_) => 413,
            Self::TooSlow => 408,
            Self::Unsupported(_) => 415,
            Self::TooMany { .. } | Self::UsedUp { .. } => 429,
            Self::Busy { .. } | Self::Later { .. } | Self::Full(_) => 503,
            Self::Database(error) if is_away(error) => 503,
            Self::Database(_) | Self::Internal(_) => 500,
        }
    }

    /// The code and values that a message is made of.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound(what) => Refusal::new("not_found").with("what", what),
            Self::Unauthenticated => Refusal::new("unauthenticated"),
            Self::Invalid(fields) => match fields.as_slice() {
                [one] => one.refusal.clone(),
                _ => Refusal::new("invalid").with("count", fields.len()),
            },
            Self::Conflict(refusal)
            | Self::Forbidden(refusal)
            | Self::Unsupported(refusal)
            | Self::UsedUp { refusal, .. }
            | Self::Later { refusal, .. } => refusal.clone(),
            Self::TooLarge(limit) if *limit < 1 << 20 => {
                Refusal::new("too_large").with("limit", format!("{} KB", limit >> 10))
            }
            Self::TooLarge(limit) => Refusal::new("too_large").with("limit", format!("{} MB", limit >> 20)),
            Self::TooSlow => Refusal::new("too_slow"),
            Self::TooMany { retry_after } => Refusal::new("too_many").with("seconds", retry_after),
            Self::Busy { retry_after } => Refusal::new("busy").with("seconds", retry_after),
            Self::Full(_) => Refusal::new("unavailable").with("seconds", AWAY),
            Self::Database(error) if is_away(error) => Refusal::new("unavailable").with("seconds", AWAY),
            Self::Database(_) | Self::Internal(_) => Refusal::new("internal"),
        }
    }

    /// When the same request may work, in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { retry_after }
            | Self::UsedUp { retry_after, .. }
            | Self::Busy { retry_after }
            | Self::Later { retry_after, .. } => Some(*retry_after),
            Self::Full(_) => Some(AWAY),
            Self::Database(error) if is_away(error) => Some(AWAY),
            _ => None,
        }
    }
}

/// Seconds after which a store that is away may be back.
const AWAY: u64 = 5;

/// Whether a store failed because it is away, full or overloaded: the same request may work later.
fn is_away(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        // Whatever is wrong with a connection: no statement was sent.
        return matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
    };
    match &**error {
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed => true,
        // A proxy that has no primary to pass connections on to answers in its own words.
        SqlxError::Protocol(_) | SqlxError::WorkerCrashed | SqlxError::BeginFailed => true,
        SqlxError::Database(told) => told.code().is_some_and(|code| tells_away(&code)),
        _ => false,
    }
}

/// PostgreSQL has codes of five characters (SQLSTATE): lost connections, too few resources, shutting down, disks that fail; a
/// transaction that was rolled back for another one, or waited too long for a lock; a standby that takes no writes; a session
/// that was ended. SQLite has numbers: busy, locked, disk fails, full, cannot be opened.
fn tells_away(code: &str) -> bool {
    if code.len() == 5 {
        let is_passing = matches!(code, "25006" | "25P03" | "25P04" | "40001" | "40003" | "40P01" | "55P03");
        return is_passing || ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// Collects what is wrong with a form, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    /// Notes that a field is wrong.
    pub fn add(&mut self, field: impl Into<String>, refusal: Refusal) {
        self.0.push(FieldError { field: field.into(), refusal });
    }

    /// Notes what is wrong unless it holds.
    pub fn check(&mut self, holds: bool, field: &str, code: &'static str) {
        if !holds {
            self.add(field, Refusal::new(code));
        }
    }

    /// A text that must be there and may have so many characters; trimmed.
    pub fn text(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.add(field, Refusal::new("form.empty"));
        }
        self.optional_text(field, value, most)
    }

    /// As [`Problems::text`], on one line.
    pub fn line(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = self.text(field, value, most);
        self.check(!value.contains(['\n', '\r']), field, "form.one_line");
        value
    }

    /// A text that may be empty and may have so many characters; trimmed.
    pub fn optional_text(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = value.trim();
        let count = value.chars().count();
        if count > most {
            self.add(field, Refusal::new("form.too_long").with("count", count).with("most", most));
        }
        if value.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
            self.add(field, Refusal::new("form.control_characters"));
        }
        value.to_owned()
    }

    /// Whether nothing is wrong so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The end of checking.
    ///
    /// # Errors
    /// `Invalid` with everything that was noted.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// Turns a violated uniqueness into a refusal, at the call that can cause it.
pub trait OnDuplicate<T> {
    /// The database is the referee of "once"; nothing is checked first and hoped for.
    ///
    /// # Errors
    /// The given refusal for a duplicate, else the store's error.
    fn on_duplicate(self, error: Error) -> Result<T>;
}

impl<T> OnDuplicate<T> for std::result::Result<T, DbErr> {
    fn on_duplicate(self, error: Error) -> Result<T> {
        self.map_err(|e| match e.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => error,
            _ => Error::Database(e),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_that_are_away_are_told_from_stores_that_refuse() {
        for away in [
            "08006", "53100", "53300", "57P01", "57P03", "58030", "25006", "40001", "40P01", "55P03", "5", "10", "13",
            "14", "778",
        ] {
            assert!(tells_away(away), "{away}");
        }
        for refuses in ["23505", "42P01", "40002", "25001", "1", "11", "19", "2067", ""] {
            assert!(!tells_away(refuses), "{refuses}");
        }
    }
}
