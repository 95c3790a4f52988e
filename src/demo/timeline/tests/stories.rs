//! Tests of the four rows with a fixed story.

use super::*;

fn steps_of((issue, province): (&str, &str)) -> Vec<Step> {
    timeline(programme()).into_iter().filter(|s| s.issue == issue && s.province == province).collect()
}

#[test]
fn a_returned_row_is_ruled_back_and_acknowledged() {
    let steps = steps_of(story::RETURNED);
    let days: Vec<_> = steps.iter().map(|s| local(s.at).date()).collect();
    assert!(matches!(
        steps.iter().map(|s| &s.act).collect::<Vec<_>>()[..],
        [Act::Return { .. }, Act::RuleBack { .. }, Act::Acknowledge { .. }, Act::Plan { .. }]
    ));
    assert_eq!(days, ["2018-05-10", "2018-05-11", "2018-05-14", "2018-05-17"].map(date));
}

#[test]
fn an_exempted_row_was_asked_for_first() {
    let steps = steps_of(story::EXEMPTED);
    assert!(matches!(
        steps.iter().map(|s| &s.act).collect::<Vec<_>>()[..],
        [Act::Acknowledge { .. }, Act::RequestExemption { .. }, Act::Exempt { .. }]
    ));
}

#[test]
fn a_rejected_row_and_a_relapsed_row_are_signed_again() {
    let kind = |act: &Act| match act {
        Act::Sign => Some("signed"),
        Act::Reject { .. } => Some("rejected"),
        Act::Verify { .. } => Some("verified"),
        Act::Relapse { .. } => Some("relapsed"),
        _ => None,
    };
    let told = |key| -> Vec<(NaiveDate, &str)> {
        steps_of(key).iter().filter_map(|s| Some((local(s.at).date(), kind(&s.act)?))).collect()
    };
    let rejected = [("2018-06-19", "signed"), ("2018-06-20", "rejected"), ("2018-06-21", "signed")];
    assert_eq!(told(story::REJECTED), rejected.map(|(day, what)| (date(day), what)));
    let relapsed =
        [("2018-05-14", "signed"), ("2018-05-29", "verified"), ("2018-06-06", "relapsed"), ("2018-06-20", "signed")];
    assert_eq!(told(story::RELAPSED), relapsed.map(|(day, what)| (date(day), what)));
    assert!(!resolved("2018-06-19").contains(&("S1-02".into(), "520000".into())));
}
