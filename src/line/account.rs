//! `shudu account`.

use shudu::config::Settings;
use shudu::ctx::{Actor, Ctx, Grant};
use shudu::identity;

use super::{Failure, Outcome, open};

/// Makes an account; the password comes from standard input.
pub async fn add(settings: Settings, login: String, name: String, office: String, roles: &[String]) -> Outcome {
    let grants = roles.iter().map(|text| grant(text)).collect::<Outcome<Vec<Grant>>>()?;
    let app = open(settings).await?;
    let mut password = String::new();
    eprintln!("password for {login} (12 characters or more), then Enter:");
    std::io::stdin().read_line(&mut password).map_err(|e| Failure { line: format!("standard input: {e}"), code: 2 })?;
    let ctx = Ctx { actor: Actor::System("account add"), now: app.clock.now() };
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let new = identity::commands::NewAccount { login: login.clone(), name, office, password, grants };
    identity::commands::add_account(&app, &ctx, new).await?;
    println!("{login} can sign in");
    Ok(())
}

fn grant(text: &str) -> Outcome<Grant> {
    let (role, scope) = text.split_once('=').unwrap_or((text, ""));
    let role = role.parse().map_err(|_| Failure { line: format!("no role is called {role}"), code: 2 })?;
    Ok(Grant { role, scope: scope.to_owned() })
}
