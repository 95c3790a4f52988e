//! Resident identity numbers (GB 11643-1999): one canonical form for every way of writing a number.
//!
//! A number has eighteen characters: six for the county of first registration, eight for the birth date, three for the order, one
//! check character by ISO 7064 MOD 11-2. The older form of fifteen digits has been void since 1 January 2013 and is refused. One
//! number holds one pass, so spellings must not differ: full width, lower-case x and spaces all lead to the same eighteen
//! characters. Numbers are never stored and never logged.

use chrono::NaiveDate;

use crate::base::text;

/// An identity number with right form, date and check character.
#[derive(Clone, PartialEq, Eq)]
pub struct Resident(String);

impl std::fmt::Debug for Resident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resident(***)")
    }
}

/// First two digits in use (GB/T 2260). They include residence permits of people from Hong Kong (81), Macao (82) and Taiwan (83),
/// and of foreigners with permanent residence (a 9, then the province of application).
const PREFIXES: [u8; 42] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 66, 71, 81, 82, 83, 91, 92, 93, 94, 95, 96,
];

/// Least first two digits without counties: Taiwan, Hong Kong, Macao and foreigners.
const WITHOUT_COUNTIES: u8 = 71;

/// Least age of a voter, in years. Younger children do not read a ballot.
const LEAST_AGE: u32 = 6;

/// Weights of the first seventeen digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by the weighted sum modulo 11.
const CHECKS: &[u8; 11] = b"10X98765432";

impl Resident {
    /// Parses a number in any spelling. None for a number that was given to no voter of the given day: a wrong check character or
    /// date, an unknown province, a province in place of a county, the order number 000, a small child.
    #[must_use]
    pub fn parse(text: &str, today: NaiveDate) -> Option<Self> {
        let full = plain(text);
        if full.len() != 18 {
            return None;
        }
        let bytes = full.as_bytes();
        let prefix: u8 = full.get(..2)?.parse().ok()?;
        let born = NaiveDate::parse_from_str(full.get(6..14)?, "%Y%m%d").ok()?;
        let right = PREFIXES.contains(&prefix)
            && (prefix >= WITHOUT_COUNTIES || full.get(2..6)? != "0000")
            && full.get(14..17)? != "000"
            && today.years_since(born).is_some_and(|age| age >= LEAST_AGE)
            && born >= NaiveDate::from_ymd_opt(1850, 1, 1)?
            && check_character(bytes.get(..17)?)? == *bytes.get(17)?;
        right.then_some(Self(full))
    }

    /// Whether a text is a number of the older form, which is void.
    #[must_use]
    pub fn is_void_form(text: &str) -> bool {
        let plain = plain(text);
        plain.len() == 15 && plain.bytes().all(|b| b.is_ascii_digit())
    }

    /// The eighteen characters, for deriving a nullifier and nothing else.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.0
    }
}

/// The characters of a number, without the ways of writing it. Some write a multiplication sign for the check character X.
fn plain(text: &str) -> String {
    text::ungrouped(text).replace('×', "X").chars().map(|c| c.to_ascii_uppercase()).take(20).collect()
}

/// ISO 7064 MOD 11-2 over seventeen digits.
#[must_use]
pub fn check_character(digits: &[u8]) -> Option<u8> {
    if digits.len() != 17 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Resident> {
        Resident::parse(text, NaiveDate::from_ymd_opt(2018, 7, 7).unwrap())
    }

    #[test]
    fn numbers_printed_in_the_standard_are_read() {
        assert!(read("11010519491231002X").is_some());
        assert!(read("440524188001010014").is_some());
    }

    #[test]
    fn a_wrong_check_character_is_refused() {
        assert!(read("110105194912310021").is_none());
        assert!(read("44052418800101001X").is_none());
    }

    #[test]
    fn dates_that_do_not_exist_or_lie_ahead_are_refused() {
        for birth in ["20180230", "20181301", "20180708"] {
            let digits = format!("110105{birth}002");
            let check = check_character(digits.as_bytes()).unwrap() as char;
            assert!(read(&format!("{digits}{check}")).is_none(), "{birth}");
        }
    }

    #[test]
    fn every_spelling_leads_to_the_same_number() {
        let plain = read("11010519491231002X").unwrap();
        for spelling in [
            "11010519491231002x",
            " 110105 19491231 002X ",
            "１１０１０５１９４９１２３１００２Ｘ",
            "１１０１０５１９４９１２３１００２ｘ",
            "110105\u{3000}19491231\u{a0}002X",
            "110105–19491231‐002×",
        ] {
            assert_eq!(read(spelling), Some(plain.clone()), "{spelling}");
        }
    }

    #[test]
    fn numbers_that_were_never_given_out_are_refused() {
        for (digits, is_real) in [
            ("99010519491231002", false),
            ("11000019491231002", false),
            ("11010519491231000", false),
            ("11010520120708001", false),
            ("11010520120707001", true),
            ("81000019491231002", true),
            ("83000019491231002", true),
        ] {
            let check = check_character(digits.as_bytes()).unwrap() as char;
            assert_eq!(read(&format!("{digits}{check}")).is_some(), is_real, "{digits}");
        }
    }

    #[test]
    fn the_older_form_is_void() {
        for old in ["110105491231002", " １１０１０５ 491231 002 "] {
            assert!(read(old).is_none() && Resident::is_void_form(old), "{old}");
        }
        assert!(!Resident::is_void_form("11010519491231002X") && !Resident::is_void_form("11010549123100X"));
    }
}
