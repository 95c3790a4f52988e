//! Tests of the slice `campaign`, over HTTP: the public pages, the desks, the API and the clock.

mod api;
mod clock;
mod copying;
mod desk;
mod final_check;
mod halts;
mod hands;
mod moves;
mod names;
mod options;
mod public;
mod rule;
mod times;

use serde_json::{Value, json};
use shudu::campaign::options::write;

use testing::actors::carried_version;
use testing::{Answer, Person, TestApp, given};

/// Form fields with the rules of [`given::draft`].
pub fn form(slug: &str) -> Vec<(&'static str, String)> {
    let (name_zh, name_en) = given::names(slug);
    [
        ("slug", slug),
        ("name_zh", name_zh.as_str()),
        ("name_en", name_en.as_str()),
        ("purpose_zh", "试一试"),
        ("purpose_en", "Trying it out"),
        ("hosts", "NDRC"),
        ("opens_on", "2018-04-05"),
        ("closes_on", "2018-04-08"),
        ("max_choices", "3"),
        ("top_n", "2"),
        ("tracks", "anonymous"),
        ("tracks", "real_name"),
        ("display", "turnout"),
        ("units", "320000"),
        ("units", "330000"),
        ("units", "610000"),
        ("deadline", "on"),
        ("deadline_on", "2018-06-30"),
        ("acknowledge_days", "1"),
        ("day_cap", "500"),
        ("work_seconds", "10"),
    ]
    .map(|(field, value)| (field, value.to_owned()))
    .to_vec()
}

/// The form with one field changed or added.
pub fn with(mut form: Vec<(&'static str, String)>, field: &'static str, value: &str) -> Vec<(&'static str, String)> {
    form.retain(|(name, _)| *name != field);
    form.push((field, value.to_owned()));
    form
}

/// The rules of [`given::draft`] as the API takes them.
fn rules(slug: &str) -> Value {
    let (name_zh, name_en) = given::names(slug);
    json!({
        "slug": slug,
        "name_zh": name_zh,
        "name_en": name_en,
        "purpose_zh": "试一试",
        "purpose_en": "Trying it out",
        "hosts": ["NDRC"],
        "opens_on": "2018-04-05",
        "closes_on": "2018-04-08",
        "max_choices": 3,
        "top_n": 2,
        "tracks": ["anonymous", "real_name"],
        "display": "turnout",
        "units": ["320000", "330000", "610000"],
        "deadline_on": "2018-06-30",
    })
}

/// The options of [`given::options`] as a table.
fn table(slug: &str) -> String {
    write(&given::options(slug)).unwrap()
}

/// Sends a form to a desk.
async fn send(person: &Person, path: &str, form: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = form.iter().map(|(f, v)| (*f, v.as_str())).collect();
    person.post_form(&format!("/desk/campaigns{path}"), &fields).await
}

/// Revision from which the forms of a page were made.
fn revision(page: &str) -> String {
    carried_version(page).1
}

/// Presses the button of a move on the overview page; a grave move leads through its final check.
pub async fn press(person: &Person, slug: &str, act: &str, reason: &str) -> Answer {
    let desk = format!("/desk/campaigns/{slug}");
    let page = person.get(&desk).await.expect(200).text();
    if page.contains(&format!("href=\"{desk}/{act}\"")) {
        return person.check_and_act(&format!("{desk}/{act}"), &[("reason", reason)]).await;
    }
    assert!(page.contains(&format!("action=\"{desk}/{act}\"")), "no button for {act}: {page}");
    let fields = [("revision", revision(&page)), ("reason", reason.to_owned())];
    send(person, &format!("/{slug}/{act}"), &fields).await
}

/// Makes a draft with rules and options through the pages.
pub async fn draft(organiser: &Person, slug: &str) {
    send(organiser, "/new", &form(slug)).await.expect(303);
    let fields = [("revision", "1".to_owned()), ("options", table(slug)), ("act", "save".to_owned())];
    send(organiser, &format!("/{slug}/options"), &fields).await.expect(303);
}

/// A campaign as the API shows it.
async fn shown(person: &Person, slug: &str) -> Value {
    let path = format!("/api/v1/campaigns/{slug}");
    person.get(&path).await.expect(200).json()
}

/// Number of options that a campaign has in the store.
async fn option_count(app: &TestApp, slug: &str) -> u64 {
    let db = app.app.stores.main.db();
    let found = shudu::campaign::queries::campaign(db, slug).await.unwrap();
    shudu::campaign::queries::option_count(db, found.id).await.unwrap()
}
