//! A folder of the public log as a page that a person can read: a sentence for every file, and its size.

use askama::Template;

use super::Entry;
use crate::base::error::Result;
use crate::campaign::queries::all_published;
use crate::sign_in::extract::Visit;
use crate::web::page::Page;

/// A page of a folder.
#[derive(Template)]
#[template(path = "log/folder.html")]
pub struct FolderPage {
    p: Page,
    lead: String,
    /// Names and addresses of the folders above.
    above: Vec<(String, String)>,
    lines: Vec<Line>,
    /// Number and size of the files in words.
    caption: String,
    /// Whether the files are alike and so many that only their names are listed.
    is_long: bool,
    /// Address of the log of a campaign with the host, and link to the campaign; none elsewhere.
    campaign: Option<(String, String)>,
}

/// One file or folder.
struct Line {
    name: String,
    /// Relative link. A link to a folder keeps a language that the address contains.
    href: String,
    what: String,
    size: String,
}

/// Kinds of files in the log of a campaign, which have sentences.
const KINDS: [&str; 8] = ["batches", "checkpoint", "history/", "key", "places/", "questionnaire", "tally", "tile/"];
/// Kinds of files in the log of the audit trail, which have sentences.
const TRAIL_KINDS: [&str; 3] = ["checkpoint", "history/", "key"];
/// Most files with a line each; more of them are listed by name.
const MOST_LINES: usize = 30;
/// Folder of the audit trail among the logs.
const TRAIL: &str = crate::audit::publishing::FOLDER;

/// The page of a folder.
///
/// # Errors
/// A store that fails.
pub async fn page(visit: &Visit, path: &str, entries: Vec<Entry>) -> Result<FolderPage> {
    let p = visit.page("");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let campaigns = all_published(visit.app.stores.main.db()).await?;
    let named = |slug: &str| {
        let found = campaigns.iter().find(|campaign| campaign.slug == slug);
        found.map(|campaign| p.pick(&campaign.name_zh, &campaign.name_en).to_owned())
    };
    let (title, lead) = match parts.as_slice() {
        [] => (p.t("log-title"), p.t("log-lead")),
        [TRAIL] => (p.t("log-trail"), p.t("log-trail-lead")),
        [slug] => {
            let name = named(slug).unwrap_or_else(|| (*slug).to_owned());
            (p.tr("log-title-of", &[("name", name)]), p.t("log-lead-of"))
        }
        [log, inner, ..] => {
            let is_entries = parts.contains(&"entries");
            let kind = if is_entries { "entries" } else { inner };
            let name = p.tr("log-title-within", &[("folder", parts.join("/"))]);
            let kinds: &[&str] = if *log == TRAIL { &TRAIL_KINDS } else { &KINDS };
            let is_known = is_entries || kinds.contains(&format!("{kind}/").as_str());
            (name, if is_known { p.tc("log-within-", kind) } else { String::new() })
        }
    };
    let sentence = |name: &str| match parts.as_slice() {
        [] if name.trim_end_matches('/') == TRAIL => p.t("log-trail"),
        [] => named(name.trim_end_matches('/')).map(|name| p.tr("log-title-of", &[("name", name)])).unwrap_or_default(),
        [TRAIL] if TRAIL_KINDS.contains(&name) => p.tc("log-trail-", name.trim_end_matches('/')),
        [slug] if *slug != TRAIL && KINDS.contains(&name) => p.tc("log-file-", name.trim_end_matches('/')),
        _ => String::new(),
    };
    let bytes: u64 = entries.iter().filter_map(|entry| entry.size).sum();
    let whole = |number: u64| p.n(i64::try_from(number).unwrap_or(i64::MAX));
    let caption = p.tr("log-caption", &[("n", entries.len().to_string()), ("bytes", whole(bytes))]);
    let is_long = entries.len() > MOST_LINES && parts.len() > 1;
    let lines = entries.into_iter().map(|entry| Line {
        what: sentence(&entry.name),
        size: entry.size.map(|bytes| p.tr("log-bytes", &[("n", whole(bytes))])).unwrap_or_default(),
        href: if entry.size.is_none() { p.href(&entry.name) } else { entry.name.clone() },
        name: entry.name,
    });
    let above = (0..parts.len()).map(|depth| {
        let text = depth.checked_sub(1).map_or_else(|| p.t("log-title"), |last| parts[last].to_owned());
        (text, format!("/log/{}", parts[..depth].iter().map(|part| format!("{part}/")).collect::<String>()))
    });
    Ok(FolderPage {
        lines: lines.collect(),
        caption,
        is_long,
        above: above.collect(),
        campaign: parts.first().filter(|slug| named(slug).is_some()).map(|slug| {
            let address = format!("{}/log/{slug}/", visit.app.config.public_address());
            (address, p.href(&format!("/campaigns/{slug}")))
        }),
        p: p.clone().named(title).described(lead.as_str()),
        lead,
    })
}
