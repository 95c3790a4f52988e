//! Bodies within limits: bytes are counted and timed as they arrive, whatever length the sender claims.
//!
//! JSON and forms without files are read to their end before a handler sees them; other bodies are streamed to the handler. In
//! both cases a body that exceeds a limit is cut off, and the answer names the limit. A body has to arrive at a minimum pace
//! after a grace period, and has to end within a maximum time. Otherwise a client that sends one byte a minute would hold a place
//! for ever.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use poem::http::header;
use poem::{Body, Request};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::form::MAX_TEXT;
use crate::base::error::{Error, Result};

/// Media types of bodies that hold files.
const FILES: [&str; 2] = ["multipart/form-data", "application/octet-stream"];

/// Minimum pace of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Smallest average rate after the grace period, in bytes a second.
    pub slowest: u64,
    /// Grace period at the start, in which no rate is required.
    pub grace: Duration,
    /// Longest time until the end of the body.
    pub longest: Duration,
}

impl Pace {
    /// Longest time in which so many bytes may arrive.
    fn allows(self, bytes: u64) -> Duration {
        let paced = self.grace + Duration::from_secs_f64(bytes as f64 / self.slowest.max(1) as f64);
        paced.min(self.longest)
    }
}

/// Mark of a request whose sender has a session. The mark is set before a large body is read.
#[derive(Clone, Copy, Debug)]
pub struct SignedSender;

const FINE: u8 = 0;
const TOO_LARGE: u8 = 1;
const TOO_SLOW: u8 = 2;

/// Result of the check of a streamed body, known once the handler has read the body.
pub struct BodyCheck {
    most: u64,
    found: Arc<AtomicU8>,
}

impl BodyCheck {
    /// Fails if the body was cut off.
    ///
    /// # Errors
    /// `TooLarge` or `TooSlow`, by the limit that was exceeded.
    pub fn check(&self) -> Result<()> {
        match self.found.load(Ordering::Acquire) {
            TOO_LARGE => Err(Error::TooLarge(self.most)),
            TOO_SLOW => Err(Error::TooSlow),
            _ => Ok(()),
        }
    }
}

/// Puts a limit and a pace on the body of a request. A text body (every body without files) is read to its end.
///
/// # Errors
/// `TooLarge`, before any byte is read where the sender claims too many bytes; `TooSlow`; a connection that breaks.
pub async fn bound(request: &mut Request, most: u64, pace: Pace) -> Result<BodyCheck> {
    let claimed = claimed(request);
    let most = if is_text(request) { most.min(MAX_TEXT as u64) } else { most };
    if claimed.is_some_and(|length| length > most) {
        return Err(Error::TooLarge(most));
    }
    let body_check = BodyCheck { most, found: Arc::default() };
    let counted = Counted {
        inner: request.take_body().into_async_read(),
        most,
        read: 0,
        pace,
        since: Instant::now(),
        alarm: None,
        found: Arc::clone(&body_check.found),
    };
    let body = Body::from_async_read(counted);
    if is_text(request) {
        let bytes = body.into_bytes().await;
        body_check.check()?;
        let broken = |_| Error::field("request", crate::base::error::Refusal::new("malformed"));
        request.set_body(bytes.map_err(broken)?);
    } else {
        request.set_body(body);
    }
    Ok(body_check)
}

/// Length of the body that the sender claims; `None` where the sender claims none, as with a chunked body.
fn claimed(request: &Request) -> Option<u64> {
    request.header(header::CONTENT_LENGTH)?.parse().ok()
}

/// Whether the body may be longer than so many bytes: the sender claims more, or claims no length.
#[must_use]
pub fn is_longer(request: &Request, bytes: u64) -> bool {
    claimed(request).is_none_or(|length| length > bytes)
}

/// Whether the body is read as a text: every media type but those of files. Readers of JSON accept more types than
/// `application/json`, so the types of files are named here.
fn is_text(request: &Request) -> bool {
    let media = request.header(header::CONTENT_TYPE).unwrap_or("").trim_start().to_ascii_lowercase();
    !FILES.iter().any(|files| media.starts_with(files))
}

