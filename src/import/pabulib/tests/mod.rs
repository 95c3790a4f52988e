//! Tests of whole files: good files, spoilt files, random elections, and the ballots of real votes.

use super::parse;

mod accepted;
mod malformed;
mod paper;
mod real_ballots;
mod refused;
mod round_trip;

const KESTREL_BAY: &str = include_str!("../../../../tests/fixtures/kestrel-bay.pb");

/// The line that reading a file gives: an error, or `accepted`.
fn outcome(file: impl AsRef<[u8]>) -> String {
    match parse(file.as_ref()) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// The good file with one passage replaced.
fn spoilt(good: &str, bad: &str) -> String {
    assert_eq!(KESTREL_BAY.matches(good).count(), 1, "{good:?} must be there once");
    KESTREL_BAY.replace(good, bad)
}

#[track_caller]
fn refused(good: &str, bad: &str, line: &str) {
    assert_eq!(outcome(spoilt(good, bad)), line);
    let with_crlf = spoilt(good, bad).replace('\n', "\r\n");
    assert_eq!(outcome(with_crlf), line.replace("\\n", "\\r\\n"), "with CR LF");
}
