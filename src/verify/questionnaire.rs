//! The questionnaire as it was published: what ballots may say.

use std::collections::{HashMap, HashSet};

use entity::stored::Track;
use sha2::{Digest, Sha256};

use super::{Outcome, flaw};
use crate::campaign::questionnaire::TIE_RULE;
use crate::log::note::{Verifier, decimal};

/// What ballots may say.
pub struct Questionnaire {
    /// Slug.
    pub campaign: String,
    /// What every ballot commits to.
    pub hash: [u8; 32],
    /// Most choices.
    pub most: usize,
    /// Whether ballots name places.
    pub has_places: bool,
    /// Tracks.
    pub tracks: Vec<Track>,
    /// Ballot numbers by code.
    pub options: HashMap<String, u64>,
}

impl Questionnaire {
    /// Reads the file.
    ///
    /// # Errors
    /// A file that is not of the form, or of another campaign than the key's.
    pub fn read(bytes: &[u8], key: &Verifier) -> Outcome<Self> {
        let Some(found) = Self::parse(bytes) else {
            return flaw("questionnaire", "is not of the form");
        };
        if key.name.rsplit('/').next() == Some(&found.campaign) {
            Ok(found)
        } else {
            flaw("questionnaire", "is that of another campaign")
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut texts = texts(bytes)?.into_iter();
        if texts.next()? != "shudu/questionnaire/2" {
            return None;
        }
        let campaign = texts.next()?.to_owned();
        let most = usize::try_from(decimal(texts.next()?)?).ok().filter(|most| *most > 0)?;
        let has_places = match texts.next()? {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        let tracks: Vec<Track> = texts.next()?.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let _selected = decimal(texts.next()?)?;
        if texts.next()? != TIE_RULE {
            return None;
        }
        let mut options = HashMap::new();
        let mut numbers = HashSet::new();
        while let Some(code) = texts.next() {
            let number = decimal(texts.next()?)?;
            let (_chinese, _english) = (texts.next()?, texts.next()?);
            let is_once = options.insert(code.to_owned(), number).is_none() && numbers.insert(number);
            if !is_once || !can_stand_in_a_count(code) {
                return None;
            }
        }
        let is_twice = tracks.iter().enumerate().any(|(at, track)| tracks[..at].contains(track));
        if is_twice || options.is_empty() {
            return None;
        }
        Some(Self { campaign, hash: Sha256::digest(bytes).into(), most, has_places, tracks, options })
    }
}

/// Printable ASCII without blanks and commas. A dash stands for the ballots themselves.
fn can_stand_in_a_count(code: &str) -> bool {
    !code.is_empty() && code != "-" && code.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
}

fn texts(mut bytes: &[u8]) -> Option<Vec<&str>> {
    let mut texts = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        texts.push(std::str::from_utf8(text).ok()?);
        bytes = rest;
    }
    Some(texts)
}
