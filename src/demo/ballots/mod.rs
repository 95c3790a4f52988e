//! The ballots of the demo: invented one by one, so that their totals are exactly the stated totals.
//!
//! # How
//!
//! A ballot is a set of options with one bit for each option. The generator makes three steps for each track:
//!
//! 1. **Deal.** Each option is dealt to consecutive ballots, once for each of its votes, round and round. An option with no more
//!    votes than there are ballots never meets a ballot twice. So totals and distinctness hold at once, and the sizes of two
//!    ballots differ by at most one choice.
//! 2. **Vary.** A random ballot passes one choice to another ballot that lacks it, unless the first ballot would be empty or the
//!    second too full. Sizes spread from 1 to the limit.
//! 3. **Mingle.** Two random ballots exchange one choice each, more often if both provinces like the exchange. Sizes stay the
//!    same.
//!
//! Steps 2 and 3 move choices and never add or remove one. So the totals of step 1 hold whatever the random numbers are, and
//! nothing has to be repaired afterwards.
//!
//! # Invented data
//!
//! The weights of the provinces (roughly their population), the preferences of each province and the days are invented. None of
//! them describes a real place.

use entity::stored::Track;

use super::data::{Campaign, Programme};
use super::prng::Prng;

/// One invented ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot<'a> {
    /// Track of the ballot.
    pub track: Track,
    /// Code of the province in which the voter deals with the government.
    pub province: &'a str,
    /// Codes of the ticked options, distinct, in the order of the campaign.
    pub choices: Vec<&'a str>,
    /// Number of days since the first day of voting; never lower than for the ballot before.
    pub day: u16,
}

/// The totals that the ballots of a campaign have to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals<'a> {
    /// Seed of the random numbers, usually the code of the campaign; another seed gives other ballots.
    pub seed: &'a str,
    /// Options with their votes.
    pub options: Vec<OptionTotal<'a>>,
    /// Codes of the provinces that vote.
    pub provinces: Vec<&'a str>,
    /// Number of ballots on both tracks.
    pub ballots: u32,
    /// Number of ballots on the real-name track.
    pub ballots_real_name: u32,
    /// Greatest number of options on one ballot.
    pub max_choices: u32,
    /// Number of days in the voting window.
    pub days: u16,
    /// Number of days with ballots. Where it is smaller than `days`, the last of these days is not over yet.
    pub days_begun: u16,
}

/// An option with its votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionTotal<'a> {
    /// Code of the option.
    pub code: &'a str,
    /// Option votes on both tracks.
    pub votes: u32,
    /// Option votes on the real-name track.
    pub votes_real_name: u32,
}

/// The reason why no set of ballots has these totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmeetable {
    /// A figure of the real-name track is larger than the figure of both tracks.
    #[error("more on the real-name track than on both")]
    Part,
    /// An option has more votes than there are ballots.
    #[error("an option has more votes than there are ballots")]
    Option,
    /// The votes do not fit on ballots with at least one and at most the allowed choices.
    #[error("too few or too many votes for the number of ballots")]
    Sum,
    /// There are more than 64 options or 256 provinces, or there is no province.
    #[error("more options or provinces than this generator takes")]
    Size,
}

impl<'a> Totals<'a> {
    /// The stated totals of a campaign, as of the day on which the demo begins to run.
    #[must_use]
    pub fn of(programme: &'a Programme, campaign: &'a Campaign) -> Self {
        let last = campaign.voting_closes.min(programme.acceptance.as_of.demo_today);
        let days =
            |day: chrono::NaiveDate| u16::try_from((day - campaign.voting_opens).num_days() + 1).unwrap_or_default();
        let options = campaign.options.iter().map(|o| OptionTotal {
            code: &o.code,
            votes: o.votes_all,
            votes_real_name: o.votes_real_name,
        });
        Self {
            seed: &campaign.code,
            options: options.collect(),
            provinces: programme.provinces.iter().map(|p| p.code.as_str()).collect(),
            ballots: campaign.ballots,
            ballots_real_name: campaign.ballots_real_name,
            max_choices: campaign.max_choices,
            days: days(campaign.voting_closes),
            days_begun: days(last),
        }
    }
}

