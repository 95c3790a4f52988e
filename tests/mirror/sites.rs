//! Logs on sites that work, break, lie or are not logs.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use super::server::{Answer, serve};
use super::{copy, ends, vector};

#[test]
fn logs_are_fetched_whole_and_checked() {
    let (site, _) = serve(|path, _| Answer::File(vector(&path[1..])));
    for (name, last) in
        [("good", "\nOK\n"), ("ruled", "\nOK\n"), ("wide", "\nOK\n"), ("tiny", "\nOK\n"), ("open", "\nOK SO FAR")]
    {
        ends(&[&format!("{site}/{name}/")], 0, last);
        ends(&[&format!("{site}/{name}")], 0, last);
    }
}

#[test]
fn entries_that_are_public_in_part_are_missed() {
    for gone in ["000", "001.p/44"] {
        let (site, _) = serve(move |path, _| match path {
            "/wide/tally" => Answer::Status(404, String::new()),
            path if path.ends_with(&format!("/tile/entries/{gone}")) || path.ends_with(&format!("/places/{gone}")) => {
                Answer::Status(404, String::new())
            }
            path => Answer::File(vector(&path[1..])),
        });
        ends(&[&format!("{site}/wide/")], 1, &format!("REFUSED  tile/entries/{gone}: is missing"));
    }
}

#[test]
fn a_connection_that_breaks_and_a_server_in_trouble_for_a_while_are_asked_again() {
    let (site, _) = serve(|path, number| match number % 5 {
        2 => Answer::Cut(vector("wide/places/000")),
        4 => Answer::Status(503, String::new()),
        _ => Answer::File(vector(&path[1..])),
    });
    ends(&[&format!("{site}/wide/")], 0, "\nOK\n");
}

#[test]
fn an_address_that_is_no_log_is_said_to_be_none() {
    let (site, _) = serve(|path, _| match path {
        "/page/key" => Answer::Bytes(b"<!doctype html><p>Welcome".to_vec()),
        _ => Answer::Status(404, String::new()),
    });
    ends(&[&format!("{site}/nothing/")], 1, &format!("there is no log at {site}/nothing/"));
    ends(&[&format!("{site}/page/")], 1, "there is no log");
}

#[test]
fn no_file_may_be_larger_than_a_log_has_it() {
    let (site, _) = serve(|path, _| match path {
        "/good/key" => Answer::Bytes(vec![b'a'; 1 << 20]),
        "/wide/tile/0/000" => Answer::Bytes(vec![0; 8193]),
        path => Answer::File(vector(&path[1..])),
    });
    let said = ends(&[&format!("{site}/good/")], 2, "key could not be read");
    assert!(said.contains("limit"), "{said}");
    ends(&[&format!("{site}/wide/")], 2, "tile/0/000 could not be read");
}

#[test]
fn a_size_that_is_only_claimed_costs_nothing() {
    // Only the tiles are missing. The first missing tile ends the check.
    let (site, count) = serve(|path, _| match path {
        path if path.contains("/tile/0/") => Answer::Status(404, String::new()),
        path => Answer::File(vector(&path[1..])),
    });
    ends(&[&format!("{site}/wide/")], 1, "REFUSED  tile/0/000: is missing");
    assert!(count.load(Ordering::SeqCst) < 120, "{count:?}");
}

#[test]
fn a_site_that_leads_elsewhere_is_followed() {
    let (site, count) = serve(|path, _| match path.strip_prefix("/moved") {
        Some(path) => Answer::Status(301, format!("Location: {path}\r\n")),
        None => Answer::File(vector(&path[1..])),
    });
    ends(&[&format!("{site}/moved/wide/")], 0, "\nOK\n");
    let straight = count.swap(0, Ordering::SeqCst);
    ends(&[&format!("{site}/wide/")], 0, "\nOK\n");
    assert_eq!(straight, count.load(Ordering::SeqCst) + 1, "the way is found out once");
}

#[test]
fn a_log_that_grows_and_is_closed_meanwhile_is_read_as_it_is_in_the_end() {
    let dir = tempfile::tempdir().unwrap();
    copy(&vector("open"), dir.path());
    // The log before its last batch. The tile on the site belongs to the new size only.
    let root = dir.path().to_owned();
    let old = root.join("history/31");
    fs::copy(&old, root.join("checkpoint")).unwrap();
    fs::write(root.join("batches"), "18\n31\n").unwrap();
    let closed = AtomicBool::new(false);
    let (site, _) = serve(move |path, _| {
        if path.contains("/tile/0/") {
            closed.store(true, Ordering::SeqCst);
        }
        let now = if closed.load(Ordering::SeqCst) { vector("good") } else { root.clone() };
        Answer::File(now.join(&path[1..]))
    });
    ends(&[&site], 0, "\nOK\n");
}
