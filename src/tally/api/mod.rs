//! JSON operations of the tally: counts, rankings and selections.

mod answers;

use entity::campaign;
use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use self::answers::{
    Basis, Cell, CountAnswer, OptionVotes, OtherRule, ProvinceBallots, RankedOption, RankingAnswer, SelectionAnswer,
    Signature, TallyAnswer, TieNote,
};
use super::published::{ballots_by_province, by_option};
use super::queries::{Count, Results, results};
use super::ranking::Ranked;
use crate::accounts;
use crate::app::App;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::base::percentage::percent;
use crate::campaign::{queries as campaigns, rule};
use crate::sign_in::extract::{Signed, Visit};
use crate::tally::pages::sentences;
use crate::tally::{commands, flows, queries};
use crate::web::api_tags::ApiTags;
use crate::web::locale::Locale;
use crate::web::policy::{Operation, Policy};

/// Access policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/campaigns/:slug/tally", Policy::EXPORT.readable()),
    (Method::GET, "/campaigns/:slug/ranking", Policy::PUBLIC_CALL),
    (Method::POST, "/campaigns/:slug/count", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/selection", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/selection/approval", Policy::SENSITIVE),
];

/// JSON operations of the tally.
pub struct TallyApi;

#[OpenApi(tag = "ApiTags::Tally")]
impl TallyApi {
    /// Ballots and option votes by option, province and track
    ///
    /// The campaign's display rule holds before the count is taken, for staff too. A `live` campaign shows running sums, which
    /// move in steps: at least 50 new ballots of a track, at least ten minutes apart. Every other campaign, and a `live` one
    /// before its first step, answers 409 `tally.hidden`.
    #[oai(path = "/campaigns/:slug/tally", method = "get")]
    async fn tally(&self, visit: Visit, slug: Path<String>) -> Result<Json<TallyAnswer>> {
        let shown = results(&visit.app.stores, &visit.app.ballots.sequencer, &slug, visit.ctx.now).await?;
        let count = shown.counted()?;
        let sums = by_option(&count.cells);
        let options = count.options.iter().map(|o| {
            let votes = sums.get(o.code.as_str()).copied().unwrap_or_default();
            OptionVotes {
                code: o.code.clone(),
                votes: votes.total(),
                votes_anonymous: votes.anonymous,
                votes_real_name: votes.real_name,
            }
        });
        let provinces = ballots_by_province(&count.cells).into_iter().map(|(province, ballots)| ProvinceBallots {
            province: province.to_owned(),
            ballots: ballots.total(),
            ballots_anonymous: ballots.anonymous,
            ballots_real_name: ballots.real_name,
        });
        let cells = count.cells.iter().map(|((option, province, track), n)| Cell {
            option: option.clone(),
            province: province.clone(),
            track: *track,
            count: *n,
        });
        Ok(Json(TallyAnswer {
            campaign: shown.campaign.slug.clone(),
            basis: basis(count),
            as_of: shown.at,
            ballots: shown.turnout.unwrap_or_default().into(),
            invalidated: count.tally.as_ref().map_or(0, |t| t.invalidated),
            option_votes: count.option_votes().into(),
            options: options.collect(),
            provinces: provinces.collect(),
            cells: cells.collect(),
            digest: count.tally.as_ref().map(|t| t.digest.clone()),
        }))
    }

    /// The options by rank, with the cut and how ties were broken
    ///
    /// The display rule holds before the count is taken, as for the tally.
    #[oai(path = "/campaigns/:slug/ranking", method = "get")]
    async fn ranking(&self, visit: Visit, slug: Path<String>) -> Result<Json<RankingAnswer>> {
        let shown = results(&visit.app.stores, &visit.app.ballots.sequencer, &slug, visit.ctx.now).await?;
        let count = shown.counted()?;
        let locale = visit.page("").locale;
        let signatures = match &count.selection {
            Some(selection) => signatures(&visit.app, selection).await?,
            None => Vec::new(),
        };
        Ok(Json(RankingAnswer {
            campaign: shown.campaign.slug.clone(),
            basis: basis(count),
            as_of: shown.at,
            rule: shown.campaign.ranking_rule,
            rule_text: rule::sentence(locale, &shown.campaign),
            other_rule: other_rule(locale, &shown.campaign, &count.ranking),
            top_n: shown.campaign.top_n,
            ballots: shown.turnout.unwrap_or_default().into(),
            ranking: count.ranking.iter().map(|r| ranked(locale, &shown, count, r)).collect(),
            signatures,
        }))
    }

