//! The networks around an address for which passes are counted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Width of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Width {
    /// An IPv4 address, or the IPv6 /64 of one household or office.
    Address,
    /// An IPv6 /56: the network that a provider gives to one line.
    Site,
    /// An IPv6 /48 or an IPv4 /24: the smallest networks that are routed on their own.
    Routed,
    /// An IPv6 /32: the network that a provider gets.
    Provider,
}

impl Width {
    /// All widths, the narrowest first.
    pub const ALL: [Self; 4] = [Self::Address, Self::Site, Self::Routed, Self::Provider];

    /// Position of the width in [`Self::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }
}

/// The networks around a client, as [`crate::web::client::Client::network`] writes the client; none for an unknown client.
#[must_use]
pub fn around(peer: &str) -> Vec<(Width, String)> {
    match peer.strip_suffix("/64").unwrap_or(peer).parse::<IpAddr>() {
        Err(_) => Vec::new(),
        Ok(IpAddr::V4(address)) => {
            let routed = Ipv4Addr::from_bits(address.to_bits() & !0xff);
            vec![(Width::Address, address.to_string()), (Width::Routed, format!("{routed}/24"))]
        }
        Ok(IpAddr::V6(address)) => {
            let wide = |bits: u32| format!("{}/{bits}", Ipv6Addr::from_bits(address.to_bits() & (!0 << (128 - bits))));
            [(Width::Address, 64), (Width::Site, 56), (Width::Routed, 48), (Width::Provider, 32)]
                .map(|(width, bits)| (width, wide(bits)))
                .into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(peer: &str) -> Vec<String> {
        around(peer).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_networks_of_an_address_are_these() {
        assert_eq!(texts("192.0.2.77"), ["192.0.2.77", "192.0.2.0/24"]);
        let six = ["2001:db8:1:203::/64", "2001:db8:1:200::/56", "2001:db8:1::/48", "2001:db8::/32"];
        assert_eq!(texts("2001:db8:1:203::/64"), six);
        assert_eq!(texts("2001:db8:1:203::5"), six);
        assert_eq!(texts(""), [""; 0]);
    }
}
