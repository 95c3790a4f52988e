//! Real votes of real cities, where the files are beside the project. Every total that a city published is reproduced.

use std::path::PathBuf;

use shudu::app::App;
use shudu::config::Settings;
use shudu::import::{self, pabulib};

/// Folder with the `.pb` files: named by the environment, else beside the project; none where that folder does not exist.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SHUDU_REAL_BALLOTS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/ballots"));
    folder.is_dir().then_some(folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_published_total_is_reproduced_through_the_ballot_box() {
    let Some(folder) = folder() else {
        println!("skipped: no real ballots beside the project");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let config = Settings { data: Some(data.path().join("data")), ..Settings::default() }.resolve().unwrap();
    let app = App::open(config).await.unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "pb"));
    assert!(!files.is_empty());
    for file in files {
        let election = pabulib::parse(&std::fs::read(&file).unwrap()).unwrap();
        let outcome = import::run(&app, &import::slug_of(&file), &election, || ()).await.unwrap();
        assert_eq!(outcome.ballots, i64::try_from(election.ballots.len()).unwrap());
        let differing = pabulib::compare(&election.projects, &outcome.counted);
        assert!(differing.is_empty(), "{}: {differing:?}", file.display());
        assert!(outcome.ranking.windows(2).all(|pair| pair[0].votes >= pair[1].votes));
        println!("{}: {} ballots, {} totals reproduced", file.display(), outcome.ballots, election.projects.len());
    }
}
