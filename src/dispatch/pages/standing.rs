//! The standing of all campaigns on the desk of those who run them: the step and the turnout of each campaign, and the overdue
//! assignments by province.

use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::pages::words::{self, PhaseStep};
use crate::campaign::phase::Phase;
use crate::dashboard::queries::{AsOf, dashboard};
use crate::sign_in::extract::Signed;
use crate::web::page::Page;
use crate::{campaign, programme, tally};

/// The standing of all campaigns.
#[derive(Default)]
pub struct Standing {
    /// Campaigns that were not cancelled, the newest first.
    pub campaigns: Vec<Rung>,
    /// Provinces with overdue assignments, the most first.
    pub late: Vec<LatePlace>,
    /// Sentence on all overdue assignments together; empty where none is overdue.
    pub sum: String,
}

/// One campaign on its way.
pub struct Rung {
    /// Name of the campaign.
    pub name: String,
    /// Address of the overview of the campaign.
    pub href: String,
    /// Phase of the campaign, with the next date where one is fixed.
    pub phase: String,
    /// Steps of the way, with the present one; empty for a campaign that was voted on elsewhere.
    pub steps: Vec<PhaseStep>,
    /// Number of ballots as far as the number may be seen; empty where the number may not.
    pub turnout: String,
}

/// One province with overdue assignments.
pub struct LatePlace {
    /// Short name of the province.
    pub name: String,
    /// Number of overdue assignments, and of all assignments.
    pub fraction: String,
    /// Address of the list of the overdue assignments.
    pub href: String,
}

impl Standing {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.campaigns.is_empty()
    }
}

/// The standing of all campaigns for readers of campaigns; nothing for other staff.
pub async fn standing(signed: &Signed, p: &Page) -> Result<Standing> {
    let (app, now) = (&signed.app, signed.ctx.now);
    let staff = signed.ctx.staff()?;
    if !staff.may(Act::ReadCampaigns) {
        return Ok(Standing::default());
    }
    let db = app.stores.main.db();
    let mut found = campaign::queries::all(db).await?;
    found.retain(|c| Phase::of(c, now) != Phase::Cancelled);
    let mut campaigns = Vec::new();
    for one in &found {
        let turnout = tally::queries::turnout(&app.stores, one, now).await?;
        let phase = words::phase(p, Phase::of(one, now));
        campaigns.push(Rung {
            name: p.pick(&one.name_zh, &one.name_en).to_owned(),
            href: p.href(&format!("/desk/campaigns/{}", one.slug)),
            phase: match words::next_date(one, now) {
                Some((day, happens)) => {
                    p.tr("dispatch-work-phase", &[("phase", phase), ("day", day), ("happens", p.t(happens))])
                }
                None => phase,
            },
            steps: words::steps(p, one, now),
            turnout: turnout
                .map(|(by, _)| p.tr("dispatch-work-ballots", &[("n", p.n(by.total())), ("real", p.n(by.real_name))]))
                .unwrap_or_default(),
        });
    }
    let mut standing = Standing { campaigns, ..Standing::default() };
    if staff.may(Act::ReadAssignments) {
        overdue(signed, p, &mut standing).await?;
    }
    Ok(standing)
}

async fn overdue(signed: &Signed, p: &Page, standing: &mut Standing) -> Result<()> {
    let db = signed.app.stores.main.db();
    let dash = dashboard(db, AsOf::read(None, signed.ctx.now)?, None).await?;
    let places = programme::queries::places(db).await?;
    let mut late: Vec<_> = dash.by_province.iter().filter(|line| line.count.overdue > 0).collect();
    late.sort_by_key(|line| std::cmp::Reverse(line.count.overdue));
    if dash.total.overdue > 0 {
        let args = [
            ("n", p.n(dash.total.overdue)),
            ("all", p.n(dash.total.assignments())),
            ("provinces", late.len().to_string()),
        ];
        standing.sum = p.tr("dispatch-work-by-province-sum", &args);
    }
    standing.late = late
        .into_iter()
        .map(|line| LatePlace {
            name: places
                .iter()
                .find(|place| place.code == line.code)
                .map_or_else(|| line.code.clone(), |place| p.pick(&place.short_zh, &place.name_en).to_owned()),
            fraction: format!("{}/{}", p.n(line.count.overdue), p.n(line.count.assignments())),
            href: p.href(&format!("/desk/assignments?due=overdue&province={}", line.code)),
        })
        .collect();
    Ok(())
}