/// Reader that counts and times the bytes of a body.
struct Counted<R> {
    inner: R,
    most: u64,
    read: u64,
    pace: Pace,
    since: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
    found: Arc<AtomicU8>,
}

impl<R> Counted<R> {
    fn cut(&self, why: u8) -> Poll<io::Result<()>> {
        self.found.store(why, Ordering::Release);
        Poll::Ready(Err(io::Error::other("body cut off")))
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Counted<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.found.load(Ordering::Acquire) != FINE {
            return Poll::Ready(Err(io::Error::other("body cut off")));
        }
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.inner).poll_read(cx, buf) {
            let come = buf.filled().len() - before;
            self.read += come as u64;
            if self.read > self.most {
                buf.set_filled(before);
                return self.cut(TOO_LARGE);
            }
            if come > 0 && self.since.elapsed() > self.pace.allows(self.read) {
                return self.cut(TOO_SLOW);
            }
            return Poll::Ready(read);
        }
        let until = self.since + self.pace.allows(self.read);
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if alarm.deadline() != until {
            alarm.as_mut().reset(until);
        }
        match alarm.as_mut().poll(cx) {
            Poll::Ready(()) => self.cut(TOO_SLOW),
            Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    const PACE: Pace = Pace { slowest: 100, grace: Duration::from_secs(5), longest: Duration::from_secs(60) };

    fn request(media: &str, body: Body) -> Request {
        Request::builder().content_type(media).body(body)
    }

    #[tokio::test]
    async fn a_handler_sees_no_byte_beyond_the_limit() {
        for (media, most) in [("text/plain", 10), ("application/json", 10), ("multipart/form-data", 10)] {
            for (length, fits) in [(10, true), (11, false), (1 << 20, false)] {
                let mut request = request(media, Body::from_async_read(io::Cursor::new(vec![b'x'; length])));
                let seen = match bound(&mut request, most, PACE).await {
                    Ok(body_check) => {
                        let body = request.take_body().into_vec().await;
                        body_check.check().map(|()| body.unwrap().len())
                    }
                    Err(error) => Err(error),
                };
                match seen {
                    Ok(seen) => assert!(fits && seen == length, "{media} {length}"),
                    Err(Error::TooLarge(10)) => assert!(!fits, "{media} {length}"),
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }

    #[tokio::test]
    async fn a_claim_is_refused_before_a_byte_is_read() {
        let mut request = request("text/plain", Body::from_async_read(tokio::io::empty()));
        request.headers_mut().insert(header::CONTENT_LENGTH, 11.into());
        assert!(matches!(bound(&mut request, 10, PACE).await, Err(Error::TooLarge(10))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_has_to_come_at_the_pace_and_to_end() {
        // Rate in bytes a second, and whether the body gets through.
        for (rate, fits) in [(0, false), (50, false), (150, true), (1000, true)] {
            let (mut sender, receiver) = tokio::io::duplex(64);
            let sending = tokio::spawn(async move {
                for _ in 0..30 {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    if sender.write_all(&vec![b'x'; rate]).await.is_err() {
                        return;
                    }
                }
            });
            let mut request = request("application/json", Body::from_async_read(receiver));
            let since = Instant::now();
            let bound = bound(&mut request, 1 << 20, PACE).await;
            assert_eq!(bound.is_ok(), fits, "{rate}");
            assert!(fits || matches!(bound, Err(Error::TooSlow)) && since.elapsed() < Duration::from_secs(20));
            drop(request);
            sending.await.unwrap();
        }
    }

    #[test]
    fn no_pace_allows_longer_than_the_longest() {
        assert_eq!(PACE.allows(0), PACE.grace);
        assert_eq!(PACE.allows(500), Duration::from_secs(10));
        assert_eq!(PACE.allows(1 << 30), PACE.longest);
    }
}
