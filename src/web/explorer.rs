//! The API explorer of poem-openapi, under a content security policy as strict as that of every page. The script and the style of
//! the explorer are inline, so the policy names them by their hashes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use poem::http::{HeaderValue, header};
use poem::{Request, Response};
use sha2::{Digest, Sha256};

use super::assets;

/// The page of the explorer, plain and compressed, with its content security policy.
pub struct Explorer {
    policy: HeaderValue,
    plain: Bytes,
    gzip: Bytes,
}

impl Explorer {
    /// Prepares a page. Compressing the half megabyte takes a tenth of a second, so a process prepares the page once.
    #[must_use]
    pub fn of(page: &str) -> Self {
        Self {
            policy: HeaderValue::from_str(&policy(page)).unwrap_or(HeaderValue::from_static("default-src 'none'")),
            plain: Bytes::from(page.to_owned()),
            gzip: Bytes::from(assets::gzip(page.as_bytes())),
        }
    }

    /// The answer to a request for the page.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Response {
        let answer = Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CACHE_CONTROL, "public, no-cache")
            .header(header::VARY, "Accept-Encoding")
            .header(header::CONTENT_SECURITY_POLICY, &self.policy);
        if assets::takes_gzip(request) {
            answer.header(header::CONTENT_ENCODING, "gzip").body(self.gzip.clone())
        } else {
            answer.body(self.plain.clone())
        }
    }
}

fn policy(page: &str) -> String {
    let (mut scripts, mut styles) = (String::new(), String::new());
    let mut rest = page;
    while let Some((is_script, content, after)) = next(rest) {
        let source = format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(content)));
        if is_script { &mut scripts } else { &mut styles }.push_str(&source);
        rest = after;
    }
    format!(
        "default-src 'none'; style-src{styles}; script-src{scripts}; img-src 'self' data:; connect-src 'self'; \
        form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// The next script or style element: whether it is a script, its content, and the rest of the page.
fn next(page: &str) -> Option<(bool, &str, &str)> {
    let (script, style) = (page.find("<script"), page.find("<style"));
    let is_script = style.is_none_or(|style| script.is_some_and(|script| script < style));
    let (_, element) = page.split_at(if is_script { script } else { style }?);
    let (_, content) = element.split_once('>')?;
    let end = content.find(if is_script { "</script" } else { "</style" })?;
    let (content, after) = content.split_at(end);
    Some((is_script, content, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_and_style_is_named_by_its_hash() {
        let policy = policy("<style a=\"b\">x</style><script>'<style>'</script><p><script>y</script>");
        let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
        assert!(policy.contains(&format!("style-src {};", hash("x"))), "{policy}");
        assert!(policy.contains(&format!("script-src {} {};", hash("'<style>'"), hash("y"))), "{policy}");
    }
}
