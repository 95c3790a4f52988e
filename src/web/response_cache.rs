//! Cache of public pages as bytes: rendered once for each public version and language, stored plain and compressed, with an ETag.
//!
//! A page that is the same for everyone marks its answer with [`Cacheable`]. The bytes are valid until something public is
//! written ([`PublicVersion`]) by any node, at most 5 seconds of programme time. The limit covers turnout and events of the clock. Misses are coalesced: of many requests for one page, one renders, and the others wait for its bytes.
//!
//! Views of counted pages are counted here ([`PageViews`]), because no other layer sees an answer from memory.
//!
//! Query parameters named `my-*` ([`PRIVATE_PREFIX`]) are private. The cache key records that one is present, but not its value.

use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::Either;
use moka::future::Cache;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Middleware, PathPattern, Request, Response};
use sha2::{Digest, Sha256};

use super::assets;
use super::locale::Locale;
use super::page::RequestAddress;
use super::page_view::is_view;
use super::policy::{Class, Policy};
use crate::base::clock::{Clock, day_of};
use crate::base::error::Error;
use crate::base::main_store::PublicVersion;
use crate::page_views::{PageOf, PageViews};

/// Marker of an answer that is the same for everyone.
#[derive(Clone, Copy, Debug)]
pub struct Cacheable;

/// Longest time that cached bytes lag behind the clock.
const MAX_AGE: TimeDelta = TimeDelta::seconds(5);

/// Prefix of query parameters on whose value no cached page depends.
pub const PRIVATE_PREFIX: &str = "my-";

/// Largest size of the cache, in bytes.
const CAPACITY: u64 = 64 << 20;

/// Time after which bytes that no key reaches any more leave the cache.
const IDLE: Duration = Duration::from_secs(30);

/// The cache of a process. Cheap to clone.
#[derive(Clone)]
pub struct ResponseCache {
    pages: Cache<Key, Arc<CachedPage>>,
    public: PublicVersion,
    clock: Clock,
    views: PageViews,
}

/// Key of cached bytes: everything on which the bytes depend.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Path and query, without values of private parameters.
    address: String,
    locale: Locale,
    /// Whether the address contains the language.
    is_sticky: bool,
    /// The public version from which the page is rendered.
    version: u64,
    /// Number of the period of length [`MAX_AGE`], by programme time.
    period: i64,
}

struct CachedPage {
    pattern: Option<PathPattern>,
    media: HeaderValue,
    /// Name under which a browser saves the answer; none for a page.
    disposition: Option<HeaderValue>,
    /// Campaign and group of a page whose views are counted.
    page_of: Option<PageOf>,
    etag: HeaderValue,
    plain: bytes::Bytes,
    gzip: bytes::Bytes,
}

impl ResponseCache {
    /// An empty cache.
    #[must_use]
    pub fn new(clock: Clock, public: PublicVersion, views: PageViews) -> Self {
        let pages = Cache::builder()
            .max_capacity(CAPACITY)
            .time_to_idle(IDLE)
            .weigher(|key: &Key, page: &Arc<CachedPage>| {
                u32::try_from(key.address.len() + page.plain.len() + page.gzip.len()).unwrap_or(u32::MAX)
            })
            .build();
        Self { pages, public, clock, views }
    }

    /// The answer from kept bytes; a view of a counted page is counted.
    fn answer(&self, accepts: &Accepts, page: &CachedPage) -> Response {
        if let Some(page_of) = page.page_of.as_ref().filter(|_| accepts.is_view) {
            self.views.add(page_of, day_of(self.clock.now()));
        }
        accepts.answer(page)
    }

    fn key(&self, request: &Request) -> Key {
        let (locale, is_sticky) = RequestAddress::of(request).wished();
        let address = request.original_uri().path_and_query().map(|address| without_private(address.as_str()));
        Key {
            address: address.unwrap_or_default(),
            locale,
            is_sticky,
            version: self.public.current(),
            period: self.clock.now().timestamp().div_euclid(MAX_AGE.num_seconds()),
        }
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for ResponseCache {
    type Output = ResponseCacheEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ResponseCacheEndpoint { endpoint, cache: self.clone() }
    }
}

/// Endpoint of the middleware [`ResponseCache`].
pub struct ResponseCacheEndpoint<E> {
    endpoint: E,
    cache: ResponseCache,
}

impl<E: Endpoint<Output = Response>> Endpoint for ResponseCacheEndpoint<E> {
    type Output = Response;

