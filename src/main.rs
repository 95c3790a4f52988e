//! The command line.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use shudu::app::App;
use shudu::config::{Config, Settings};
use shudu::ctx::{Actor, Ctx, Grant};
use shudu::error::Error;
use shudu::verify::{self, Source};
use shudu::web::locale::Locale;
use shudu::{ballot, campaign, demo, identity, import, server};

/// Find what blocks people, get it fixed, prove it
#[derive(Parser)]
#[command(name = "shudu", version)]
struct Line {
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
    /// Checks a copy of a campaign's public log, with no access to any database
    Verify {
        /// The folder, as `wget -m` leaves it
        folder: PathBuf,
        /// The log's key, from a source that the site cannot change for you alone
        #[arg(long)]
        key: Option<String>,
    },
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
        /// sysadmin, organiser, approver, auditor, province_coordinator=CODE, handler=CODE or team_leader=TEAM; repeatable
        #[arg(long = "role", required = true, value_name = "ROLE[=SCOPE]")]
        roles: Vec<String>,
        #[command(flatten)]
        settings: Settings,
    },
}

/// How a command failed: a line for the person, a code for the script.
struct Failure {
    line: String,
    code: u8,
}

type Outcome<T = ()> = std::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let line = match &error {
            Error::Database(_) | Error::Internal(_) => error.to_string(),
            Error::Invalid(fields) => {
                let lines: Vec<String> =
                    fields.iter().map(|f| format!("{}: {}", f.field, Locale::En.refusal(&f.refusal))).collect();
                lines.join("; ")
            }
            other => Locale::En.refusal(&other.refusal()),
        };
        Self { line, code: 2 }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Line::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("shudu: {}", failure.line);
            ExitCode::from(failure.code)
        }
    }
}

async fn run(command: Command) -> Outcome {
    match command {
        Command::Demo { settings } => run_demo(settings).await,
        Command::Serve { settings } => run_serve(settings).await,
        Command::Migrate { settings } => {
            open(settings).await?;
            println!("the stores are at this version");
            Ok(())
        }
        Command::Account { command: AccountCommand::Add { login, name, office, roles, settings } } => {
            add_account(settings, login, name, office, &roles).await
        }
        Command::Import { file, slug, settings } => run_import(settings, &file, slug).await,
        Command::Recount { campaign, settings } => recount(settings, &campaign).await,
        Command::Verify { folder, key } => verify(&folder, key.as_deref()),
        Command::Openapi => {
            println!("{}", server::api().spec());
            Ok(())
        }
    }
}

async fn open(settings: Settings) -> Outcome<std::sync::Arc<App>> {
    let config = settings.resolve()?;
    log(&config, "warn");
    Ok(App::open(config).await?)
}

async fn run_serve(settings: Settings) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "info");
    let app = App::open(config).await?;
    server::serve(app, |address| println!("http://{address}")).await?;
    Ok(())
}

async fn run_demo(settings: Settings) -> Outcome {
    let given = settings.data.is_some();
    let mut config = settings.resolve()?;
    if given {
        refuse_used(&config.data)?;
    } else {
        config.data = std::env::temp_dir().join(format!("shudu-demo-{}", std::process::id()));
        refuse_used(&config.data)?;
    }
    log(&config, "warn");
    let started = std::time::Instant::now();
    let (app, people) = demo::make(config).await?;
    let seconds = started.elapsed().as_secs_f32();
    let data = app.config.data.clone();
    server::serve(app, |address| introduce(&format!("http://{address}"), &people.password, &data, seconds)).await?;
    if !given {
        // A directory made for this run; left behind it would only fill the temporary folder.
        drop(std::fs::remove_dir_all(&data));
    }
    Ok(())
}

fn refuse_used(data: &Path) -> Outcome {
    let used = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if used {
        let line = format!(
            "{} is not empty; the demo wants a fresh directory (`shudu serve --data` goes on with one)",
            data.display()
        );
        return Err(Failure { line, code: 2 });
    }
    Ok(())
}

/// What to open, and as whom.
fn introduce(site: &str, password: &str, data: &Path, seconds: f32) {
    println!("{site}  the demo programme, played in {seconds:.1} s; its clock runs on from 7 July 2018");
    println!();
    for (page, what) in [
        ("/", "front page"),
        ("/campaigns/s3/ballot", "vote in season 3"),
        ("/campaigns/s2/results", "the tie across the cut"),
        ("/dashboard", "resolution rates, as of any day"),
        ("/dashboard?as_of=2018-06-22", "as the press reported them"),
        ("/sign-in", "for staff"),
        ("/api/docs", "the API"),
    ] {
        println!("  {:<52}{what}", format!("{site}{page}"));
    }
    println!();
    for (role, login) in demo::people::PRINTED {
        println!("sign-in  {role:<12}  {login:<16}  {password}");
    }
    println!();
    println!("data in {} (all figures invented); Ctrl-C stops", data.display());
    drop(std::io::stdout().flush());
}

