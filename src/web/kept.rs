//! Public pages as bytes: rendered once per change and language, kept plain and packed, with an ETag.
//!
//! A page that is the same for everyone marks its answer with [`Keep`]. The bytes serve until something is written
//! ([`PublicVersion`]) or five seconds of programme time has passed; the latter covers turnout, clock events and other nodes.
//!
//! A member of the query whose name begins with [`OWN`] is the visitor's own: it stays in the address for the form that the
//! page sends back to it, and is not shown. A kept page knows whether it is there, not what it is.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Middleware, PathPattern, Request, Response};

use super::assets;
use super::locale::Locale;
use super::page::Asked;
use crate::base::clock::Clock;
use crate::base::error::Error;
use crate::base::main_store::PublicVersion;

/// Marks an answer that is the same for everyone.
#[derive(Clone, Copy, Debug)]
pub struct Keep;

/// How long kept bytes may lag behind the clock and behind other nodes.
const FRESH: TimeDelta = TimeDelta::seconds(5);

/// Begins the names of members of a query on whose value no kept page depends.
pub const OWN: &str = "my-";

/// Most bytes that are kept at all.
const ROOM: u64 = 64 << 20;

/// The kept pages of a process. Cheap to clone.
#[derive(Clone)]
pub struct Kept {
    pages: Cache<Address, Arc<Bytes>>,
    public: PublicVersion,
    clock: Clock,
}

/// Path with query, language, and whether the language stood in the address.
type Address = (String, Locale, bool);

struct Bytes {
    version: u64,
    at: DateTime<Utc>,
    pattern: Option<PathPattern>,
    media: HeaderValue,
    etag: String,
    plain: bytes::Bytes,
    gzip: bytes::Bytes,
}

impl Kept {
    /// Nothing kept yet.
    #[must_use]
    pub fn new(clock: Clock, public: PublicVersion) -> Self {
        let pages = Cache::builder()
            .max_capacity(ROOM)
            .weigher(|key: &Address, page: &Arc<Bytes>| {
                u32::try_from(key.0.len() + page.plain.len() + page.gzip.len()).unwrap_or(u32::MAX)
            })
            .build();
        Self { pages, public, clock }
    }

    fn fresh(&self, address: &Address) -> Option<Arc<Bytes>> {
        let page = self.pages.get(address)?;
        let age = self.clock.now() - page.at;
        (page.version == self.public.current() && age >= TimeDelta::zero() && age < FRESH).then_some(page)
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Kept {
    type Output = KeptEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        KeptEndpoint { endpoint, kept: self.clone() }
    }
}

/// See [`Kept`].
pub struct KeptEndpoint<E> {
    endpoint: E,
    kept: Kept,
}

impl<E: Endpoint<Output = Response>> Endpoint for KeptEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return self.endpoint.call(request).await;
        }
        let (locale, sticky) = Asked::of(&request).wished();
        let address = (
            request.original_uri().path_and_query().map(|address| without_own(address.as_str())).unwrap_or_default(),
            locale,
            sticky,
        );
        let asks = Asks::of(&request);
        if let Some(page) = self.kept.fresh(&address) {
            return Ok(asks.answer(&page));
        }
        let version = self.kept.public.current();
        let at = self.kept.clock.now();
        let mut response = self.endpoint.call(request).await?;
        if response.extensions().get::<Keep>().is_none() || response.status() != StatusCode::OK {
            return Ok(response);
        }
        let media = response
            .headers()
            .get(header::CONTENT_TYPE)
            .cloned()
            .unwrap_or(HeaderValue::from_static("text/html; charset=utf-8"));
        let pattern = response.data::<PathPattern>().cloned();
        let plain = response.take_body().into_bytes().await.map_err(|e| Error::Internal(e.to_string()))?;
        let page = Arc::new(Bytes {
            version,
            at,
            pattern,
            media,
            etag: etag(&plain),
            gzip: assets::gzip(&plain).into(),
            plain,
        });
        self.kept.pages.insert(address, Arc::clone(&page));
        Ok(asks.answer(&page))
    }
}

/// Path and query, without what the visitor's own members hold.
fn without_own(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let members: Vec<String> = query
        .split('&')
        .map(|member| match member.split_once('=') {
            Some((name, value)) if name.starts_with(OWN) && !value.is_empty() => {
                format!("{name}=*")
            }
            _ => member.to_owned(),
        })
        .collect();
    format!("{path}?{}", members.join("&"))
}

/// What a request says about the form of the answer.
struct Asks {
    gzip: bool,
    known: Option<String>,
}

impl Asks {
    fn of(request: &Request) -> Self {
        Self { gzip: assets::takes_gzip(request), known: request.header(header::IF_NONE_MATCH).map(ToOwned::to_owned) }
    }

    fn answer(&self, page: &Bytes) -> Response {
        let known = self
            .known
            .as_deref()
            .is_some_and(|tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == page.etag));
        let answer = Response::builder()
            .header(header::ETAG, &page.etag)
            .header(header::CACHE_CONTROL, "public, max-age=0, must-revalidate")
            .header(header::VARY, "Accept-Language, Accept-Encoding");
        if known {
            return with_pattern(answer.status(StatusCode::NOT_MODIFIED).finish(), page);
        }
        let answer = answer.header(header::CONTENT_TYPE, &page.media);
        let answer = if self.gzip {
            answer.header(header::CONTENT_ENCODING, "gzip").body(page.gzip.clone())
        } else {
            answer.body(page.plain.clone())
        };
        with_pattern(answer, page)
    }
}

/// Which route it was, for those who watch: kept bytes never come to it again.
fn with_pattern(mut answer: Response, page: &Bytes) -> Response {
    if let Some(pattern) = &page.pattern {
        answer.set_data(pattern.clone());
    }
    answer
}

/// Names the bytes; equal bytes have equal names. Weak against an adversary, which an ETag need not withstand.
fn etag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_visitors_own_member_holds_is_left_out_and_that_it_is_there_is_not() {
        let kept = |query: &str| without_own(&format!("/campaigns/s3/ballot?o=17{query}"));
        assert_eq!(kept("&my-place=320000"), kept("&my-place=330000"));
        assert_ne!(kept("&my-place=320000"), kept("&my-place="));
        assert_ne!(kept("&my-place=320000"), kept("&my-place"));
        assert_ne!(kept("&my-place=320000"), kept(""));
        assert_ne!(kept("&place=320000"), kept("&place=330000"));
        assert_eq!(without_own("/campaigns"), "/campaigns");
    }
}
