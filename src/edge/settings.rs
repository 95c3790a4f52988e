//! Settings of the edge. The defaults fit an office behind one address and a country behind one server.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;

use crate::base::error::{Error, Result};
use crate::edge::client_rate_limit::{Rate, Rates};
use crate::edge::load_shedding::Permits;
use crate::web::body::Pace;
use crate::web::client::Trusted;
use crate::web::connection::Deadlines;
use crate::web::policy::Class;

/// All settings of the edge.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Proxies whose headers are believed.
    pub trusted: Trusted,
    /// Address at which the metrics are served; `None` (the default) for nowhere.
    pub metrics: Option<SocketAddr>,
    /// Rate limits of one address, by class.
    pub rates: Rates,
    /// Whether allowances (passes, tickets, returns from a provider, files, reports) are counted. Failed sign-ins are always
    /// counted.
    pub has_allowances: bool,
    /// Number of requests in progress at once, by class.
    pub places: Permits,
    /// Minimum pace of a body.
    pub pace: Pace,
    /// Deadlines of a connection.
    pub deadlines: Deadlines,
    /// Largest number of connections at once.
    pub connections: usize,
}

const RATES: [(Class, u32, u32); 5] = [
    (Class::Voting, 300, 6_000),
    (Class::SigningIn, 10, 300),
    (Class::Staff, 100, 2_000),
    (Class::Reading, 300, 6_000),
    (Class::Exports, 5, 200),
];

const PLACES: [(Class, usize); 6] = [
    (Class::Voting, 4_096),
    (Class::SigningIn, 64),
    (Class::Staff, 256),
    (Class::Reading, 256),
    (Class::Exports, 8),
    (Class::Files, 64),
];

impl Default for Edge {
    fn default() -> Self {
        let networks = [[127, 0, 0, 0].into(), std::net::IpAddr::from([0u16, 0, 0, 0, 0, 0, 0, 1])];
        let trusted = networks.map(|network| {
            let length = if network.is_ipv4() { 8 } else { 128 };
            IpNet::new_assert(network, length)
        });
        let whole = Duration::from_secs(600);
        Self {
            trusted: Trusted::new(&trusted),
            metrics: None,
            rates: RATES
                .iter()
                .filter_map(|(class, a_second, at_once)| Some((*class, rate(*a_second, *at_once)?)))
                .collect(),
            has_allowances: true,
            places: PLACES.to_vec(),
            pace: Pace { slowest: 4 << 10, grace: Duration::from_secs(15), longest: whole },
            deadlines: Deadlines { head: Duration::from_secs(10), idle: Duration::from_secs(75), whole: whole * 2 },
            connections: 10_000,
        }
    }
}

fn rate(a_second: u32, at_once: u32) -> Option<Rate> {
    Some(Rate { a_second: NonZeroU32::new(a_second)?, at_once: NonZeroU32::new(at_once)? })
}

impl Edge {
    /// Reads the networks of trusted proxies, such as `127.0.0.0/8`. A bare address is a network of one.
    ///
    /// # Errors
    /// A text that is no network; the message names the text.
    pub fn trust(mut self, networks: &[String]) -> Result<Self> {
        let read = |text: &String| {
            let text = text.trim();
            let network = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
            network.map_err(|_| Error::Internal(format!("trusted_proxies holds {text:?}; a network is wanted")))
        };
        let networks = networks.iter().filter(|text| !text.trim().is_empty()).map(read).collect::<Result<Vec<_>>>()?;
        self.trusted = Trusted::new(&networks);
        Ok(self)
    }

    /// Reads rate limits: `off`, or the classes that differ from the defaults, as `voting=300:6000 exports=off`.
    ///
    /// # Errors
    /// A text that is no rate limit; the message names the text.
    pub fn limit(mut self, text: &str) -> Result<Self> {
        if text.trim() == "off" {
            (self.rates, self.has_allowances) = (Vec::new(), false);
            return Ok(self);
        }
        for (class, value) in pairs("limits", text)? {
            self.rates.retain(|(standing, _)| *standing != class);
            if value == "off" {
                continue;
            }
            let read = || {
                let (a_second, at_once) = value.split_once(':')?;
                rate(a_second.parse().ok()?, at_once.parse().ok()?)
            };
            self.rates.push((class, read().ok_or_else(|| wrong("limits", value, "a second:at once, or off"))?));
        }
        Ok(self)
    }

    /// Reads places: the classes that differ from the defaults, as `voting=4096 exports=8`.
    ///
    /// # Errors
    /// A text that is no number of places; the message names the text.
    pub fn place(mut self, text: &str) -> Result<Self> {
        for (class, value) in pairs("at_once", text)? {
            let places = value.parse().ok().filter(|places| *places > 0);
            self.places.retain(|(standing, _)| *standing != class);
            self.places.push((class, places.ok_or_else(|| wrong("at_once", value, "a number above 0"))?));
        }
        Ok(self)
    }
}

fn pairs<'a>(name: &str, text: &'a str) -> Result<Vec<(Class, &'a str)>> {
    let pairs = text.split([' ', ',']).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let read = || {
                let (class, value) = pair.split_once('=')?;
                Some((Class::named(class).filter(|class| *class != Class::Health)?, value))
            };
            read().ok_or_else(|| wrong(name, pair, "voting=…, signing_in=…, staff=…, reading=…, exports=… or files=…"))
        })
        .collect()
}

fn wrong(name: &str, text: &str, wanted: &str) -> Error {
    Error::Internal(format!("{name} holds {text:?}; wanted is {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_changed_by_kind_or_lifted() {
        let edge = Edge::default().limit("voting=1:2 exports=off").unwrap();
        assert!(edge.rates.contains(&(Class::Voting, rate(1, 2).unwrap())));
        assert!(edge.rates.contains(&(Class::Reading, rate(300, 6_000).unwrap())));
        assert!(edge.rates.iter().all(|(class, _)| *class != Class::Exports));
        let off = Edge::default().limit("off").unwrap();
        assert!(off.rates.is_empty() && !off.has_allowances);
    }

    #[test]
    fn what_is_no_setting_is_named() {
        for wrong in ["voting", "voting=", "voting=1", "voting=0:1", "casting=1:1", "health=1:1"] {
            let error = Edge::default().limit(wrong).unwrap_err().to_string();
            assert!(error.starts_with("limits holds"), "{wrong}: {error}");
        }
        assert!(Edge::default().place("voting=0").is_err());
        assert!(Edge::default().trust(&["10.0.0.0/33".to_owned()]).is_err());
        assert!(Edge::default().trust(&["10.0.0.1".to_owned(), "fd00::/8".to_owned()]).is_ok());
    }
}
