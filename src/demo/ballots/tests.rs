//! Tests that every total is met, for the three campaigns and for any small set of totals.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::data::programme;
use super::*;

fn of_campaign(code: &str) -> (Totals<'static>, Vec<Ballot<'static>>) {
    let campaign = programme().campaigns.iter().find(|c| c.code == code).unwrap();
    let totals = Totals::of(programme(), campaign);
    let ballots = generate(&totals).unwrap().collect();
    (totals, ballots)
}

fn votes(ballots: &[Ballot<'_>], code: &str, track: Track) -> u32 {
    ballots.iter().filter(|b| b.track == track && b.choices.contains(&code)).count() as u32
}

fn check(totals: &Totals<'_>, ballots: &[Ballot<'_>]) {
    assert_eq!(ballots.len(), totals.ballots as usize);
    let real_name = ballots.iter().filter(|b| b.track == Track::RealName).count();
    assert_eq!(real_name, totals.ballots_real_name as usize);
    for option in &totals.options {
        assert_eq!(votes(ballots, option.code, Track::RealName), option.votes_real_name, "{}", option.code);
        let anonymous = option.votes - option.votes_real_name;
        assert_eq!(votes(ballots, option.code, Track::Anonymous), anonymous, "{}", option.code);
    }
    for ballot in ballots {
        assert!((1..=totals.max_choices as usize).contains(&ballot.choices.len()));
        assert_eq!(ballot.choices.iter().collect::<BTreeSet<_>>().len(), ballot.choices.len());
        assert!(totals.provinces.contains(&ballot.province));
        assert!(ballot.day < totals.days_begun);
    }
    assert!(ballots.is_sorted_by_key(|b| b.day));
}

#[test]
fn every_option_total_of_every_campaign_is_met() {
    for code in ["S1", "S2", "S3"] {
        let (totals, ballots) = of_campaign(code);
        check(&totals, &ballots);
    }
}

#[test]
fn the_same_ballots_come_every_time() {
    let (totals, ballots) = of_campaign("S3");
    assert!(generate(&totals).unwrap().eq(ballots));
}

#[test]
fn every_province_votes_on_both_tracks_and_large_ones_more() {
    let (totals, ballots) = of_campaign("S3");
    let count =
        |province: &str, track: Track| ballots.iter().filter(|b| b.province == province && b.track == track).count();
    for province in &totals.provinces {
        assert!(count(province, Track::Anonymous) >= 20, "{province}");
        assert!(count(province, Track::RealName) >= 1, "{province}");
    }
    let all = |province: &str| count(province, Track::Anonymous) + count(province, Track::RealName);
    for large in ["440000", "370000", "410000", "320000", "510000"] {
        assert!(all(large) > 20 * all("540000"), "{large}");
    }
}

#[test]
fn ballots_carry_one_to_five_choices_and_three_on_average() {
    let (_, ballots) = of_campaign("S1");
    let mut sizes = [0_u32; 6];
    for ballot in &ballots {
        sizes[ballot.choices.len()] += 1;
    }
    let share = |size: usize| f64::from(sizes[size]) / 180_000.0;
    assert!((1..=5).all(|size| share(size) > 0.05), "{sizes:?}");
    assert!(share(3) > share(1) && share(3) > share(5), "{sizes:?}");
    assert_eq!(sizes.iter().zip(0..).map(|(count, size)| count * size).sum::<u32>(), 540_000);
}

#[test]
fn provinces_differ_in_what_they_choose_and_agree_on_the_whole() {
    let (_, ballots) = of_campaign("S1");
    let share = |province: &str, option: &str| {
        let of_province = ballots.iter().filter(|b| b.province == province);
        let chose = of_province.clone().filter(|b| b.choices.contains(&option)).count();
        chose as f64 / of_province.count() as f64
    };
    let shares: Vec<f64> = ["440000", "370000", "410000", "320000", "510000"].map(|p| share(p, "S1-01")).into();
    let (low, high) = shares.iter().fold((1.0_f64, 0.0_f64), |(low, high), s| (low.min(*s), high.max(*s)));
    assert!(high - low > 0.01, "{shares:?}");
    assert!(low > 0.12 && high < 0.30, "{shares:?}");
}

