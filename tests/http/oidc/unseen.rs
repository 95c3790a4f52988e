//! No answer tells whether somebody already has a pass.

use poem::http::header;
use serde_json::json;

use super::browser::{Browser, citizen, leave, voting};
use super::hostile::Provider;
use crate::ballot::voting::Form;
use testing::{Answer, TestApp};

/// Everything that an onlooker sees of an answer. Random parts count only by their length.
fn seen(answer: &Answer) -> Vec<String> {
    let mut seen: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id" && *name != header::DATE)
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            match value.split_once("__Host-shudu-proof=") {
                Some((_, rest)) => {
                    let (sealed, rest) = rest.split_once(';').unwrap();
                    format!("{name}: {} characters;{rest}", sealed.len())
                }
                None => format!("{name}: {value}"),
            }
        })
        .collect();
    seen.sort();
    seen.push(format!("{} {}", answer.status, answer.text()));
    seen
}

/// Text of the page with the pass masked.
fn without_pass(page: &Answer) -> String {
    let html = page.text();
    let pass = Form::of(page, "cast").get("pass").to_owned();
    html.replace(&pass, &format!("{} characters", pass.len()))
}

async fn proven(app: &TestApp, provider: &Provider) -> (Browser, Answer, Answer) {
    let browser = Browser::of(app);
    let back = leave(&browser, provider).await;
    let answer = browser.arrive(&back).await.expect(303);
    let page = browser.get(&answer.location()).await.expect(200);
    (browser, answer, page)
}

#[tokio::test]
async fn a_new_person_and_one_who_voted_are_answered_alike_until_they_cast() {
    let (app, _, provider) = voting().await;
    let (browser, first, page) = proven(&app, &provider).await;
    browser.press(&Form::of(&page, "cast")).await.expect(303);

    let (again, second, same) = proven(&app, &provider).await;
    assert_eq!(seen(&first), seen(&second));
    assert_eq!(without_pass(&page), without_pass(&same));
    provider.vouch(citizen("c-2", "440524188001010014"));
    let (_, other, others) = proven(&app, &provider).await;
    assert_eq!(seen(&first), seen(&other));
    assert_eq!(without_pass(&page), without_pass(&others));

    // Only the holder of the pass learns it, by trying to cast another ballot with the pass.
    let refused = again.press(&Form::of(&same, "cast").with("choice", "T1-3")).await.expect(409);
    assert!(refused.text().contains("已经投过票"));
}

#[tokio::test]
async fn a_program_is_answered_alike_too() {
    let (app, _, provider) = voting().await;
    let ask = async |who: &str, number: &str| {
        provider.vouch(citizen(who, number));
        super::program::pass(&app, &provider).await
    };
    let first = ask("c-1", "11010519491231002X").await;
    let again = ask("c-1", "11010519491231002x").await;
    let other = ask("c-2", "440524188001010014").await;
    assert_eq!(first.text(), again.text(), "the same pass");
    assert_ne!(first.text(), other.text());
    assert_eq!(first.body.len(), other.body.len());
    let blank = |answer: &Answer| {
        let pass = answer.json()["pass"].as_str().unwrap().to_owned();
        answer.text().replace(&pass, "")
    };
    assert_eq!(blank(&first), blank(&other));
    let names = |answer: &Answer| seen(answer).into_iter().filter(|line| !line.contains('{')).collect::<Vec<_>>();
    assert_eq!(names(&first), names(&other));
    assert_eq!(json!(first.json().as_object().unwrap().len()), json!(1));
}
