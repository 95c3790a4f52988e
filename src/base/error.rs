//! All refusals and faults, in one enumeration: each variant has one meaning, one HTTP status and one stable code.
//!
//! The domain holds no prose. A [`Refusal`] is a code (`ballot.pass_used`) and its arguments. The message files translate the
//! code (`error-ballot-pass-used`), the API carries it, tests assert on it. The module `web::problem` renders an error as a page
//! or as problem details, and logs each unforeseen error once.

use std::str::FromStr;

use chrono::NaiveDate;
use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

use super::text;

/// Result of work that can be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Reason why work was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The object is absent, or outside the reach of the actor. Carries the kind of the object.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Nobody is signed in, and the request needs a sign-in.
    #[error("not signed in")]
    Unauthenticated,
    /// The input is wrong. Carries the refusal of each field; a form can be shown again with the input.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// The request is understood, but conflicts with the present state.
    #[error("{}", .0.code)]
    Conflict(Refusal),
    /// A rule about persons or permissions forbids the request.
    #[error("{}", .0.code)]
    Forbidden(Refusal),
    /// The body, or a file in it, is larger than the limit in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// The body of the request came too slowly, or did not end.
    #[error("too slow")]
    TooSlow,
    /// The kind of file is not accepted.
    #[error("kind of file not taken")]
    Unsupported(Refusal),
    /// Too many requests or attempts in a short time. A retry may work after `retry_after`.
    #[error("too often")]
    TooMany {
        /// Time until a retry may work, in seconds.
        retry_after: u64,
    },
    /// The quota of a period is used up. A retry may work after `retry_after`.
    #[error("{}", .refusal.code)]
    UsedUp {
        /// Names the quota that is used up.
        refusal: Refusal,
        /// Time until a retry may work, in seconds.
        retry_after: u64,
    },
    /// The server has too much work; nothing was accepted. A retry may work after `retry_after`.
    #[error("busy")]
    Busy {
        /// Time until a retry may work, in seconds.
        retry_after: u64,
    },
    /// A result that the request needs is not available yet; nothing was accepted. A retry may work after `retry_after`.
    #[error("{}", .refusal.code)]
    Later {
        /// Names the reason of the delay.
        refusal: Refusal,
        /// Time until a retry may work, in seconds.
        retry_after: u64,
    },
    /// A disk is full. The status is 503, because there will be room again.
    #[error("disk full: {0}")]
    Full(String),
    /// The object store does not answer, or the database has no synchronous standby. The status is 503.
    #[error("{0}")]
    Away(String),
    /// An unforeseen failure of a store. The status is 503 where the store is unavailable or full, else 500.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Any other unforeseen failure.
    #[error("{0}")]
    Internal(String),
}

/// A stable code and the values in its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Code of the form `slice.what_is_wrong`.
    pub code: &'static str,
    /// Names and values of the arguments of the message.
    pub args: Vec<(&'static str, String)>,
}

/// A refusal of one field of a form or one member of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field or member.
    pub field: String,
    /// Refusal of the field's value.
    pub refusal: Refusal,
}

impl Refusal {
    /// A refusal without values.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }

    /// Adds a value to the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl From<entity::stored::UnknownCode> for Error {
    fn from(_: entity::stored::UnknownCode) -> Self {
        Self::Internal("a word of a log or a store is unknown to this version".to_owned())
    }
}

impl From<public_log::tiles::Damaged> for Error {
    fn from(damaged: public_log::tiles::Damaged) -> Self {
        Self::Internal(damaged.to_string())
    }
}

impl Error {
    /// A conflict without values.
    #[must_use]
    pub const fn conflict(code: &'static str) -> Self {
        Self::Conflict(Refusal::new(code))
    }

    /// An error about one field.
    #[must_use]
    pub fn field(field: impl Into<String>, refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), refusal }])
    }

    /// HTTP status of the answer to the error.
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
            Self::Busy { .. } | Self::Later { .. } | Self::Full(_) | Self::Away(_) => 503,
            Self::Database(error) if is_away(error) => 503,
            Self::Database(_) | Self::Internal(_) => 500,
        }
    }

    /// Code and values of the message for the error.
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
            Self::Full(_) | Self::Away(_) => Refusal::new("unavailable").with("seconds", AWAY),
            Self::Database(error) if is_away(error) => Refusal::new("unavailable").with("seconds", AWAY),
            Self::Database(_) | Self::Internal(_) => Refusal::new("internal"),
        }
    }

    /// Time until the same request may work, in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { retry_after }
            | Self::UsedUp { retry_after, .. }
            | Self::Busy { retry_after }
            | Self::Later { retry_after, .. } => Some(*retry_after),
            Self::Full(_) | Self::Away(_) => Some(AWAY),
            Self::Database(error) if is_away(error) => Some(AWAY),
            _ => None,
        }
    }
}

