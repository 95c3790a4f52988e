//! A server on loopback that answers as a test prescribes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answer of the server to one request.
pub enum Answer {
    File(PathBuf),
    Status(u16, String),
    /// The connection breaks in the middle of the file.
    Cut(PathBuf),
    Bytes(Vec<u8>),
}

/// Serves on loopback as long as the test runs. The handler gets the path and the number of requests before. Gives the address of
/// the server and the counter of its requests.
pub fn serve(answer: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    let (answer, count) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (answer, count) = (Arc::clone(&answer), Arc::clone(&counted));
            std::thread::spawn(move || drop(converse(stream.unwrap(), &*answer, &count)));
        }
    });
    (site, count)
}

fn converse(
    mut stream: TcpStream,
    answer: &(impl Fn(&str, usize) -> Answer + ?Sized),
    count: &AtomicUsize,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(Ok(first)) = lines.next() {
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let (status, extra, body, cut) = match answer(&path, count.fetch_add(1, Ordering::SeqCst)) {
            Answer::File(file) => match fs::read(file) {
                Ok(bytes) => (200, String::new(), bytes, false),
                Err(_) => (404, String::new(), Vec::new(), false),
            },
            Answer::Cut(file) => (200, String::new(), fs::read(file).unwrap(), true),
            Answer::Bytes(bytes) => (200, String::new(), bytes, false),
            Answer::Status(status, extra) => (status, extra, Vec::new(), false),
        };
        write!(stream, "HTTP/1.1 {status} Any\r\nContent-Length: {}\r\n{extra}\r\n", body.len())?;
        if cut {
            return stream.write_all(&body[..body.len() / 2]);
        }
        stream.write_all(&body)?;
    }
    Ok(())
}
