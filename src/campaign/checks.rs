//! The automatic checks of a campaign before somebody signs it. The checks run at every view of a draft, so that the approver
//! reads findings instead of promises.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::stored::Track;
use entity::{campaign, campaign_option};

use super::draft::tracks;
use super::effects::Effects;
use super::phase::least_options;
use super::rule::lets_anonymous_votes_decide;
use crate::base::text;

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The checked fact is as it should be.
    Good,
    /// The checked fact is allowed, but deserves a look.
    Look,
    /// The checked fact prevents review and publication.
    Bad,
}

/// One check with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Code of the check, part of its message key.
    pub code: &'static str,
    /// Result of the check.
    pub verdict: Verdict,
    /// Arguments of the sentence: name and value of each.
    pub args: Vec<(&'static str, String)>,
    /// Codes of options, or years, that the sentence names.
    pub list: Vec<String>,
}

/// Largest number of themes that fit into a line of jump links.
const MAX_THEMES: usize = 8;

/// Checks a campaign with its options. `departments` holds the Chinese and English names of departments, which would steer
/// voters. `can_identify` states whether the site can verify the identity of people who vote by real name.
#[must_use]
pub fn checks(
    campaign: &campaign::Model,
    options: &[campaign_option::Model],
    effects: &Effects,
    departments: &[(String, String)],
    can_identify: bool,
    now: DateTime<Utc>,
) -> Vec<Check> {
    let least = least_options(campaign);
    let enough = options.len() as u64 >= least;
    let mut found = vec![
        check("options", if enough { Verdict::Good } else { Verdict::Bad })
            .with("count", options.len())
            .with("least", least),
        opening(campaign, now),
        check("ranking", good_or_look(!lets_anonymous_votes_decide(campaign)))
            .with("rule", campaign.ranking_rule)
            .with("top", campaign.top_n),
    ];
    if tracks(campaign).contains(&Track::RealName) {
        found.push(check("identity", good_or_look(can_identify)));
    }
    if !options.is_empty() {
        found.push(languages(options));
        found.push(listed("twins", Verdict::Bad, twins(options, |o| [&o.title_zh, &o.short_zh])));
        found.push(listed("english-twins", Verdict::Look, twins(options, |o| [&o.title_en, &o.short_en])));
        found.push(numbers(options));
        found.push(themes(options));
        found.push(steering(options, departments));
    }
    found.push(Check {
        list: effects.unloaded_years.iter().map(i32::to_string).collect(),
        ..check("calendar", good_or_look(effects.unloaded_years.is_empty()))
    });
    found
}

fn opening(campaign: &campaign::Model, now: DateTime<Utc>) -> Check {
    let verdict = if campaign.closes_at <= now { Verdict::Bad } else { good_or_look(now < campaign.opens_at) };
    check("opening", verdict)
}

fn languages(options: &[campaign_option::Model]) -> Check {
    let missing = |o: &&campaign_option::Model| o.title_en.is_empty() || o.short_en.is_empty();
    listed("languages", Verdict::Bad, options.iter().filter(missing))
}

/// Options whose texts look the same as those of an option before them: voters could not tell the two apart.
fn twins(
    options: &[campaign_option::Model],
    texts: fn(&campaign_option::Model) -> [&String; 2],
) -> impl Iterator<Item = &campaign_option::Model> {
    let mut seen: [HashSet<String>; 2] = Default::default();
    options.iter().filter(move |option| {
        let mut is_twin = false;
        for (text, seen) in texts(option).into_iter().zip(&mut seen) {
            is_twin |= !text.is_empty() && !seen.insert(text::look(text));
        }
        is_twin
    })
}

fn numbers(options: &[campaign_option::Model]) -> Check {
    let mut numbers: Vec<i32> = options.iter().map(|o| o.ballot_no).collect();
    numbers.sort_unstable();
    check("numbers", good_or_look((1..).zip(numbers).all(|(a, b)| a == b)))
}

fn themes(options: &[campaign_option::Model]) -> Check {
    let themes: HashSet<&str> = options.iter().map(|o| o.theme_zh.as_str()).collect();
    check("themes", good_or_look((2..=MAX_THEMES).contains(&themes.len())))
        .with("count", themes.len())
        .with("most", MAX_THEMES)
}

/// Checks that no title contains the name of a department: such a name tells the voter whom to blame.
fn steering(options: &[campaign_option::Model], departments: &[(String, String)]) -> Check {
    let steers = |o: &&campaign_option::Model| {
        departments.iter().any(|(zh, en)| o.title_zh.contains(zh) || o.title_en.contains(en))
    };
    listed("steering", Verdict::Look, options.iter().filter(steers))
}

/// A check that lists options: good where the list is empty.
fn listed<'a>(
    code: &'static str,
    otherwise: Verdict,
    options: impl Iterator<Item = &'a campaign_option::Model>,
) -> Check {
    let list: Vec<String> = options.map(|o| o.code.clone()).collect();
    let verdict = if list.is_empty() { Verdict::Good } else { otherwise };
    Check { list, ..check(code, verdict) }
}

const fn check(code: &'static str, verdict: Verdict) -> Check {
    Check { code, verdict, args: Vec::new(), list: Vec::new() }
}

const fn good_or_look(good: bool) -> Verdict {
    if good { Verdict::Good } else { Verdict::Look }
}

impl Check {
    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl Verdict {
    /// Code of the result in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Bad => "bad",
        }
    }
}
