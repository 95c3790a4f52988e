//! The questionnaire as it was published: the rules for the content of ballots.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::flaw::{Outcome, flaw};
use crate::note::{Verifier, decimal};
use crate::questionnaire::FORM;
use crate::vote::{RankingRule, Track};

/// Most characters of an unknown rule's name that a message quotes.
const LONGEST_NAME: usize = 60;

/// Rules for the content of ballots.
pub struct Questionnaire {
    /// Slug of the campaign.
    pub campaign: String,
    /// SHA-256 of the file, to which every ballot commits.
    pub hash: [u8; 32],
    /// Most choices on one ballot.
    pub most: usize,
    /// Whether ballots name places.
    pub has_places: bool,
    /// Tracks of the campaign.
    pub tracks: Vec<Track>,
    /// Number of options that are selected.
    pub selected: u64,
    /// Rule by which options are ranked.
    pub rule: RankingRule,
    /// Ballot number of each option, by option code.
    pub options: HashMap<String, u64>,
}

impl Questionnaire {
    /// Reads the file `questionnaire`.
    ///
    /// # Errors
    /// A file that is malformed, that has an unknown or unfit ranking rule, or that is of another campaign than the key.
    pub fn read(bytes: &[u8], key: &Verifier) -> Outcome<Self> {
        let Some(texts) = texts(bytes) else {
            return flaw("questionnaire", "is not of the form");
        };
        // A rule of a later version is named in the message, not guessed at.
        if let [FORM, _, _, _, _, _, rule, ..] = texts.as_slice()
            && rule.parse::<RankingRule>().is_err()
        {
            let named: String = rule.chars().take(LONGEST_NAME).collect();
            return flaw("questionnaire", format!("names a ranking rule that is not known here: {named}"));
        }
        let Some(found) = Self::parse(bytes, texts) else {
            return flaw("questionnaire", "is not of the form");
        };
        if !found.rule.fits(&found.tracks) {
            let rule = found.rule;
            return flaw("questionnaire", format!("is ranked by {rule} and has no real-name track"));
        }
        if key.name.rsplit('/').next() == Some(&found.campaign) {
            Ok(found)
        } else {
            flaw("questionnaire", "is that of another campaign")
        }
    }

    fn parse(bytes: &[u8], texts: Vec<&str>) -> Option<Self> {
        let mut texts = texts.into_iter();
        if texts.next()? != FORM {
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
        let selected = decimal(texts.next()?)?;
        let rule = texts.next()?.parse().ok()?;
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
        Some(Self { campaign, hash: Sha256::digest(bytes).into(), most, has_places, tracks, selected, rule, options })
    }
}

/// Whether an option code can be written in a count: printable ASCII without blanks and commas. A dash means the ballots
/// themselves.
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
