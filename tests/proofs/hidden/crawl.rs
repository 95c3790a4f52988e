//! Everything that a person can see: pages are followed link by link in both languages, calls are made, files are read.

use std::collections::{BTreeMap, VecDeque};

use regex::Regex;

use super::mask::Mask;
use testing::{Answer, Person};

/// Addresses from which the walk begins; linked addresses are found by the walk.
const START_ADDRESSES: [&str; 28] = [
    "/",
    "/?lang=en",
    "/campaigns/t1?lang=zh-CN",
    "/campaigns/t1/ballot?o=17",
    "/campaigns/t1/ballot?o=17&lang=en",
    "/campaigns/t1/results",
    "/campaigns/t1/results?place=320000",
    "/campaigns/t1/results/provinces?place=320000",
    "/campaigns/t1/results.csv",
    "/dashboard.csv",
    "/issues/T1-1",
    "/provinces/320000",
    "/issues/T1-1/provinces/320000",
    "/log/",
    "/readyz",
    "/api/v1/campaigns",
    "/api/v1/campaigns/t1",
    "/api/v1/campaigns/t1/questionnaire",
    "/api/v1/campaigns/t1/turnout",
    "/api/v1/campaigns/t1/tally",
    "/api/v1/campaigns/t1/ranking",
    "/api/v1/campaigns/t1/dispatch",
    "/api/v1/dashboard",
    "/api/v1/assignments",
    "/api/v1/accounts",
    "/desk",
    "/desk/campaigns/t1",
    "/desk/campaigns/t1/tally",
];

/// Calls that are refused to everybody while voting runs.
const REFUSED_CALLS: [&str; 3] =
    ["/api/v1/campaigns/t1/count", "/api/v1/campaigns/t1/selection", "/api/v1/campaigns/t1/selection/approval"];

/// Maximum number of addresses that are followed.
const MOST: usize = 400;

/// Every answer that a person gets, by address, with its headers. Values that may differ are masked.
pub async fn everything(person: &Person, mask: &Mask) -> BTreeMap<String, String> {
    let link = Regex::new(r#"(?:href|src|action)="([^"]+)""#).unwrap();
    let mut seen = BTreeMap::new();
    let mut ahead: VecDeque<String> = START_ADDRESSES.iter().map(|address| (*address).to_owned()).collect();
    while let Some(address) = ahead.pop_front() {
        if seen.contains_key(&address) || seen.len() == MOST {
            continue;
        }
        let answer = person.get(&address).await;
        if let Ok(page) = std::str::from_utf8(&answer.body) {
            ahead.extend(link.captures_iter(page).filter_map(|found| resolved(&address, &found[1])));
        }
        seen.insert(address, shown(&answer, mask));
    }
    for address in REFUSED_CALLS {
        let answer = person.post_json(address, &().into()).await;
        seen.insert(format!("POST {address}"), shown(&answer, mask));
    }
    seen
}

/// Address of a link; none where the link leads to another site, to assets shared by all pages, to the API documentation, or to
/// signing out.
fn resolved(from: &str, link: &str) -> Option<String> {
    let link = link.replace("&amp;", "&").replace("&#38;", "&");
    let link = link.split('#').next()?;
    if link.is_empty()
        || link.contains(':')
        || ["/assets/", "/api/docs", "/api/explorer", "/sign-out"].iter().any(|p| link.starts_with(p))
    {
        return None;
    }
    let path = from.split('?').next()?;
    Some(match link.chars().next()? {
        '/' => link.to_owned(),
        '?' => format!("{path}{link}"),
        _ => format!("{}{link}", &path[..=path.rfind('/')?]),
    })
}

/// Status, headers and body of an answer, masked.
pub fn shown(answer: &Answer, mask: &Mask) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| format!("{name}: {}", mask.hide(value.as_bytes())))
        .collect();
    headers.sort();
    let mut body = mask.hide(&answer.body);
    // Two random numbers are masked: the number of the request, and the order of options that a visitor gets.
    if let Some(id) = answer.headers.get("x-request-id") {
        body = body.replace(id.to_str().unwrap(), "<request>");
    }
    let order = Regex::new(r"^location: (.*\bo=)\d+").unwrap();
    let headers: Vec<String> = headers.iter().map(|line| order.replace(line, "location: ${1}*").into_owned()).collect();
    format!("{}\n{}\n\n{body}", answer.status, headers.join("\n"))
}
