//! Connections with deadlines and a limit on their number.
//!
//! # Why
//! This version of poem does not set hyper's header timeout, and hyper keeps a connection with half a header for ever. So the
//! socket itself tracks the phase of the connection. A header is read and has to end in time. Or a request is processed; its body
//! has limits of its own, see [`super::body`]. Or an answer was written, and the next request has to begin in time, sooner where
//! most places are taken. An overdue read fails, and with it the connection. Bytes are inspected only for the empty line that
//! ends a header. HTTP/2 without TLS is refused, because no proxy needs it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use poem::http::uri::Scheme;
use poem::listener::{Acceptor, TcpAcceptor};
use poem::web::{LocalAddr, RemoteAddr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// Deadlines of a connection, by phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Longest time from the opening of the connection or the first byte of a request until the end of the header.
    pub head: Duration,
    /// Longest time from an answer until the next request begins, and longest time without progress while an answer is sent.
    pub idle: Duration,
    /// Longest time for a request with its answer.
    pub whole: Duration,
}

/// Longest time that an idle connection keeps its place while more than half of all places are taken.
const CROWDED: Duration = Duration::from_secs(5);
/// Longest time until the first byte of a connection while more than half of all places are taken. Browsers and proxies open a
/// connection for a request that is ready.
const CROWDED_FRESH: Duration = Duration::from_secs(1);
/// Longest time between two checks of the deadline of a waiting connection.
const LOOK: Duration = Duration::from_secs(5);
/// Time and number of bytes for which the server goes on reading after it closed its side (lingering close). Otherwise a client
/// that still sends would never read the refusal.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 1 << 20;
/// Pause after a connection could not be accepted: file descriptors have run out, and an immediate retry would fail again.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections while places are free.
pub struct TimeoutAcceptor {
    acceptor: TcpAcceptor,
    deadlines: Deadlines,
    places: Arc<Semaphore>,
    all: usize,
}

impl TimeoutAcceptor {
    /// Wraps an acceptor. The number of places is `most`, or less where the process may open too few files.
    #[must_use]
    pub fn new(acceptor: TcpAcceptor, deadlines: Deadlines, most: usize) -> Self {
        let all = most.min(places()).clamp(1, Semaphore::MAX_PERMITS);
        Self { acceptor, deadlines, places: Arc::new(Semaphore::new(all)), all }
    }
}

/// Number of connections that this process may have open, by its limit of open files.
fn places() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    // Stores, logs and evidence need file descriptors, too.
    soft.map_or(usize::MAX, |files| files.saturating_sub(200).max(files / 2))
}

impl Acceptor for TimeoutAcceptor {
    type Io = Connection<TcpStream>;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.acceptor.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
        match self.acceptor.accept().await {
            Ok((socket, local, remote, scheme)) => {
                // Small answers are sent at once: this version of poem leaves Nagle's algorithm on.
                socket.set_nodelay(true)?;
                let crowd = ConnectionSlots { places: Arc::clone(&self.places), all: self.all, _place: place };
                Ok((Connection::new(socket, self.deadlines, Some(crowd)), local, remote, scheme))
            }
            Err(error) => {
                tokio::time::sleep(PAUSE).await;
                Err(error)
            }
        }
    }
}

/// The place of one connection, and the semaphore with all places.
struct ConnectionSlots {
    places: Arc<Semaphore>,
    all: usize,
    _place: OwnedSemaphorePermit,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// No byte has arrived yet.
    Fresh { since: Instant },
    /// A header is arriving.
    Head { since: Instant, is_line_empty: bool, has_begun: bool },
    /// A request is processed; its body may still arrive.
    Work { since: Instant },
    /// An answer is being written, or was written.
    Answer { began: Instant, last: Instant },
}

/// A socket that tracks the phase of its connection and enforces the deadlines.
pub struct Connection<S> {
    inner: S,
    deadlines: Deadlines,
    crowd: Option<ConnectionSlots>,
    turn: Phase,
    alarm: Pin<Box<Sleep>>,
    leaving: Option<(Instant, usize)>,
}