#[test]
fn choices_are_not_tied_to_each_other() {
    let (_, ballots) = of_campaign("S1");
    let both = ballots.iter().filter(|b| b.choices.contains(&"S1-01") && b.choices.contains(&"S1-02")).count();
    let by_chance = 36_922.0 * 34_827.0 / 180_000.0;
    let ratio = both as f64 / by_chance;
    assert!((0.6..1.3).contains(&ratio), "{both} together, {by_chance} by chance");
}

#[test]
fn days_are_heavier_at_both_ends() {
    let (totals, ballots) = of_campaign("S1");
    let mut days = vec![0; usize::from(totals.days)];
    for ballot in &ballots {
        days[usize::from(ballot.day)] += 1;
    }
    assert_eq!(days.len(), 20);
    assert!(days[0] > 2 * days[10] && days[19] > 2 * days[10] && days[10] > 5000, "{days:?}");
}

#[test]
fn a_vote_that_goes_on_has_ballots_only_until_today() {
    let (totals, ballots) = of_campaign("S3");
    assert_eq!((totals.days, totals.days_begun), (20, 2));
    let today = ballots.iter().filter(|b| b.day == 1).count();
    assert!((3000..10_000).contains(&today), "{today}");
}

#[test]
fn impossible_totals_are_refused() {
    let option = |votes, votes_real_name| OptionTotal { code: "a", votes, votes_real_name };
    let refusal = |ballots, ballots_real_name, option| {
        let totals = Totals {
            seed: "refusal",
            options: vec![option],
            provinces: vec!["110000"],
            ballots,
            ballots_real_name,
            max_choices: 5,
            days: 1,
            days_begun: 1,
        };
        generate(&totals).err()
    };
    assert_eq!(refusal(2, 1, option(2, 1)), None);
    assert_eq!(refusal(1, 2, option(2, 2)), Some(Unmeetable::Part));
    assert_eq!(refusal(2, 0, option(3, 0)), Some(Unmeetable::Option));
    assert_eq!(refusal(3, 0, option(2, 0)), Some(Unmeetable::Sum));
}

/// Any small election: ballots are drawn and counted, and the test keeps only the counts.
fn elections() -> impl Strategy<Value = (usize, u32, Vec<(bool, BTreeSet<usize>)>)> {
    (1_usize..12, 1_u32..6).prop_flat_map(|(options, max)| {
        let most = options.min(max as usize);
        let ballot = (any::<bool>(), prop::collection::btree_set(0..options, 1..=most));
        (Just(options), Just(max), prop::collection::vec(ballot, 0..60))
    })
}

proptest! {
    #[test]
    fn any_totals_that_ballots_can_have_are_met((options, max_choices, drawn) in elections(), begun in 1_u16..9) {
        let codes: Vec<String> = (0..options).map(|option| format!("X-{option}")).collect();
        let mut counts: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
        for (real_name, choices) in &drawn {
            for choice in choices {
                let count = counts.entry(*choice).or_default();
                count.0 += 1;
                count.1 += u32::from(*real_name);
            }
        }
        let option = |(option, code)| {
            let (votes, votes_real_name) = counts.get(&option).copied().unwrap_or_default();
            OptionTotal { code, votes, votes_real_name }
        };
        let totals = Totals {
            seed: "small",
            options: codes.iter().map(String::as_str).enumerate().map(option).collect(),
            provinces: vec!["110000", "440000", "540000"],
            ballots: drawn.len() as u32,
            ballots_real_name: drawn.iter().filter(|(real_name, _)| *real_name).count() as u32,
            max_choices,
            days: 8,
            days_begun: begun.min(8),
        };
        let ballots: Vec<_> = generate(&totals).unwrap().collect();
        check(&totals, &ballots);
    }
}
