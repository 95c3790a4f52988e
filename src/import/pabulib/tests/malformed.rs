//! Tests of files that violate the format, with the one-line error for each.

use super::{KESTREL_BAY, outcome, refused, spoilt};
use crate::import::pabulib::{MAX_FIELD_BYTES, MAX_PROJECTS};

#[test]
fn columns_that_are_needed_are_there_once() {
    refused(";project_id;", ";id;", "line 19: section PROJECTS has no column project_id");
    refused("age;vote;", "age;choice;", "line 26: section VOTES has no column vote");
    refused("age;vote;", "vote;vote;", "line 26: section VOTES has two columns vote");
    refused("key;value", "key;val", "line 2: section META has no column value");
    refused("77;40;p2;", "77;40;p2", "line 28: fields in the row: 3, in the header: 4");
    refused("77;40;p2;", "77;40;p2;;x", "line 28: fields in the row: 5, in the header: 4");
}

#[test]
fn sections_stand_in_their_order_each_with_a_header() {
    refused("META\n", "", r#"line 1: section META is expected, not "key""#);
    refused("PROJECTS\n", "VOTES\n", r#"line 18: section PROJECTS is expected, not "VOTES""#);
    refused("VOTES\n", "META\n", r#"line 25: section VOTES is expected, not "META""#);
    refused("8;3,L-7;p7;\n", "VOTES\n", "line 34: section VOTES stands after the last section");
    let cut = |end| outcome(KESTREL_BAY.split_once(end).map_or("", |(start, _)| start));
    assert_eq!(cut("VOTES"), "line 24: the file ends before section VOTES");
    assert_eq!(cut("PROJECTS"), "line 17: the file ends before section PROJECTS");
    assert_eq!(cut("cost;"), "line 18: section PROJECTS has no header row");
    assert_eq!(
        outcome("META\nkey;value\nvote_type;approval\nPROJECTS\nVOTES\n"),
        "line 4: section PROJECTS has no header row"
    );
    assert_eq!(
        outcome("META\nkey;value\nvote_type;approval\nPROJECTS\nproject_id\nVOTES\nvote"),
        "line 5: there are no projects"
    );
    assert_eq!(outcome("META\nkey;value\nPROJECTS\n"), "line 2: section META does not say vote_type");
    assert_eq!(outcome(""), "line 1: the file ends before section META");
    assert_eq!(outcome("\n\n"), "line 1: the file ends before section META");
}

#[test]
fn a_quotation_mark_left_open_does_not_swallow_the_ballots_after_it() {
    refused("19;3,12;p4;", "19;3,12;p4;\"by", "line 31, column 4: a quotation mark opens here and is never closed");
    let after = "text follows a closing quotation mark (one inside a quoted field is written twice)";
    refused("19;3,12;p4;", "19;3,12;p4;\"by\" boat", &format!("line 31, column 4: {after}"));
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_place() {
    let latin = KESTREL_BAY.replace("菜园 for", "µ for").into_bytes();
    let at = latin.iter().position(|byte| *byte == 0xC2).unwrap_or_default();
    let latin = [&latin[..at], &latin[at + 1..]].concat();
    assert_eq!(outcome(latin), "line 23: byte 0xB5 (character 8 of the line) is not UTF-8 text");
    assert_eq!(outcome(b"\xFF\xFEM\0"), "line 1: byte 0xFF (character 1 of the line) is not UTF-8 text");
    assert_eq!(outcome(b"\xEF\xBB\xBFa\xE8\x8F"), "line 1: byte 0xE8 (character 2 of the line) is not UTF-8 text");
}

#[test]
fn nothing_is_longer_or_more_than_anyone_would_write() {
    let long = "x".repeat(MAX_FIELD_BYTES);
    assert_eq!(outcome(spoilt("Ferry bell", &long)), "accepted");
    let line = format!(
        "line 24, column 2: the field has {} bytes, more than the {MAX_FIELD_BYTES} that are allowed",
        MAX_FIELD_BYTES + 1
    );
    refused("Ferry bell", &format!("{long}x"), &line);

    let many = |projects: usize| {
        let ids: String = (0..projects).map(|id| format!("{id}\n")).collect();
        outcome(format!("META\nkey;value\nvote_type;approval\nPROJECTS\nproject_id\n{ids}VOTES\nvote\n7,99\n"))
    };
    assert_eq!(many(MAX_PROJECTS), "accepted");
    assert_eq!(many(MAX_PROJECTS + 1), "line 100006, column 1 (project_id): there are more than 100000 projects");
}
