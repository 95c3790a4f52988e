//! The final account of a site: every acknowledged ballot is in the log exactly once, and all verifiers count the same.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::ledger::{Ledger, Receipt};
use super::load::{Voting, client};
use super::server::{Server, shudu};
use super::site::{CAMPAIGN, Site};

/// Time within which the scheduler counts the campaign after a start.
const COUNTED_WITHIN: Duration = Duration::from_secs(60);
/// Number of receipts that are looked up at the same time.
const TOGETHER: usize = 32;

/// Closes the account of a site. Every ballot of unknown outcome is sent again, and every receipt is looked up. Then the clock
/// passes the close, the scheduler counts, and the log is verified. Every failure is noted in the ledger.
pub async fn reconcile(site: &Site, voting: &Voting) {
    let server = site.serve();
    send_what_is_unknown(&server, voting).await;
    look_up_every_receipt(&server, voting).await;
    server.stop();
    site.pass_the_close();
    let server = site.serve();
    if !shows(&server, "tally", COUNTED_WITHIN).await {
        return voting.ledger.lock().unwrap().fail(format!("it is not counted:\n{}", site.last_words()));
    }
    let copy = mirror(&server).await;
    server.stop();
    let mut ledger = voting.ledger.lock().unwrap();
    compare(site, copy.path(), &mut ledger);
}

/// Sends every ballot of unknown outcome again. Afterwards every outcome is known.
async fn send_what_is_unknown(server: &Server, voting: &Voting) {
    let client = client();
    let doubtful = voting.ledger.lock().unwrap().all_doubtful();
    for ballot in doubtful {
        voting.send(&client, &server.address, ballot).await;
    }
    let mut ledger = voting.ledger.lock().unwrap();
    let left = ledger.all_doubtful();
    if !left.is_empty() {
        ledger.fail(format!("after a restart nobody knows about {left:?}"));
    }
}

/// Looks up every receipt, which has to be found. Gives the number of receipts that are lost.
pub async fn look_up_every_receipt(server: &Server, voting: &Voting) -> usize {
    look_up_receipts(server, voting, usize::MAX).await
}

/// Looks up as many receipts as given, drawn at random. Each has to be found. Gives the number of receipts that are lost.
pub async fn look_up_receipts(server: &Server, voting: &Voting, most: usize) -> usize {
    // The order of a set is random.
    let receipts: Vec<Receipt> = voting.ledger.lock().unwrap().receipts().into_iter().take(most).collect();
    let client = client();
    let mut tasks = Vec::new();
    for part in receipts.chunks(receipts.len().div_ceil(TOGETHER).max(1)) {
        let (part, client, address) = (part.to_vec(), client.clone(), server.address.clone());
        tasks.push(tokio::spawn(async move {
            let mut lost = Vec::new();
            for receipt in part {
                let status = look_up(&client, &address, &receipt.number).await;
                if status != 200 {
                    lost.push(format!("{receipt:?} was acknowledged and is answered with {status}"));
                }
            }
            lost
        }));
    }
    let mut lost = 0;
    for task in tasks {
        let part = task.await.unwrap();
        lost += part.len();
        part.into_iter().for_each(|what| voting.ledger.lock().unwrap().fail(what));
    }
    lost
}

async fn look_up(client: &reqwest::Client, address: &str, receipt: &str) -> u16 {
    loop {
        let answer = client.get(format!("{address}/api/v1/receipts/{receipt}")).send().await.unwrap();
        match answer.status().as_u16() {
            // A loaded server may refuse a look-up for a moment.
            503 => tokio::time::sleep(Duration::from_millis(20)).await,
            status => return status,
        }
    }
}

