//! `shudu backup`: copies a site, and its keys apart.

use std::path::Path;

use shudu::backup::{keys, making};
use shudu::config::Settings;

use super::{Failure, Outcome, log, steps};

/// Copies a site, its keys, or both. The server may run meanwhile.
pub async fn run(settings: Settings, copy: Option<&Path>, apart: Option<&Path>) -> Outcome {
    let config = settings.resolve()?;
    log(&config, "warn");
    if copy.is_none() && apart.is_none() {
        return Err(Failure {
            line: "say where to: a directory for the copy, --keys for the keys, or both".to_owned(),
            code: 2,
        });
    }
    if let Some(apart) = apart {
        keys::refuse_place(&config.data, copy, apart)?;
    }
    if let Some(copy) = copy {
        let bar = steps();
        let manifest = making::make(&config, copy, &|step, files| super::show(&bar, step, files)).await?;
        bar.finish_and_clear();
        println!("{}: {} files", copy.display(), manifest.files.len());
        for (campaign, log) in &manifest.logs {
            println!("log of {campaign}: {} entries, root {}", log.size, log.root);
        }
        println!("copied from {} to {}; ballots after that are not in it", manifest.began, manifest.ended);
    }
    if let Some(apart) = apart {
        let count = keys::copy_apart(&config, apart).await?;
        println!("{}: {count} keys; keep them apart from every copy of the stores", apart.display());
    }
    Ok(())
}
