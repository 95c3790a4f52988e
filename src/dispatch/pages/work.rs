//! The start page of the desk: counts as links, then the assignments and campaigns that wait, ordered by their deadlines.

use askama::Template;
use poem::{Response, handler};

use super::standing::{Standing, standing};
use super::task::{Task, task};
use crate::accounts::access_changes;
use crate::accounts::pages::access_notices::{told, words};
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::campaign::halt;
use crate::campaign::pages::words::name_of_weekday;
use crate::campaign::phase::Phase;
use crate::dispatch::inbox::{Inbox, Todo, inbox};
use crate::programme::calendar::Known;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::day_long;
use crate::web::page::{Page, html};
use crate::{campaign, programme, tally};

#[derive(Template)]
#[template(path = "dispatch/work.html")]
struct Work {
    p: Page,
    nav: Nav,
    today: String,
    tallies: Vec<LinkedCount>,
    campaigns: Vec<OpenItem>,
    /// Standing of all campaigns, for readers of campaigns.
    standing: Standing,
    /// Accounts with a change that waits for the reader's confirmation.
    confirmations: Vec<OpenItem>,
    /// Sentences about changes that administrators made to the sign-in methods of the reader's account.
    told: Vec<String>,
    tasks: Vec<Task>,
    /// Number of waiting assignments beyond those shown.
    more: usize,
    /// Heading and sentence for a page on which nothing waits for the reader.
    empty: Option<(String, String)>,
    /// Sentence for readers who look after accounts, roles or the calendar and see no business content; empty for others.
    administers: String,
    /// Whether the reader loads the working-day calendar.
    loads: bool,
}

/// A count, with a link to the list of the counted assignments.
struct LinkedCount {
    n: String,
    text: String,
    href: String,
    alarm: bool,
}

/// A campaign or an account that waits for the reader.
struct OpenItem {
    name: String,
    text: String,
    button: String,
    href: String,
}

/// Largest number of assignments that are shown at once.
const SHOWN: usize = 40;

/// Answers with the start page of the desk.
#[handler]
pub async fn work(signed: Signed) -> Result<Response> {
    let p = signed.page("desk").titled("layout-desk-work");
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let staff = ctx.staff()?;
    let calendar = programme::queries::calendar(db, Known::Now).await?;
    let found = if staff.may(Act::ReadAssignments) { inbox(db, ctx, &calendar).await? } else { Inbox::default() };
    let tallies = tallies(&p, &found);
    let campaigns = open_campaigns(&signed, &p).await?;
    let confirmations = confirmations(&signed, &p).await?;
    let tasks: Vec<Task> = found.waiting.iter().take(SHOWN).map(|w| task(&p, w)).collect();
    let administers = match (staff.may(Act::WriteAccounts), staff.may(Act::GrantRoles)) {
        (true, _) => p.t("dispatch-work-administers"),
        (false, true) => p.t("dispatch-work-grants"),
        (false, false) => String::new(),
    };
    let nothing = tasks.is_empty() && campaigns.is_empty() && administers.is_empty();
    let today = day_of(ctx.now);
    let kind = if calendar.is_working_day(today) { "dispatch-work-today" } else { "dispatch-work-day-off" };
    let template = Work {
        nav: signed.nav(Section::Work),
        today: p.tr(kind, &[("day", day_long(p.locale, today)), ("weekday", name_of_weekday(&p, today))]),
        more: found.waiting.len() - tasks.len(),
        empty: nothing.then(|| (empty_title(&p, &found), empty(&p, &found))),
        tallies,
        campaigns,
        confirmations,
        standing: standing(&signed, &p).await?,
        told: told(db, ctx, &p).await?,
        tasks,
        administers,
        loads: staff.may(Act::LoadCalendar),
        p,
    };
    html(&template)
}

/// Others may have to act on overdue assignments, so the heading does not say that nothing is to be done.
fn empty_title(p: &Page, found: &Inbox) -> String {
    match found.overdue {
        0 => p.t("dispatch-work-empty"),
        late => p.tr("dispatch-work-empty-late", &[("n", p.n(late as i64))]),
    }
}

