//! Values in addresses and forms, percent-encoded (RFC 3986).

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::base::error::{Error, Refusal};

/// Bytes of a query that are encoded: all but unreserved characters, slashes and commas.
const QUERY: &AsciiSet = &UNRESERVED.remove(b'/').remove(b',');

/// Bytes of a header parameter that are encoded (RFC 8187): all but unreserved characters.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes a value for a query.
#[must_use]
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

/// The bytes of an encoded value; a plus stands for a blank (`application/x-www-form-urlencoded`).
#[must_use]
pub fn decode(value: &[u8]) -> Vec<u8> {
    let blanks: Vec<u8> = value.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&blanks).collect()
}

/// Name of the first parameter that a query gives twice. No parameter of an address is a list of this kind, so of two values one
/// would be dropped in silence.
#[must_use]
pub fn given_twice(query: &str) -> Option<String> {
    if !query.contains('&') {
        return None;
    }
    let mut seen = HashSet::new();
    let names = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split('=').next().unwrap_or_default());
    let mut names = names.map(|name| decode(name.as_bytes()));
    let twice = names.find(|name| !seen.insert(name.clone()))?;
    Some(String::from_utf8_lossy(&twice).into_owned())
}

/// Refusal of a parameter or field that is given twice. A long name is cut.
#[must_use]
pub fn named_twice(name: &str) -> Error {
    let name: String = name.chars().take(40).collect();
    Error::field(&*name, Refusal::new("named_twice").with("name", &name))
}

/// Encodes a value for the parameter `filename*` of a header (RFC 8187).
#[must_use]
pub fn encode_header(value: &str) -> String {
    utf8_percent_encode(value, UNRESERVED).to_string()
}
