//! The first half of the desk: the state of the count and its figures.

use entity::campaign;

use crate::app::App;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::programme::queries as programme;
use crate::tally::flows::settled;
use crate::tally::pages::chart::short;
use crate::tally::queries::{Results, comparison};
use crate::web::dates::{closing, moment_long};
use crate::web::page::Page;

/// State of counting a campaign.
pub(super) struct Counting {
    /// State of the count: `wait`, `ready` or `done`.
    pub state: &'static str,
    pub text: String,
    pub may: bool,
    /// Number of ballots as far as the public may see it, with its date.
    pub turnout: Option<String>,
    /// Figures on which running sums and recount agree: label and number.
    pub compared: Vec<(String, String)>,
    pub counted_on: String,
    pub digest: String,
    pub differences: Vec<Differing>,
    pub more: usize,
}

/// A cell in which running sum and recount differ.
pub(super) struct Differing {
    pub option: String,
    pub province: String,
    pub track: String,
    pub kept: String,
    pub recounted: String,
    pub gap: String,
}

/// Greatest number of differing cells that the desk lists.
const LISTED: usize = 60;

/// State of counting a campaign. The cells that differ are added after a count was refused because of them.
pub(super) async fn counting(
    p: &Page,
    app: &App,
    ctx: &Ctx,
    found: &campaign::Model,
    shown: Option<&Results>,
    differs: bool,
) -> Result<Counting> {
    let mut counting = Counting {
        state: "wait",
        text: String::new(),
        may: ctx.may(Act::CountBallots),
        turnout: None,
        compared: Vec::new(),
        counted_on: String::new(),
        digest: String::new(),
        differences: Vec::new(),
        more: 0,
    };
    if let Some((shown, count)) = stored(shown) {
        done(p, shown, count.tally.as_ref(), &mut counting);
        return Ok(counting);
    }
    counting.turnout = shown.filter(|s| s.is_stepwise()).map(|s| match s.turnout {
        Some(turnout) => {
            let args = [("n", p.n(turnout.total())), ("moment", moment_long(p.locale, s.at))];
            p.tr("tally-desk-shown", &args)
        }
        None => p.t("tally-too-few"),
    });
    counting.text = match Phase::of(found, ctx.now) {
        Phase::Scheduled | Phase::Voting => p.tr("tally-desk-count-early", &closing(p.locale, found.closes_at)),
        Phase::Closed => match settled(&app.steadiness, found, ctx.now) {
            Ok(()) => {
                counting.state = "ready";
                p.t("tally-desk-count-ready")
            }
            Err(early) => p.locale.refusal(&early.refusal()),
        },
        Phase::Suspended => p.t("tally-wait-suspended"),
        Phase::Cancelled => p.t("tally-wait-cancelled"),
        _ => p.t("tally-wait-draft"),
    };
    if differs {
        differences(p, app, found, &mut counting).await?;
    }
    Ok(counting)
}

fn done(p: &Page, shown: &Results, tally: Option<&entity::tally::Model>, counting: &mut Counting) {
    let Some(tally) = tally else {
        return;
    };
    counting.state = "done";
    counting.counted_on = p.tr("tally-desk-counted-on", &[("moment", moment_long(p.locale, tally.counted_at))]);
    counting.digest = tally.digest.clone();
    let mut line = |key: &str, n: i64| counting.compared.push((p.t(key), p.n(n)));
    line("tally-ballots", tally.ballots);
    if shown.has_real_name() {
        line("tally-anonymous", tally.ballots - tally.ballots_real_name);
        line("tally-real-name", tally.ballots_real_name);
    }
    line("tally-votes", tally.option_votes);
}

async fn differences(p: &Page, app: &App, found: &campaign::Model, counting: &mut Counting) -> Result<()> {
    let db = app.stores.main.db();
    let options = campaigns::options(db, found.id).await?;
    let places = programme::places(db).await?;
    let all = comparison(&app.stores.ballots, &found.slug).await?.differences();
    counting.more = all.len().saturating_sub(LISTED);
    counting.text = p.tr("tally-desk-differs", &[("n", all.len().to_string())]);
    counting.differences = all
        .into_iter()
        .take(LISTED)
        .map(|cell| {
            let option = options.iter().find(|o| o.code == cell.option);
            let place = places.iter().find(|place| place.code == cell.province);
            Differing {
                option: if cell.option.is_empty() {
                    p.t("tally-desk-cell-ballots")
                } else {
                    format!("{} {}", cell.option, short(p.locale, option))
                },
                province: place.map_or(cell.province, |place| p.pick(&place.name_zh, &place.name_en).to_owned()),
                track: p.tc("tally-", cell.track),
                gap: p.n(cell.kept - cell.recounted),
                kept: p.n(cell.kept),
                recounted: p.n(cell.recounted),
            }
        })
        .collect();
    Ok(())
}

/// The stored count, once it is taken; the desk does not show a running count.
pub(super) fn stored(shown: Option<&Results>) -> Option<(&Results, &crate::tally::queries::Count)> {
    let shown = shown?;
    let count = shown.count.as_ref()?;
    count.tally.is_some().then_some((shown, count))
}