/// Whether the public log shows a file within a time.
pub async fn shows(server: &Server, file: &str, time: Duration) -> bool {
    let client = client();
    let until = Instant::now() + time;
    loop {
        let address = format!("{}/log/{CAMPAIGN}/{file}", server.address);
        if client.get(&address).send().await.is_ok_and(|answer| answer.status() == 200) {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A copy of the public log of the campaign, fetched as `wget -m` fetches it.
pub async fn mirror(server: &Server) -> TempDir {
    let (client, copy) = (client(), TempDir::new().unwrap());
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        std::fs::create_dir_all(copy.path().join(&folder)).unwrap();
        let get = async |path: &str| {
            let answer = client.get(format!("{}/log/{CAMPAIGN}/{path}", server.address)).send().await.unwrap();
            answer.error_for_status().unwrap().bytes().await.unwrap()
        };
        let list = String::from_utf8(get(&folder).await.to_vec()).unwrap();
        for name in list.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = format!("{folder}{name}");
            if name.ends_with('/') {
                folders.push(path);
            } else {
                std::fs::write(copy.path().join(&path), get(&path).await).unwrap();
            }
        }
    }
    copy
}

/// Compares the log, the recount and the findings of both verifiers with the acknowledged ballots.
fn compare(site: &Site, log: &Path, ledger: &mut Ledger) {
    for (who, problem) in [("verify.py", by_python(log, "OK")), ("shudu verify", by_the_product(log, "OK"))] {
        if let Some(problem) = problem {
            ledger.fail(format!("{who}: {problem}"));
        }
    }
    let receipts = ledger.leaves();
    let sealed = leaves(log);
    let distinct: HashSet<&String> = sealed.iter().collect();
    if distinct.len() != sealed.len() || distinct != receipts.iter().collect() {
        let lost = receipts.iter().filter(|r| !distinct.contains(r)).count();
        ledger.fail(format!("{} ballots in the log, {} receipts, {lost} of them lost", sealed.len(), receipts.len()));
    }
    let recount = shudu(&["recount", CAMPAIGN], &site.data()).envs(site.settings().to_vec()).output().unwrap();
    let said = String::from_utf8_lossy(&recount.stdout).into_owned();
    if !recount.status.success() || !said.starts_with(&format!("{CAMPAIGN}: {} ballots", receipts.len())) {
        ledger.fail(format!("recount: {said}, {} receipts", receipts.len()));
    }
    for (size, checkpoint) in ledger.checkpoints.clone() {
        if std::fs::read_to_string(log.join(format!("history/{size}"))).ok().as_ref() != Some(&checkpoint) {
            ledger.fail(format!("a checkpoint of size {size} was shown that the log does not continue"));
        }
    }
}

/// Objection of the verifier in Python, which shares no code with the product, against a log that should end with `word`; none
/// where it agrees.
pub fn by_python(log: &Path, word: &str) -> Option<String> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/verify.py");
    let out = Command::new("python3").arg(program).arg("log").arg(log).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    let is_right = out.status.success() && said.lines().last().is_some_and(|last| last == word);
    (!is_right).then_some(said)
}

/// Objection of the product's own verifier against a log that should end with `word`; none where it agrees.
pub fn by_the_product(log: &Path, word: &str) -> Option<String> {
    match public_log::verify::verify(&public_log::verify::Source::folder(log), None) {
        Ok(report) if report.is_counted == (word == "OK") => None,
        Ok(report) => Some(format!("{report:?}")),
        Err(flaw) => Some(flaw.to_string()),
    }
}

/// Leaf hashes in a public log, in hexadecimal.
pub fn leaves(log: &Path) -> Vec<String> {
    let batches = std::fs::read_to_string(log.join("batches")).unwrap_or_default();
    let size: u64 = batches.lines().last().and_then(|line| line.parse().ok()).unwrap_or_default();
    let tiles = public_log::tiles::touched(0, size);
    tiles
        .flat_map(|(number, width)| {
            let tile = public_log::tiles::Tile { level: 0, number, width };
            let bytes = std::fs::read(log.join(tile.path())).unwrap_or_default();
            bytes.chunks(32).map(hex::encode).collect::<Vec<_>>()
        })
        .collect()
}
