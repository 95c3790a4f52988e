//! Tests of the dashboard: figures and stories, as the public sees them.

mod as_of;
mod assignment_staff;
mod claims;
mod embed;
mod figures;
mod full;
mod home;
mod lists;
mod matrix;
mod past;
mod stories;

use assignment_staff::AssignmentStaff;
use serde_json::Value;

use testing::{Answer, Person, TestApp, given};

/// A campaign with two issues in three provinces, dispatched at noon of 10 April 2018 and due on 2 July.
async fn small(app: &TestApp) -> AssignmentStaff<'_> {
    let people = given::organisation(app).await;
    given::dispatched(app, &people, "t1").await;
    AssignmentStaff::new(app, &people).await
}

async fn dashboard(reader: &Person, query: &str) -> Value {
    reader.get(&format!("/api/v1/dashboard{query}")).await.expect(200).json()
}

/// The entry of a code in a list of groups.
fn line<'a>(groups: &'a Value, code: &str) -> &'a Value {
    groups.as_array().unwrap().iter().find(|g| g["code"] == code).unwrap_or_else(|| panic!("no {code} in {groups}"))
}

/// The cells of a CSV file below its head, by line.
fn table(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.text();
    assert!(text.starts_with('\u{feff}'), "no byte order mark");
    let (_, table) = text.split_once("\r\n\"\"\r\n").unwrap();
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(table.as_bytes())
        .records()
        .map(|r| r.unwrap().iter().map(ToOwned::to_owned).collect())
        .collect()
}

/// Text of a page without its markup; cells are separated by spaces.
fn words(html: &str) -> String {
    let html = html.replace("</t", " </t");
    let mut text = String::new();
    let mut within = false;
    for c in html.chars() {
        match c {
            '<' => within = true,
            '>' => within = false,
            _ if !within => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
