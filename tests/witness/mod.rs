//! Witnesses beside a site. The witnesses are real processes that cosign a log that only grows, refuse any other log, and
//! remember their cosignatures after every kill.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::ballots::log_head;
use entity::codes::Codes;
use entity::stored::{Affected, ProposedBy};
use public_log::cosignature::Witness;
use public_log::note::{Checkpoint, Signer, split};
use public_log::tree::{Frontier, Hash, fold, growth, leaf_hash, peaks};
use sea_orm::EntityTrait;
use shudu::app::App;
use shudu::base::clock;
use shudu::base::ctx::Ctx;
use shudu::base::keys::Key;
use shudu::base::main_store::Changes;
use shudu::campaign::commands::Import;
use shudu::campaign::options::NewOption;
use shudu::config::Settings;
use shudu::log::witnesses::{Answer, Remote};
use shudu::{campaign, scheduler};
use tempfile::TempDir;

const SLUG: &str = "w1";

/// A server process, which is killed when the value is dropped. `lines` are its first lines of output.
struct ServerProcess {
    child: Child,
    lines: Vec<String>,
}

impl ServerProcess {
    fn start(args: &[&str], lines: usize) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let read = BufReader::new(child.stdout.take().unwrap()).lines().take(lines);
        Self { lines: read.map(Result::unwrap).collect(), child }
    }

    /// Kills the process with SIGKILL, without an orderly stop or a flush.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Starts a witness process. Gives also the address and key by which a site names that witness.
fn witness(dir: &Path, name: &str, log: &str) -> (ServerProcess, Remote) {
    let dir = dir.display().to_string();
    let args = ["witness", "--dir", &dir, "--listen", "127.0.0.1:0", "--name", name, "--log", log];
    let served = ServerProcess::start(&args, 2);
    let remote = served.lines.join(" ").parse().unwrap();
    (served, remote)
}

fn setting(remote: &Remote) -> String {
    format!("{} {}", remote.address, remote.key)
}

