//! The client of a request: the address for limits and logs.
//!
//! # Why
//! `X-Forwarded-For` is believed from trusted proxies only, and is read from its right end. Every proxy appends the address that
//! it saw, so everything that a sender wrote himself is further left. `Forwarded` and `X-Real-IP` are ignored, because proxies
//! pass them on unchanged unless told otherwise. A peer on a Unix socket counts as a proxy on this machine.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use poem::{Addr, FromRequest, Request, RequestBody};

use crate::base::error::{Error, Result};

/// Header to which every proxy appends the address that it saw.
const NOTED: &str = "x-forwarded-for";
/// Header in which a proxy says by which scheme the client reached it.
const SCHEME: &str = "x-forwarded-proto";

/// Networks of the proxies whose headers are believed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Trusted(Arc<[IpNet]>);

/// The client at the other end of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Address of the client; `None` where neither the connection nor a trusted proxy gives one.
    pub address: Option<IpAddr>,
    /// Whether a trusted proxy passed the request on.
    pub is_proxied: bool,
    /// Whether the client used HTTPS, according to the trusted proxy; `None` where no trusted proxy says so.
    pub is_https: Option<bool>,
}

impl Trusted {
    /// Trusts the given networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether the forwarding headers of the peer of a request are believed.
    #[must_use]
    pub fn believes(&self, request: &Request) -> bool {
        match direct(request) {
            Direct::Address(address) => self.has(address),
            Direct::ThisMachine => true,
            Direct::Nobody => false,
        }
    }

    /// The client of a request.
    #[must_use]
    pub fn client(&self, request: &Request) -> Client {
        let address = match direct(request) {
            Direct::Address(address) => Some(address),
            Direct::ThisMachine | Direct::Nobody => None,
        };
        if !self.believes(request) {
            return Client { address, is_proxied: false, is_https: None };
        }
        let noted = request.headers().get_all(NOTED).iter().map(poem::http::HeaderValue::as_bytes);
        let noted: Vec<&[u8]> = noted.collect();
        let scheme = request.headers().get_all(SCHEME).iter().next_back();
        Client {
            address: self.last_untrusted(&noted).or(address),
            is_proxied: !noted.is_empty() || scheme.is_some(),
            is_https: scheme.map(|value| {
                value.as_bytes().rsplit(|b| *b == b',').next().unwrap_or_default().trim_ascii() == b"https"
            }),
        }
    }

    /// The right-most address that is not a trusted proxy; the left-most trusted one where all are trusted. An entry that is not
    /// an address ends the search, because everything left of such an entry is unreliable.
    fn last_untrusted(&self, lines: &[&[u8]]) -> Option<IpAddr> {
        let mut last = None;
        for entry in lines.iter().rev().flat_map(|line| line.rsplit(|b| *b == b',')) {
            let Some(address) = read(entry) else { break };
            last = Some(address);
            if !self.has(address) {
                break;
            }
        }
        last
    }
}

enum Direct {
    Address(IpAddr),
    ThisMachine,
    Nobody,
}

fn direct(request: &Request) -> Direct {
    match &**request.remote_addr() {
        Addr::SocketAddr(address) => Direct::Address(address.ip().to_canonical()),
        Addr::Unix(_) => Direct::ThisMachine,
        Addr::Custom(..) => Direct::Nobody,
    }
}