impl<S> Connection<S> {
    fn new(inner: S, deadlines: Deadlines, crowd: Option<ConnectionSlots>) -> Self {
        let since = Instant::now();
        let alarm = Box::pin(tokio::time::sleep_until(since + CROWDED_FRESH.min(deadlines.head)));
        Self { inner, deadlines, crowd, turn: Phase::Fresh { since }, alarm, leaving: None }
    }

    fn deadline(&self) -> Instant {
        let Deadlines { head, idle, whole } = self.deadlines;
        let within = |longest: Duration, crowded| if self.is_crowded() { longest.min(crowded) } else { longest };
        match self.turn {
            Phase::Fresh { since } => since + within(head, CROWDED_FRESH),
            Phase::Head { since, .. } => since + head,
            Phase::Work { since } => since + whole,
            Phase::Answer { began, last } => (last + within(idle, CROWDED)).min(began + whole),
        }
    }

    fn is_crowded(&self) -> bool {
        self.crowd.as_ref().is_some_and(|crowd| crowd.places.available_permits() * 2 < crowd.all)
    }

    /// Waits until the deadline has passed. A deadline that moved on meanwhile is waited for again.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let (now, deadline) = (Instant::now(), self.deadline());
            if now >= deadline {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            if self.alarm.is_elapsed() || self.alarm.deadline() > deadline {
                let look = if matches!(self.turn, Phase::Fresh { .. }) { CROWDED_FRESH } else { LOOK };
                self.alarm.as_mut().reset(deadline.min(now + look));
            }
            ready!(self.alarm.as_mut().poll(cx));
        }
    }

    /// Updates the phase after bytes were read.
    fn on_read(&mut self, bytes: &[u8]) -> io::Result<()> {
        let now = Instant::now();
        if let Phase::Fresh { .. } = self.turn
            && bytes.starts_with(b"PRI")
        {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let (since, mut is_line_empty, mut has_begun) = match self.turn {
            Phase::Fresh { since } => (since, false, false),
            Phase::Answer { .. } => (now, false, false),
            Phase::Head { since, is_line_empty, has_begun } => (since, is_line_empty, has_begun),
            Phase::Work { .. } => return Ok(()),
        };
        for byte in bytes {
            match byte {
                b'\n' if is_line_empty => {
                    self.turn = Phase::Work { since: now };
                    return Ok(());
                }
                // Empty lines before a request are skipped.
                b'\n' => is_line_empty = has_begun,
                b'\r' => {}
                _ => (is_line_empty, has_begun) = (false, true),
            }
        }
        self.turn = Phase::Head { since, is_line_empty, has_begun };
        Ok(())
    }

    /// Updates the phase after bytes were written.
    fn on_write(&mut self, first: &[u8]) {
        let now = Instant::now();
        self.turn = match self.turn {
            Phase::Answer { began, .. } => Phase::Answer { began, last: now },
            // "100 Continue" is no answer: the body is still to come.
            other if first.starts_with(b"HTTP/1.1 100") => other,
            _ => Phase::Answer { began: now, last: now },
        };
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.inner).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => {
                let outcome = self.on_read(&buf.filled()[before..]);
                Poll::Ready(outcome)
            }
            Poll::Ready(failed) => Poll::Ready(failed),
            Poll::Pending => self.poll_deadline(cx).map(Err),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write(cx, bytes) {
            Poll::Ready(Ok(count)) => {
                self.on_write(bytes);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(failed) => Poll::Ready(failed),
            Poll::Pending => self.poll_deadline(cx).map(Err),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write_vectored(cx, parts) {
            Poll::Ready(Ok(count)) => {
                self.on_write(parts.first().map_or(&[], |part| &**part));
                Poll::Ready(Ok(count))
            }
            Poll::Ready(failed) => Poll::Ready(failed),
            Poll::Pending => self.poll_deadline(cx).map(Err),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let (until, mut left) = match this.leaving {
            Some(leaving) => leaving,
            None => {
                ready!(Pin::new(&mut this.inner).poll_shutdown(cx))?;
                let until = Instant::now() + LINGER;
                this.alarm.as_mut().reset(until);
                (until, LINGER_BYTES)
            }
        };
        let mut scratch = [0; 8192];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            match Pin::new(&mut this.inner).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() && left > buf.filled().len() => {
                    left -= buf.filled().len();
                }
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    this.leaving = Some((until, left));
                    return if Instant::now() >= until {
                        Poll::Ready(Ok(()))
                    } else {
                        this.alarm.as_mut().poll(cx).map(Ok)
                    };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    const LIMITS: Deadlines =
        Deadlines { head: Duration::from_secs(10), idle: Duration::from_secs(75), whole: Duration::from_secs(300) };

    fn pair() -> (DuplexStream, Connection<DuplexStream>) {
        let (theirs, ours) = duplex(1 << 16);
        (theirs, Connection::new(ours, LIMITS, None))
    }

    /// Reads until no more bytes come in time; returns the seconds of the last wait.
    async fn overdue(connection: &mut Connection<DuplexStream>) -> u64 {
        let since = Instant::now();
        let mut buf = [0; 1024];
        loop {
            match connection.read(&mut buf).await {
                Ok(0) => panic!("closed by the client"),
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
                    return since.elapsed().as_secs();
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_header_that_does_not_end_is_cut_whatever_comes_of_it() {
        for said in
            ["", "G", "\r\n\r\n\r\n", "\n\n", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r"]
        {
            let (mut theirs, mut connection) = pair();
            theirs.write_all(said.as_bytes()).await.unwrap();
            assert_eq!(overdue(&mut connection).await, 10, "{said:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_byte_gives_its_place_to_a_crowd() {
        let places = Arc::new(Semaphore::new(2));
        let connection = || {
            let (theirs, ours) = duplex(64);
            let place = Arc::clone(&places).try_acquire_owned().unwrap();
            let crowd = ConnectionSlots { places: Arc::clone(&places), all: 2, _place: place };
            (theirs, Connection::new(ours, LIMITS, Some(crowd)))
        };
        let (_first, mut ours) = connection();
        let alone = tokio::spawn(async move { overdue(&mut ours).await });
        tokio::time::sleep(Duration::from_secs(5)).await;
        let (_second, mut ours) = connection();
        assert_eq!(overdue(&mut ours).await, 10, "the younger one has room again");
        assert!((5..=6).contains(&alone.await.unwrap()), "the older one is cut at its next check");
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_buys_no_time() {
        let (mut theirs, mut connection) = pair();
        let dripping = tokio::spawn(async move {
            for byte in b"GET / HTTP/1.1\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
                tokio::time::sleep(Duration::from_secs(3)).await;
                if theirs.write_all(&[*byte]).await.is_err() {
                    break;
                }
            }
            theirs
        });
        assert!(overdue(&mut connection).await <= 12);
        dripping.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn work_may_take_its_time_and_an_answer_is_followed_by_patience() {
        let (mut theirs, mut connection) = pair();
        theirs.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut buf = [0; 1024];
        assert!(connection.read(&mut buf).await.unwrap() > 0);
        let more = tokio::time::timeout(Duration::from_secs(120), connection.read(&mut buf)).await;
        assert!(more.is_err(), "still waiting while it is worked on");
        connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        assert_eq!(overdue(&mut connection).await, 75);
    }

    #[tokio::test(start_paused = true)]
    async fn continue_is_no_answer() {
        let (mut theirs, mut connection) = pair();
        theirs.write_all(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n").await.unwrap();
        let mut buf = [0; 1024];
        assert!(connection.read(&mut buf).await.unwrap() > 0);
        connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.unwrap();
        theirs.write_all(b"half a body").await.unwrap();
        assert_eq!(overdue(&mut connection).await, 300);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_taken_on_is_cut() {
        let (theirs, mut connection) = pair();
        let since = Instant::now();
        let written = connection.write_all(&vec![b'x'; 1 << 20]).await;
        assert_eq!((written.unwrap_err().kind(), since.elapsed().as_secs()), (io::ErrorKind::TimedOut, 75));
        drop(theirs);
    }

    #[tokio::test(start_paused = true)]
    async fn http_2_is_not_spoken() {
        let (mut theirs, mut connection) = pair();
        theirs.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        assert_eq!(connection.read(&mut [0; 64]).await.unwrap_err().kind(), io::ErrorKind::Unsupported);
    }
}
