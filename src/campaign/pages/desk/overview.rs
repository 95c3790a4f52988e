//! The overview of one campaign for staff: parts with their state, checks, moves, rules, history: `/desk/campaigns/{slug}`.

use askama::Template;
use entity::id::AccountId;
use entity::stored::{CampaignMove, TermKind, Track};
use entity::{campaign, campaign_event};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

use super::offers::{Offer, Refused, offered};
use super::{People, barred, desk, named, people, summary, summary_title, waits};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::checks::checks;
use crate::campaign::draft::{Draft, tracks};
use crate::campaign::effects::effects;
use crate::campaign::pages::words;
use crate::campaign::phase::{Phase, least_options};
use crate::campaign::queries;
use crate::programme::calendar::Known;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::moment_long;
use crate::web::page::{Page, html_with};
use crate::{programme, tally};

#[derive(Template)]
#[template(path = "campaign/overview.html")]
struct Overview {
    p: Page,
    nav: Nav,
    slug: String,
    name: String,
    revision: i32,
    phase: String,
    sentence: String,
    waits: String,
    problems_title: String,
    problems: Vec<(String, String)>,
    /// Reason of a halt or cancellation; empty for none.
    reason: String,
    /// Sentence about the start of a halt, and its confirmation or its end; empty for none.
    halt: String,
    parts: Vec<Part>,
    /// Findings of the automatic checks, while somebody can still act on them.
    checks: Vec<Finding>,
    offers: Vec<Offer>,
    /// Whether the next step has a page of its own.
    elsewhere: bool,
    rules: Vec<(String, String)>,
    /// Sentence why the rules are text and not a form; empty for a draft.
    fixed: String,
    /// Concentration of today's anonymous passes by networks, during voting and halts: term and figure of each.
    concentration: Vec<(String, String)>,
    public: bool,
    history: Vec<PastMove>,
}

impl Overview {
    /// Id of the first form with a reason to write.
    fn reason_form(&self) -> Option<String> {
        self.offers
            .iter()
            .find(|offer| offer.reason && offer.barred.is_empty() && !offer.is_grave)
            .map(|offer| format!("form-{}", offer.act))
    }
}

/// One part of the work on a campaign, with its state and the address of its page.
struct Part {
    title: String,
    state: String,
    act: String,
    href: String,
}

/// One finding of the automatic checks.
pub struct Finding {
    /// Code of the verdict: `good`, `look` or `bad`.
    pub verdict: &'static str,
    /// Verdict in words.
    pub word: String,
    /// Finding as a sentence.
    pub text: String,
}

/// One entry of the history, with the name that staff see.
struct PastMove {
    iso: String,
    at: String,
    text: String,
    who: String,
}

/// The query of the overview.
#[derive(Deserialize)]
pub struct OverviewQuery {
    /// Code of the move that was just made; empty for none.
    #[serde(default)]
    done: String,
}

/// Answers with the overview.
#[handler]
pub async fn overview(
    signed: Signed,
    Path(slug): Path<String>,
    Query(asked): Query<OverviewQuery>,
) -> Result<Response> {
    page(&signed, &slug, &asked.done, None).await
}