    /// Counts a campaign after its close (organiser)
    ///
    /// The counts kept while ballots came in are compared with a recount of every ballot. Where they differ, nothing is stored
    /// and the answer is 409 `tally.differs`. For some minutes after the close the answer is 409 `tally.unsettled`, and while the
    /// server's clock is not steady 409 `tally.unsteady`; nothing is done then. The operation is idempotent.
    #[oai(path = "/campaigns/:slug/count", method = "post")]
    async fn count(&self, signed: Signed, slug: Path<String>) -> Result<Json<CountAnswer>> {
        let app = &signed.app;
        flows::count(&app.ballots, &app.steadiness, &signed.ctx, &slug).await?;
        let db = app.stores.main.db();
        let found = campaigns::campaign(db, &slug).await?;
        let tally = queries::tally(db, found.id).await?.ok_or(Error::NotFound("tally"))?;
        Ok(Json(CountAnswer {
            campaign: found.slug,
            counted_at: tally.counted_at,
            ballots: tally.ballots,
            ballots_real_name: tally.ballots_real_name,
            option_votes: tally.option_votes,
            digest: tally.digest,
        }))
    }

    /// Draws up the selection from the count (organiser)
    ///
    /// The selection may be drawn up again until somebody signs it.
    #[oai(path = "/campaigns/:slug/selection", method = "post")]
    async fn selection(&self, signed: Signed, slug: Path<String>) -> Result<Json<SelectionAnswer>> {
        let app = &signed.app;
        signed
            .write(Changes::Public, async |tx| commands::propose(tx, &signed.ctx, &app.ballots.sequencer, &slug).await)
            .await?;
        standing(&signed, &slug).await.map(Json)
    }

    /// Signs the selection (approver)
    ///
    /// Two different people sign. Neither is the author of the campaign or the person who drew up the selection. With the second
    /// signature the selected options become issues.
    #[oai(path = "/campaigns/:slug/selection/approval", method = "post")]
    async fn approval(&self, signed: Signed, slug: Path<String>) -> Result<Json<SelectionAnswer>> {
        let app = &signed.app;
        signed
            .write(Changes::Campaigns, async |tx| {
                commands::approve(tx, &signed.ctx, &app.ballots.sequencer, &slug, None).await
            })
            .await?;
        standing(&signed, &slug).await.map(Json)
    }
}

fn basis(count: &Count) -> Basis {
    match (&count.tally, &count.selection) {
        (None, _) => Basis::Running,
        (Some(_), None) => Basis::Counted,
        (Some(_), Some(_)) => Basis::Certified,
    }
}

fn ranked(locale: Locale, shown: &Results, count: &Count, ranked: &Ranked) -> RankedOption {
    let title = count.option(&ranked.code).map(|o| locale.pick(&o.title_zh, &o.title_en));
    let ballots = shown.turnout.unwrap_or_default();
    let tie = ranked.tie.as_ref().map(|tie| TieNote {
        with: tie.with.clone(),
        step: tie.step,
        across_cut: tie.across_cut,
        sentence: {
            let (rule, real_name) = (shown.campaign.ranking_rule, shown.has_real_name());
            sentences::tie(locale, rule, &count.ranking, &ranked.code, real_name).unwrap_or_default()
        },
    });
    RankedOption {
        rank: ranked.rank,
        code: ranked.code.clone(),
        title: title.unwrap_or_default().to_owned(),
        votes: ranked.votes,
        votes_real_name: ranked.votes_real_name,
        votes_anonymous: ranked.votes - ranked.votes_real_name,
        share: percent(ranked.votes, ballots.total()),
        share_real_name: shown.has_real_name().then(|| percent(ranked.votes_real_name, ballots.real_name)),
        selected: ranked.selected,
        tie,
    }
}

fn other_rule(locale: Locale, campaign: &campaign::Model, ranking: &[Ranked]) -> Option<OtherRule> {
    let other = queries::other_selection(campaign, ranking)?;
    Some(OtherRule {
        sentence: sentences::otherwise(locale, &other, campaign.top_n),
        rule: other.rule,
        is_same: other.comes_in.is_empty(),
        comes_in: other.comes_in,
        falls_out: other.falls_out,
    })
}

async fn signatures(app: &App, selection: &entity::selection::Model) -> Result<Vec<Signature>> {
    let signed: Vec<_> = queries::signatures(selection).collect();
    let people = accounts::queries::by_ids(app.stores.main.db(), signed.iter().map(|s| s.0)).await?;
    Ok(signed
        .into_iter()
        .map(|(who, at)| Signature { office: people.get(&who).map(|a| a.office.clone()).unwrap_or_default(), at })
        .collect())
}

async fn standing(signed: &Signed, slug: &str) -> Result<SelectionAnswer> {
    let app = &signed.app;
    let locale = signed.page("").locale;
    let db = app.stores.main.db();
    let found = campaigns::campaign(db, slug).await?;
    let selection = queries::selection(db, found.id).await?.ok_or(Error::NotFound("selection"))?;
    let ranking = queries::decided(&selection)?;
    Ok(SelectionAnswer {
        other_rule: other_rule(locale, &found, &ranking),
        campaign: found.slug,
        rule: selection.rule.clone(),
        digest: selection.digest.clone(),
        selected: ranking.into_iter().filter(|r| r.selected).map(|r| r.code).collect(),
        certified: selection.second_approver.is_some(),
        signatures: signatures(app, &selection).await?,
    })
}