fn empty(p: &Page, found: &Inbox) -> String {
    match found.next {
        Some((day, count)) => p.tr(
            "dispatch-work-next",
            &[
                ("day", crate::web::dates::day_short(p.locale, day)),
                ("weekday", name_of_weekday(p, day)),
                ("n", count.to_string()),
            ],
        ),
        None if found.overdue > 0 => p.t("dispatch-work-late"),
        None => p.t("dispatch-work-nothing"),
    }
}

fn tallies(p: &Page, found: &Inbox) -> Vec<LinkedCount> {
    let list = |query: &str| p.href(&format!("/desk/assignments?{query}"));
    let late = (found.overdue, p.t("fact-overdue"), list("due=overdue"));
    let soon = (found.soon, p.t("dispatch-work-soon"), list("due=soon"));
    let todos = Todo::ALL.into_iter().map(|todo| {
        let n = found.waiting.iter().filter(|w| todo.is_of(w)).count();
        let href = match todo {
            Todo::Ruling | Todo::Exemption => p.href("/desk/rulings"),
            _ => list(&format!("todo={}", todo.code())),
        };
        (n as u64, p.tc("dispatch-todo-", todo.code()), href)
    });
    [late, soon]
        .into_iter()
        .chain(todos)
        .enumerate()
        .filter(|(_, (n, ..))| *n > 0)
        .map(|(place, (n, text, href))| LinkedCount { n: p.n(n), text, href, alarm: place == 0 })
        .collect()
}

/// The accounts with a change or a role that waits for the reader's confirmation.
async fn confirmations(signed: &Signed, p: &Page) -> Result<Vec<OpenItem>> {
    let staff = signed.ctx.staff()?;
    let (changes, roles) = access_changes::to_confirm(signed.app.stores.main.db(), staff, signed.ctx.now).await?;
    let item = |account: entity::account::Model, text: String| OpenItem {
        href: p.href(&format!("/desk/accounts/{}", account.login)),
        button: p.t("dispatch-step-confirm-button"),
        name: account.name,
        text,
    };
    let changes = changes.into_iter().map(|(account, row)| item(account, words(p, row.kind, &row.subject)));
    let roles = roles.into_iter().map(|(account, grant)| {
        let role = [("role", p.tc("accounts-role-", grant.role))];
        item(account, p.tr("dispatch-step-confirm-role", &role))
    });
    Ok(changes.chain(roles).collect())
}

/// The campaigns whose next step is the reader's.
async fn open_campaigns(signed: &Signed, p: &Page) -> Result<Vec<OpenItem>> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let staff = ctx.staff()?;
    if !staff.may(Act::WriteCampaigns) && !staff.may(Act::PublishCampaigns) {
        return Ok(Vec::new());
    }
    let mut items = Vec::new();
    for found in campaign::queries::all(db).await? {
        let selection = tally::queries::selection(db, found.id).await?;
        let wrote = campaign::queries::own_hands(db, &found).await?.contains(&staff.id);
        let confirms = staff.may(Act::PublishCampaigns) && found.halted_by != Some(staff.id);
        let step = match Phase::of(&found, ctx.now) {
            _ if confirms && halt::is_unconfirmed(&found, ctx.now) => Some(("halt", "")),
            Phase::Draft if staff.may(Act::WriteCampaigns) => Some(("draft", "")),
            Phase::InReview if staff.may(Act::PublishCampaigns) && !wrote => Some(("review", "")),
            Phase::Closed if staff.may(Act::CountBallots) => Some(("count", "/tally")),
            Phase::Tallied => match selection {
                None if staff.may(Act::ProposeResults) => Some(("select", "/tally")),
                Some(drawn)
                    if staff.may(Act::SignResults)
                        && !wrote
                        && drawn.proposed_by != staff.id
                        && drawn.first_approver != Some(staff.id) =>
                {
                    Some(("certify", "/tally"))
                }
                _ => None,
            },
            Phase::Certified if staff.may(Act::Dispatch) && !wrote => Some(("dispatch", "/dispatch")),
            _ => None,
        };
        if let Some((step, page)) = step {
            items.push(OpenItem {
                name: p.pick(&found.name_zh, &found.name_en).to_owned(),
                text: p.t(&format!("dispatch-step-{step}")),
                button: p.t(&format!("dispatch-step-{step}-button")),
                href: p.href(&format!("/desk/campaigns/{}{page}", found.slug)),
            });
        }
    }
    Ok(items)
}
