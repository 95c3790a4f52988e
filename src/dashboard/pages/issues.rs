//! `/issues`: every issue of every campaign in one line, by campaign, with filters by campaign and theme.

use askama::Template;
use entity::{campaign, campaign_option};
use poem::web::Query;
use poem::{Response, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

use super::dashboard::tables::states;
use super::names::{campaign_name, issue_name};
use super::sentences::Share;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::dashboard::figures::{Count, count_of};
use crate::dashboard::queries::{AsOf, Dashboard, dashboard};
use crate::sign_in::extract::Visit;
use crate::tally;
use crate::web::dates::day_long;
use crate::web::page::{Page, public};

/// The query of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct IssuesQuery {
    /// Slug of the only campaign; empty for all.
    campaign: String,
    /// Chinese name of the only theme; empty for all.
    theme: String,
}

#[derive(Template)]
#[template(path = "dashboard/issues.html")]
struct IssuesPage {
    p: Page,
    lead: String,
    /// Slug, name, and whether it is chosen, of each campaign.
    campaigns: Vec<(String, String, bool)>,
    /// Chinese name, name in the language of the page, and whether it is chosen, of each theme.
    themes: Vec<(String, String, bool)>,
    groups: Vec<CampaignIssues>,
    states: Vec<(&'static str, i64)>,
    is_filtered: bool,
}

/// The issues of one campaign.
struct CampaignIssues {
    name: String,
    line: String,
    issues: Vec<IssueLine>,
}

/// One issue in one line.
struct IssueLine {
    href: String,
    code: String,
    name: String,
    states: Vec<(&'static str, i64)>,
    all: i64,
    /// Resolved and all assignments; empty before the dispatch.
    fraction: String,
}

/// `GET /issues`: the list.
#[handler]
pub async fn issues(visit: Visit, Query(asked): Query<IssuesQuery>) -> Result<Response> {
    let (db, now) = (visit.app.stores.main.db(), visit.ctx.now);
    let p = visit.page("dashboard").titled("lists-issues-title");
    let as_of = AsOf::read(None, now)?;
    let dash = dashboard(db, as_of, None).await?;
    let mut found: Vec<(campaign::Model, Vec<campaign_option::Model>)> =
        dash.campaigns.iter().rev().map(|d| (d.campaign.clone(), d.options.clone())).collect();
    for waiting in campaigns::all_published(db).await?.into_iter().rev() {
        if Phase::of(&waiting, now) == Phase::Certified {
            let options = selected(db, &waiting).await?;
            found.insert(0, (waiting, options));
        }
    }
    let mut themes: Vec<(String, String, bool)> = Vec::new();
    for option in found.iter().flat_map(|(_, options)| options) {
        if !themes.iter().any(|(theme, ..)| *theme == option.theme_zh) {
            let name = p.pick(&option.theme_zh, &option.theme_en).to_owned();
            themes.push((option.theme_zh.clone(), name, option.theme_zh == asked.theme));
        }
    }
    let choices = found.iter().map(|(c, _)| (c.slug.clone(), campaign_name(&p, c), c.slug == asked.campaign));
    let all: usize = found.iter().map(|(_, options)| options.len()).sum();
    let total = &dash.total;
    let lead = p.tr(
        "lists-issues-lead",
        &[
            ("n", all.to_string()),
            ("seasons", found.len().to_string()),
            ("day", day_long(p.locale, as_of.day)),
            ("all", p.n(total.assignments())),
            ("done", p.n(total.resolved())),
            ("verified", p.n(total.verified())),
            ("late", p.n(total.overdue)),
        ],
    );
    let taken = |option: &campaign_option::Model| asked.theme.is_empty() || option.theme_zh == asked.theme;
    let groups: Vec<CampaignIssues> = found
        .iter()
        .filter(|(campaign, _)| asked.campaign.is_empty() || campaign.slug == asked.campaign)
        .map(|(campaign, options)| CampaignIssues {
            name: campaign_name(&p, campaign),
            line: standing(&p, &dash, campaign),
            issues: options.iter().filter(|option| taken(option)).map(|option| line(&p, &dash, option)).collect(),
        })
        .filter(|group| !group.issues.is_empty())
        .collect();
    public(&IssuesPage {
        campaigns: choices.collect(),
        themes,
        groups,
        states: states(total),
        is_filtered: !asked.campaign.is_empty() || !asked.theme.is_empty(),
        p: p.clone().described(lead.as_str()),
        lead,
    })
}

/// The options of a campaign that were selected and not yet dispatched, by rank.
async fn selected(db: &impl ConnectionTrait, campaign: &campaign::Model) -> Result<Vec<campaign_option::Model>> {
    let options = campaigns::options(db, campaign.id).await?;
    let ranked = tally::queries::issues(db, campaign.id).await?;
    Ok(ranked.iter().filter_map(|issue| options.iter().find(|option| option.id == issue.option_id).cloned()).collect())
}

/// The standing of a campaign in words.
fn standing(p: &Page, dash: &Dashboard, campaign: &campaign::Model) -> String {
    let Some(count) = count_of(&dash.by_campaign, &campaign.slug) else {
        return p.t("lists-issues-waiting");
    };
    let counts = [
        ("all", count.assignments()),
        ("done", count.resolved()),
        ("verified", count.verified()),
        ("late", count.overdue),
    ];
    p.tr("lists-issues-standing", &counts.map(|(name, count)| (name, p.n(count))))
}

fn line(p: &Page, dash: &Dashboard, option: &campaign_option::Model) -> IssueLine {
    let count = count_of(&dash.by_issue, &option.code);
    let all = count.map_or(0, Count::assignments);
    IssueLine {
        href: p.href(&format!("/issues/{}", option.code)),
        code: option.code.clone(),
        name: issue_name(p, option),
        states: count.map(states).unwrap_or_default(),
        fraction: count.map(|count| Share::of(p, count.resolved(), all).fraction).unwrap_or_default(),
        all,
    }
}
