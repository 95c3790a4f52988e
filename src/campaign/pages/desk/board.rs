//! The list of all campaigns, with the phase of each and the persons whom it waits for: `/desk/campaigns`.

use askama::Template;
use poem::{Response, handler};

use super::{desk, waits};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::pages::words;
use crate::campaign::phase::Phase;
use crate::campaign::queries;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::page::{Page, html};

#[derive(Template)]
#[template(path = "campaign/board.html")]
struct Board {
    p: Page,
    nav: Nav,
    list: Vec<CampaignRow>,
    /// Number of campaigns that wait for the reader.
    mine: usize,
    writes: bool,
}

/// One campaign in the list.
struct CampaignRow {
    href: String,
    name: String,
    slug: String,
    phase: String,
    date: String,
    happens: String,
    waits: String,
    mine: bool,
}

/// Answers with one row for each campaign; rows that wait for the reader are marked.
#[handler]
pub async fn board(signed: Signed) -> Result<Response> {
    let staff = signed.ctx.require(Act::ReadCampaigns)?;
    let now = signed.ctx.now;
    let db = signed.app.stores.main.db();
    let p = signed.page("desk").titled("campaign-board-title");
    let mut rows = Vec::new();
    for found in queries::all(db).await? {
        let phase = Phase::of(&found, now);
        let (waits, mine) = waits(&p, db, &found, now, staff).await?;
        let next = words::next_date(&found, now);
        rows.push(CampaignRow {
            href: p.href(&desk(&found.slug)),
            name: p.pick(&found.name_zh, &found.name_en).to_owned(),
            phase: words::phase(&p, phase),
            happens: next.as_ref().map(|n| p.t(n.1)).unwrap_or_default(),
            date: next.map(|n| n.0).unwrap_or_default(),
            waits,
            mine,
            slug: found.slug,
        });
    }
    html(&Board {
        nav: signed.nav(Section::Campaigns),
        mine: rows.iter().filter(|row| row.mine).count(),
        writes: staff.may(Act::WriteCampaigns),
        list: rows,
        p,
    })
}
