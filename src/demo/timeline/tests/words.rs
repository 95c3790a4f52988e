//! Tests of the content of the moves: texts, dates and files.

use super::super::super::pdf;
use super::*;

#[test]
fn texts_are_present_and_within_their_limits() {
    let check = |text: &str, most: usize| assert!((1..=most).contains(&text.chars().count()), "{text}");
    for step in timeline(programme()) {
        match &step.act {
            Act::Acknowledge { department } => check(department, 60),
            Act::Return { basis: text }
            | Act::RuleBack { ruling: text }
            | Act::SendBack { reason: text }
            | Act::Reject { finding: text }
            | Act::Relapse { finding: text }
            | Act::Exempt { basis: text } => check(text, 2000),
            Act::Plan { root_cause, remedy, milestones } => {
                check(root_cause, 2000);
                check(remedy, 2000);
                assert!(milestones.len() >= 2 && milestones.is_sorted_by_key(|(day, _)| *day), "{milestones:?}");
                milestones.iter().for_each(|(_, text)| check(text, 2000));
                assert!(milestones.iter().all(|(day, _)| *day >= local(step.at).date()));
            }
            Act::Report { before, after, effective_on, covered, total, evidence } => {
                check(before, 2000);
                check(after, 2000);
                assert!(*effective_on <= local(step.at).date());
                assert!(*covered >= 1 && covered <= total);
                assert!(!evidence.is_empty() && evidence.iter().all(|(name, _)| name.ends_with(".pdf")));
            }
            Act::Verify { test, findings } => {
                check(test, 2000);
                check(findings, 2000);
            }
            Act::RequestExemption { class, basis } => {
                assert_eq!(class, "no_such_service");
                check(basis, 2000);
            }
            Act::Sign => {}
        }
    }
}

#[test]
fn no_two_evidence_files_are_the_same() {
    let steps = timeline(programme());
    let files = steps.iter().filter_map(|step| match &step.act {
        Act::Report { evidence, .. } => Some(evidence),
        _ => None,
    });
    let files: Vec<_> = files.flatten().collect();
    assert!(files.iter().all(|(_, text)| text.is_ascii()));
    assert_eq!(files.iter().map(|(_, text)| pdf::page(text)).collect::<BTreeSet<_>>().len(), files.len());
    assert_eq!(files.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len(), files.len());
}

#[test]
fn every_remedy_of_an_issue_is_planned() {
    for step in timeline(programme()) {
        if let Act::Plan { remedy, .. } = &step.act {
            let mut options = programme().campaigns.iter().flat_map(|c| &c.options);
            let option = options.find(|option| option.code == step.issue).unwrap();
            assert!(remedy.matches('。').count() >= option.remedies.len(), "{}: {remedy}", step.issue);
        }
    }
}

#[test]
fn sentences_are_short_and_have_chinese_punctuation() {
    for step in timeline(programme()) {
        let texts = match step.act {
            Act::Plan { root_cause, remedy, .. } => vec![root_cause, remedy],
            Act::Report { before, after, .. } => vec![before, after],
            Act::Verify { findings: text, .. }
            | Act::Return { basis: text }
            | Act::RuleBack { ruling: text }
            | Act::SendBack { reason: text }
            | Act::Reject { finding: text }
            | Act::Relapse { finding: text }
            | Act::RequestExemption { basis: text, .. }
            | Act::Exempt { basis: text } => vec![text],
            Act::Acknowledge { .. } | Act::Sign => Vec::new(),
        };
        for text in texts {
            assert!(text.ends_with('。'), "{text}");
            assert!(!text.contains([',', ';', ':', '(', ')', ' ', '{', '}']), "{text}");
            assert!(text.split('。').all(|sentence| sentence.chars().count() <= 45), "{text}");
            let banned = ["相关", "务必", "圆满", "显著", "敬请", "请知悉"];
            assert!(banned.iter().all(|word| !text.contains(word)), "{text}");
        }
    }
}
