//! The command line.

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
    /// Serves
    Serve {
        #[command(flatten)]
        settings: Settings,
    },
    /// Brings the stores to this version
    Migrate {
        #[command(flatten)]
        settings: Settings,
    },
    /// Accounts of staff
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Brings in a Pabulib file as a campaign, counts it, compares with the published totals
    Import {
        /// The file (.pb)
        file: PathBuf,
        /// Name of the campaign in addresses, instead of the file's name
        #[arg(long)]
        slug: Option<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Counts a campaign's ballots again and compares with the kept counts
    Recount {
        /// Name of the campaign in addresses
        campaign: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Copies everything but the keys into an empty directory, while the server runs
    Backup {
        /// The directory
        #[arg(value_name = "DIR")]
        copy: Option<PathBuf>,
        /// Copies the keys, into a directory of their own that is kept apart
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Brings a copy back into a data directory without stores, unless more was published since it was made
    Restore {
        /// The copy
        #[arg(value_name = "DIR")]
        copy: PathBuf,
        /// Where the keys were copied to; not needed where the data directory has them
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
        /// The log as others have it, to learn what was published: a site, a mirror, a folder, a saved checkpoint; repeatable
        #[arg(long = "log", value_name = "URL-OR-DIR")]
        logs: Vec<String>,
        /// Vouches that nothing was published after the copy was made, for logs that no --log tells of
        #[arg(long)]
        nothing_published_since: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Checks a campaign's public log and counts its ballots, with no access to any database
    Verify(cli::verify::VerifyArgs),
    /// The audit trail: checked, or taken elsewhere to be checked
    Audit {
        #[command(subcommand)]
        command: cli::audit::AuditCommand,
    },
    /// What is kept about a member of staff
    Person {
        #[command(subcommand)]
        command: cli::person::PersonCommand,
    },
    /// Witnesses public logs: cosigns what only grew
    Witness(cli::witness::WitnessArgs),
    /// Prints the API document
    Openapi,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Makes an account; the password is read from standard input
    Add {
        /// What is typed at sign-in
        login: String,
        /// Name of the person
        #[arg(long)]
        name: String,
        /// Organisation
        #[arg(long)]
        office: String,
        /// sysadmin, security_admin, organiser, approver, auditor, province_coordinator=CODE, handler=CODE or team_leader=TEAM; repeatable
        #[arg(long = "role", required = true, value_name = "ROLE[=SCOPE]")]
        roles: Vec<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Invites the holder of an account anew and prints the link: for whoever runs the machine, where two people are not at hand. The
    /// server may run meanwhile
    Invite {
        /// What is typed at sign-in
        login: String,
        /// Take all second factors off as well
        #[arg(long)]
        without_second_factor: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lets a suspended account sign in again: for whoever runs the machine. The server may run meanwhile
    Reinstate {
        /// What is typed at sign-in
        login: String,
        #[command(flatten)]
        settings: Settings,
    },
}

/// Gives memory back after a rush; the C library's keeps what its threads were given.
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
