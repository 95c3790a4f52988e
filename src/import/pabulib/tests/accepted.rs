//! Tests of the result for good files.

use crate::import::pabulib::{Election, Error, VoteType, parse};

const KESTREL_BAY: &str = include_str!("../../../../tests/fixtures/kestrel-bay.pb");
const OLD_MILL: &str = include_str!("../../../../tests/fixtures/old-mill.pb");

#[test]
fn columns_may_stand_in_any_order() -> Result<(), Error> {
    let election = parse(KESTREL_BAY.as_bytes())?;
    assert_eq!(election.title().as_deref(), Some("Neighbourhood budget of Kestrel Bay, 2031"));
    assert_eq!(election.language.as_deref(), Some("en"));
    assert_eq!((election.vote_type, election.max_choices), (VoteType::Approval, 3));
    let days = [election.begin, election.end].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
    assert_eq!(days, ["2031-02-03", "2031-02-16"]);
    let ids: Vec<_> = election.projects.iter().map(|project| project.id.as_str()).collect();
    assert_eq!(ids, ["12", "L-7", "3", "40"]);
    let choices: Vec<_> = election.ballots.iter().map(|ballot| ballot.choices.as_slice()).collect();
    assert_eq!(choices, [&[0, 1, 2][..], &[3], &[1, 0], &[2, 0], &[0], &[1, 3, 0], &[2, 1]]);
    Ok(())
}

#[test]
fn a_quoted_name_may_contain_semicolons_and_line_breaks() -> Result<(), Error> {
    let election = parse(KESTREL_BAY.as_bytes())?;
    assert_eq!(election.projects[1].name, "Lamps; \"warm\" ones,\nalong the whole pier");
    Ok(())
}

#[test]
fn lines_are_the_lines_of_the_file_also_after_quoted_line_breaks() -> Result<(), Error> {
    for text in [KESTREL_BAY.to_owned(), KESTREL_BAY.replace('\n', "\r\n"), KESTREL_BAY.replace('\n', "\r")] {
        let election = parse(text.as_bytes())?;
        let projects: Vec<_> = election.projects.iter().map(|project| project.line).collect();
        let ballots: Vec<_> = election.ballots.iter().map(|ballot| ballot.line).collect();
        assert_eq!((projects, ballots), (vec![20, 21, 23, 24], vec![27, 28, 29, 31, 32, 33, 34]));
    }
    Ok(())
}

#[test]
fn what_is_optional_may_be_absent() -> Result<(), Error> {
    let election = parse(OLD_MILL.as_bytes())?;
    assert_eq!(election.title().as_deref(), Some("Old Mill"));
    assert_eq!((election.vote_type, election.max_choices), (VoteType::ChooseOne, 1));
    let days = [election.begin, election.end].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
    assert_eq!(days, ["2030-01-01", "2030-12-31"]);
    assert_eq!((election.projects[0].name.as_str(), election.projects[0].published_votes), ("roof", None));
    assert_eq!(election.ballots.iter().map(|ballot| ballot.choices[0]).collect::<Vec<_>>(), [1, 0, 1]);
    Ok(())
}

#[test]
fn without_max_length_a_ballot_may_choose_every_project() -> Result<(), Error> {
    let most = |text: &str| parse(text.as_bytes()).map(|election| election.max_choices);
    assert_eq!(most(&KESTREL_BAY.replace("max_length;3\n", "")), Ok(4));
    assert_eq!(most(&KESTREL_BAY.replace("max_length;3", "max_length;")), Ok(4));
    assert_eq!(most(&KESTREL_BAY.replace("max_length;3", "max_length;90")), Ok(4));
    Ok(())
}

#[test]
fn a_byte_order_mark_blank_lines_and_padding_change_nothing_but_lines() -> Result<(), Error> {
    let plain = parse(KESTREL_BAY.as_bytes())?;
    let marked = parse(format!("\u{feff}{KESTREL_BAY}\r\n \n").as_bytes())?;
    assert_eq!(marked, plain);
    let padded = KESTREL_BAY.replace("META\n", "\n \nMETA;;;;\n").replace("unit;Kestrel Bay", "unit;Kestrel Bay;;;");
    let padded = parse(padded.as_bytes())?;
    assert_eq!(padded.unit, plain.unit);
    assert_eq!(padded.ballots[6].line, plain.ballots[6].line + 2);
    Ok(())
}

#[test]
fn no_ballots_at_all_is_an_election_too() -> Result<(), Error> {
    let text = OLD_MILL.replace("\nwheel\nroof\nwheel", "");
    assert_eq!(parse(text.as_bytes())?.ballots, []);
    Ok(())
}

fn titled(parts: [Option<&str>; 4]) -> Option<String> {
    let [description, unit, subunit, instance] = parts.map(|part| part.map(str::to_owned));
    let election = Election {
        description,
        unit,
        subunit,
        instance,
        language: None,
        vote_type: VoteType::Approval,
        max_choices: 1,
        begin: None,
        end: None,
        projects: Vec::new(),
        ballots: Vec::new(),
    };
    election.title()
}

#[test]
fn a_title_says_what_where_and_when_once_each() {
    let title = |parts, expected| assert_eq!(titled(parts).as_deref(), expected);
    title(
        [Some("Budget of Kestrel Bay"), Some("Kestrel Bay"), None, Some("2031")],
        Some("Budget of Kestrel Bay, 2031"),
    );
    title([Some("Budget 2031"), None, Some("Old Harbour"), Some("2031")], Some("Budget 2031, Old Harbour"));
    title([None, Some("Kestrel Bay"), Some("Old Harbour"), Some("7")], Some("Kestrel Bay, Old Harbour, 7"));
    title([None, None, None, Some("7")], Some("7"));
    title([None; 4], None);
}
