//! Requests that count as a view of a page: somebody opened the page in a browser.
//!
//! Robots that say so, programs, and pages that a browser fetches ahead (prefetch) do not count. A robot that calls itself a
//! browser counts: nothing is kept by which readers could be told apart.

use poem::Request;
use poem::http::{Method, header};

/// Parts of the names of robots and programs, in small letters.
const ROBOTS: [&str; 18] = [
    "bot",
    "spider",
    "crawl",
    "slurp",
    "headless",
    "lighthouse",
    "monitor",
    "probe",
    "scan",
    "preview",
    "curl",
    "wget",
    "python",
    "java/",
    "go-http",
    "okhttp",
    "axios",
    "node",
];

/// Headers in which browsers say that a page is fetched ahead.
const PURPOSES: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// Whether a request counts as a view.
#[must_use]
pub fn is_view(request: &Request) -> bool {
    let accepts_pages = request.header(header::ACCEPT).is_some_and(|media| media.contains("text/html"));
    // Browsers say whether a page is opened or fetched by a script; older browsers say nothing.
    let is_opened = request.header("sec-fetch-dest").is_none_or(|place| place == "document");
    let is_ahead = PURPOSES.iter().any(|name| request.headers().contains_key(*name));
    let agent = request.header(header::USER_AGENT).unwrap_or_default().to_ascii_lowercase();
    let is_robot = agent.is_empty() || ROBOTS.iter().any(|name| agent.contains(name));
    request.method() == Method::GET && accepts_pages && is_opened && !is_ahead && !is_robot
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.42";

    fn is_counted(method: Method, headers: &[(&str, &str)]) -> bool {
        let request = headers
            .iter()
            .fold(Request::builder().method(method), |request, (name, value)| request.header(*name, *value));
        is_view(&request.finish())
    }

    #[test]
    fn somebody_who_opens_a_page_counts_and_robots_programs_and_prefetch_do_not() {
        let page = ("accept", "text/html,application/xhtml+xml");
        assert!(is_counted(Method::GET, &[page, ("user-agent", PHONE)]));
        assert!(is_counted(Method::GET, &[page, ("user-agent", PHONE), ("sec-fetch-dest", "document")]));
        assert!(!is_counted(Method::HEAD, &[page, ("user-agent", PHONE)]));
        assert!(!is_counted(Method::GET, &[("accept", "*/*"), ("user-agent", PHONE)]));
        assert!(!is_counted(Method::GET, &[page]));
        assert!(!is_counted(Method::GET, &[page, ("user-agent", PHONE), ("sec-fetch-dest", "empty")]));
        for (name, value) in [("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")] {
            assert!(!is_counted(Method::GET, &[page, ("user-agent", PHONE), (name, value)]), "{name}");
        }
        for robot in
            ["Mozilla/5.0 (compatible; Baiduspider/2.0)", "Googlebot/2.1", "curl/8.5.0", "python-requests/2.31"]
        {
            assert!(!is_counted(Method::GET, &[page, ("user-agent", robot)]), "{robot}");
        }
    }
}
