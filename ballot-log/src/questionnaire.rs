//! The published questionnaire as bytes. The leaf of every ballot commits to the hash of these bytes.
//!
//! The parts follow in this order: the words `shudu/questionnaire/2`, the slug, the largest number of choices in decimal, whether
//! ballots name places (`1` or `0`), the tracks joined by commas, the number of options that are selected in decimal, the ranking
//! rule. Then follow for each option, in the order of ballot numbers: code, ballot number in decimal, Chinese title, English
//! title. Each text has its length in four big-endian bytes before it. `docs/ballot-log.md` specifies the same format.

/// First text of a questionnaire: its kind and version.
pub const FORM: &str = "shudu/questionnaire/2";

/// A questionnaire to be written.
#[derive(Clone, Debug)]
pub struct Questionnaire<'a> {
    /// Slug of the campaign.
    pub campaign: &'a str,
    /// Most choices on one ballot.
    pub max_choices: i32,
    /// Whether ballots name places.
    pub has_places: bool,
    /// Words of the campaign's tracks.
    pub tracks: &'a [String],
    /// Number of options that are selected.
    pub selected: i32,
    /// Word of the ranking rule.
    pub rule: &'a str,
    /// Options in the order of ballot numbers: code, ballot number, Chinese title, English title.
    pub options: Vec<(&'a str, i32, &'a str, &'a str)>,
}

impl Questionnaire<'_> {
    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |text: &str| {
            bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        put(FORM);
        put(self.campaign);
        put(&self.max_choices.to_string());
        put(if self.has_places { "1" } else { "0" });
        put(&self.tracks.join(","));
        put(&self.selected.to_string());
        put(self.rule);
        for (code, number, title_zh, title_en) in &self.options {
            put(code);
            put(&number.to_string());
            put(title_zh);
            put(title_en);
        }
        bytes
    }
}
