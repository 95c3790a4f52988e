//! The votes by province: one province beside the whole, and the turnout of each. Shares are compared where a province has at
//! least 20 ballots.

use std::cmp::Reverse;

use entity::place;
use entity::stored::{RankingRule, Track};

use super::chart::short;
use super::words::not_people;
use crate::base::error::{Error, Result};
use crate::base::percentage::{percent, points};
use crate::tally::pages::sentences;
use crate::tally::published::{ByTrack, COMPARED, MERGED, ballots_by_province, by_option, of_province};
use crate::tally::queries::{Count, Results};
use crate::web::page::{Page, thousands};

/// Sign in place of a figure that rests on too few ballots.
pub(super) const FEW: &str = "[c]";

/// Sign in place of a figure whose ballots are counted in the merged row.
const ELSEWHERE: &str = "[m]";

/// All figures by province.
pub(super) struct Provinces {
    /// Comparison for the requested province.
    pub chosen: Option<Chosen>,
    /// Turnout of each province.
    pub turnout: Vec<Turnout>,
    /// Number of ballots of the longest bar.
    pub max: i64,
    /// Sentence on the province with the most ballots.
    pub most: String,
    /// Sentence on the option that leads in the nation, which the rows of the table do not repeat; empty where no option leads.
    pub nation: String,
    /// Turnout of all provinces: all, anonymous and real-name ballots.
    pub total: [String; 3],
    /// Head of the column of the leading option.
    pub first: String,
    /// Key of the signs in the table, and the sentence that anonymous ballots are not people.
    pub keys: String,
}

/// One province beside the whole.
pub(super) struct Chosen {
    pub name: String,
    /// Sentence on the leading option of the province, or on too few ballots.
    pub finding: String,
    /// Ballots of the province, all ballots and the share; empty where there are too few.
    pub ballots: String,
    /// Key of the signs in the table; empty where there are no signs.
    pub key: String,
    pub rows: Vec<Beside>,
}

/// One option in the province beside the whole.
pub(super) struct Beside {
    /// Code of the option and both ranks as a sentence.
    pub note: String,
    pub rank: String,
    pub code: String,
    pub title: String,
    pub rank_there: String,
    pub share_there: String,
    /// Deciding votes of the province after their share, as a fraction; empty where there are too few.
    pub fraction: String,
    pub share: String,
    pub diff: String,
}

/// The ballots of one province.
pub(super) struct Turnout {
    pub code: String,
    pub name: String,
    /// Address of the comparison for the province; empty for the merged row.
    pub href: String,
    pub ballots: String,
    pub anonymous: String,
    pub real_name: String,
    pub share: String,
    pub first: String,
    /// Lengths of the two parts of the bar: anonymous and real-name ballots; 0 where the ballots are in the merged row.
    pub parts: (i64, i64),
    /// Sentence on the leading option, where another option leads in the nation, or on ballots in the merged row; else empty.
    pub note: String,
}

/// The figures by province; none where the campaign has no places or voting still runs.
///
/// # Errors
/// `NotFound` for a place that does not exist.
pub(super) fn provinces(p: &Page, places: &[place::Model], shown: &Results, wanted: &str) -> Result<Option<Provinces>> {
    let Some(count) = shown.count.as_ref().filter(|c| c.tally.is_some() && shown.campaign.places) else {
        return Ok(None);
    };
    let chosen = match wanted {
        "" => None,
        code => {
            let place = places.iter().find(|place| place.code == code);
            Some(chosen(p, shown, count, place.ok_or(Error::NotFound("place"))?))
        }
    };
    let rows = ballots_by_province(&count.cells);
    let all = shown.turnout.unwrap_or_default();
    let turnout: Vec<Turnout> = places
        .iter()
        .map(|place| (place.code.as_str(), name(p, place).to_owned()))
        .chain([(MERGED, p.t("tally-merged"))])
        .filter_map(|(code, name)| {
            let listed = shown.campaign.units.0.iter().any(|u| u == code);
            (listed || rows.contains_key(code)).then(|| row(p, shown, count, code, name))
        })
        .collect();
    let length = |row: &Turnout| row.parts.0 + row.parts.1;
    let most = turnout.iter().filter(|row| row.code != MERGED).max_by_key(|row| length(row));
    Ok(Some(Provinces {
        max: turnout.iter().map(length).max().unwrap_or_default().max(1),
        most: most.filter(|row| length(row) > 0).map_or_else(
            || p.t("tally-provinces"),
            |row| {
                let args = [("place", row.name.clone()), ("n", row.ballots.clone()), ("share", row.share.clone())];
                p.tr("tally-provinces-most", &args)
            },
        ),
        nation: nation(p, shown, count),
        turnout,
        first: p.t(if shown.is_by_real_name() { "tally-provinces-first-real-name" } else { "tally-provinces-first" }),
        keys: {
            let mut keys = vec![not_people(p, shown)];
            keys.extend(rows.contains_key(MERGED).then(|| p.t("tally-key-merged")));
            keys.retain(|key| !key.is_empty());
            keys.join(&p.t("tally-key-joint"))
        },
        total: [all.total(), all.anonymous, all.real_name].map(thousands),
        chosen,
    }))
}

