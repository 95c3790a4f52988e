//! `shudu-verify`: checks a public log of ballots and counts its ballots, with no access to any database.

use std::process::ExitCode;

use ballot_log::command::{Args, run};
use clap::Parser;
use indicatif::ProgressBar;

/// Checks a campaign's public log and counts its ballots
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

fn main() -> ExitCode {
    match run(&Cli::parse().args, || ProgressBar::new(0).with_message("files")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.line);
            ExitCode::from(failure.code)
        }
    }
}
