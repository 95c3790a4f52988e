//! Property tests: any election, written in any way that the format allows, is read back unchanged, with all line numbers.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::paper::{a_style, write};
use crate::import::pabulib::{Ballot, Election, Project, VoteType, compare, count, parse};

proptest! {
    #[test]
    fn what_is_written_is_read_back(mut election in an_election(), style in a_style()) {
        let text = write(&mut election, &style);
        match parse(text.as_bytes()) {
            Ok(read) => prop_assert_eq!(read, election, "{}", text),
            Err(error) => prop_assert!(false, "{}\n{}", error, text),
        }
    }

    #[test]
    fn a_published_total_that_is_off_is_the_only_difference(mut election in an_election(), which in any::<Index>()) {
        let counted = count(&election);
        for (project, counted) in election.projects.iter_mut().zip(&counted) {
            project.published_votes = Some(*counted);
        }
        prop_assert_eq!(compare(&election.projects, &counted), []);
        let which = which.index(election.projects.len());
        election.projects[which].published_votes = Some(counted[which] + 1);
        let differing = compare(&election.projects, &counted);
        prop_assert_eq!(differing.len(), 1);
        prop_assert_eq!(&differing[0].project.id, &election.projects[which].id);
    }

    #[test]
    fn no_bytes_make_it_panic_or_say_more_than_a_line(
        mut election in an_election(), style in a_style(), at in any::<Index>(), junk in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut file = write(&mut election, &style).into_bytes();
        let at = at.index(file.len());
        let end = file.len().min(at + junk.len() / 2);
        file.splice(at..end, junk);
        if let Err(error) = parse(&file) {
            prop_assert_eq!(error.to_string().lines().count(), 1);
            let lines = String::from_utf8_lossy(&file).split(['\r', '\n']).count();
            prop_assert!(error.place.line >= 1 && error.place.line <= lines, "{}", error);
        }
    }
}

/// Text with all characters that could cause trouble.
pub(super) fn a_text() -> impl Strategy<Value = String> {
    let letters = select(vec![
        "a", "Z", "9", "ł", "堵", "🙂", ";", ",", "\"", "\"\"", "\n", "\r\n", "\r", " ", "'", "META", "\\",
    ]);
    let text = prop::collection::vec(letters, 1..8).prop_map(|letters| letters.concat().trim().to_owned());
    text.prop_filter("not blank, not a section", |text| !text.is_empty() && text != "META")
}

fn a_day() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of(
        (1990..2100i32, 0..365u32).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day + 1).unwrap_or_default()),
    )
}

fn an_election() -> impl Strategy<Value = Election> {
    let ids = prop::collection::hash_set("[A-Za-z0-9ąß/#-][A-Za-z0-9 ._\"-]{0,5}[A-Za-z0-9.]", 1..8);
    let projects = ids.prop_flat_map(|ids| {
        let ids: Vec<String> = ids.into_iter().collect();
        let details = prop::collection::vec((prop::option::of(a_text()), prop::option::of(any::<u64>())), ids.len());
        (Just(ids), details)
    });
    let ballots = prop::collection::vec(prop::collection::vec(any::<Index>(), 1..6), 0..20);
    let texts = [(); 4].map(|()| prop::option::of(a_text()));
    let language = prop::option::of(select(vec!["pl".to_owned(), "zh-CN".to_owned()]));
    (projects, ballots, texts, language, any::<bool>(), a_day(), a_day()).prop_map(
        |((ids, details), ballots, [description, unit, subunit, instance], language, choose_one, one, other)| {
            let (begin, end) =
                if one.is_some() && other.is_some() && other < one { (other, one) } else { (one, other) };
            let project = |(id, (name, published_votes)): (String, (Option<String>, _))| Project {
                name: name.unwrap_or_else(|| id.clone()),
                id,
                published_votes,
                line: 0,
            };
            let projects: Vec<Project> = ids.into_iter().zip(details).map(project).collect();
            let most = if choose_one { 1 } else { projects.len() };
            let ballot = |ticks: Vec<Index>| {
                let mut choices: Vec<usize> = Vec::new();
                for tick in ticks.iter().map(|tick| tick.index(projects.len())) {
                    if !choices.contains(&tick) && choices.len() < most {
                        choices.push(tick);
                    }
                }
                Ballot { choices, line: 0 }
            };
            let ballots: Vec<Ballot> = ballots.into_iter().map(ballot).collect();
            let vote_type = if choose_one { VoteType::ChooseOne } else { VoteType::Approval };
            Election {
                description,
                unit,
                subunit,
                instance,
                language,
                vote_type,
                max_choices: most,
                begin,
                end,
                projects,
                ballots,
            }
        },
    )
}
