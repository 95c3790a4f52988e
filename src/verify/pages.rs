//! `/verify`: what to fetch, what to run, and what the last line means. The program is served beside the page.

use askama::Template;
use poem::http::header;
use poem::{Response, handler};

use super::{PROGRAM, PROGRAM_HASH};
use crate::base::error::Result;
use crate::campaign::queries::all_published;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, public};
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of the page and the program.
pub fn routes(route: Routes) -> Routes {
    route.get("/verify", Policy::READING, verify).get("/verify/verify.py", Policy::FILES.readable(), program)
}

#[derive(Template)]
#[template(path = "verify/verify.html")]
struct Verify {
    p: Page,
    hash: &'static str,
    kilobytes: usize,
    logs: Vec<CampaignLog>,
}

/// The public log of one campaign.
struct CampaignLog {
    name: String,
    /// Address of the folder of the log, with the host.
    address: String,
    href: String,
    /// Line of the key that signs the log; empty where the campaign has no log yet.
    key: String,
}

/// Last lines of the program, with their exit status and the word of their meaning.
const LAST_LINES: [(&str, &str, &str); 4] =
    [("OK", "0", "ok"), ("OK SO FAR", "0", "so-far"), ("REFUSED", "1", "refused"), ("NOT CHECKED", "2", "not-checked")];

#[handler]
async fn verify(visit: Visit) -> Result<Response> {
    let p = visit.page("").titled("verify-title");
    let app = &visit.app;
    let mut logs = Vec::new();
    for found in all_published(app.stores.main.db()).await? {
        // An imported campaign has no log of this site.
        if found.author_id.is_none() {
            continue;
        }
        let key = app.ballots.sequencer.public_file(&found.slug, "key").await?.unwrap_or_default();
        let href = format!("/log/{}/", found.slug);
        logs.push(CampaignLog {
            name: p.pick(&found.name_zh, &found.name_en).to_owned(),
            address: format!("{}{href}", app.config.public_address()),
            href,
            key: String::from_utf8_lossy(&key).trim_end().to_owned(),
        });
    }
    let described = p.t("verify-lead");
    let p = p.described(described);
    public(&Verify { hash: &PROGRAM_HASH, kilobytes: PROGRAM.len().div_ceil(1000), logs, p })
}

#[handler]
fn program() -> Response {
    Response::builder()
        .content_type("text/x-python; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"verify.py\"")
        .header(header::CACHE_CONTROL, "public, no-cache")
        .body(PROGRAM)
}