async fn add_account(settings: Settings, login: String, name: String, office: String, roles: &[String]) -> Outcome {
    let grants = roles.iter().map(|text| grant(text)).collect::<Outcome<Vec<Grant>>>()?;
    let app = open(settings).await?;
    let mut password = String::new();
    eprintln!("password for {login} (12 characters or more), then Enter:");
    std::io::stdin().read_line(&mut password).map_err(|e| Failure { line: format!("standard input: {e}"), code: 2 })?;
    let ctx = Ctx { actor: Actor::System("account add"), now: app.clock.now() };
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let new = identity::commands::NewAccount { login: login.clone(), name, office, password, grants };
    identity::commands::add_account(&app.stores.main, &ctx, new).await?;
    println!("{login} can sign in");
    Ok(())
}

fn grant(text: &str) -> Outcome<Grant> {
    let (role, scope) = text.split_once('=').unwrap_or((text, ""));
    let role = role.parse().map_err(|_| Failure { line: format!("no role is called {role}"), code: 2 })?;
    Ok(Grant { role, scope: scope.to_owned() })
}

async fn run_import(settings: Settings, file: &Path, slug: Option<String>) -> Outcome {
    let refuse = |line: String| Failure { line: format!("{}: {line}", file.display()), code: 2 };
    let size = std::fs::metadata(file).map_err(|e| refuse(e.to_string()))?.len();
    if size > import::MOST {
        return Err(refuse(format!("{size} bytes; at most {} are read", import::MOST)));
    }
    let bytes = std::fs::read(file).map_err(|e| refuse(e.to_string()))?;
    let election = import::pabulib::parse(&bytes).map_err(|e| refuse(e.to_string()))?;
    let slug = slug.unwrap_or_else(|| import::slug_of(file));
    let app = open(settings).await?;
    let bar = bar(election.ballots.len() as u64, "ballots");
    let outcome =
        import::run(&app, &slug, &election, || bar.inc(1)).await.map_err(|e| refuse(Failure::from(e).line))?;
    bar.finish_and_clear();
    println!("{slug}: {} ballots, {} option votes", outcome.ballots, outcome.option_votes);
    for ranked in &outcome.ranking {
        println!("{:>5}  {:>8}  {}", ranked.rank, ranked.votes, ranked.code);
    }
    let differing = import::pabulib::compare(&election.projects, &outcome.counted);
    let published = election.projects.iter().filter(|p| p.published_votes.is_some()).count();
    if differing.is_empty() {
        println!("all {published} published totals are reproduced");
        return Ok(());
    }
    for difference in &differing {
        println!("{difference}");
    }
    Err(Failure { line: format!("{} of {published} published totals differ", differing.len()), code: 1 })
}

async fn recount(settings: Settings, slug: &str) -> Outcome {
    let app = open(settings).await?;
    campaign::queries::campaign(app.stores.main.db(), slug).await?;
    let kept = ballot::queries::counts(&app.stores.ballots, slug).await?;
    let (ballots, _) = ballot::queries::turnout(&app.stores.ballots, slug).await?;
    let bar = bar(ballots.unsigned_abs(), "ballots");
    let again = ballot::queries::recount(&app.stores.ballots, slug, |n| bar.set_position(n)).await?;
    bar.finish_and_clear();
    let differing: Vec<_> =
        kept.keys().chain(again.keys()).filter(|cell| kept.get(*cell) != again.get(*cell)).collect();
    for (option, province, track) in &differing {
        let cell = (option.clone(), province.clone(), *track);
        let (kept, again) = (kept.get(&cell).unwrap_or(&0), again.get(&cell).unwrap_or(&0));
        let what = if option.is_empty() { "ballots" } else { option };
        println!("{what} {province} {track}: kept {kept}, recounted {again}");
    }
    if !differing.is_empty() {
        return Err(Failure { line: format!("{} cells differ", differing.len()), code: 1 });
    }
    let votes: i64 = again.iter().filter(|((option, ..), _)| !option.is_empty()).map(|(_, n)| n).sum();
    println!("{slug}: {ballots} ballots and {votes} option votes counted again, equal to the kept counts");
    Ok(())
}

fn verify(folder: &Path, key: Option<&str>) -> Outcome {
    let report = verify::verify(&Source::folder(folder), key)
        .map_err(|flaw| Failure { line: format!("REFUSED  {flaw}"), code: 1 })?;
    println!("key   {}\nsize  {} entries\nroot  {}", report.key, report.size, report.root);
    if let Some((ballots, invalidated)) = report.ballots {
        println!("{ballots} ballots, {invalidated} invalidated");
        for (place, (code, votes, real_name)) in (1..).zip(&report.ranking) {
            println!("{place:>4}. {votes:>10} {real_name:>10}  {code}");
        }
    }
    println!("{}", if report.is_counted { "OK" } else { "OK SO FAR: not everything is public yet" });
    Ok(())
}

fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}  {elapsed}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
}

/// Logs go to standard error; `RUST_LOG` overrules the level.
fn log(config: &Config, level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call (tests) changes nothing.
    drop(if config.log_json { builder.json().try_init() } else { builder.try_init() });
}
