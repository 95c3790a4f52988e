//! The second half of the desk: drawing up the selection, and its two signatures.

use entity::{campaign, selection};

use crate::accounts::queries::{by_ids, holders};
use crate::app::App;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::campaign::queries::own_hands;
use crate::tally::commands::signing;
use crate::tally::pages::people::{listed, person};
use crate::tally::queries;
use crate::web::dates::moment_long;
use crate::web::page::Page;

/// State of the selection of a campaign.
pub(super) struct Selecting {
    /// State of the selection: `never`, `wait`, `ready`, `proposed` or `certified`.
    pub state: &'static str,
    pub top_n: String,
    pub may_propose: bool,
    pub may_sign: bool,
    /// Names of the staff who can sign, and the reason why the reader cannot.
    pub who: String,
    pub signatures: Vec<CandidateLine>,
}

/// A line in the list of signatures.
pub(super) struct CandidateLine {
    pub label: String,
    pub who: String,
    pub iso: String,
    pub when: String,
}

/// State of the selection, once the campaign is counted.
pub(super) async fn selecting(
    p: &Page,
    app: &App,
    ctx: &Ctx,
    found: &campaign::Model,
    counted: bool,
) -> Result<Selecting> {
    let staff = ctx.staff()?;
    let mut selecting = Selecting {
        state: "wait",
        top_n: found.top_n.to_string(),
        may_propose: staff.may(Act::ProposeResults),
        may_sign: false,
        who: String::new(),
        signatures: Vec::new(),
    };
    if found.top_n < 1 {
        selecting.state = "never";
        return Ok(selecting);
    }
    if !counted {
        return Ok(selecting);
    }
    let standing = queries::selection(app.stores.main.db(), found.id).await?;
    let Some(standing) = standing else {
        selecting.state = "ready";
        return Ok(selecting);
    };
    selecting.signatures = signatures(p, app, &standing).await?;
    if standing.second_approver.is_some() {
        selecting.state = "certified";
        return Ok(selecting);
    }
    selecting.state = "proposed";
    // A selection with a signature cannot be drawn up again.
    selecting.may_propose &= standing.first_approver.is_none();
    let is_approver = staff.may(Act::SignResults);
    let wrote = own_hands(app.stores.main.db(), found).await?;
    let signing = signing(&wrote, &standing);
    let own = signing.check(staff.id);
    selecting.may_sign = is_approver && own.is_ok();
    let mut left = holders(app.stores.main.db(), Act::SignResults).await?;
    left.retain(|a| signing.check(a.id).is_ok());
    selecting.who = if left.is_empty() {
        p.t("tally-desk-sign-nobody")
    } else {
        p.tr("tally-desk-sign-who", &[("names", listed(p, &left))])
    };
    if let Some(error) = own.err().filter(|_| is_approver) {
        let why = p.locale.refusal(&error.refusal());
        selecting.who = format!("{why}{}{}", p.t("tally-stop"), selecting.who);
    }
    Ok(selecting)
}

async fn signatures(p: &Page, app: &App, standing: &selection::Model) -> Result<Vec<CandidateLine>> {
    let signed = [
        ("tally-desk-proposed", Some(standing.proposed_by), Some(standing.proposed_at)),
        ("tally-desk-first", standing.first_approver, standing.first_at),
        ("tally-desk-second", standing.second_approver, standing.second_at),
    ];
    let ids = signed.iter().filter_map(|s| s.1);
    let people = by_ids(app.stores.main.db(), ids).await?;
    let lines = signed.into_iter().map(|(key, who, at)| CandidateLine {
        label: p.t(key),
        who: who.and_then(|who| people.get(&who)).map_or_else(|| p.t("tally-desk-not-signed"), |a| person(p, a)),
        iso: at.map(|at| at.to_rfc3339()).unwrap_or_default(),
        when: at.map(|at| moment_long(p.locale, at)).unwrap_or_default(),
    });
    Ok(lines.collect())
}
