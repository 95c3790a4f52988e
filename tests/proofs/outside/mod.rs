//! Hostile files from outside: none is served as active content, and none makes a server use much memory.

mod clamd;
mod corpus;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use poem::http::Method;
use serde_json::Value;

use self::corpus::Hostile;
use testing::desk::ROW;
use testing::hostile::{TRACES, is_bare};
use testing::proof::{Proof, figure, full, size};
use testing::{Desk, Person, TestApp};

/// Codes with which a file may be refused.
const REFUSALS: [&str; 10] = [
    "evidence.empty",
    "evidence.kind",
    "evidence.large",
    "evidence.pixels",
    "evidence.broken",
    "evidence.grown",
    "evidence.pdf_broken",
    "evidence.pdf_active",
    "evidence.pdf_files",
    "evidence.pdf_locked",
];

/// Reason why an answer with a file could be active content; none where it cannot.
fn acts(header: impl Fn(&str) -> String, body: &[u8]) -> Option<String> {
    let disposition = header("content-disposition");
    let whole = disposition.split_once("; filename*=UTF-8''").map_or("", |(_, whole)| whole);
    let media = header("content-type");
    let ending = match media.as_str() {
        "application/pdf" => ".pdf",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        other => return Some(format!("sent as {other}")),
    };
    let ends = whole.to_lowercase().ends_with(ending) || (ending == ".jpg" && whole.to_lowercase().ends_with(".jpeg"));
    let plain = whole.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b));
    if !disposition.starts_with("attachment; filename=\"evidence-") || !ends || !plain || whole.contains("%2F") {
        return Some(format!("saved by {disposition}"));
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-store"),
    ] {
        if header(name) != value {
            return Some(format!("{name}: {}", header(name)));
        }
    }
    if ending == ".pdf" {
        return (!body.starts_with(b"%PDF-")).then(|| "no PDF".to_owned());
    }
    if !is_bare(body) || image::load_from_memory(body).is_err() {
        return Some("more or less than a picture".to_owned());
    }
    let trace = TRACES.iter().find(|trace| body.windows(trace.len()).any(|w| w == **trace))?;
    Some(format!("still holds {}", String::from_utf8_lossy(trace)))
}