async fn app(data: &Path, witnesses: &[Remote]) -> Arc<App> {
    let witnesses = Some(witnesses.iter().map(setting).collect());
    let settings = Settings { data: Some(data.to_owned()), witnesses, settle_after: Some(0), ..Settings::default() };
    // A process that has just ended may still lock the folder for a moment.
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        match App::open(settings.clone().resolve().unwrap()).await {
            Ok(app) => return app,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Opens a campaign that accepts ballots from now on.
async fn open_campaign(app: &App) {
    let now = app.clock.now();
    let option = |n: i32| NewOption {
        code: format!("{SLUG}-{n}"),
        ballot_no: n,
        short_zh: format!("事{n}"),
        short_en: format!("Thing {n}"),
        title_zh: format!("事情{n}"),
        title_en: format!("A thing {n}"),
        theme_zh: String::new(),
        theme_en: String::new(),
        domain: String::new(),
        lead_department: String::new(),
        co_departments: Codes::default(),
        root_cause: String::new(),
        remedies: Codes::default(),
        affected: Affected::Citizen,
        proposed_by: ProposedBy::Citizen,
    };
    let import = Import {
        slug: SLUG.to_owned(),
        name: "Witnessed".to_owned(),
        language: "en".to_owned(),
        opens_at: clock::start_of(clock::day_of(now)),
        closes_at: clock::start_of(clock::day_of(now)) + TimeDelta::days(3),
        max_choices: 2,
        options: (1..=3).map(option).collect(),
    };
    let ctx = Ctx::system("test", &app.clock).at(now);
    app.stores
        .main
        .write(Changes::Campaigns, async |tx| campaign::commands::import(tx, &ctx, &import).await)
        .await
        .unwrap();
}

/// Casts `ballots` ballots and seals them.
async fn batch(app: &App, ballots: usize) {
    let paper = app.passes.papers.get(SLUG).await.unwrap();
    for n in 0..ballots {
        let pass = app.passes.issuing.anonymous(&paper).await.unwrap();
        let choices = [format!("{SLUG}-{}", n % 3 + 1)];
        app.ballots.ballot_box.cast_patiently(paper.check(&pass, "000000", &choices).unwrap()).await.unwrap();
    }
    app.ballots.sequencer.seal(SLUG, 1).await.unwrap();
}

/// The public checkpoint, as the store has it, read without a write to the store.
async fn checkpoint(data: &Path) -> String {
    let url = format!("sqlite://{}?mode=ro", data.join("ballots.db").display());
    let db = sea_orm::Database::connect(url).await.unwrap();
    let head = log_head::Entity::find_by_id(SLUG).one(&db).await.unwrap().unwrap();
    db.close().await.unwrap();
    head.checkpoint.unwrap_or_default()
}

async fn log_key(app: &App) -> String {
    let key = app.ballots.sequencer.public_file(SLUG, "key").await.unwrap().unwrap();
    String::from_utf8(key).unwrap().trim().to_owned()
}

/// A copy of the public log, as a stranger fetches it.
async fn copied(app: &App) -> TempDir {
    testing::public_log::fetch(&app.ballots.sequencer, SLUG).await
}

/// Waits until the public checkpoint has this size and is cosigned by all given witnesses.
async fn cosigned(data: &Path, size: u64, witnesses: &[&Remote]) {
    let until = Instant::now() + Duration::from_secs(15);
    loop {
        let note = checkpoint(data).await;
        let is_newest = split(&note).is_some_and(|(text, _)| Checkpoint::read(text).unwrap().size == size);
        if is_newest && witnesses.iter().all(|witness| witness.key.cosigned(&note).is_some()) {
            return;
        }
        assert!(Instant::now() < until, "not cosigned in time:\n{note}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(program: &str, args: &[&str]) -> (i32, String) {
    let out = Command::new(program).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap(), said)
}

/// Demands that both verifiers end with this exit code and these words for a log.
#[track_caller]
fn both_verifiers(place: &str, witnesses: &[&str], code: i32, words: &str) {
    let options: Vec<&str> = witnesses.iter().flat_map(|key| ["--witness", *key]).collect();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/verify.py").display().to_string();
    let ours = run(env!("CARGO_BIN_EXE_shudu"), &[&["verify", place], &options[..]].concat());
    let others = run("python3", &[&[&program, "log", place], &options[..]].concat());
    for (found, said) in [ours, others] {
        assert!(found == code && said.contains(words), "{found}, expected {code} and {words:?}\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_witnesses_cosign_what_a_site_publishes_and_strangers_check_it() {
    let (data, one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let key = {
        let app = app(data.path(), &[]).await;
        open_campaign(&app).await;
        batch(&app, 12).await;
        batch(&app, 300).await;
        log_key(&app).await
    };
    let (_one, w1) = witness(one.path(), "w1.example/a", &key);
    let (mut two_served, w2) = witness(two.path(), "w2.example/a", &key);
    let folder = data.path().display().to_string();
    let (first, second) = (setting(&w1), setting(&w2));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", &folder, "--witness", &first, "--witness", &second];
    let mut site = ServerProcess::start(&serve, 1);
    let address = format!("{}/log/{SLUG}/", site.lines[0]);
    cosigned(data.path(), 312, &[&w1, &w2]).await;
    let keys = [w1.key.to_string(), w2.key.to_string()];
    both_verifiers(&address, &[&keys[0], &keys[1]], 0, "OK SO FAR");
    // A published checkpoint in the history stays as it was.
    let history = std::fs::read_to_string(data.path().join(format!("objects/log/{SLUG}/history/312"))).unwrap();
    assert!(w1.key.cosigned(&history).is_none() && checkpoint(data.path()).await.starts_with(&history));
    // The public page of results shows who cosigned, and when.
    let results = format!("{}/campaigns/{SLUG}/results", site.lines[0]);
    let page = reqwest::get(results).await.unwrap().text().await.unwrap();
    assert!(page.contains("w1.example/a") && page.contains("w2.example/a"), "{page}");
    assert_eq!(page.matches("已对日志联署").count(), 2, "{page}");
    site.kill();

    // One witness is down while the log grows. The other witness cosigns, and the checkpoint shows whose cosignature it has.
    two_served.kill();
    {
        let app = app(data.path(), &[]).await;
        batch(&app, 40).await;
    }
    let site = ServerProcess::start(&serve, 1);
    let address = format!("{}/log/{SLUG}/", site.lines[0]);
    cosigned(data.path(), 352, &[&w1]).await;
    both_verifiers(&address, &[&keys[0]], 0, "OK SO FAR");
    both_verifiers(&address, &[&keys[0], &keys[1]], 1, "checkpoint: is not cosigned by w2.example/a");
    let results = format!("{}/campaigns/{SLUG}/results", site.lines[0]);
    let page = reqwest::get(results).await.unwrap().text().await.unwrap();
    assert!(page.contains("还没有对日志的最新状态联署"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_batch_is_cosigned_at_once_and_a_witness_that_is_down_slow_or_wrong_stops_nothing() {
    let (data, dir) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let key = {
        let app = app(data.path(), &[]).await;
        open_campaign(&app).await;
        log_key(&app).await
    };
    let (_served, good) = witness(dir.path(), "good.example", &key);
    let other = |name: &str, address: String| -> Remote {
        let key = public_log::cosignature::Cosigner::new(name, Key::ephemeral().unwrap().ed25519()).witness();
        format!("{address} {key}").parse().unwrap()
    };
    // This witness accepts connections and never answers.
    let slow = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow_address = format!("http://{}", slow.local_addr().unwrap());
    // A witness of another name and key answers at the address of `wrong.example`. Nobody listens at the address of
    // `down.example`.
    let wrong_dir = TempDir::new().unwrap();
    let (_wrong, impostor) = witness(wrong_dir.path(), "impostor.example", &key);
    let witnesses = [
        other("down.example", "http://127.0.0.1:1".to_owned()),
        other("slow.example", slow_address),
        other("wrong.example", impostor.address.clone()),
        good.clone(),
    ];
    let app = app(data.path(), &witnesses).await;
    let rounds = tokio::spawn(scheduler::run(Arc::clone(&app)));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut size = 0;
    for ballots in [1, 5, 250, 3] {
        size += ballots;
        let begun = Instant::now();
        batch(&app, usize::try_from(ballots).unwrap()).await;
        cosigned(data.path(), size, &[&good]).await;
        // The scheduler has a round every twenty seconds, so the batch itself caused this cosignature.
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
    let note = checkpoint(data.path()).await;
    assert!(note.lines().count() == 6, "the log's own line and one cosignature:\n{note}");
    let copy = copied(&app).await;
    both_verifiers(text(copy.path()), &[&good.key.to_string()], 0, "OK SO FAR");
    rounds.abort();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_forked_is_refused_by_both_witnesses() {
    let (data, one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let key = {
        let app = app(data.path(), &[]).await;
        open_campaign(&app).await;
        batch(&app, 20).await;
        let key = log_key(&app).await;
        app.stores.clone().close().await.unwrap();
        key
    };
    // A second site with the same keys and the same stores.
    let other = TempDir::new().unwrap();
    copy(data.path(), other.path());
    let (_one, w1) = witness(one.path(), "w1.example/a", &key);
    let (_two, w2) = witness(two.path(), "w2.example/a", &key);
    let witnesses = [w1.clone(), w2.clone()];
    let shown = {
        let app = app(data.path(), &witnesses).await;
        let rounds = tokio::spawn(scheduler::run(Arc::clone(&app)));
        batch(&app, 10).await;
        cosigned(data.path(), 30, &[&w1, &w2]).await;
        rounds.abort();
        copied(&app).await
    };
    let app = app(other.path(), &witnesses).await;
    let rounds = tokio::spawn(scheduler::run(Arc::clone(&app)));
    // Sizes of the fork: smaller than the size that the witnesses know, equal, and larger.
    for (ballots, size) in [(5, 25), (5, 30), (70, 100)] {
        batch(&app, ballots).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let newest = app.ballots.sequencer.newest(SLUG).await.unwrap().unwrap();
        assert_eq!(newest.checkpoint.size, size);
        for witness in &witnesses {
            assert_eq!(witness.key.cosigned(&newest.note), None);
            let old = size.min(30);
            let answer = app.ballots.sequencer.ask(SLUG, witness, old, &newest).await.unwrap();
            let refused = match size {
                100 => matches!(&answer, Answer::Refused(why) if why.starts_with("422")),
                _ => answer == Answer::Knows(30),
            };
            assert!(refused, "{size}: {answer:?}");
        }
    }
    rounds.abort();
    // Each of the two logs is right by itself. Only the cosignatures tell which log was shown to the witnesses.
    let forked = copied(&app).await;
    let keys = [w1.key.to_string(), w2.key.to_string()];
    both_verifiers(text(forked.path()), &[], 0, "OK SO FAR");
    both_verifiers(text(forked.path()), &[&keys[0]], 1, "is not cosigned by w1.example/a");
    both_verifiers(text(shown.path()), &[&keys[0], &keys[1]], 0, "OK SO FAR");
}

/// A log that its owner can grow into different trees.
struct Tree {
    signer: Signer,
    leaves: Vec<Hash>,
}

impl Tree {
    fn hash(leaves: &[Hash]) -> Hash {
        let mut at = 0;
        let roots: Vec<Hash> = peaks(leaves.len() as u64)
            .map(|(height, _)| {
                let part = &leaves[at..at + (1 << height)];
                at += 1 << height;
                let mut edge = Frontier::default();
                part.iter().for_each(|leaf| edge.push(*leaf));
                edge.root()
            })
            .collect();
        fold(&roots)
    }

    fn note(&self, leaves: &[Hash]) -> String {
        let origin = self.signer.name().to_owned();
        self.signer.sign(&Checkpoint { origin, size: leaves.len() as u64, root: Self::hash(leaves) }.text())
    }

    fn ask(&self, witness: &Remote, old: u64, leaves: &[Hash]) -> Answer {
        let ranges = growth(old, leaves.len() as u64);
        let proof: Vec<Hash> =
            ranges.iter().map(|(low, high)| Self::hash(&leaves[*low as usize..*high as usize])).collect();
        witness.ask(old, &proof, &self.note(leaves))
    }
}

/// Roots by size of all trees that were ever cosigned.
#[derive(Default)]
struct Cosigned(Mutex<HashMap<u64, Hash>>);

impl Cosigned {
    /// Notes the answer of a witness. Gives whether the answer was a cosignature.
    fn note(&self, tree: &Tree, key: &Witness, leaves: &[Hash], answer: &Answer) -> bool {
        let Answer::Cosigned(line) = answer else {
            return false;
        };
        assert!(key.join(&tree.note(leaves), line).is_some(), "the cosignature verifies");
        let (size, root) = (leaves.len() as u64, Tree::hash(leaves));
        let before = self.0.lock().unwrap().insert(size, root);
        assert!(before.is_none_or(|before| before == root), "two trees of size {size}");
        true
    }
}

#[test]
fn a_witness_that_is_killed_at_any_moment_never_cosigns_two_trees_of_one_size() {
    const ROUNDS: u64 = 60;
    let dir = TempDir::new().unwrap();
    let signer = Signer::new("fork.example/log/f", Key::ephemeral().unwrap().ed25519());
    let key = signer.verifier().to_string();
    let mut tree = Tree { signer, leaves: Vec::new() };
    let seen = Cosigned::default();
    let (mut killed_before, mut killed_after, mut answered) = (0, 0, 0);
    for round in 0..ROUNDS {
        let (mut served, remote) = witness(dir.path(), "w1.example/a", &key);
        let old = tree.leaves.len() as u64;
        // The owner of the log signs two trees and shows both again and again, while the witness is killed.
        let candidates: Vec<Vec<Hash>> = (0..2u64)
            .map(|fork| {
                let leaf = leaf_hash(&[round.to_be_bytes(), fork.to_be_bytes()].concat());
                [&tree.leaves[..], &[leaf], &vec![leaf; usize::try_from(round % 3).unwrap()]].concat()
            })
            .collect();
        std::thread::scope(|scope| {
            for leaves in &candidates {
                let (tree, seen, remote) = (&tree, &seen, &remote);
                scope.spawn(move || {
                    for _ in 0..4 {
                        seen.note(tree, &remote.key, leaves, &tree.ask(remote, old, leaves));
                    }
                });
            }
            std::thread::sleep(Duration::from_micros(round * 7919 % 30_000));
            served.kill();
        });
        let told = seen.0.lock().unwrap().contains_key(&(candidates[0].len() as u64));
        // The restarted witness remembers at most one of the two trees. A tree that was cosigned before has to be cosigned again.
        let (_served, remote) = witness(dir.path(), "w1.example/a", &key);
        let kept = candidates.iter().find(|leaves| {
            let answer = tree.ask(&remote, leaves.len() as u64, leaves);
            seen.note(&tree, &remote.key, leaves, &answer)
        });
        match (kept, told) {
            (Some(_), true) => answered += 1,
            (Some(_), false) => killed_after += 1,
            (None, true) => panic!("round {round}: it forgot what it had cosigned"),
            (None, false) => killed_before += 1,
        }
        if let Some(leaves) = kept {
            tree.leaves.clone_from(leaves);
        }
    }
    println!(
        "{ROUNDS} kills: {killed_before} before it was remembered, {killed_after} before it was said, {answered} after"
    );
    assert!(killed_before > 0 && answered > 0, "the kills came at different moments: {killed_before}, {answered}");
}

#[tokio::test]
async fn a_witness_answers_as_the_protocol_says() {
    let dir = TempDir::new().unwrap();
    let signer = Signer::new("a.example/log/s", Key::ephemeral().unwrap().ed25519());
    let (_served, remote) = witness(dir.path(), "w1.example/a", &signer.verifier().to_string());
    let client = reqwest::Client::new();
    let post = async |body: String| {
        let answer = client.post(format!("{}/add-checkpoint", remote.address)).body(body).send().await.unwrap();
        let media = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), media, answer.text().await.unwrap())
    };
    let text = |size: u64, root: u8| Checkpoint { origin: "a.example/log/s".to_owned(), size, root: [root; 32] }.text();
    let stranger = Signer::new("a.example/log/s", Key::ephemeral().unwrap().ed25519());
    let elsewhere = Signer::new("b.example/log/s", Key::ephemeral().unwrap().ed25519());
    let hash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let signed = |size, root| signer.sign(&text(size, root));
    for (status, body) in [
        (400, "nonsense".to_owned()),
        (400, "x".repeat(100_000)),
        (400, format!("old 9\n\n{}", signed(5, 1))),
        (404, format!("old 0\n\n{}", elsewhere.sign(&text(5, 1).replace("a.ex", "b.ex")))),
        (403, format!("old 0\n\n{}", stranger.sign(&text(5, 1)))),
        (422, format!("old 0\n{hash}\n\n{}", signed(5, 1))),
    ] {
        assert_eq!(post(body).await.0, status);
    }
    // A checkpoint may carry signatures of others as well.
    let both = format!("{}— c.example {}\n", signed(5, 1), hash);
    let (status, _, line) = post(format!("old 0\n\n{both}")).await;
    assert_eq!(status, 200);
    assert!(line.starts_with("— w1.example/a ") && line.ends_with('\n') && line.lines().count() == 1, "{line}");
    assert!(remote.key.cosigned(&format!("{}{line}", signed(5, 1))).is_some());
    for (old, size, root) in [(0, 9, 2), (4, 9, 2), (5, 5, 2)] {
        let conflict = post(format!("old {old}\n\n{}", signed(size, root))).await;
        assert_eq!(conflict, (409, "text/x.tlog.size".to_owned(), "5\n".to_owned()));
    }
    assert_eq!(post(format!("old 5\n{hash}\n\n{}", signed(9, 2))).await.0, 422);
    // The same checkpoint is cosigned again.
    assert_eq!(post(format!("old 5\n\n{}", signed(5, 1))).await.0, 200);
    let about = reqwest::get(format!("{}/", remote.address)).await.unwrap().text().await.unwrap();
    assert_eq!(about.trim(), remote.key.to_string());
}
