//! The summaries of errors above the forms of all desks: every summary names its fields by their labels.

use std::collections::BTreeSet;

use poem::http::Method;

use super::world::{COLUMNS, World};

/// Sentences that say "here". Without the label of a field, a reader of the summary does not know where.
const HERE: [&str; 14] = [
    "这里不能空着",
    "请写一个整数",
    "请按2018-07-07的样子写日期",
    "请按9:30的样子写时刻",
    "请从给出的选项里选",
    "请从列出的原因里选",
    "请从列出的办法里选",
    "This cannot be left empty",
    "Write a whole number",
    "Write a date like 2018-07-07",
    "Write a time like 9:30",
    "Choose one of the options",
    "Choose one of the listed causes",
    "Choose one of the listed remedies",
];

/// Addresses whose empty form is refused with a summary for at least one person.
const REFUSED: [&str; 20] = [
    "/desk/accounts/new",
    "/desk/assignments/:issue/:province/acknowledgement",
    "/desk/assignments/:issue/:province/exemption-request",
    "/desk/assignments/:issue/:province/plan",
    "/desk/assignments/:issue/:province/rejection",
    "/desk/assignments/:issue/:province/relapse",
    "/desk/assignments/:issue/:province/report",
    "/desk/assignments/:issue/:province/return",
    "/desk/assignments/:issue/:province/ruling",
    "/desk/assignments/:issue/:province/sending-back",
    "/desk/assignments/:issue/:province/verification",
    "/desk/assignments/:issue/:province/withdrawal",
    "/desk/audit/:number",
    "/desk/calendar/:year",
    "/desk/campaigns/:slug/cancellation",
    "/desk/campaigns/:slug/rules",
    "/desk/campaigns/new",
    "/desk/delegations",
    "/desk/incidents",
    "/desk/password",
];

/// The sentences of the summary on a page, without their tags.
fn summary(page: &str) -> Vec<String> {
    let Some((_, rest)) = page.split_once("<div class=\"errors\"") else {
        return Vec::new();
    };
    let list = rest.split("</div>").next().unwrap();
    let items = list.split("<li>").skip(1).map(|item| item.split("</li>").next().unwrap());
    let plain = |item: &str| item.split('<').map(|part| part.rsplit('>').next().unwrap()).collect::<String>();
    items.map(plain).collect()
}

/// Whether a sentence begins with a message key or the name of a field.
fn begins_with_a_key(sentence: &str) -> bool {
    let label = sentence.split([':', '：']).next().unwrap();
    let is_of_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    label.len() < sentence.len() && label.contains(['-', '_']) && label.chars().all(is_of_key)
}

/// The path of an address in the world, for the draft `d1` and for an assignment in the state of the move.
fn path(pattern: &str) -> String {
    let noun = pattern.split('/').rfind(|part| !part.starts_with(':')).unwrap();
    let parts = pattern.split('/').map(|part| match part {
        ":slug" => "d1",
        ":issue" => World::row_for(noun),
        ":province" => "320000",
        ":login" => "somebody",
        ":year" => "2018",
        other if other.starts_with(':') => "1",
        other => other,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_summary_names_its_fields_by_their_labels() {
    let world = World::new().await;
    let mut refused = BTreeSet::new();
    let mut wrong = Vec::new();
    let entries = shudu::router::entries();
    let patterns =
        entries.iter().filter(|(method, pattern, _)| *method == Method::POST && pattern.starts_with("/desk/"));
    for pattern in patterns.map(|(_, pattern, _)| pattern.as_str()) {
        let fields: &[(&str, &str)] = if pattern.contains(":year") {
            &[("holidays", "xx"), ("makeup_days", "xx")]
        } else if pattern.contains(":slug") {
            &[("revision", "1")]
        } else {
            &[]
        };
        let staff = COLUMNS.into_iter().zip(&world.people);
        for (who, person) in staff.filter(|(who, _)| !["nobody", "suspended"].contains(who)) {
            for person in [person.clone(), person.clone().in_english()] {
                let answer = person.post_form(&path(pattern), fields).await;
                let Ok(page) = String::from_utf8(answer.body.clone()) else { continue };
                for sentence in summary(&page) {
                    refused.insert(pattern.to_owned());
                    if begins_with_a_key(&sentence) || HERE.contains(&sentence.as_str()) {
                        wrong.push(format!("{who} {pattern}: {sentence}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<_> = REFUSED.iter().filter(|pattern| !refused.contains(**pattern)).collect();
    assert!(missing.is_empty(), "no summary: {missing:?}");
}

#[test]
fn a_summary_is_read_and_a_raw_key_is_found() {
    let page = "<div class=\"errors\" role=\"alert\"><h2>T</h2>\n<ul><li><a href=\"#a\">accounts-from-on：这里</a></li><li>B: c</li></ul>\n</div>";
    assert_eq!(summary(page), ["accounts-from-on：这里", "B: c"]);
    assert!(begins_with_a_key("accounts-from-on：这里") && begins_with_a_key("from_on: here"));
    assert!(!begins_with_a_key("B: c") && !begins_with_a_key("日期：a-b") && !begins_with_a_key("a-b"));
}
