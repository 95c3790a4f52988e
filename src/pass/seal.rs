//! The pass: the right to one ballot, as one opaque string.
//!
//! Bytes: version (1), track (1 anonymous, 2 real name; 3 is reserved for assisted), length of the slug, the slug, the serial (32), the seal (32); base64url
//! without padding. The seal is an HMAC under the campaign's key, so only the site can check it. Blind signatures, which anybody
//! can check, will replace the seal: sealing stays behind [`Sealer`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::stored::Track;
use public_log::leaf::Serial;
use subtle::ConstantTimeEq;

use crate::base::keys::Key;

/// A pass with the right form; its seal may still be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Slug of the campaign for which the pass is valid.
    pub campaign: String,
    /// Track on which the ballot of the pass counts.
    pub track: Track,
    /// Serial of the pass, 32 bytes.
    pub serial: Serial,
    seal: [u8; 32],
}

const VERSION: u8 = 1;
/// Greatest length of an encoded pass, in characters: 3 bytes, 40 of slug, 64 of serial and seal.
const LONGEST: usize = 150;

impl Pass {
    /// Parses the string of a pass. None where the form is wrong.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&[version, track, length], rest) = bytes.split_first_chunk::<3>()?;
        let (slug, rest) = rest.split_at_checked(usize::from(length))?;
        let (serial, rest) = rest.split_first_chunk::<32>()?;
        let seal = <[u8; 32]>::try_from(rest).ok()?;
        let track = match track {
            1 => Track::Anonymous,
            2 => Track::RealName,
            _ => return None,
        };
        let campaign = String::from_utf8(slug.to_vec()).ok()?;
        (version == VERSION).then_some(Self { campaign, track, serial: *serial, seal })
    }

    /// The string of the pass.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = vec![VERSION, track_byte(self.track), u8::try_from(self.campaign.len()).unwrap_or(u8::MAX)];
        bytes.extend_from_slice(self.campaign.as_bytes());
        bytes.extend_from_slice(&self.serial);
        bytes.extend_from_slice(&self.seal);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

const fn track_byte(track: Track) -> u8 {
    match track {
        Track::Anonymous => 1,
        Track::RealName => 2,
    }
}

/// Makes and checks the passes of one campaign.
#[derive(Clone, Debug)]
pub struct Sealer {
    key: Key,
    campaign: String,
}

impl Sealer {
    /// The sealer of a campaign, with a key derived from the site's key.
    #[must_use]
    pub fn of(site: &Key, campaign: &str) -> Self {
        Self { key: site.derive("seal/1", campaign), campaign: campaign.to_owned() }
    }

    /// Makes a pass with its seal.
    #[must_use]
    pub fn seal(&self, track: Track, serial: Serial) -> Pass {
        Pass { campaign: self.campaign.clone(), track, serial, seal: self.mac(track, &serial) }
    }

    /// Whether this site sealed the pass; the comparison takes constant time.
    #[must_use]
    pub fn is_sealed(&self, pass: &Pass) -> bool {
        pass.campaign == self.campaign && self.mac(pass.track, &pass.serial).ct_eq(&pass.seal).into()
    }

    fn mac(&self, track: Track, serial: &Serial) -> [u8; 32] {
        self.key.mac(&[&[track_byte(track)], serial])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealer() -> Sealer {
        Sealer::of(&Key::ephemeral().unwrap(), "s1")
    }

    proptest! {
        #[test]
        fn a_pass_survives_its_string(serial: [u8; 32]) {
            let sealer = sealer();
            for track in [Track::Anonymous, Track::RealName] {
                let pass = sealer.seal(track, serial);
                let read = Pass::parse(&pass.encode()).unwrap();
                prop_assert!(sealer.is_sealed(&read));
                prop_assert_eq!(read, pass);
            }
        }

        #[test]
        fn a_changed_bit_breaks_a_pass(serial: [u8; 32], at in 0usize..69, bit in 0u8..8) {
            let sealer = sealer();
            let mut bytes = URL_SAFE_NO_PAD.decode(sealer.seal(Track::Anonymous, serial).encode()).unwrap();
            bytes[at] ^= 1 << bit;
            let read = Pass::parse(&URL_SAFE_NO_PAD.encode(bytes));
            prop_assert!(read.is_none_or(|p| !sealer.is_sealed(&p)));
        }

        #[test]
        fn nonsense_is_refused_without_a_panic(text in ".{0,200}") {
            prop_assert!(Pass::parse(&text).is_none_or(|p| !sealer().is_sealed(&p)));
        }
    }

    #[test]
    fn a_pass_of_another_campaign_is_not_ours() {
        let site = Key::ephemeral().unwrap();
        let foreign = Sealer::of(&site, "s2").seal(Track::Anonymous, [1; 32]);
        assert!(!Sealer::of(&site, "s1").is_sealed(&foreign));
    }
}