/// Answers with the overview after a move was made or refused.
pub async fn page(signed: &Signed, slug: &str, done: &str, refused: Option<Refused>) -> Result<Response> {
    let staff = signed.ctx.require(Act::ReadCampaigns)?;
    let now = signed.ctx.now;
    let db = signed.app.stores.main.db();
    let found = queries::campaign(db, slug).await?;
    let phase = Phase::of(&found, now);
    let mut p = signed.page("desk");
    let name = p.pick(&found.name_zh, &found.name_en).to_owned();
    p.title = name.clone();
    p.notice = notice(&p, done);
    let status = match &refused {
        Some(refused) => {
            p = p.refused(refused.errors.clone());
            // The address of the move has no page of its own.
            p.address = desk(slug);
            refused.status
        }
        None => StatusCode::OK,
    };
    let barred = barred(&p, db, &found, staff).await?;
    let units = words::units(&p, &programme::queries::places(db).await?, &found);
    let people = people(&p, db).await?;
    let history = queries::history(db, found.id).await?;
    let writes = staff.may(Act::WriteCampaigns);
    let draft = phase == Phase::Draft;
    let template = Overview {
        nav: signed.nav(Section::Campaigns),
        name,
        revision: found.revision,
        phase: words::phase(&p, phase),
        sentence: words::sentence(&p, &found, now),
        waits: waits(&p, db, &found, now, staff).await?.0,
        problems_title: summary_title(&p),
        problems: summary(&p, &[], |field| match field {
            "reason" => refused.as_ref().map_or_else(String::new, |r| format!("reason-{}", r.act)),
            _ => "moves".to_owned(),
        }),
        reason: match phase {
            Phase::Suspended | Phase::Cancelled => found.notice.clone(),
            _ => String::new(),
        },
        halt: words::halt(&p, &found, now, &history),
        parts: parts(&p, db, &found, phase, writes, &people).await?,
        checks: if draft || phase == Phase::InReview { findings(&p, db, &found, signed).await? } else { Vec::new() },
        offers: offered(&p, &found, &signed.ctx, staff, &barred, refused.as_ref()),
        elsewhere: match phase {
            Phase::Closed => true,
            Phase::Tallied | Phase::Certified => found.top_n > 0,
            _ => false,
        },
        rules: words::rules(&p, &found, &units),
        fixed: match (draft, found.published_at) {
            (true, _) => String::new(),
            (false, None) => p.t("campaign-rules-in-review"),
            (false, Some(_)) => p.t("campaign-rules-frozen"),
        },
        concentration: match phase {
            Phase::Voting | Phase::Suspended => concentration(&p, signed, &found),
            _ => Vec::new(),
        },
        public: found.published_at.is_some(),
        history: history.iter().map(|event| entry(&p, event, &people)).collect(),
        slug: found.slug,
        p,
    };
    html_with(status, &template)
}

/// The concentration of today's anonymous passes by networks: term and figure of each.
fn concentration(p: &Page, signed: &Signed, found: &campaign::Model) -> Vec<(String, String)> {
    if !tracks(found).contains(&Track::Anonymous) {
        return Vec::new();
    }
    let told = signed.app.passes.networks.concentration(&found.slug, signed.app.clock.system());
    let share = |share: Option<u64>| match share {
        Some(percent) => p.tr("campaign-concentration-percent", &[("percent", percent.to_string())]),
        None => p.t("campaign-concentration-few"),
    };
    vec![
        (p.t("campaign-concentration-addresses"), share(told.addresses)),
        (p.t("campaign-concentration-routed"), share(told.routed)),
    ]
}

/// The sentence about the move that was just made; none for an unknown code.
fn notice(p: &Page, done: &str) -> Option<String> {
    match done {
        "rules" | "options" => Some(p.t(&format!("campaign-done-{done}"))),
        _ => {
            let act: CampaignMove = done.parse().ok()?;
            super::MOVES.contains(&act).then(|| p.tc("campaign-done-", act))
        }
    }
}

