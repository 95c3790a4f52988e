//! Security headers of every answer: content security policy, HSTS, no framing, no sniffing, no storing by default. The policy
//! of an address decides on the two uses by other sites: framing, and reading by scripts (CORS).

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::policy::OtherSites;

/// Content security policy of every page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Content security policy of every page that other sites may frame: no script, no form.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; \
    frame-ancestors *; base-uri 'none'";

/// Permissions policy of every page: no sensors, no payment.
const FEATURES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
    microphone=(), payment=(), usb=()";

static OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
static RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
static PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// Greatest number of headers that are added.
const MOST: usize = 10;

/// Adds every security header that the answer does not set itself. An answer without a stated lifetime is not stored by caches,
/// nor is one that sets a cookie. The headers for other sites are the same for every request to an address, so caches between
/// need not tell requests apart. Credentials are never allowed.
pub fn add(headers: &mut HeaderMap, other_sites: OtherSites) {
    headers.reserve(MOST);
    match other_sites {
        OtherSites::None => {}
        OtherSites::Read => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        OtherSites::Frame => {
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAME_POLICY));
        }
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (OPENER_POLICY.clone(), "same-origin"),
        (RESOURCE_POLICY.clone(), "same-origin"),
        (PERMISSIONS_POLICY.clone(), FEATURES),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if other_sites != OtherSites::Frame {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if headers.contains_key(header::SET_COOKIE) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
