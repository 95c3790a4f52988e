//! The steps of a citizen's browser or program on the way to a ballot.

use entity::stored::CampaignMove;
use poem::http::StatusCode;
use regex::Regex;
use serde_json::{Value, json};
use shudu::ballot::queries::turnout;
use shudu::ballot_log::counts::recount;
use shudu::base::main_store::Changes;
use shudu::campaign::commands as campaigns;
use shudu::campaign::draft::Draft;
use shudu::pass::proof_of_work::solve;

use testing::given::{self, Organisation};
use testing::{Answer, Person, TestApp};

/// Identity number that the standard prints as its example.
pub const NUMBER: &str = "11010519491231002X";

/// Opens voting in a campaign `t1`, at noon of 6 April 2018: up to 3 of the options T1-1 … T1-6.
pub async fn open() -> (TestApp, Organisation) {
    opened(|_| ()).await
}

/// As [`open`], with changes to the rules.
pub async fn opened(change: impl FnOnce(&mut Draft)) -> (TestApp, Organisation) {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", change).await;
    app.clock.set(testing::app::noon("2018-04-06"));
    (app, people)
}

/// The organiser makes a move of the campaign.
pub async fn advance(app: &TestApp, people: &Organisation, act: CampaignMove, reason: &str) {
    let ctx = app.ctx(&people.organiser);
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| campaigns::advance(tx, &ctx, "t1", act, reason).await)
        .await
        .unwrap();
}

/// An anonymous pass for a solved puzzle.
pub async fn pass(who: &Person) -> String {
    let challenge = challenge(who).await;
    let nonce = solve(&challenge, 4);
    let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": nonce });
    ask_pass(who, &asked).await.expect(200).json()["pass"].as_str().unwrap().to_owned()
}

/// A fresh challenge of the puzzle.
pub async fn challenge(who: &Person) -> String {
    let answer = who.post_json("/api/v1/campaigns/t1/challenges", &Value::Null).await.expect(200).json();
    answer["challenge"].as_str().unwrap().to_owned()
}

pub async fn ask_pass(who: &Person, asked: &Value) -> Answer {
    who.post_json("/api/v1/campaigns/t1/passes", asked).await
}

/// Asks for the real-name pass of a person.
pub async fn person_pass(who: &Person, name: &str, number: &str) -> Answer {
    let asked = json!({ "track": "real_name", "name": name, "number": number });
    ask_pass(who, &asked).await
}

/// Casts a ballot from Jiangsu by the API.
pub async fn cast(who: &Person, pass: &str, choices: &[&str]) -> Answer {
    cast_from(who, pass, "320000", choices).await
}

pub async fn cast_from(who: &Person, pass: &str, place: &str, choices: &[&str]) -> Answer {
    let ballot = json!({ "pass": pass, "place": place, "choices": choices });
    who.post_json("/api/v1/campaigns/t1/ballots", &ballot).await
}

/// Number of ballots in the box, counted from the ballots themselves. The kept counts have to agree.
pub async fn ballots(app: &TestApp) -> i64 {
    let store = &app.app.stores.ballots;
    let recounted = recount(store, "t1", |_| ()).await.unwrap();
    let kept = shudu::ballot_log::counts::counts(store, "t1").await.unwrap();
    assert_eq!(recounted, kept);
    let all = recounted.iter().filter(|((option, ..), _)| option.is_empty()).map(|(_, n)| n).sum();
    assert_eq!(turnout(store, "t1").await.unwrap().0, all);
    all
}

/// The form of a page with the button of an act: the fields that a browser would send when the button is pressed.
pub struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    pub fn of(page: &Answer, act: &str) -> Self {
        let html = page.text();
        let button = format!("name=\"act\" value=\"{act}\"");
        let form = html
            .split("<form ")
            .find(|form| form.contains(&button))
            .unwrap_or_else(|| panic!("no button {act} in {html}"));
        let form = form.split("</form>").next().unwrap();
        let input = Regex::new("<input [^>]*>").unwrap();
        let value = |tag: &str, name: &str| {
            let found = Regex::new(&format!("{name}=\"([^\"]*)\"")).unwrap().captures(tag).map(|c| c[1].to_owned());
            found.unwrap_or_default()
        };
        let mut fields: Vec<(String, String)> = input
            .find_iter(form)
            .map(|tag| tag.as_str())
            .filter(|tag| tag.contains(" name=\""))
            .filter(|tag| {
                let ticks = ["checkbox", "radio"].contains(&&*value(tag, "type"));
                !ticks || tag.contains(" checked")
            })
            .map(|tag| (value(tag, "name"), value(tag, "value")))
            .collect();
        fields.push(("act".to_owned(), act.to_owned()));
        Self { fields }
    }

    pub fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The form with another value in a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn fields(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub async fn send(&self, who: &Person) -> Answer {
        who.post_form(BALLOT_PAGE, &self.fields()).await
    }
}

/// Address to which the steps of a ballot are sent.
pub const BALLOT_PAGE: &str = "/campaigns/t1/ballot?o=17";
/// Address of the page of options, for somebody from Jiangsu.
pub const OPTIONS: &str = "/campaigns/t1/ballot?o=17&step=options&my-place=320000";

/// The check page, after ticking options.
pub async fn check(who: &Person, choices: &[&str]) -> Answer {
    let fields: Vec<(&str, &str)> = choices.iter().map(|code| ("choice", *code)).collect();
    who.post_form(OPTIONS, &fields).await
}

/// The check page, with the pass for a puzzle that the browser solved.
pub async fn check_with_pass(who: &Person, choices: &[&str]) -> Answer {
    let challenge = challenge(who).await;
    let nonce = solve(&challenge, 4);
    let mut fields = vec![("challenge", &*challenge), ("nonce", &*nonce)];
    fields.extend(choices.iter().map(|code| ("choice", *code)));
    who.post_form(OPTIONS, &fields).await
}

/// Presses "cast" on the check page.
pub async fn press(who: &Person, check: &Answer) -> Answer {
    Form::of(check, "cast").send(who).await
}

/// A receipt number for people: groups of four digits in capitals.
pub fn grouped(number: &str) -> String {
    let groups: Vec<&str> = number.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(" ").to_uppercase()
}

/// Requires a redirect to a receipt and returns its address.
#[track_caller]
pub fn receipt_of(answer: &Answer) -> String {
    let body: String = answer.text().chars().take(1500).collect();
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{body}");
    let location = answer.location();
    assert!(location.starts_with("/receipts/"), "{location}");
    location
}
