//! The command line: arguments and help texts. `cli` runs the commands.

mod cli;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use shudu::app::App;
use shudu::config::Settings;
use shudu::server;

use self::cli::{Outcome, log, open};

/// Find what blocks people, get it fixed, prove it
#[derive(Parser)]
#[command(name = "shudu", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays the demo programme into a fresh directory and serves it
    Demo {
        #[command(flatten)]
        settings: Settings,
    },
    /// Serves the site
    Serve {
        #[command(flatten)]
        settings: Settings,
    },
    /// Brings the stores to the schema of this version
    Migrate {
        #[command(flatten)]
        settings: Settings,
    },
    /// Makes and restores accounts of staff
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Imports a Pabulib file as a campaign, counts it and compares the counts with the published totals
    Import {
        /// Pabulib file (.pb)
        file: PathBuf,
        /// Slug of the campaign: its name in addresses; the name of the file by default
        #[arg(long)]
        slug: Option<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Counts the ballots of a campaign again and compares the result with the stored counts
    Recount {
        /// Slug of the campaign: its name in addresses
        campaign: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Copies everything except the keys into an empty directory; the server may run meanwhile
    Backup {
        /// Empty directory for the copy
        #[arg(value_name = "DIR")]
        copy: Option<PathBuf>,
        /// Copies the keys into this directory, which is to be kept apart from every copy of the stores
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Restores a copy into a data directory without stores; refused where more was published since the copy was made
    Restore {
        /// Directory that holds the copy
        #[arg(value_name = "DIR")]
        copy: PathBuf,
        /// Directory that holds the copied keys; not needed where the data directory has the keys
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
        /// Public log as others hold it, which shows what was published: a site, a mirror, a folder or a saved checkpoint;
        /// repeatable
        #[arg(long = "log", value_name = "URL-OR-DIR")]
        logs: Vec<String>,
        /// Declares that nothing was published after the copy was made, for the logs that no --log covers
        #[arg(long)]
        nothing_published_since: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Checks the public log of a campaign and counts its ballots, without access to any database
    Verify(public_log::command::Args),
    /// Checks the audit trail, or exports the trail for a check elsewhere
    Audit {
        #[command(subcommand)]
        command: cli::audit::AuditCommand,
    },
    /// Exports or erases the personal data of a member of staff
    Person {
        #[command(subcommand)]
        command: cli::person::PersonCommand,
    },
    /// Runs a witness of public logs, which cosigns a checkpoint only where the log was only appended to
    Witness(cli::witness::WitnessArgs),
    /// Prints the OpenAPI document
    Openapi,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Makes an account; reads the password from standard input
    Add {
        /// Login of the new account, as typed at sign-in
        login: String,
        /// Full name of the person
        #[arg(long)]
        name: String,
        /// Organisation of the person
        #[arg(long)]
        office: String,
        /// Role of the account: sysadmin, security_admin, organiser, approver, auditor, province_coordinator=CODE,
        /// handler=CODE or team_leader=TEAM; repeatable
        #[arg(long = "role", required = true, value_name = "ROLE[=SCOPE]")]
        roles: Vec<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Invites the holder of an account again and prints the link: for the operator of the machine, where two people for dual
    /// control are not available. The server may run meanwhile
    Invite {
        /// Login of the account, as typed at sign-in
        login: String,
        /// Removes all second factors of the account as well
        #[arg(long)]
        without_second_factor: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lets a suspended account sign in again: for the operator of the machine. The server may run meanwhile
    Reinstate {
        /// Login of the account, as typed at sign-in
        login: String,
        #[command(flatten)]
        settings: Settings,
    },
}

/// Allocator of the process. mimalloc returns memory to the system after a burst of requests; the allocator of the C library
/// keeps the memory of its threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("shudu: {}", failure.line);
            ExitCode::from(failure.code)
        }
    }
}

async fn run(command: Command) -> Outcome {
    match command {
        Command::Demo { settings } => cli::demo::run(settings).await,
        Command::Serve { settings } => serve(settings).await,
        Command::Migrate { settings } => {
            open(settings).await?;
            println!("the stores are at this version");
            Ok(())
        }
        Command::Account { command } => account(command).await,
        Command::Import { file, slug, settings } => cli::import::run(settings, &file, slug).await,
        Command::Recount { campaign, settings } => cli::recount::run(settings, &campaign).await,
        Command::Backup { copy, keys, settings } => cli::backup::run(settings, copy.as_deref(), keys.as_deref()).await,
        Command::Restore { copy, keys, logs, nothing_published_since, settings } => {
            cli::restore::run(settings, &copy, keys, logs, nothing_published_since).await
        }
        Command::Verify(asked) => cli::verify::run(&asked),
        Command::Person { command } => cli::person::run(command).await,
        Command::Audit { command } => cli::audit::run(command).await,
        Command::Witness(asked) => cli::witness::run(asked).await,
        Command::Openapi => {
            println!("{}", shudu::router::api_document());
            Ok(())
        }
    }
}

async fn account(command: AccountCommand) -> Outcome {
    match command {
        AccountCommand::Add { login, name, office, roles, settings } => {
            cli::account::add(settings, login, name, office, &roles).await
        }
        AccountCommand::Invite { login, without_second_factor, settings } => {
            cli::account::invite(settings, &login, without_second_factor).await
        }
        AccountCommand::Reinstate { login, settings } => cli::account::reinstate(settings, &login).await,
    }
}

async fn serve(settings: Settings) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "info");
    let app = App::open(config).await?;
    server::serve(app, |address| println!("http://{address}")).await?;
    Ok(())
}