fn asked(file: &Hostile) -> String {
    // The length of a request line is limited; longer names come in forms.
    let name: String = file.name.chars().take(300).collect();
    format!("/api/v1/assignments/{ROW}/evidence?name={}", shudu::web::query::encode_header(&name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_comes_back_as_anything_that_acts() {
    let proof = Proof::of("a file that means harm is refused, or comes back as a download without anything that acts");
    // Allowances are off, because the test sends more files than one account may send in an hour.
    let desk = Desk::of(TestApp::with_config(|config| config.edge.has_allowances = false).await).await;
    let readers: [(&str, &Person); 5] = [
        ("handler", &desk.handler),
        ("coordinator", &desk.second),
        ("leader", &desk.leader),
        ("organiser", &desk.organiser),
        ("auditor", &desk.auditor),
    ];
    let mut taken = 0;
    for number in 0..size(102, 2_000) {
        let file = corpus::file(number);
        let told = |what: &str| {
            format!("{number}, {}, {:?}: {what}", file.sort, file.name.chars().take(40).collect::<String>())
        };
        let media = Some("application/octet-stream");
        let answer = desk.handler.send(Method::POST, &asked(&file), media, file.bytes.clone()).await;
        if answer.status != 200 {
            let code = answer.code();
            let held = REFUSALS.contains(&code.as_str()) || code == "malformed" && file.name.contains('\0');
            proof.trial(held, || told(&format!("{} {}", answer.status, answer.code())));
            continue;
        }
        taken += 1;
        let hash = answer.json()["sha256"].as_str().unwrap().to_owned();
        for (who, reader) in readers {
            let back = reader.get(&format!("/desk/assignments/{ROW}/evidence/{hash}")).await;
            let header = |name: &str| back.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
            let acts = if back.status == 200 { acts(header, &back.body) } else { Some(back.status.to_string()) };
            proof.trial(acts.is_none(), || told(&format!("{who}: {}", acts.clone().unwrap_or_default())));
        }
        let put_away = format!("/api/v1/assignments/{ROW}/evidence/{hash}");
        desk.handler.send(Method::DELETE, &put_away, None, Vec::new()).await.expect(200);
    }
    figure(&format!("hostile files that were taken, made harmless: {taken} of {}", size(102, 2_000)));
    assert!(taken > 20, "the files that can be made harmless were taken");
    proof.end();
}

/// The demo's programme, served by the real binary. Another process plays the demo before, because playing takes more memory than
/// serving.
struct Server {
    child: Child,
    address: String,
    /// Login and password of a handler account.
    handler: [String; 2],
    _data: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (mut player, lines) = spawn("demo", data.path());
        let mut handler = None;
        // The loop ends at the last line, because nothing is written after it.
        for line in lines.take_while(|line| !line.starts_with("data in ")) {
            if let ["sign-in", "handler", login, password] = line.split_whitespace().collect::<Vec<_>>()[..] {
                handler = Some([login, password].map(str::to_owned));
            }
        }
        assert!(Command::new("kill").arg(player.id().to_string()).status().unwrap().success());
        player.wait().unwrap();
        let (child, mut lines) = spawn("serve", data.path());
        let said = lines.next().unwrap();
        let address = said.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        Self { child, address: address.trim_end_matches('/').to_owned(), handler: handler.unwrap(), _data: data }
    }

    fn kilobytes(&self, which: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(which)).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse().unwrap()
    }
}

/// Starts the binary on a data directory. Returns the process and the lines that it writes.
fn spawn(command: &str, data: &Path) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
        // Limits are off, because the test sends more files than one account may send in an hour.
        .args([command, "--limits", "off", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    (child, lines)
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The largest harmless pictures that are accepted.
fn largest() -> Vec<Vec<u8>> {
    let mut photo = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(7_300, 5_400, |x, y| image::Rgb([x as u8, y as u8, (x + y) as u8]))
        .write_to(&mut photo, image::ImageFormat::Jpeg)
        .unwrap();
    let mut screen = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(5_600, 5_400, image::Rgba([9, 8, 7, 6]))
        .write_to(&mut screen, image::ImageFormat::Png)
        .unwrap();
    vec![photo.into_inner(), screen.into_inner()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_does_not_swell_over_hostile_files() {
    if !full() {
        return; // plays the whole demo
    }
    let proof = Proof::of(
        "a server that is sent 2,000 hostile files, four at a time, grows by less than 200 MiB and answers all",
    );
    let server = Server::start();
    let client = reqwest::Client::new();
    let [login, password] = &server.handler;
    let sign_in = serde_json::json!({ "login": login, "password": password });
    let url = |path: &str| format!("{}{path}", server.address);
    let session: Value =
        client.post(url("/api/v1/sessions")).json(&sign_in).send().await.unwrap().json().await.unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    let account: Value =
        client.get(url("/api/v1/account")).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    let province = account["roles"][0]["scope"].as_str().unwrap().to_owned();
    let open = format!("/api/v1/assignments?province={province}&state=in_progress");
    let rows: Value = client.get(url(&open)).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    let row = &rows["assignments"][0];
    let row = format!("{}/{province}", row["issue"].as_str().unwrap_or_else(|| panic!("{rows}")));
    let before = server.kilobytes("VmRSS:");
    let numbers = std::sync::atomic::AtomicUsize::new(0);
    let large = largest();
    let (proof_of, numbers, large, row, token) = (&proof, &numbers, &large, &row, &token);
    let send = |_| async move {
        let client = reqwest::Client::new();
        loop {
            let number = numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if number >= 2_000 {
                return;
            }
            let bytes = if number % 100 < 2 { large[number % 100].clone() } else { corpus::file(number).bytes };
            let address = url(&format!("/api/v1/assignments/{row}/evidence"));
            let sent = client.post(&address).query(&[("name", "x")]).bearer_auth(token);
            let sent = sent.header("content-type", "application/octet-stream").body(bytes);
            let answer = sent.timeout(Duration::from_secs(120)).send().await;
            let status = answer.as_ref().map_or(0, |a| a.status().as_u16());
            proof_of.trial(matches!(status, 200 | 413 | 415 | 422), || format!("{number}: {status}"));
            if status == 200 {
                let stored: Value = answer.unwrap().json().await.unwrap();
                let file = format!("{address}/{}", stored["sha256"].as_str().unwrap());
                drop(client.delete(file).bearer_auth(token).send().await);
            }
        }
    };
    futures_util::future::join_all((0..4).map(send)).await;
    let peak = server.kilobytes("VmHWM:");
    figure(&format!(
        "memory of a server over 2000 hostile files: {} MB before, {} MB at most",
        before / 1024,
        peak / 1024
    ));
    if peak.saturating_sub(before) > 200 * 1024 {
        proof.fail(format!("from {before} kB to {peak} kB"));
    }
    proof.end();
}