/// Invents the ballots, shuffled and in the order of their days.
///
/// # Errors
///
/// The reason why no ballots have these totals.
pub fn generate<'a>(totals: &Totals<'a>) -> Result<Ballots<'a>, Unmeetable> {
    if totals.options.len() > 64 || !(1..=256).contains(&totals.provinces.len()) {
        return Err(Unmeetable::Size);
    }
    let mut prng = Prng::of(&["ballots", totals.seed]);
    let mut papers = Vec::with_capacity(totals.ballots as usize);
    for track in [Track::Anonymous, Track::RealName] {
        papers.extend(fill(totals, track, &mut prng)?);
    }
    prng.shuffle(&mut papers);
    let per_day = apportion(papers.len(), &day_weights(totals.days, totals.days_begun));
    let days = (0_u16..).zip(per_day).flat_map(|(day, count)| std::iter::repeat_n(day, count));
    Ok(Ballots {
        codes: totals.options.iter().map(|option| option.code).collect(),
        provinces: totals.provinces.clone(),
        papers: papers.into_iter().zip(days).collect::<Vec<_>>().into_iter(),
    })
}

/// The ballots of a campaign, as an iterator.
#[derive(Clone, Debug)]
pub struct Ballots<'a> {
    codes: Vec<&'a str>,
    provinces: Vec<&'a str>,
    papers: std::vec::IntoIter<(Paper, u16)>,
}

impl<'a> Iterator for Ballots<'a> {
    type Item = Ballot<'a>;

    fn next(&mut self) -> Option<Ballot<'a>> {
        let (paper, day) = self.papers.next()?;
        let ticked = |&(bit, _): &(usize, &&str)| paper.choices >> bit & 1 == 1;
        Some(Ballot {
            track: paper.track,
            province: self.provinces.get(usize::from(paper.province))?,
            choices: self.codes.iter().enumerate().filter(ticked).map(|(_, code)| *code).collect(),
            day,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.papers.size_hint()
    }
}

impl ExactSizeIterator for Ballots<'_> {}

/// A ballot in 16 bytes of memory.
#[derive(Clone, Copy, Debug)]
struct Paper {
    choices: u64,
    province: u8,
    track: Track,
}

/// The ballots of one track, province by province.
fn fill(totals: &Totals<'_>, track: Track, prng: &mut Prng) -> Result<Vec<Paper>, Unmeetable> {
    let of_track = |both: u32, real_name: u32| match track {
        Track::Anonymous => both.checked_sub(real_name).ok_or(Unmeetable::Part),
        Track::RealName => Ok(real_name),
    };
    let ballots = of_track(totals.ballots, totals.ballots_real_name)?;
    let votes: Vec<u32> =
        totals.options.iter().map(|o| of_track(o.votes, o.votes_real_name)).collect::<Result<_, _>>()?;
    if votes.iter().any(|count| *count > ballots) {
        return Err(Unmeetable::Option);
    }
    let sum: u64 = votes.iter().copied().map(u64::from).sum();
    if sum < u64::from(ballots) || sum > u64::from(ballots) * u64::from(totals.max_choices) {
        return Err(Unmeetable::Sum);
    }
    let mut choices = deal(&votes, ballots as usize);
    prng.shuffle(&mut choices);
    vary(&mut choices, totals.max_choices, prng);

    let weights: Vec<usize> = totals.provinces.iter().map(|code| weight(code, track)).collect();
    let counts = apportion(choices.len(), &weights);
    let provinces = (0_u8..=u8::MAX).zip(counts).flat_map(|(p, count)| std::iter::repeat_n(p, count));
    let mut papers: Vec<Paper> =
        choices.into_iter().zip(provinces).map(|(choices, province)| Paper { choices, province, track }).collect();
    mingle(&mut papers, &tastes(totals), prng);
    Ok(papers)
}

/// Step 1: deals every option to as many ballots as it has votes, round and round.
fn deal(votes: &[u32], ballots: usize) -> Vec<u64> {
    let mut choices = vec![0; ballots];
    let turns = votes.iter().enumerate().flat_map(|(bit, count)| std::iter::repeat_n(1 << bit, *count as usize));
    for (turn, option) in turns.enumerate() {
        choices[turn % ballots] |= option;
    }
    choices
}

/// Step 2: moves choices between ballots, so that some ballots have many choices and some have few.
fn vary(choices: &mut [u64], max_choices: u32, prng: &mut Prng) {
    for _ in 0..choices.len() * 7 / 10 {
        let (from, to) = (prng.below(choices.len()), prng.below(choices.len()));
        let option = one_of(choices[from] & !choices[to], prng);
        if choices[from].count_ones() > 1 && choices[to].count_ones() < max_choices {
            choices[from] &= !option;
            choices[to] |= option;
        }
    }
}

/// Step 3: lets ballots exchange one choice each, more often where the exchange suits their provinces.
fn mingle(papers: &mut [Paper], tastes: &[Vec<i8>], prng: &mut Prng) {
    for _ in 0..papers.len() * 12 {
        let (a, b) = (prng.below(papers.len()), prng.below(papers.len()));
        let (one, other) = (papers[a], papers[b]);
        let given = one_of(one.choices & !other.choices, prng);
        let taken = one_of(other.choices & !one.choices, prng);
        if given == 0 || taken == 0 {
            continue;
        }
        let likes = |paper: Paper, option: u64| {
            i32::from(tastes[usize::from(paper.province)][option.trailing_zeros() as usize])
        };
        let gain = likes(one, taken) - likes(one, given) + likes(other, given) - likes(other, taken);
        if prng.below(128) < usize::try_from(64 + gain).unwrap_or_default() {
            papers[a].choices = one.choices & !given | taken;
            papers[b].choices = other.choices & !taken | given;
        }
    }
}

/// A random bit of a set; 0 for the empty set.
fn one_of(mut set: u64, prng: &mut Prng) -> u64 {
    for _ in 0..prng.below(set.count_ones() as usize) {
        set &= set - 1;
    }
    set & set.wrapping_neg()
}

/// The preference of each province for each option, from -8 to 8. Shares end up to about a quarter above or below the mean.
fn tastes(totals: &Totals<'_>) -> Vec<Vec<i8>> {
    let taste = |province: &str, option: &str| Prng::of(&["taste", province, option]).below(17) as i8 - 8;
    let row = |province: &&str| totals.options.iter().map(|option| taste(province, option.code)).collect();
    totals.provinces.iter().map(row).collect()
}

/// Parts of a total by weight, rounded by the largest remainders. Where the total is large enough, each part first gets one.
fn apportion(total: usize, weights: &[usize]) -> Vec<usize> {
    let floor = usize::from(total >= weights.len());
    let rest = total - floor * weights.len();
    let sum = weights.iter().sum::<usize>().max(1);
    let mut parts: Vec<usize> = weights.iter().map(|weight| floor + rest * weight / sum).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&i| std::cmp::Reverse(rest * weights[i] % sum));
    let missing = total - parts.iter().sum::<usize>();
    for &part in by_remainder.iter().cycle().take(missing) {
        parts[part] += 1;
    }
    parts
}

