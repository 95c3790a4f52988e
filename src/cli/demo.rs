//! `shudu demo`: a site with the demo programme.

use std::io::Write;
use std::path::Path;

use shudu::config::Settings;
use shudu::{demo, server};

use super::{Failure, Outcome, log};

/// Plays the demo programme into a fresh directory and serves it.
pub async fn run(settings: Settings) -> Outcome {
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
        // The directory was made for this run; nobody needs it afterwards.
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

/// Prints the pages to open, and the accounts to sign in with.
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
        println!("sign-in  {role:<14}  {login:<16}  {password}");
    }
    println!();
    println!("data in {} (all figures invented); Ctrl-C stops", data.display());
    drop(std::io::stdout().flush());
}
