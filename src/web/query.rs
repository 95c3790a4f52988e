//! Values in addresses and forms, percent-encoded (RFC 3986).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

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

/// Encodes a value for the parameter `filename*` of a header (RFC 8187).
#[must_use]
pub fn encode_header(value: &str) -> String {
    utf8_percent_encode(value, UNRESERVED).to_string()
}
