//! Tests of files that contradict themselves, with the one-line error for each.

use super::{outcome, refused, spoilt};

#[test]
fn a_vote_type_that_cannot_be_counted_is_refused_by_name() {
    let file = include_str!("../../../../tests/fixtures/ordinal.pb");
    let only = "cannot be counted, only approval and choose-1 can";
    assert_eq!(outcome(file), format!(r#"line 4, column 2 (vote_type): vote_type "ordinal" {only}"#));
    for kind in ["cumulative", "scoring", "choose-2", "approval,ordinal"] {
        refused("approval", kind, &format!(r#"line 10, column 2 (vote_type): vote_type "{kind}" {only}"#));
    }
}

#[test]
fn a_missing_vote_type_is_not_taken_for_approval() {
    refused("vote_type;approval\n", "", "line 16: section META does not say vote_type");
    refused("vote_type;approval", "vote_type;", "line 17: section META does not say vote_type");
}

#[test]
fn a_ballot_names_only_projects_of_the_file() {
    let file = include_str!("../../../../tests/fixtures/unknown-project.pb");
    assert_eq!(outcome(file), r#"line 12, column 3 (vote): project "77" is not among the projects"#);
    refused("12,L-7,3;", "12,l-7,3;", r#"line 27, column 2 (vote): project "l-7" is not among the projects"#);
    refused("19;3,12;", "19;3.12;", r#"line 31, column 2 (vote): project "3.12" is not among the projects"#);
}

#[test]
fn a_ballot_chooses_each_project_once_and_keeps_the_limits() {
    refused("45;12;", "45;12, 12;", r#"line 32, column 2 (vote): the ballot chooses project "12" twice"#);
    refused("45;12;", "45;12,3,40,L-7;", "line 32, column 2 (vote): too many choices: 4 (at most 3)");
    refused("min_length;1", "min_length;2", "line 28, column 2 (vote): too few choices: 1 (at least 2)");
    refused("approval", "choose-1", "line 27, column 2 (vote): too many choices: 3 (at most 1)");
    refused("45;12;", "45;12,;", "line 32, column 2 (vote): a project id is missing beside a comma");
}

#[test]
fn an_empty_ballot_is_refused_even_where_min_length_is_0() {
    let line = "line 32, column 2 (vote): the ballot chooses nothing";
    refused("45;12;", "45;;", line);
    refused("45;12;", "45;\"  \";", line);
    let nothing_needed = spoilt("min_length;1", "min_length;0");
    assert_eq!(outcome(&nothing_needed), "accepted");
    assert_eq!(outcome(nothing_needed.replace("45;12;", "45;;")), line);
}

#[test]
fn a_voter_has_one_ballot_that_counts_once() {
    refused(";p6;", ";p3;", r#"line 33, column 3 (voter_id): voter "p3" has a ballot on line 29 already"#);
    assert_eq!(outcome(spoilt(";p6;", ";;").replace(";p5;", ";;")), "accepted", "ids that are not known");
    let weighed = spoilt("voter_id;note", "voter_id;vote_strength");
    let weighed = weighed.replace("\"came by boat;\nleft on foot\"", "1");
    assert_eq!(outcome(&weighed), "accepted");
    let line = r#"line 30, column 4 (vote_strength): vote_strength "2" cannot be counted, every ballot counts once"#;
    assert_eq!(outcome(weighed.replace("p4;", "p4;2")), line);
}

#[test]
fn a_project_has_an_id_of_its_own_that_a_ballot_can_name() {
    refused(";3;3;", ";3;12;", r#"line 23, column 4 (project_id): project "12" is on line 20 already"#);
    refused(";3;3;", ";3;;", "line 23, column 4 (project_id): the project has no id");
    let unusable = "cannot be used: it is too long, or has a comma or a control character";
    refused(";3;3;", ";3;3,5;", &format!(r#"line 23, column 4 (project_id): project id "3,5" {unusable}"#));
    refused(";3;3;", ";3;\"3\n5\";", &format!(r#"line 23, column 4 (project_id): project id "3\n5" {unusable}"#));
    let id = format!("project id \"{}\"… {unusable}", "x".repeat(60));
    refused(";3;3;", &format!(";3;{};", "x".repeat(201)), &format!("line 23, column 4 (project_id): {id}"));
    refused(";3;3;", ";-3;3;", r#"line 23, column 3 (votes): "-3" is not a whole number"#);
}

#[test]
fn numbers_of_rows_that_disagree_with_meta_are_refused() {
    let place = "line 7, column 2 (num_projects): num_projects is";
    refused("num_projects;4", "num_projects;5", &format!("{place} 5, but section PROJECTS counts 4"));
    let place = "line 8, column 2 (num_votes): num_votes is";
    refused("num_votes;7", "num_votes;6", &format!("{place} 6, but section VOTES counts 7"));
    refused("num_votes;7", "num_votes;7.0", r#"line 8, column 2 (num_votes): "7.0" is not a whole number"#);
    assert_eq!(outcome(spoilt("num_votes;7\n", "")), "accepted");
}

#[test]
fn meta_makes_sense() {
    let date = "is not a date (DD.MM.YYYY, YYYY-MM-DD or YYYY)";
    refused("03.02.2031", "31.02.2031", &format!(r#"line 12, column 2 (date_begin): "31.02.2031" {date}"#));
    refused("2031-02-16", "2031-02-02", "line 13, column 2 (date_end): voting ends before it begins");
    refused(
        "max_length;3",
        "max_length;0",
        "line 15, column 2 (max_length): max_length is 0, so no ballot could choose anything",
    );
    refused("max_length;3", "max_length;few", r#"line 15, column 2 (max_length): "few" is not a whole number"#);
    refused(
        "language;en",
        "language;e n",
        r#"line 16, column 2 (language): "e n" is not a language tag such as pl or zh-CN"#,
    );
    refused("rule;greedy", "num_votes;7", "line 11, column 2 (num_votes): section META says num_votes twice");
}
