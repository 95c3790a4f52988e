//! Tests that the programme file can be read and is consistent.

use std::collections::BTreeSet;

use super::*;

fn options() -> impl Iterator<Item = &'static BallotOption> {
    programme().campaigns.iter().flat_map(|c| &c.options)
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    values.collect::<BTreeSet<_>>().len()
}

#[test]
fn the_programme_has_its_size() {
    let p = programme();
    assert_eq!((p.provinces.len(), p.supervision_teams.len(), p.campaigns.len()), (31, 8, 3));
    assert!(p.provinces.iter().all(|p| p.in_dispatch));
    assert_eq!(distinct(p.provinces.iter().map(|p| &p.short_en)), 31);
    assert!(p.campaigns.iter().all(|c| c.options.len() == 30));
    assert_eq!(distinct(options().map(|o| &o.code)), 90);
}

#[test]
fn short_titles_are_short_and_distinct() {
    for o in options() {
        let han = o.short_zh.chars().count();
        assert!((2..=12).contains(&han), "{}", o.short_zh);
        assert!(o.short_zh.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", o.short_zh);
        assert!((1..=26).contains(&o.short_en.len()), "{}", o.short_en);
    }
    assert_eq!(distinct(options().map(|o| &o.short_zh)), 90);
    assert_eq!(distinct(options().map(|o| &o.short_en)), 90);
}

#[test]
fn every_campaign_has_five_or_six_themes() {
    for c in &programme().campaigns {
        let themes = distinct(c.options.iter().map(|o| &o.theme));
        assert!((5..=6).contains(&themes), "{}: {themes}", c.code);
    }
    for o in options() {
        let theme = programme().themes.iter().find(|t| t.code == o.theme);
        let named = theme.is_some_and(|t| t.name_zh == o.theme_zh && t.name_en == o.theme_en);
        assert!(named, "{}", o.code);
    }
}

#[test]
fn every_code_is_declared() {
    let p = programme();
    let department = |code: &String| p.departments.iter().any(|d| d.code == *code);
    assert!(p.campaigns.iter().all(|c| c.hosts.iter().all(department)));
    for o in options() {
        assert!(department(&o.lead_department) && o.co_departments.iter().all(department), "{}", o.code);
        assert!(p.domains.iter().any(|d| d.code == o.domain), "{}", o.code);
        assert!(p.root_causes.iter().any(|r| r.code == o.root_cause), "{}", o.code);
        assert!(!o.remedies.is_empty(), "{}", o.code);
        assert!(o.remedies.iter().all(|code| p.remedies.iter().any(|r| r.code == *code)), "{}", o.code);
    }
    for province in &p.provinces {
        let teams: Vec<_> = p.supervision_teams.iter().filter(|t| t.provinces.contains(&province.code)).collect();
        assert_eq!(teams.iter().map(|t| &t.code).collect::<Vec<_>>(), [&province.team]);
    }
}

#[test]
fn option_votes_add_up() {
    let sums = programme().campaigns.iter().map(|c| {
        assert_eq!(c.options.iter().map(|o| o.votes_all).sum::<u32>(), c.option_votes);
        assert!(c.options.iter().all(|o| o.votes_all <= c.ballots && o.votes_real_name <= c.ballots_real_name));
        (c.ballots, c.ballots_real_name, c.option_votes, c.options.iter().map(|o| o.votes_real_name).sum())
    });
    let expected = [(180_000, 50_000, 540_000, 150_000), (146_000, 41_300, 438_000, 123_900)];
    assert_eq!(sums.collect::<Vec<(u32, u32, u32, u32)>>()[..2], expected);
}

#[test]
fn chinese_text_has_chinese_punctuation() {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let text: Vec<char> = include_str!("../programme.json").chars().collect();
    for three in text.windows(3) {
        let around = han(three[0]) && (han(three[2]) || three[2].is_ascii_alphanumeric());
        assert!(!(around && ",;:?!()' ".contains(three[1])), "{}", three.iter().collect::<String>());
    }
}