/// The choices of the filter: code, name, and whether the choice is selected.
pub(super) fn choices(p: &Page, places: &[place::Model], wanted: &str) -> Vec<(String, String, bool)> {
    places.iter().map(|place| (place.code.clone(), name(p, place).to_owned(), place.code == wanted)).collect()
}

/// The sentence on the option that leads in the nation; empty where no option has a vote.
fn nation(p: &Page, shown: &Results, count: &Count) -> String {
    let rule = shown.campaign.ranking_rule;
    let ballots = shown.turnout.unwrap_or_default().deciding(rule);
    match count.ranking.first().map(|ranked| (ranked, ranked.deciding(rule))) {
        Some((ranked, votes)) if votes > 0 => p.tr(
            "tally-provinces-nation",
            &[
                ("title", short(p.locale, count.option(&ranked.code))),
                ("share", percent(votes, ballots)),
                ("votes", thousands(votes)),
                ("ballots", thousands(ballots)),
            ],
        ),
        _ => String::new(),
    }
}

fn name<'a>(p: &Page, place: &'a place::Model) -> &'a str {
    p.locale.pick(&place.name_zh, &place.name_en)
}

fn row(p: &Page, shown: &Results, count: &Count, code: &str, name: String) -> Turnout {
    let all = shown.turnout.unwrap_or_default().total();
    let cell = |province: &str, track| {
        let key = (String::new(), province.to_owned(), track);
        count.cells.get(&key).copied()
    };
    // An absent cell has no ballots, or so few that the merged row counts them.
    let shown_of = |track| match (cell(code, track), cell(MERGED, track)) {
        (Some(n), _) => thousands(n),
        (None, Some(_)) => ELSEWHERE.to_owned(),
        (None, None) => "0".to_owned(),
    };
    let (anonymous, real_name) = (shown_of(Track::Anonymous), shown_of(Track::RealName));
    let known = [Track::Anonymous, Track::RealName].map(|track| cell(code, track));
    let ballots: i64 = known.iter().flatten().sum();
    let is_elsewhere = ballots == 0 && (anonymous == ELSEWHERE || real_name == ELSEWHERE);
    let own = |text: String| {
        if is_elsewhere { ELSEWHERE.to_owned() } else { text }
    };
    let share = own(format!("{}%", percent(ballots, all)));
    // The leading option is found by the deciding votes, where they come from enough ballots.
    let [anonymous_ballots, real_name_ballots] = known.map(Option::unwrap_or_default);
    let rule = shown.campaign.ranking_rule;
    let deciding = ByTrack { anonymous: anonymous_ballots, real_name: real_name_ballots }.deciding(rule);
    let leader = first(p, rule, count, code).filter(|_| code != MERGED && deciding >= COMPARED);
    let first = match &leader {
        Some((_, title, votes)) => {
            let args = [("title", title.clone()), ("share", percent(*votes, deciding))];
            p.tr("tally-first", &args)
        }
        None if code == MERGED => "–".to_owned(),
        None => FEW.to_owned(),
    };
    let is_other = |code: &str| count.ranking.first().is_some_and(|ranked| ranked.code != code);
    let note = match &leader {
        _ if is_elsewhere => p.t("tally-provinces-note-elsewhere"),
        Some((code, title, votes)) if is_other(code) => p.tr(
            "tally-provinces-other",
            &[
                ("title", title.clone()),
                ("share", percent(*votes, deciding)),
                ("votes", thousands(*votes)),
                ("ballots", thousands(deciding)),
            ],
        ),
        _ => String::new(),
    };
    let href = if code == MERGED {
        String::new()
    } else {
        p.href(&format!("/campaigns/{}/results/provinces?place={code}", shown.campaign.slug))
    };
    Turnout {
        ballots: own(thousands(ballots)),
        share,
        note,
        code: code.to_owned(),
        name,
        href,
        parts: (anonymous_ballots, real_name_ballots),
        anonymous,
        real_name,
        first,
    }
}