/// The parts of the work on a campaign in order, each with its state.
async fn parts(
    p: &Page,
    db: &impl ConnectionTrait,
    found: &campaign::Model,
    phase: Phase,
    writes: bool,
    people: &People,
) -> Result<Vec<Part>> {
    let at = |rest: &str| p.href(&format!("{}/{rest}", desk(&found.slug)));
    let part = |name: &str, state: String, act: &str, href: String| Part {
        title: p.t(&format!("campaign-part-{name}")),
        state,
        act: if act.is_empty() { String::new() } else { p.t(act) },
        href,
    };
    let open = phase == Phase::Draft && writes;
    let options = queries::option_count(db, found.id).await?;
    let counts = [("count", options.to_string()), ("least", least_options(found).to_string())];
    let mut parts = vec![
        part(
            "rules",
            p.t(match phase {
                Phase::Draft => "campaign-part-rules-open",
                Phase::InReview => "campaign-part-in-review",
                _ => "campaign-part-frozen",
            }),
            if open { "campaign-part-rules-act" } else { "" },
            at("rules"),
        ),
        part(
            "options",
            p.tr(
                match phase {
                    Phase::Draft if options < least_options(found) => "campaign-part-options-few",
                    _ => "campaign-part-options-there",
                },
                &counts,
            ),
            match (open, options) {
                (true, _) => "campaign-part-options-act",
                (false, 0) => "",
                (false, _) => "campaign-options-csv",
            },
            at(if open { "options" } else { "options.csv" }),
        ),
        part(
            "preview",
            p.t("campaign-part-preview-both"),
            if options > 0 { "campaign-part-preview-act" } else { "" },
            at("preview"),
        ),
        part("approval", approval(p, db, found, people).await?, "", String::new()),
    ];
    if matches!(phase, Phase::Closed | Phase::Tallied | Phase::Certified | Phase::Dispatched) {
        let is_proposed = tally::queries::selection(db, found.id).await?.is_some();
        let state = p.t(match phase {
            Phase::Closed => "campaign-part-tally-closed",
            Phase::Tallied if !is_proposed => "campaign-part-tally-counted",
            Phase::Tallied => "campaign-part-tally-tallied",
            _ => "campaign-part-tally-done",
        });
        parts.push(part("tally", state, "campaign-part-tally-act", at("tally")));
    }
    if matches!(phase, Phase::Certified | Phase::Dispatched) {
        parts.push(part(
            "dispatch",
            p.tc("campaign-part-dispatch-", phase),
            "campaign-part-dispatch-act",
            at("dispatch"),
        ));
    }
    Ok(parts)
}

/// The sentence that names the author and the approver of a campaign; before publication, the persons who may publish.
async fn approval(p: &Page, db: &impl ConnectionTrait, found: &campaign::Model, people: &People) -> Result<String> {
    let name = |id: AccountId| people.get(&id).cloned().unwrap_or_default();
    let author = found.author_id.map(name).unwrap_or_default();
    match (found.published_at, found.approver_id) {
        (Some(at), approver) => Ok(p.tr(
            "campaign-part-approval-done",
            &[
                ("author", author),
                ("approver", approver.map(name).unwrap_or_default()),
                ("at", moment_long(p.locale, at)),
            ],
        )),
        (None, _) => {
            let publishers = queries::publishers(db, found).await?;
            let names: Vec<String> = publishers.iter().map(|row| named(p, row)).collect();
            let key = if names.is_empty() { "campaign-part-approval-nobody" } else { "campaign-part-approval-open" };
            let args = [("author", author), ("names", names.join(&p.t("campaign-list-joint")))];
            Ok(p.tr(key, &args))
        }
    }
}

/// The findings of the automatic checks, as sentences.
pub async fn findings(
    p: &Page,
    db: &impl ConnectionTrait,
    found: &campaign::Model,
    signed: &Signed,
) -> Result<Vec<Finding>> {
    let calendar = programme::queries::calendar(db, Known::Now).await?;
    let departments: Vec<(String, String)> = programme::queries::terms(db, TermKind::Department)
        .await?
        .into_iter()
        .map(|d| (d.name_zh, d.name_en))
        .collect();
    let options = queries::options(db, found.id).await?;
    let effects = effects(&Draft::of(found), &calendar);
    let can_identify = signed.app.passes.identity_source.is_set_up();
    Ok(checks(found, &options, &effects, &departments, can_identify, signed.ctx.now)
        .into_iter()
        .map(|check| {
            let verdict = check.verdict.code();
            let mut args = check.args;
            args.push(("list", check.list.join(&p.t("campaign-list-joint"))));
            Finding {
                verdict,
                word: p.t(&format!("campaign-check-{verdict}")),
                text: p.tr(&format!("campaign-check-{}-{verdict}", check.code), &args),
            }
        })
        .collect())
}

fn entry(p: &Page, event: &campaign_event::Model, people: &People) -> PastMove {
    PastMove {
        iso: event.at.to_rfc3339(),
        at: moment_long(p.locale, event.at),
        text: words::act_because(p, event),
        who: actor(event, people),
    }
}

/// The person of a move as staff see one another; the office where nobody is named.
pub fn actor(event: &campaign_event::Model, people: &People) -> String {
    event.actor_id.and_then(|id| people.get(&id).cloned()).unwrap_or_else(|| event.office.clone())
}
