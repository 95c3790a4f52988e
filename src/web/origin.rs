//! Protection against cross-site request forgery (CSRF): an unsafe request must come from a page of this site or from a program.
//! A request of unknown source is refused.
//!
//! Browsers state the source of a request in `Sec-Fetch-Site`, and in `Origin` with every unsafe request; pages cannot forge
//! these headers. So public pages need no tokens, and can be cached and shared. All of these headers that are present have to
//! agree. A program that sends a bearer token, or no cookie at all, is not a browser with somebody's session; such a request
//! passes without either header. No safe request writes, and no header or field makes one method stand for another.

use std::future::ready;

use futures_util::future::Either;
use poem::http::{Uri, header};
use poem::{Endpoint, Middleware, Request};

use super::client::Client;
use crate::base::error::{Error, Refusal};

/// Middleware that refuses cross-site requests.
pub struct Origin;

impl<E: Endpoint> Middleware<E> for Origin {
    type Output = OriginEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        OriginEndpoint(endpoint)
    }
}

/// Endpoint of the middleware [`Origin`].
pub struct OriginEndpoint<E>(E);

impl<E: Endpoint> Endpoint for OriginEndpoint<E> {
    type Output = E::Output;

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Self::Output>> + Send {
        if request.method().is_safe() || is_own(&request) {
            Either::Left(self.0.call(request))
        } else {
            Either::Right(ready(Err(Error::Forbidden(Refusal::new("cross_site")).into())))
        }
    }
}

fn is_own(request: &Request) -> bool {
    let site = one(request, "sec-fetch-site");
    let origin = one(request, header::ORIGIN.as_str());
    match (site, origin) {
        (Said::Something(site), origin) => {
            let agrees = match origin {
                Said::Nothing => true,
                Said::Something(origin) => is_origin_ours(request, origin),
                Said::Rubbish => false,
            };
            (site == "same-origin" || site == "none") && agrees
        }
        (Said::Nothing, Said::Something(origin)) => is_origin_ours(request, origin),
        // Browsers of recent years send one of the headers. Without a cookie there is no session to abuse.
        (Said::Nothing, Said::Nothing) => is_bearer(request) || !request.headers().contains_key(header::COOKIE),
        (Said::Rubbish, _) | (_, Said::Rubbish) => false,
    }
}

enum Said<'a> {
    Nothing,
    Something(&'a str),
    /// The header occurs twice, or is unreadable.
    Rubbish,
}

fn one<'a>(request: &'a Request, name: &str) -> Said<'a> {
    let mut lines = request.headers().get_all(name).iter();
    match (lines.next().map(|line| line.to_str()), lines.next()) {
        (None, _) => Said::Nothing,
        (Some(Ok(line)), None) => Said::Something(line),
        _ => Said::Rubbish,
    }
}

fn is_bearer(request: &Request) -> bool {
    request.header(header::AUTHORIZATION).is_some_and(|value| value.starts_with("Bearer "))
}

/// Whether an origin equals the scheme, host and port by which the client reached this site. A proxy that does not state the
/// scheme (`X-Forwarded-Proto`) counts as HTTPS.
fn is_origin_ours(request: &Request, origin: &str) -> bool {
    let Ok(client) = Client::of(request) else { return false };
    let is_https = client.is_https.unwrap_or(client.is_proxied);
    let scheme = if is_https { "https" } else { "http" };
    let Said::Something(host) = one(request, header::HOST.as_str()) else { return false };
    let parts = |address: &str| {
        let uri: Uri = address.parse().ok()?;
        let bare = uri.path() == "/" && uri.query().is_none() && !address.ends_with('/') && !address.contains('@');
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        bare.then(|| (uri.scheme_str().map(str::to_owned), uri.host().map(str::to_ascii_lowercase), port))
    };
    let ours = parts(&format!("{scheme}://{host}"));
    ours.is_some() && parts(origin) == ours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(client: Client, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(poem::http::Method::POST);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.finish();
        request.set_data(client);
        is_own(&request)
    }

    fn with_origin(client: &Client, host: &str, origin: &str) -> bool {
        own(client.clone(), &[("host", host), ("origin", origin)])
    }

    #[test]
    fn an_origin_is_ours_with_scheme_host_and_port() {
        let plain = Client::default();
        let over_tls = Client { is_proxied: true, is_https: Some(true), ..Client::default() };
        let silent = Client { is_proxied: true, ..Client::default() };
        assert!(with_origin(&plain, "shudu.test:8080", "http://shudu.test:8080"));
        assert!(with_origin(&plain, "shudu.test", "http://shudu.test:80"));
        assert!(with_origin(&over_tls, "Shudu.test:443", "https://shudu.test"));
        assert!(with_origin(&silent, "shudu.test", "https://shudu.test"));
        assert!(with_origin(&plain, "[::1]:8080", "http://[::1]:8080"));
        for wrong in [
            "http://shudu.test",
            "https://shudu.test:444",
            "https://a.shudu.test",
            "null",
            "",
            "https://shudu.test@evil",
        ] {
            assert!(!with_origin(&over_tls, "shudu.test", wrong), "{wrong}");
        }
        assert!(!with_origin(&plain, "shudu.test", "https://shudu.test"));
        assert!(!with_origin(&silent, "shudu.test", "http://shudu.test"));
        assert!(!with_origin(&plain, "", "http://"));
    }

    #[test]
    fn every_header_that_is_there_has_to_agree() {
        let nobody = Client::default;
        assert!(own(nobody(), &[("sec-fetch-site", "same-origin")]));
        assert!(own(nobody(), &[("sec-fetch-site", "none"), ("cookie", "a=b")]));
        for site in ["cross-site", "same-site", "", "rubbish"] {
            assert!(!own(nobody(), &[("sec-fetch-site", site), ("host", "a"), ("origin", "http://a")]), "{site}");
        }
        assert!(!own(nobody(), &[("sec-fetch-site", "same-origin"), ("host", "a"), ("origin", "http://b")]));
        assert!(!own(nobody(), &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
        assert!(own(nobody(), &[("host", "a")]));
        assert!(!own(nobody(), &[("host", "a"), ("cookie", "a=b")]));
        assert!(own(nobody(), &[("host", "a"), ("cookie", "a=b"), ("authorization", "Bearer x")]));
    }
}