/// The option with the most deciding votes in a province; of several, the option that ranks first overall.
fn first(p: &Page, rule: RankingRule, count: &Count, province: &str) -> Option<(String, String, i64)> {
    let there = of_province(&count.cells, province);
    let votes = |code: &str| there.get(code).copied().unwrap_or_default().deciding(rule);
    let best = count.ranking.iter().max_by_key(|r| (votes(&r.code), Reverse(r.rank)))?;
    let title = short(p.locale, count.option(&best.code));
    Some((best.code.clone(), title, votes(&best.code)))
}

fn chosen(p: &Page, shown: &Results, count: &Count, place: &place::Model) -> Chosen {
    let there = of_province(&count.cells, &place.code);
    let overall = by_option(&count.cells);
    // The province is compared by the deciding votes, so that its ranking and the overall ranking follow the same rule.
    let rule = shown.campaign.ranking_rule;
    let votes = |code: &str| there.get(code).copied().unwrap_or_default().deciding(rule);
    let ballots = votes("");
    let all = shown.turnout.unwrap_or_default().deciding(rule);
    let few = ballots < COMPARED;
    let mut name = name(p, place).to_owned();
    if shown.is_by_real_name() {
        name = p.tr("tally-place-real-name", &[("place", name)]);
    }
    let rows = count.ranking.iter().map(|ranked| {
        let own = votes(&ranked.code);
        let total = overall.get(ranked.code.as_str()).copied().unwrap_or_default().deciding(rule);
        let hidden = |text: String| if few { FEW.to_owned() } else { text };
        let ahead = count.ranking.iter().filter(|other| votes(&other.code) > own).count();
        let rank_there = hidden((ahead + 1).to_string());
        Beside {
            note: p.tr(
                if few { "tally-place-note-few" } else { "tally-place-note" },
                &[
                    ("code", ranked.code.clone()),
                    ("place", name.clone()),
                    ("there", rank_there.clone()),
                    ("all", ranked.rank.to_string()),
                ],
            ),
            rank: ranked.rank.to_string(),
            code: ranked.code.clone(),
            title: short(p.locale, count.option(&ranked.code)),
            rank_there,
            share_there: hidden(format!("{}%", percent(own, ballots))),
            fraction: if few { String::new() } else { format!("{}/{}", thousands(own), thousands(ballots)) },
            share: format!("{}%", percent(total, all)),
            diff: hidden(points((own, ballots), (total, all))),
        }
    });
    let finding = match first(p, rule, count, &place.code) {
        Some((_, first, votes)) if !few => p.tr(
            "tally-place-finding",
            &[("place", name.clone()), ("first", first), ("often", sentences::often(p.locale, votes, ballots))],
        ),
        _ => p.tr("tally-place-few", &[("place", name.clone())]),
    };
    Chosen {
        finding,
        ballots: if few {
            String::new()
        } else {
            p.tr(
                "tally-place-ballots",
                &[
                    ("place", name.clone()),
                    ("n", thousands(ballots)),
                    ("all", thousands(all)),
                    ("share", percent(ballots, all)),
                ],
            )
        },
        key: if few { p.t("tally-key-few") } else { String::new() },
        rows: rows.collect(),
        name,
    }
}
