//! `shudu audit`: checks the audit trail, or exports the trail.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use public_log::note::{Signer, Verifier};
use shudu::audit::exporting;
use shudu::audit::publishing::{public_file, published, read, sizes};
use shudu::audit::verifying::{Flaw, Kept, verify};
use shudu::base::clock::Clock;
use shudu::base::ctx::Ctx;
use shudu::base::files;
use shudu::base::keys::{Key, Keys};
use shudu::base::main_store::Changes;
use shudu::config::{Config, Settings};
use shudu::data_dir::Site;

use super::{Failure, Outcome, log, main_store};

/// Commands about the audit trail. The server may run meanwhile.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Checks the whole chain of the audit trail and compares the chain with every checkpoint
    Verify {
        /// Checkpoint that somebody kept elsewhere; repeatable
        #[arg(long = "checkpoint", value_name = "FILE")]
        checkpoints: Vec<PathBuf>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Writes the audit trail, its checkpoints and their verifier key into an empty directory, for verify/audit.py
    Export {
        /// Empty directory for the export
        #[arg(value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
}

/// Runs a command. The exit status is 1 where the trail is wrong, 2 where the check could not be done.
pub async fn run(asked: AuditCommand) -> Outcome {
    match asked {
        AuditCommand::Verify { checkpoints, settings } => check(settings, &checkpoints).await,
        AuditCommand::Export { to, settings } => export(settings, &to).await,
    }
}

async fn check(settings: Settings, checkpoints: &[PathBuf]) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "warn");
    let mut kept: Vec<Kept> = Vec::new();
    match key(&config)? {
        Some(key) => {
            kept.extend(published(&config.open_objects()?, &key)??);
            for file in checkpoints {
                kept.push(read(file, &key)??);
            }
        }
        None if checkpoints.is_empty() => {}
        None => return Err(not_tried("this data directory never published a checkpoint, so it has no key for one")),
    }
    let store = main_store(&config).await?;
    let found = verify(store.db(), &kept).await;
    store.close().await?;
    let whole = found??;
    println!("{} entries hold together; the last has the hash {}", whole.chain.size, whole.chain.hash);
    println!("{} personal values open as they were recorded, {} were erased", whole.open, whole.erased);
    match whole.chain.size - whole.covered {
        _ if whole.checkpoints == 0 => {
            return Err(not_tried("NOTHING TO COMPARE WITH: there is no checkpoint; entries may have been cut off"));
        }
        0 => println!("{} checkpoints agree, the newest covers all", whole.checkpoints),
        after => println!(
            "{} checkpoints agree; NOTHING TO COMPARE WITH for the last {after}: no checkpoint covers what follows entry {}, so \
             nobody can tell whether there was more",
            whole.checkpoints, whole.covered
        ),
    }
    Ok(())
}

async fn export(settings: Settings, to: &Path) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "warn");
    if std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(not_tried(format!("{} is not empty", to.display())));
    }
    files::create_dir_synced(to).map_err(|e| files::failed(to, &e))?;
    let store = main_store(&config).await?;
    let clock = Clock::shifted(chrono::TimeDelta::seconds(Site::read(&config.data)?.clock_offset));
    let ctx = Ctx::system("audit export", &clock);
    store.write(Changes::Internal, async |tx| exporting::note(tx, &ctx, "jsonl", "").await).await?;
    let place = to.join("entries.jsonl");
    let failed = |e: std::io::Error| files::failed(&place, &e);
    let mut out = BufWriter::new(files::private_options().create_new(true).open(&place).map_err(failed)?);
    let entries = exporting::write(store.db(), |line| out.write_all(line.as_bytes()).map_err(failed)).await?;
    out.into_inner().map_err(|e| failed(e.into_error()))?.sync_all().map_err(failed)?;
    store.close().await?;
    let objects = config.open_objects()?;
    let sizes = sizes(&objects)?;
    let history = sizes.iter().map(|size| format!("history/{size}"));
    for name in ["key", "checkpoint"].map(str::to_owned).into_iter().chain(history) {
        if let Some(bytes) = public_file(&objects, &name)? {
            files::write_atomic(&to.join(name), &bytes)?;
        }
    }
    let checkpoints = sizes.len();
    println!(
        "{}: {entries} entries, {checkpoints} checkpoints; python3 verify/audit.py {} checks them",
        to.display(),
        to.display()
    );
    Ok(())
}

/// The published verifier key of the checkpoints; none where no checkpoint was ever published. Where the private key of the
/// site is in the data directory, the published key has to match it.
fn key(config: &Config) -> Outcome<Option<Verifier>> {
    let Some(line) = public_file(&config.open_objects()?, "key")? else {
        return Ok(None);
    };
    let wrong = |what: &str| Failure { line: format!("the published key of the audit trail {what}"), code: 1 };
    let told = Verifier::parse(String::from_utf8_lossy(&line).trim_end()).ok_or_else(|| wrong("is no verifier key"))?;
    match Key::read(&Keys::folder(&config.data).join("log.key"))? {
        Some(own) if Signer::new(&told.name, own.ed25519()).verifier() != told => {
            Err(wrong("is not the key of this site"))
        }
        _ => Ok(Some(told)),
    }
}

fn not_tried(what: impl std::fmt::Display) -> Failure {
    Failure { line: what.to_string(), code: 2 }
}

impl From<Flaw> for Failure {
    fn from(flaw: Flaw) -> Self {
        Self { line: format!("BROKEN  {flaw}"), code: 1 }
    }
}