    // Cached bytes need no future. The other futures are boxed, so that the layers further out stay small: every layer copies the
    // future of the layer within.
    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Response>> + Send {
        let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
        // Pages of staff differ for each account: waiting for another request would gain nothing.
        let is_shared = matches!(Policy::of(&request).class, Class::Reading | Class::Exports | Class::Voting);
        if !is_read || !is_shared {
            return Either::Right(Either::Left(Box::pin(self.endpoint.call(request))));
        }
        let accepts = Accepts::of(&request);
        let key = self.cache.key(&request);
        match self.cache.pages.get(&key).now_or_never().flatten() {
            Some(page) => Either::Left(ready(Ok(self.cache.answer(&accepts, &page)))),
            None => Either::Right(Either::Right(Box::pin(self.miss(request, accepts, key)))),
        }
    }
}

impl<E: Endpoint<Output = Response>> ResponseCacheEndpoint<E> {
    /// Answers a request for a page that is not in the cache.
    async fn miss(&self, request: Request, accepts: Accepts, key: Key) -> poem::Result<Response> {
        let waiting = Mutex::new(Some(request));
        let own = Mutex::new(None);
        let rendered = self.cache.pages.try_get_with(key, self.render(&waiting, &own)).await;
        if let Ok(page) = rendered {
            return Ok(self.cache.answer(&accepts, &page));
        }
        if let Some(answer) = own.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return answer;
        }
        // Another request found that the answer is not the same for everyone.
        match waiting.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(request) => self.endpoint.call(request).await,
            None => Err(Error::Internal("a request was lost in the response cache".to_owned()).into()),
        }
    }

    /// Renders the page of the waiting request. An answer that is not cacheable is left in `own`.
    async fn render(
        &self,
        waiting: &Mutex<Option<Request>>,
        own: &Mutex<Option<poem::Result<Response>>>,
    ) -> Result<Arc<CachedPage>, NotShared> {
        let keep = |answer| {
            *own.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
            NotShared
        };
        let request = waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let request = request.ok_or(NotShared)?;
        let response = self.endpoint.call(request).await.map_err(|error| keep(Err(error)))?;
        if response.extensions().get::<Cacheable>().is_none() || response.status() != StatusCode::OK {
            return Err(keep(Ok(response)));
        }
        CachedPage::of(response).await.map(Arc::new).map_err(|error| keep(Err(error.into())))
    }
}

/// Error of a render whose answer is not cacheable.
struct NotShared;

impl CachedPage {
    async fn of(mut response: Response) -> Result<Self, Error> {
        let media = response.headers().get(header::CONTENT_TYPE).cloned();
        let disposition = response.headers().get(header::CONTENT_DISPOSITION).cloned();
        let pattern = response.data::<PathPattern>().cloned();
        let page_of = response.data::<PageOf>().cloned();
        let plain = response.take_body().into_bytes().await.map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Self {
            pattern,
            disposition,
            page_of,
            media: media.unwrap_or(HeaderValue::from_static("text/html; charset=utf-8")),
            etag: etag(&plain)?,
            gzip: assets::gzip(&plain).into(),
            plain,
        })
    }
}

/// Path and query, without the values of private parameters.
fn without_private(address: &str) -> String {
    let Some((path, query)) = address.split_once('?').filter(|(_, query)| query.contains(PRIVATE_PREFIX)) else {
        return address.to_owned();
    };
    let members: Vec<String> = query
        .split('&')
        .map(|member| match member.split_once('=') {
            Some((name, value)) if name.starts_with(PRIVATE_PREFIX) && !value.is_empty() => {
                format!("{name}=*")
            }
            _ => member.to_owned(),
        })
        .collect();
    format!("{path}?{}", members.join("&"))
}

/// Headers of a request that decide the form of the answer.
struct Accepts {
    gzip: bool,
    known: Option<String>,
    is_view: bool,
}

impl Accepts {
    fn of(request: &Request) -> Self {
        Self {
            gzip: assets::takes_gzip(request),
            known: request.header(header::IF_NONE_MATCH).map(ToOwned::to_owned),
            is_view: is_view(request),
        }
    }

    fn answer(&self, page: &CachedPage) -> Response {
        let known = self.known.as_deref().is_some_and(|tags| {
            tags.split(',').any(|t| t.trim().trim_start_matches("W/").as_bytes() == page.etag.as_bytes())
        });
        let answer = Response::builder()
            .header(header::ETAG, page.etag.clone())
            .header(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"))
            .header(header::VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
        if known {
            return with_pattern(answer.status(StatusCode::NOT_MODIFIED).finish(), page);
        }
        let mut answer = answer.header(header::CONTENT_TYPE, page.media.clone());
        if let Some(disposition) = &page.disposition {
            answer = answer.header(header::CONTENT_DISPOSITION, disposition.clone());
        }
        let answer = if self.gzip {
            answer.header(header::CONTENT_ENCODING, HeaderValue::from_static("gzip")).body(page.gzip.clone())
        } else {
            answer.body(page.plain.clone())
        };
        with_pattern(answer, page)
    }
}

/// Adds the route pattern, for metrics: a request that the cache answers never reaches the route.
fn with_pattern(mut answer: Response, page: &CachedPage) -> Response {
    if let Some(pattern) = &page.pattern {
        answer.set_data(pattern.clone());
    }
    answer
}

/// Strong entity tag of the bytes (RFC 9110, 8.8.3): the same in every release and on every node.
fn etag(bytes: &[u8]) -> Result<HeaderValue, Error> {
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(bytes)[..16]));
    HeaderValue::try_from(tag).map_err(|e| Error::Internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_private_parameter_is_no_part_of_the_key_and_its_presence_is() {
        let kept = |query: &str| without_private(&format!("/campaigns/s3/ballot?o=17{query}"));
        assert_eq!(kept("&my-place=320000"), kept("&my-place=330000"));
        assert_ne!(kept("&my-place=320000"), kept("&my-place="));
        assert_ne!(kept("&my-place=320000"), kept("&my-place"));
        assert_ne!(kept("&my-place=320000"), kept(""));
        assert_ne!(kept("&place=320000"), kept("&place=330000"));
        assert_eq!(without_private("/campaigns"), "/campaigns");
    }
}
