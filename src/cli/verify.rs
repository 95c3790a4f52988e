//! `shudu verify`: checks a public log, without access to any database.

use public_log::command::{Args, run as verify};

use super::{Failure, Outcome, bar};

/// Checks a log: exit 1 where something is wrong, 2 where the log could not be checked.
pub fn run(args: &Args) -> Outcome {
    verify(args, || bar(0, "files")).map_err(|failure| Failure { line: failure.line, code: failure.code })
}
