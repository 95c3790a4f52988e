//! Values in addresses, percent-encoded (RFC 3986).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Bytes of a query that are encoded: all but unreserved characters, slashes and commas.
const QUERY: &AsciiSet = &UNRESERVED.remove(b'/').remove(b',');

/// Bytes of a header parameter that are encoded (RFC 8187): all but unreserved characters.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes a value for a query.
#[must_use]
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

/// Encodes a value for the parameter `filename*` of a header (RFC 8187).
#[must_use]
pub fn encode_header(value: &str) -> String {
    utf8_percent_encode(value, UNRESERVED).to_string()
}
