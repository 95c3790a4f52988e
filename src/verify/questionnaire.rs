//! The questionnaire as it was published: what ballots may say.

use std::collections::HashMap;

use entity::stored::Track;
use sha2::{Digest, Sha256};

use super::{Outcome, flaw};
use crate::campaign::questionnaire::TIE_RULE;
use crate::log::note::Verifier;

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
    pub options: HashMap<String, i64>,
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
        let most = texts.next()?.parse().ok()?;
        let has_places = match texts.next()? {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        let tracks = texts.next()?.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let _selected: usize = texts.next()?.parse().ok()?;
        if texts.next()? != TIE_RULE {
            return None;
        }
        let mut options = HashMap::new();
        while let Some(code) = texts.next() {
            let number = texts.next()?.parse().ok()?;
            let (_chinese, _english) = (texts.next()?, texts.next()?);
            if options.insert(code.to_owned(), number).is_some() {
                return None;
            }
        }
        Some(Self { campaign, hash: Sha256::digest(bytes).into(), most, has_places, tracks, options })
    }
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
