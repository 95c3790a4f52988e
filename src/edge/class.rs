//! Kinds of requests: voting goes before everything else, and files that can wait come last.

use poem::Request;
use poem::http::{Method, header};

use crate::identity::cookie;
use crate::web::form::{MOST_FILE, MOST_TEXT};

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The ballot page, challenges, passes, ballots.
    Voting,
    /// Signing in.
    SigningIn,
    /// The desks, and calls that carry a session.
    Staff,
    /// Public pages and calls.
    Reading,
    /// Tables as files.
    Exports,
    /// The public log, style sheets and scripts: files as they are.
    Files,
    /// Whether the process lives: never refused.
    Health,
}

/// Most bytes of a ballot, a sign-in, a look-up.
pub const SMALL: u64 = 64 << 10;
/// Most bytes from a desk: long texts, a table of options.
const DESK: u64 = 2 * MOST_TEXT as u64;
/// Most bytes of one report with its files: ten files and the text.
const EVIDENCE: u64 = (10 * MOST_FILE + MOST_TEXT) as u64;

impl Class {
    /// Every kind, the one that is refused last first.
    pub const ALL: [Self; 7] =
        [Self::Voting, Self::SigningIn, Self::Staff, Self::Reading, Self::Exports, Self::Files, Self::Health];

    /// Its name in settings and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voting => "voting",
            Self::SigningIn => "signing_in",
            Self::Staff => "staff",
            Self::Reading => "reading",
            Self::Exports => "exports",
            Self::Files => "files",
            Self::Health => "health",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The kind of a request. An address that is not known is reading.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let carries = || request.headers().contains_key(header::AUTHORIZATION) || cookie::get(request).is_some();
        Self::at(request.method(), request.uri().path(), carries)
    }

    fn at(method: &Method, path: &str, carries_session: impl FnOnce() -> bool) -> Self {
        let mut names = path.split('/').skip(1);
        let is_unsafe = !method.is_safe();
        match (names.next().unwrap_or(""), names.next().unwrap_or(""), names.next(), names.next(), names.next()) {
            ("healthz" | "readyz", "", None, ..) => Self::Health,
            ("assets" | "log", ..) | ("prefs.css", "", None, ..) => Self::Files,
            ("campaigns", _, Some("ballot"), None, _) => Self::Voting,
            ("sign-in", ..) if is_unsafe || path.len() > "/sign-in".len() => Self::SigningIn,
            ("api", "v1", Some("campaigns"), Some(_), Some("challenges" | "passes" | "ballots")) if is_unsafe => {
                Self::Voting
            }
            ("api", "v1", Some("sessions"), None, _) if method == Method::POST => Self::SigningIn,
            ("api", "v1", Some("campaigns"), Some(_), Some("tally")) => Self::Exports,
            ("api", ..) if is_unsafe || carries_session() => Self::Staff,
            _ if path.ends_with(".csv") => Self::Exports,
            ("desk" | "sign-out", ..) => Self::Staff,
            _ => Self::Reading,
        }
    }

    /// Most bytes that an unsafe request to a path may bring.
    #[must_use]
    pub fn most_body(self, path: &str) -> u64 {
        let mut names = path.rsplit('/');
        let brings_files = path.contains("/assignments/") && matches!(names.next(), Some("evidence" | "report"));
        match self {
            Self::Staff if brings_files => EVIDENCE,
            Self::Staff => DESK,
            _ => SMALL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(method: &str, path: &str) -> &'static str {
        Class::at(&method.parse().unwrap(), path, || false).name()
    }

    #[test]
    fn kinds_are_told_by_method_and_path() {
        for (method, path, name) in [
            ("GET", "/campaigns/s3/ballot", "voting"),
            ("POST", "/campaigns/s3/ballot", "voting"),
            ("POST", "/api/v1/campaigns/s3/ballots", "voting"),
            ("POST", "/api/v1/campaigns/s3/passes", "voting"),
            ("POST", "/sign-in", "signing_in"),
            ("GET", "/sign-in", "reading"),
            ("POST", "/api/v1/sessions", "signing_in"),
            ("DELETE", "/api/v1/sessions/current", "staff"),
            ("GET", "/desk", "staff"),
            ("POST", "/api/v1/assignments/S1-01/110000/plan", "staff"),
            ("GET", "/api/v1/dashboard", "reading"),
            ("GET", "/dashboard.csv", "exports"),
            ("GET", "/desk/campaigns/s3/options.csv", "exports"),
            ("GET", "/log/s1/checkpoint", "files"),
            ("GET", "/assets/base.css", "files"),
            ("GET", "/healthz", "health"),
            ("GET", "/healthz/x", "reading"),
            ("GET", "/", "reading"),
            ("GET", "", "reading"),
        ] {
            assert_eq!(class(method, path), name, "{method} {path}");
        }
        assert_eq!(Class::at(&Method::GET, "/api/v1/dashboard", || true), Class::Staff);
        assert_eq!(Class::at(&Method::GET, "/dashboard", || true), Class::Reading);
    }

    #[test]
    fn only_reports_bring_much() {
        assert_eq!(Class::Staff.most_body("/desk/assignments/S1-01/110000/report"), EVIDENCE);
        assert_eq!(Class::Staff.most_body("/api/v1/assignments/S1-01/110000/evidence"), EVIDENCE);
        assert_eq!(Class::Staff.most_body("/desk/campaigns/s3/rules"), DESK);
        assert_eq!(Class::Voting.most_body("/campaigns/s3/ballot"), SMALL);
        assert_eq!(Class::Reading.most_body("/x/assignments/evidence"), SMALL);
    }
}
