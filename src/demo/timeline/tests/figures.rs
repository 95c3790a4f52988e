//! Tests that the moves add up to the acceptance figures, by issue, province and team.

use super::*;

#[test]
fn mid_may_has_260_resolved_and_two_issues_over_seventy_percent() {
    let resolved = resolved("2018-05-15");
    assert_eq!(resolved.len(), 260);
    let mut by_issue: BTreeMap<&str, usize> = BTreeMap::new();
    for (issue, _) in &resolved {
        *by_issue.entry(issue).or_default() += 1;
    }
    let over: Vec<_> = by_issue.iter().filter(|(_, count)| **count * 10 > 31 * 7).collect();
    assert_eq!(over, [(&"S1-03", &24), (&"S1-04", &23)]);
}

#[test]
fn june_has_369_and_173_resolved() {
    let resolved = resolved("2018-06-22");
    let of = |season: &str| resolved.iter().filter(|(issue, _)| issue.starts_with(season)).count();
    assert_eq!((of("S1"), of("S2")), (369, 173));
}

#[test]
fn every_issue_is_resolved_exactly_where_the_figures_say() {
    let figures = &programme().acceptance;
    let (may, june) = (resolved("2018-05-15"), resolved("2018-06-22"));
    let provinces = |set: &BTreeSet<Key>, code: &str| -> Vec<String> {
        set.iter().filter(|(issue, _)| issue == code).map(|(_, province)| province.clone()).collect()
    };
    for row in figures.batch1_by_issue.iter().chain(&figures.batch2_by_issue) {
        assert_eq!(provinces(&may, &row.issue), row.resolved_mid_may, "{}", row.issue);
        assert_eq!(provinces(&june, &row.issue), row.resolved_june_22, "{}", row.issue);
    }
}

#[test]
fn every_province_and_team_has_its_figures() {
    let (may, june) = (resolved("2018-05-15"), resolved("2018-06-22"));
    let count = |set: &BTreeSet<Key>, season: &str, code: &str| {
        set.iter().filter(|(issue, province)| issue.starts_with(season) && province == code).count()
    };
    for row in &programme().acceptance.by_province {
        let code = &row.province;
        assert_eq!(count(&may, "S1", code), row.batch1_mid_may, "{code}");
        assert_eq!(count(&june, "S1", code), row.batch1_june_22, "{code}");
        assert_eq!(count(&june, "S2", code), row.batch2_june_22, "{code}");
        assert_eq!(count(&june, "S", code), row.total_june_22, "{code}");
    }
    for row in &programme().acceptance.by_team {
        let team = programme().supervision_teams.iter().find(|team| team.code == row.team).unwrap();
        assert_eq!(team.provinces.len() * 40, row.assignments);
        assert_eq!(team.provinces.iter().map(|p| count(&june, "S", p)).sum::<usize>(), row.resolved, "{}", row.team);
        if ["T5", "T6"].contains(&row.team.as_str()) {
            assert_eq!((row.resolved, row.assignments), (74, 160));
        }
    }
}