/// Time after which an unavailable store may be back, in seconds.
const AWAY: u64 = 5;

/// Whether a store failed because it is unavailable, full or overloaded: the same request may work later.
fn is_away(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        // No statement was sent, whatever is wrong with the connection.
        return matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
    };
    match &**error {
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed => true,
        // A proxy without a primary database answers with messages of its own.
        SqlxError::Protocol(_) | SqlxError::WorkerCrashed | SqlxError::BeginFailed => true,
        SqlxError::Database(told) => told.code().is_some_and(|code| tells_away(&code)),
        _ => false,
    }
}

/// Whether a code of a database means that the failure may pass. PostgreSQL has codes of five characters (SQLSTATE): lost
/// connections, too few resources, shutdown, failing disks; a transaction that was rolled back for another one, or that waited
/// too long for a lock; a standby that takes no writes; a session that was ended. SQLite has numbers: busy, locked, disk failure,
/// full, cannot be opened.
fn tells_away(code: &str) -> bool {
    if code.len() == 5 {
        let is_passing = matches!(code, "25006" | "25P03" | "25P04" | "40001" | "40003" | "40P01" | "55P03");
        return is_passing || ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// Collects the errors of a form, so that one answer reports all of them.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    /// Adds the refusal of a field.
    pub fn add(&mut self, field: impl Into<String>, refusal: Refusal) {
        self.0.push(FieldError { field: field.into(), refusal });
    }

    /// Adds a refusal with the code to the field unless the condition holds.
    pub fn check(&mut self, holds: bool, field: &str, code: &'static str) {
        if !holds {
            self.add(field, Refusal::new(code));
        }
    }

    /// Checks a required text of at most `most` characters. Returns the text as it is stored ([`text::tidy`]).
    pub fn text(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = self.optional_text(field, value, most);
        self.check(!value.is_empty(), field, "form.empty");
        value
    }

    /// As [`Problems::text`], for a text of one line.
    pub fn line(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = self.optional_line(field, value, most);
        self.check(!value.is_empty(), field, "form.empty");
        value
    }

    /// As [`Problems::optional_text`], for a text of one line.
    pub fn optional_line(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = self.optional_text(field, value, most);
        self.check(!value.contains('\n'), field, "form.one_line");
        value
    }

    /// Checks an optional text of at most `most` characters. Returns the text as it is stored ([`text::tidy`]).
    pub fn optional_text(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = text::tidy(value);
        let count = value.chars().count();
        if count > most {
            self.add(field, Refusal::new("form.too_long").with("count", count).with("most", most));
        }
        self.check(!value.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), field, "form.control_characters");
        value
    }

    /// The number that a text names, in usual or wide digits; the default value where the text names none.
    pub fn number<T: FromStr + Default>(&mut self, field: &str, value: &str) -> T {
        let number = text::plain(value).parse();
        self.check(number.is_ok(), field, "form.number");
        number.unwrap_or_default()
    }

    /// The date that a text names ([`text::day`]); the default date where the text names none.
    pub fn day(&mut self, field: &str, value: &str) -> NaiveDate {
        let day = text::day(value);
        self.check(day.is_some(), field, "form.date");
        day.unwrap_or_default()
    }

    /// Refuses a date that is a typing error ([`text::is_of_our_time`]).
    pub fn of_our_time(&mut self, field: &str, day: NaiveDate) {
        self.check(text::is_of_our_time(day), field, "form.year");
    }

    /// Whether no error was collected so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends the check.
    ///
    /// # Errors
    /// `Invalid` with all collected errors.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// Turns a violated uniqueness constraint into a refusal, at the call that can cause the violation.
pub trait OnDuplicate<T> {
    /// Maps a violation to the given refusal. The unique constraint in the database decides; no check before the write could do
    /// so safely.
    ///
    /// # Errors
    /// The given refusal for a duplicate, else the error of the store.
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
