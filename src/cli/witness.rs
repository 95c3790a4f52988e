//! `shudu witness`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use shudu::base::clock::Clock;
use shudu::log::note::Verifier;
use shudu::witness::api::{Service, serve};
use shudu::witness::memory::Memory;

use super::{Failure, Outcome};

/// How a witness is run.
#[derive(Args)]
pub struct WitnessArgs {
    /// The witness's memory: its key and the last checkpoint of every log, in one file; made where absent, never copied back
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Name of the witness, such as witness.example/w1; it stays with the key
    #[arg(long)]
    name: String,
    /// A log to watch, by its verifier key (its file `key`); repeatable
    #[arg(long = "log", value_name = "VERIFIERKEY")]
    logs: Vec<String>,
    /// Log lines as JSON instead of text
    #[arg(long)]
    log_json: bool,
}

/// Serves until SIGTERM or SIGINT. Prints its address, then its verifier key.
pub async fn run(asked: WitnessArgs) -> Outcome {
    super::log_to_stderr(asked.log_json, "info");
    let key = |text: &String| {
        let line = format!("{text} is not the verifier key of a log");
        Verifier::parse(text.trim()).ok_or(Failure { line, code: 2 })
    };
    let logs = asked.logs.iter().map(key).collect::<Outcome<Vec<_>>>()?;
    let memory = Memory::open(&asked.dir, &asked.name)?;
    let witness = memory.witness();
    let service = Service::new(memory, logs, Clock::shifted(chrono::TimeDelta::zero()));
    serve(service, asked.listen, |address| println!("http://{address}\n{witness}")).await?;
    Ok(())
}
