//! `/campaigns/{slug}/results.csv`: the figures of the results page as a CSV file. The form for programs holds one table: the
//! options, or the places with `table=places`, or the ballots by track with `table=ballots`.

use entity::stored::Track;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::chart::{ChartRow, chart, is_running, shares};
use super::provinces::{Chosen, Turnout, provinces};
use super::words::{as_of, headline, name, not_people, otherwise, rule_in_words, rule_name, steps};
use crate::base::clock::day_of;
use crate::base::error::{Error, Refusal, Result};
use crate::campaign::phase::Phase;
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::tally::published::ByTrack;
use crate::tally::queries::{self, Results};
use crate::web::csv::{CsvFile, CsvForm, CsvQuery, file_name};
use crate::web::page::Page;

/// Query of the file: the place, the form and the table.
#[derive(Deserialize)]
pub(super) struct FileQuery {
    #[serde(default)]
    place: String,
    /// Table of the form for programs.
    #[serde(default)]
    table: String,
}

#[handler]
pub(super) async fn results(
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<FileQuery>,
    Query(form): Query<CsvQuery>,
) -> Result<Response> {
    let app = &visit.app;
    let shown = queries::results(&app.stores, &app.ballots.sequencer, &slug, visit.ctx.now).await?;
    let turnout = match shown.turnout {
        Some(turnout) => turnout,
        None => {
            shown.counted()?;
            return Err(Error::NotFound("page"));
        }
    };
    let p = visit.page("campaigns");
    let listed = programme::queries::places(app.stores.main.db()).await?;
    let by = provinces(&p, &listed, &shown, &asked.place)?;
    let name = |table: &str| file_name(&["results", &slug, &asked.place, table], day_of(shown.at));
    if form.form() == CsvForm::Plain {
        let mut sheet = CsvFile::new(CsvForm::Plain);
        match (asked.table.as_str(), &shown.count, &by) {
            ("", Some(count), _) => options(&mut sheet, &p, &shown, &chart(&p, &shown, count).rows),
            ("places", _, Some(by)) => places(&mut sheet, &p, &by.first, &by.turnout),
            ("ballots", ..) => ballots(&mut sheet, &p, &shown, turnout),
            ("" | "places", ..) => return Err(Error::NotFound("page")),
            _ => return Err(Error::field("table", Refusal::new("form.choice"))),
        }
        return sheet.download(&name(&asked.table));
    }
    let mut sheet = CsvFile::default();
    let address = app.config.public_address();
    head(&mut sheet, &p, &shown, &address);
    sheet.gap();
    ballots(&mut sheet, &p, &shown, turnout);
    if shown.has_anonymous() {
        sheet.line([not_people(&p, &shown)]);
    }
    if let Some(count) = &shown.count {
        sheet.gap();
        sheet.line([p.t("tally-aside-rule"), rule_in_words(&p, &shown), rule_name(&p, &shown)]);
        if let Some(other) = otherwise(&p, &shown.campaign, &count.ranking) {
            sheet.line([other.word, other.text]);
        }
        sheet.gap();
        options(&mut sheet, &p, &shown, &chart(&p, &shown, count).rows);
    }
    if let Some(by) = by {
        if let Some(there) = &by.chosen {
            sheet.gap();
            beside(&mut sheet, &p, there);
        }
        sheet.gap();
        sheet.line([&by.keys]);
        places(&mut sheet, &p, &by.first, &by.turnout);
    }
    sheet.download(&name(""))
}

/// Writes the number of ballots of each track.
fn ballots(sheet: &mut CsvFile, p: &Page, shown: &Results, turnout: ByTrack) {
    sheet.line([p.t("tally-file-track"), p.t("tally-ballots")]);
    if !shown.takes(Track::RealName) {
        sheet.line([p.t("tally-anonymous"), turnout.total().to_string()]);
        return;
    }
    let ballots = |track, n: i64| if shown.is_awaited(track) { p.t("tally-awaited") } else { n.to_string() };
    sheet.line([p.t("tally-anonymous"), ballots(Track::Anonymous, turnout.anonymous)]);
    sheet.line([p.t("tally-real-name"), ballots(Track::RealName, turnout.real_name)]);
    sheet.line([p.t("tally-total"), turnout.total().to_string()]);
}

/// Writes the title, the finding, the date of the figures, their state and their address.
fn head(sheet: &mut CsvFile, p: &Page, shown: &Results, site: &str) {
    let final_ = match (&shown.count, shown.phase) {
        (None, _) => "tally-file-waiting",
        (Some(_), Phase::Closed) => "tally-file-unchecked",
        (Some(count), _) if is_running(count) => "tally-file-running",
        (Some(_), _) if shown.campaign.top_n < 1 => "tally-file-imported",
        (Some(count), _) if count.selection.is_none() => "tally-file-counted",
        (Some(_), _) => "tally-file-final",
    };
    sheet.line([p.tr("tally-caption", &[("name", name(p, shown))])]);
    if p.demo {
        sheet.line([format!("{}{}", p.t("layout-demo-word"), p.t("layout-demo-text"))]);
    }
    sheet.line([headline(p, shown)]);
    sheet.line([p.t("tally-file-as-of"), as_of(p, shown)]);
    sheet.line([p.t("tally-file-status"), p.t(final_)]);
    if shown.is_stepwise() {
        sheet.line([p.t("tally-file-steps"), steps(p, shown)]);
    }
    let page = p.href(&format!("/campaigns/{}/results", shown.campaign.slug));
    sheet.line([p.t("tally-file-address"), format!("{site}{page}")]);
}

fn options(sheet: &mut CsvFile, p: &Page, shown: &Results, rows: &[ChartRow]) {
    sheet.line([
        p.t("tally-rank"),
        p.t("tally-file-code"),
        p.t("tally-option"),
        p.t("tally-votes-all"),
        p.t("tally-votes-anonymous"),
        p.t("tally-votes-real-name"),
        shares(p, shown),
        p.t("tally-selected-head"),
    ]);
    for row in rows {
        sheet.line([
            &row.rank,
            &row.code,
            &row.title,
            &plain(&row.votes),
            &plain(&row.anonymous),
            &plain(&row.real_name),
            &row.share,
            &row.selected,
        ]);
    }
}

fn beside(sheet: &mut CsvFile, p: &Page, there: &Chosen) {
    let place = || [("place", there.name.clone())];
    sheet.line([p.tr("tally-place-caption", &place())]);
    sheet.line([&there.finding, &there.ballots]);
    sheet.line([
        p.t("tally-file-code"),
        p.t("tally-option"),
        p.tr("tally-place-rank", &place()),
        p.t("tally-national-rank"),
        p.tr("tally-place-share", &place()),
        p.t("tally-place-national"),
    ]);
    for row in &there.rows {
        sheet.line([&row.code, &row.title, &row.rank_there, &row.rank, &row.share_there, &row.share]);
    }
}

fn places(sheet: &mut CsvFile, p: &Page, first: &str, rows: &[Turnout]) {
    sheet.line([
        p.t("tally-file-code"),
        p.t("tally-place"),
        p.t("tally-ballots"),
        p.t("tally-anonymous"),
        p.t("tally-real-name"),
        p.t("tally-provinces-share"),
        first.to_owned(),
    ]);
    for row in rows {
        sheet.line([
            &row.code,
            &row.name,
            &plain(&row.ballots),
            &plain(&row.anonymous),
            &plain(&row.real_name),
            &row.share,
            &row.first,
        ]);
    }
}

/// A number without thousands separators, so that spreadsheets can calculate with it.
fn plain(number: &str) -> String {
    number.replace(',', "")
}
