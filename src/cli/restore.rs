//! `shudu restore`: brings a copy back.

use std::path::{Path, PathBuf};

use shudu::backup::restoring::{self, Wish};
use shudu::config::Settings;

use super::{Outcome, log, steps};

/// Restores a copy. A copy is refused, with exit status 2, where more was published since it was made.
pub async fn run(
    settings: Settings,
    copy: &Path,
    keys: Option<PathBuf>,
    logs: Vec<String>,
    nothing_published_since: bool,
) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "warn");
    let wish = Wish { copy: copy.to_owned(), keys, logs, nothing_published_since };
    let bar = steps();
    let manifest = restoring::restore(&config, &wish, &|step, files| super::show(&bar, step, files)).await?;
    bar.finish_and_clear();
    println!("{}: restored as of {}", config.data.display(), manifest.began);
    for (campaign, log) in &manifest.logs {
        println!("log of {campaign}: {} entries, root {}", log.size, log.root);
    }
    println!(
        "ballots cast after that are not in it; their voters hold promises, and can cast them again while voting is open"
    );
    Ok(())
}
