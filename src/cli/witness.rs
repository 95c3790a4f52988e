//! `shudu witness`: runs a witness of public logs.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use public_log::note::Verifier;
use shudu::base::clock::Clock;
use shudu::witness::api::{Service, serve};
use shudu::witness::memory::Memory;

use super::{Failure, Outcome};

/// Arguments of a witness.
#[derive(Args)]
pub struct WitnessArgs {
    /// Directory of the witness's memory: one file with its key and the last checkpoint of every log; made where absent,
    /// never to be restored from a copy
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Address of the listener
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Name of the witness, such as witness.example/w1; fixed once the key is made
    #[arg(long)]
    name: String,
    /// Verifier key of a log to watch (the file `key` of the log); repeatable
    #[arg(long = "log", value_name = "VERIFIERKEY")]
    logs: Vec<String>,
    /// Writes log lines as JSON instead of text
    #[arg(long)]
    log_json: bool,
}

/// Serves until SIGTERM or SIGINT. Prints the address of the witness, then its verifier key.
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
