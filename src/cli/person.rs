//! `shudu person`: exports or erases the personal data of a member of staff.

use clap::Subcommand;
use shudu::base::clock::Clock;
use shudu::base::ctx::Ctx;
use shudu::base::error::Error;
use shudu::base::main_store::Changes;
use shudu::config::Settings;
use shudu::data_dir::Site;
use shudu::retention::subject;

use super::{Outcome, log, main_store};

/// Commands about a member of staff. The server may run meanwhile.
#[derive(Subcommand)]
pub enum PersonCommand {
    /// Prints everything that is stored about a member of staff, as JSON
    Export {
        /// Login of the account, as typed at sign-in
        login: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Erases the identity of a member of staff who left. The account has to be suspended; past acts stay, under the number
    /// of the account
    Erase {
        /// Login of the account, as typed at sign-in
        login: String,
        #[command(flatten)]
        settings: Settings,
    },
}

/// Runs a command. Both commands make an entry in the audit trail.
pub async fn run(asked: PersonCommand) -> Outcome {
    let (is_export, login, settings) = match asked {
        PersonCommand::Export { login, settings } => (true, login, settings),
        PersonCommand::Erase { login, settings } => (false, login, settings),
    };
    let config = settings.resolve()?;
    log(&config, "warn");
    let store = main_store(&config).await?;
    let clock = Clock::shifted(chrono::TimeDelta::seconds(Site::read(&config.data)?.clock_offset));
    let command = if is_export { "person export" } else { "person erase" };
    let ctx = Ctx::system(command, &clock);
    let done = if is_export {
        store
            .write(Changes::Internal, async |tx| {
                let found = subject::export(tx, &ctx, &login).await?;
                serde_json::to_string_pretty(&found).map_err(|e| Error::Internal(e.to_string()))
            })
            .await
    } else {
        store
            .write(Changes::Internal, async |tx| subject::erase(tx, &ctx, &login).await)
            .await
            .map(|number| format!("{login} is account #{number} from now on; what was done under it stays"))
    };
    store.close().await?;
    println!("{}", done?);
    Ok(())
}
