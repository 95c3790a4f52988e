//! The virus scanner, where one is configured. A small fake scanner on a socket gives answers that a real one gives rarely;
//! `tests/proofs` uses a real one where it is installed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use shudu::report::evidence::scanner::Scanner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use testing::desk::{PDF, ROW, png};
use testing::hostile::{eicar, pdf};
use testing::{Desk, TestApp};

const INFECTED: &str = "stream: Eicar-Test-Signature FOUND\0";

/// Reads a file as clamd does.
async fn read(line: &mut UnixStream) -> Vec<u8> {
    let mut word = [0; 10];
    line.read_exact(&mut word).await.unwrap();
    assert_eq!(&word, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = line.read_u32().await.unwrap() as usize;
        if length == 0 {
            return file;
        }
        let start = file.len();
        file.resize(start + length, 0);
        line.read_exact(&mut file[start..]).await.unwrap();
    }
}

/// A scanner that knows one test word and gives the configured answer to everything else.
fn scanner(dir: &Path, answer: &'static str) -> PathBuf {
    let socket = dir.join("clamd.ctl");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let file = read(&mut line).await;
                let found = file.windows(68).any(|w| w == eicar());
                let answer = if found { INFECTED } else { answer };
                // The answer is sent in two pieces, as on a slow line.
                let (first, rest) = answer.split_at(answer.len() / 2);
                line.write_all(first.as_bytes()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
                line.write_all(rest.as_bytes()).await.unwrap();
            });
        }
    });
    socket
}

async fn guarded(socket: PathBuf) -> Desk {
    Desk::of(TestApp::with_config(|config| config.clamav = Some(Scanner::Unix(socket))).await).await
}

fn stored(desk: &Desk) -> usize {
    std::fs::read_dir(desk.app.app.config.data.join("objects/evidence")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn an_infected_file_is_refused_by_its_name_and_kept_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let desk = guarded(scanner(dir.path(), "stream: OK\0")).await;
    let answer = desk.upload(&desk.handler, ROW, "a.pdf", &pdf(&eicar())).await.expect(422);
    assert_eq!(answer.code(), "evidence.infected");
    assert_eq!(answer.json()["title"], "“a.pdf”没有收下：扫描发现病毒（Eicar-Test-Signature）。请不要再打开这个文件");
    // The test word is behind the end of a picture, where re-encoding would drop it. The scanner sees the uploaded bytes, not the
    // stored ones.
    let hidden = [png(), eicar()].concat();
    assert_eq!(desk.upload(&desk.handler, ROW, "a.png", &hidden).await.expect(422).code(), "evidence.infected");
    assert_eq!(stored(&desk), 0);
    let mut large = b"%PDF-1.4".to_vec();
    large.resize((20 << 20) - PDF.len(), b' ');
    large.extend(PDF);
    desk.upload(&desk.handler, ROW, "large.pdf", &large).await.expect(200);
    desk.upload(&desk.handler, ROW, "a.png", &png()).await.expect(200);
    assert_eq!(stored(&desk), 2);
}

#[tokio::test]
async fn without_a_whole_answer_nothing_is_taken_and_nothing_typed_is_lost() {
    for answer in
        ["", "stream: OK", "INSTREAM size limit exceeded. ERROR\0", "UNKNOWN COMMAND\0", "stream: OK\0stream: OK\0"]
    {
        let dir = tempfile::tempdir().unwrap();
        let desk = guarded(scanner(dir.path(), answer)).await;
        let refused = desk.upload(&desk.handler, ROW, "a.pdf", PDF).await.expect(503);
        assert_eq!(
            (refused.code(), refused.headers["retry-after"].to_str().unwrap()),
            ("evidence.unscanned".to_owned(), "60")
        );
        assert_eq!(stored(&desk), 0, "{answer}");
    }
    let desk = guarded("/nowhere/clamd.ctl".into()).await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let page = format!("/desk/assignments/{ROW}/report");
    let form = desk.handler.post_files(&page, &[("before", "要到窗口排队")], &[("evidence", "通知.pdf", PDF)]).await;
    let form = form.expect(503);
    assert_eq!(form.headers["retry-after"], "60");
    assert!(form.text().contains("“通知.pdf”没有收下：病毒扫描暂时用不了"), "{}", form.text());
    assert!(form.text().contains("要到窗口排队"));
    assert_eq!(stored(&desk), 0);
}