/// Weights of the days: many ballots on the first and last days, fewer in between, few on a day that has only begun.
fn day_weights(days: u16, begun: u16) -> Vec<usize> {
    let (days, begun) = (days.max(1), begun.clamp(1, days.max(1)));
    let weight = |day: u16| match day.min(days - 1 - day) {
        0 => 12,
        1 => 9,
        2 => 7,
        3 => 6,
        _ => 5,
    };
    let mut weights: Vec<usize> = (0..begun).map(weight).collect();
    if let (true, Some(today)) = (begun < days, weights.last_mut()) {
        *today = today.div_ceil(3);
    }
    weights
}

/// The weight of a province among the ballots: invented, roughly its population in millions, slightly different by track.
fn weight(province: &str, track: Track) -> usize {
    let millions = WEIGHTS.iter().find(|(code, _)| *code == province).map_or(20, |(_, weight)| *weight);
    match track {
        Track::Anonymous => millions * 100,
        Track::RealName => millions * (85 + Prng::of(&["real name", province]).below(31)),
    }
}

#[rustfmt::skip]
const WEIGHTS: [(&str, usize); 31] = [
    ("110000", 22), ("120000", 16), ("130000", 75), ("140000", 37), ("150000", 25), ("210000", 44), ("220000", 27),
    ("230000", 38), ("310000", 24), ("320000", 80), ("330000", 57), ("340000", 63), ("350000", 39), ("360000", 46),
    ("370000", 100), ("410000", 96), ("420000", 59), ("430000", 69), ("440000", 113), ("450000", 49), ("460000", 9),
    ("500000", 31), ("510000", 83), ("520000", 36), ("530000", 48), ("540000", 3), ("610000", 39), ("620000", 26),
    ("630000", 6), ("640000", 7), ("650000", 25),
];

#[cfg(test)]
mod tests;
