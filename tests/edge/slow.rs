//! Slow clients that hold on to a connection: the server closes their connections, and other clients are not hindered.

use std::time::{Duration, Instant};

use entity::stored::Role;
use futures_util::future::join_all;
use shudu::web::session_cookie;
use testing::proof::{conclude, size};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::listening::{Site, rest};

fn quick(edge: &mut shudu::edge::Edge) {
    edge.deadlines.head = Duration::from_secs(1);
    edge.deadlines.idle = Duration::from_secs(2);
    edge.pace.grace = Duration::from_secs(1);
    edge.pace.slowest = 10_000;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_header_is_closed_and_so_is_a_connection_that_says_nothing() {
    let site = Site::new(quick).await;
    for said in [
        "",
        "GET",
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: ",
        "\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut socket = site.says(said).await;
        assert_eq!(rest(&mut socket).await.as_deref(), Some(""), "{said:?}");
    }
    // A connection that idles after an answer.
    let mut socket = site.says("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let answered = rest(&mut socket).await.unwrap();
    assert!(answered.starts_with("HTTP/1.1 200") && answered.ends_with("ok\n"), "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_refused_and_closed() {
    let site = Site::new(quick).await;
    for (path, media) in [
        ("/api/v1/campaigns/t1/ballots", "application/json"),
        ("/campaigns/t1/ballot", "application/x-www-form-urlencoded"),
        ("/campaigns/t1/ballot", "multipart/form-data; boundary=x"),
        ("/sign-in", "application/x-www-form-urlencoded"),
    ] {
        for length in ["Content-Length: 50000", "Transfer-Encoding: chunked"] {
            let said = format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {media}\r\n{length}\r\n\r\n");
            let mut socket = site.says(&said).await;
            let part: &[u8] = if length.starts_with('T') { b"2\r\n--\r\n" } else { b"--" };
            socket.write_all(part).await.unwrap();
            let answer = rest(&mut socket).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 408"), "{path} {media} {length}: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_its_limit_is_refused_while_it_still_comes_and_the_refusal_arrives() {
    let site = Site::new(|_| ()).await;
    for length in ["Content-Length: 400000", "Transfer-Encoding: chunked"] {
        let said = format!(
            "POST /api/v1/campaigns/t1/ballots HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
        );
        let mut socket = site.says(&said).await;
        let chunk = vec![b'x'; 4000];
        for _ in 0..100 {
            let head = format!("{:x}\r\n", chunk.len());
            let parts: [&[u8]; 3] =
                if length.starts_with('T') { [head.as_bytes(), &chunk, b"\r\n"] } else { [b"", &chunk, b""] };
            if socket.write_all(&parts.concat()).await.is_err() {
                break;
            }
        }
        let mut answer = vec![0; 12];
        socket.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 413", "{length}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_waits_for_continue_comes_through() {
    let site = Site::new(quick).await;
    let body = "login=nobody&password=x";
    let said = format!(
        "POST /sign-in HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut socket = site.says(&said).await;
    let mut go = [0; 25];
    socket.read_exact(&mut go).await.unwrap();
    assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
    socket.write_all(body.as_bytes()).await.unwrap();
    assert!(rest(&mut socket).await.unwrap().starts_with("HTTP/1.1 422"));
}

/// Requests of slow clients: half a header, half a body, nothing at all, and a request whose answer nobody reads.
const STALLS: [&str; 4] = [
    "GET / HTTP/1.1\r\nHost: a\r\n",
    "POST /api/v1/campaigns/t1/ballots HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
    "",
    "GET /api/explorer HTTP/1.1\r\nHost: a\r\n\r\n",
];

#[tokio::test(flavor = "multi_thread")]
async fn normal_requests_are_served_beside_slow_clients() {
    let clients = size(200, 2_000);
    // The deadlines are long, so the slow clients stay for the whole time. Each kind of work has few places.
    let site = Site::new(|edge| {
        *edge = edge.clone().place("voting=16 reading=4 staff=8 signing_in=8 exports=2 files=2").unwrap();
    })
    .await;
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let asked = size(50, 1_000);
    let (mut failures, alone) = ask(&site, &client, asked).await;
    let slow = join_all((0..clients).map(|n| site.says(STALLS[n % STALLS.len()]))).await;
    let (more, beside) = ask(&site, &client, asked).await;
    drop(slow);
    failures.extend(more);
    let [alone, beside] = [alone, beside].map(|times| times.as_secs_f64() * 1000.0);
    println!(
        "FIGURE | p99 of ballots and pages alone and beside {clients} slow clients: {alone:.1} ms, {beside:.1} ms, {:.2} of it",
        beside / alone
    );
    conclude("ballots and pages are served beside slow clients", asked * 2, &failures);
}

/// Casts `asked` ballots and reads as many pages. Gives the failures, and the time within which 99 of 100 requests were answered.
async fn ask(site: &Site, client: &reqwest::Client, asked: usize) -> (Vec<String>, Duration) {
    let (mut failures, mut times) = (Vec::new(), Vec::new());
    for n in 0..asked {
        let began = Instant::now();
        let status = site.votes(client).await;
        times.push(began.elapsed());
        if status != 201 {
            failures.push(format!("ballot {n}: {status}"));
        }
        let began = Instant::now();
        let page = client.get(site.url("/campaigns")).send().await.map_or(0, |answer| answer.status().as_u16());
        times.push(began.elapsed());
        if page != 200 {
            failures.push(format!("page {n}: {page}"));
        }
    }
    times.sort_unstable();
    (failures, times[times.len() * 99 / 100])
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_places_and_idle_ones_are_given_to_others() {
    let site = Site::new(|edge| {
        quick(edge);
        edge.connections = 8;
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(site.says("").await);
    }
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    assert_eq!(client.get(site.url("/healthz")).send().await.unwrap().status(), 200);
}

/// Senders without a session have few places for large bodies, and take none of those of staff.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_send_slowly_do_not_keep_staff_from_sending_files() {
    let site = Site::new(|_| ()).await;
    let person = site.app.staff_as("handler-320000", Role::Handler, "320000").await;
    let (_, token) = person.token.clone().unwrap();
    let path = "/api/v1/assignments/T1-1/320000/evidence";
    let said = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n--\r\n"
    );
    let slow = join_all((0..150).map(|_| site.says(&said))).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let send = async |token: &str| {
        let request = reqwest::Client::new().post(site.url(path)).header("content-type", "application/octet-stream");
        let request = request
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("{}={token}", session_cookie::COOKIE));
        request.body(vec![b'x'; 100_000]).send().await.unwrap().status().as_u16()
    };
    assert_eq!(send("nobody").await, 503, "all places of strangers are taken");
    assert_eq!(send(&token).await, 404, "a member of staff has a place");
    drop(slow);
}