/// Reads an address as proxies write it, with or without a port.
fn read(entry: &[u8]) -> Option<IpAddr> {
    let entry = std::str::from_utf8(entry).ok()?.trim();
    let with_port = || entry.parse::<SocketAddr>().map(|a| a.ip());
    let bracketed = entry.strip_prefix('[').and_then(|e| e.strip_suffix(']')).unwrap_or(entry);
    bracketed.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

impl Client {
    /// Key of the client for rate limits: an IPv4 address, or the first 64 bits of an IPv6 address, which one household shares.
    /// `None` for a client without an address.
    #[must_use]
    pub fn key(&self) -> Option<IpAddr> {
        self.address.map(|address| match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        })
    }

    /// [`Client::key`] as a text; empty for a client without an address.
    #[must_use]
    pub fn network(&self) -> String {
        match self.key() {
            None => String::new(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => format!("{address}/64"),
        }
    }

    /// The client of a request, as [`super::request_context`] set it.
    ///
    /// # Errors
    /// A request that did not pass that middleware.
    pub fn of(request: &Request) -> Result<&Self> {
        request.extensions().get().ok_or_else(|| Error::Internal("no client beside the request".to_owned()))
    }
}

impl<'a> FromRequest<'a> for Client {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(request)?.clone())
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;
    use poem::http::uri::Scheme;
    use poem::web::{LocalAddr, RemoteAddr};
    use poem::{Body, RequestParts};
    use proptest::prelude::*;

    use super::*;

    fn trusted() -> Trusted {
        Trusted::new(&["127.0.0.0/8", "::1/128", "10.0.0.0/8"].map(|n| n.parse().unwrap()))
    }

    fn request(direct: Addr, headers: &[(&str, Vec<u8>)]) -> Request {
        let mut built = poem::http::Request::builder();
        for (name, value) in headers {
            built = built.header(*name, HeaderValue::from_bytes(value).unwrap());
        }
        let (parts, ()) = built.body(()).unwrap().into_parts();
        let parts = RequestParts::from((parts, LocalAddr::default(), RemoteAddr(direct), Scheme::HTTP));
        Request::from_parts(parts, Body::empty())
    }

    fn from(direct: &str, noted: &[&str]) -> String {
        let headers: Vec<_> = noted.iter().map(|line| (NOTED, line.as_bytes().to_vec())).collect();
        let client = trusted().client(&request(Addr::SocketAddr(direct.parse().unwrap()), &headers));
        client.address.unwrap().to_string()
    }

    #[test]
    fn trusted_proxies_are_believed_and_nobody_else() {
        assert_eq!(from("192.0.2.7:1", &[]), "192.0.2.7");
        assert_eq!(from("192.0.2.7:1", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(from("127.0.0.1:1", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("[::1]:1", &["203.0.113.9", "2001:db8::1"]), "2001:db8::1");
        assert_eq!(from("127.0.0.1:1", &["203.0.113.9, 198.51.100.1, 10.1.2.3", "10.9.9.9"]), "198.51.100.1");
        assert_eq!(from("[::ffff:127.0.0.1]:1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(from("127.0.0.1:1", &["203.0.113.9, unknown, 10.1.2.3"]), "10.1.2.3");
        assert_eq!(from("127.0.0.1:1", &["unknown"]), "127.0.0.1");
        assert_eq!(from("127.0.0.1:1", &[]), "127.0.0.1");
    }

    #[test]
    fn other_headers_change_nothing_and_nobody_is_nobody() {
        let headers = ["forwarded", "x-real-ip", "true-client-ip"].map(|name| (name, b"for=192.0.2.1".to_vec()));
        let direct = Addr::SocketAddr("127.0.0.1:1".parse().unwrap());
        assert_eq!(trusted().client(&request(direct, &headers)).network(), "127.0.0.1");
        let nobody = request(Addr::Custom("none", "".into()), &[(NOTED, b"192.0.2.1".to_vec())]);
        assert_eq!(trusted().client(&nobody), Client::default());
    }

    #[test]
    fn one_household_counts_as_one() {
        let key = |text: &str| Client { address: Some(text.parse().unwrap()), ..Client::default() }.network();
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("2001:db8::1"), "2001:db8::/64");
    }

    /// A header line as a hostile client may send it: addresses, some of trusted proxies, and garbage.
    fn line() -> impl Strategy<Value = Vec<u8>> {
        let entry = prop_oneof![
            Just(b"127.0.0.1".to_vec()),
            Just(b"10.0.0.1".to_vec()),
            Just(b" ::1".to_vec()),
            any::<[u8; 4]>().prop_map(|a| IpAddr::from(a).to_string().into_bytes()),
            any::<u128>().prop_map(|a| Ipv6Addr::from_bits(a).to_string().into_bytes()),
            proptest::collection::vec(prop_oneof![Just(b','), 0x20..0x7fu8, 0x80..=0xffu8], 0..12),
        ];
        proptest::collection::vec(entry, 0..5).prop_map(|entries| entries.join(&b','))
    }

    proptest! {
        #[test]
        fn whatever_a_client_sends_it_never_changes_its_own_address(
            lines in proptest::collection::vec((prop_oneof![Just(NOTED), Just("forwarded"), Just("x-real-ip")], line()), 0..5),
            own in any::<[u8; 4]>(),
            is_added_to_the_line in any::<bool>(),
            hops in 0..3usize,
        ) {
            let own = IpAddr::from(own);
            prop_assume!(!trusted().has(own));
            // The client connects directly: no header is believed.
            let direct = request(Addr::SocketAddr(SocketAddr::new(own, 1)), &lines);
            prop_assert_eq!(trusted().client(&direct).address, Some(own));
            // The client connects through trusted proxies: the first one appends the address that it saw, each further one the
            // proxy before.
            let mut seen = own.to_string();
            for hop in 0..hops {
                seen.push_str(&format!(", 10.0.0.{hop}"));
            }
            let mut noted = lines.clone();
            match noted.iter_mut().rfind(|(name, _)| *name == NOTED).filter(|_| is_added_to_the_line) {
                Some((_, line)) => line.extend_from_slice(format!(", {seen}").as_bytes()),
                None => noted.push((NOTED, seen.into_bytes())),
            }
            let proxied = request(Addr::SocketAddr("127.0.0.1:1".parse().unwrap()), &noted);
            prop_assert_eq!(trusted().client(&proxied).address, Some(own));
        }
    }
}
