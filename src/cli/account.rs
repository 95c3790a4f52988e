//! `shudu account`: makes an account, invites its holder again, ends a suspension.

use shudu::accounts;
use shudu::base::clock::Clock;
use shudu::base::ctx::{Ctx, Grant};
use shudu::base::main_store::Changes;
use shudu::config::{Config, Settings};
use shudu::data_dir::Site;

use super::{Failure, Outcome, log, main_store, open};

/// Makes an account; the password comes from standard input.
pub async fn add(settings: Settings, login: String, name: String, office: String, roles: &[String]) -> Outcome {
    let grants = roles.iter().map(|text| grant(text)).collect::<Outcome<Vec<Grant>>>()?;
    let app = open(settings).await?;
    let mut password = String::new();
    eprintln!("password for {login} (12 characters or more), then Enter:");
    std::io::stdin().read_line(&mut password).map_err(|e| Failure { line: format!("standard input: {e}"), code: 2 })?;
    let ctx = Ctx::system("account add", &app.clock);
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let new = accounts::commands::NewAccount { login: login.clone(), name, office, grants };
    accounts::flows::add_account(&app.authentication, &ctx, new, password).await?;
    println!("{login} can sign in");
    Ok(())
}

/// Invites the holder of an account again and prints the link.
pub async fn invite(settings: Settings, login: &str, without_second_factor: bool) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "warn");
    let store = main_store(&config).await?;
    let ctx = system(&config, "account invite")?;
    let invited = store.write(Changes::Internal, async |tx| {
        if without_second_factor {
            accounts::commands::remove_factors(tx, &ctx, login).await?;
        }
        accounts::commands::invite(tx, &ctx, login).await
    });
    let invited = invited.await;
    store.close().await?;
    let invited = invited?;
    println!("{}", invited.link(&config.public_address()));
    eprintln!("for the holder of {login} alone; it works once, until {}", invited.expires);
    Ok(())
}

/// Lets a suspended account sign in again.
pub async fn reinstate(settings: Settings, login: &str) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "warn");
    let store = main_store(&config).await?;
    let ctx = system(&config, "account reinstate")?;
    let done =
        store.write(Changes::Internal, async |tx| accounts::commands::set_active(tx, &ctx, login, true).await).await;
    store.close().await?;
    done?;
    println!("{login} can sign in again");
    Ok(())
}

/// Context in which the operator acts, at the time of the clock of the site.
fn system(config: &Config, command: &'static str) -> Outcome<Ctx> {
    let clock = Clock::shifted(chrono::TimeDelta::seconds(Site::read(&config.data)?.clock_offset));
    Ok(Ctx::system(command, &clock))
}

fn grant(text: &str) -> Outcome<Grant> {
    let (role, scope) = text.split_once('=').unwrap_or((text, ""));
    let role = role.parse().map_err(|_| Failure { line: format!("no role is called {role}"), code: 2 })?;
    Ok(Grant { role, scope: scope.to_owned() })
}
