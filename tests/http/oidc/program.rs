//! Programs that obtain a proof of identity: `POST …/proofs`, a browser at the provider, then `POST …/passes`.

use serde_json::{Value, json};
use shudu::oidc::auth_request::RETURNS;

use super::browser::{parameter, voting};
use super::hostile::{LIES, Provider, Trick};
use testing::{Answer, Person, TestApp};

/// Begins a proof. Returns the proof and the answer of the provider.
async fn begin(program: &Person, provider: &Provider, slug: &str) -> (String, String) {
    let begun = program.post_json(&format!("/api/v1/campaigns/{slug}/proofs"), &Value::Null).await.expect(200).json();
    let address = begun["address"].as_str().unwrap().parse().unwrap();
    provider.was_asked(&address);
    let answer = format!("code=c&state={}", parameter(&address, "state"));
    (begun["proof"].as_str().unwrap().to_owned(), answer)
}

async fn ask(program: &Person, proof: &str, answer: &str) -> Answer {
    let asked = json!({ "track": "real_name", "proof": proof, "answer": answer });
    program.post_json("/api/v1/campaigns/t1/passes", &asked).await
}

/// Answer with the pass of the person for whom the provider vouches.
pub async fn pass(app: &TestApp, provider: &Provider) -> Answer {
    let program = app.nobody();
    let (proof, answer) = begin(&program, provider, "t1").await;
    ask(&program, &proof, &answer).await.expect(200)
}

#[tokio::test]
async fn a_program_gets_the_pass_for_the_answer_of_the_provider_once() {
    let (app, _, provider) = voting().await;
    let program = app.nobody();
    let (proof, answer) = begin(&program, &provider, "t1").await;
    let (other_proof, other_answer) = begin(&program, &provider, "t1").await;
    for (proof, answer) in [(&proof, &other_answer), (&other_proof, &answer), (&answer, &answer)] {
        assert_eq!(ask(&program, proof, answer).await.expect(403).code(), "provider.mismatch");
    }
    let (proof, answer) = begin(&program, &provider, "t1").await;
    let pass = ask(&program, &proof, &answer).await.expect(200).json()["pass"].as_str().unwrap().to_owned();
    let ballot = json!({ "pass": pass, "place": "320000", "choices": ["T1-1"] });
    program.post_json("/api/v1/campaigns/t1/ballots", &ballot).await.expect(201);
    assert_eq!(ask(&program, &proof, &answer).await.expect(403).code(), "provider.used");
}

#[tokio::test]
async fn answers_that_are_none_and_people_who_prove_who_they_are_use_nothing_up() {
    let (app, _, provider) = voting().await;
    let office = app.nobody().at("192.0.2.1");
    let (proof, _) = begin(&office, &provider, "t1").await;
    for _ in 0..=RETURNS.burst {
        assert_eq!(ask(&office, &proof, "code=c&state=x").await.expect(403).code(), "provider.mismatch");
    }
    let (proof, answer) = begin(&office, &provider, "t1").await;
    ask(&office, &proof, &answer).await.expect(200);
    let counts = &app.app.limiter;
    let returns = || counts.table().get(RETURNS, counts.digest(RETURNS, "192.0.2.1"), app.clock.system());
    assert_eq!(returns(), None);
    provider.play(LIES[0]);
    let (proof, answer) = begin(&office, &provider, "t1").await;
    ask(&office, &proof, &answer).await;
    assert_eq!(returns().unwrap().count, 1);
}

#[tokio::test]
async fn a_proof_is_good_for_its_campaign_only() {
    let (app, people, provider) = voting().await;
    app.clock.advance(chrono::TimeDelta::days(-5));
    testing::given::published(&app, &people, "t2", |_| ()).await;
    app.clock.advance(chrono::TimeDelta::days(5));
    let program = app.nobody();
    let (proof, answer) = begin(&program, &provider, "t2").await;
    assert_eq!(ask(&program, &proof, &answer).await.expect(403).code(), "provider.mismatch");
    assert_eq!(provider.redeemed(), 0);
}

#[tokio::test]
async fn a_program_is_told_what_is_wrong() {
    let (app, _, provider) = voting().await;
    let program = app.nobody();
    let typed = json!({ "track": "real_name", "name": "王芳", "number": "11010519491231002X" });
    let refused = program.post_json("/api/v1/campaigns/t1/passes", &typed).await.expect(422);
    assert_eq!(refused.code(), "pass.proof");
    for lie in LIES {
        provider.play(lie);
        let (proof, answer) = begin(&program, &provider, "t1").await;
        let code = ask(&program, &proof, &answer).await.code();
        assert_eq!(code, if lie == Trick::Endless { "provider.away" } else { "provider.refused" }, "{lie:?}");
    }
    let (misled, _, publisher) = voting().await;
    publisher.play(Trick::OtherPublisher);
    let refused = misled.nobody().post_json("/api/v1/campaigns/t1/proofs", &Value::Null).await.expect(403);
    assert_eq!(refused.code(), "provider.refused");
    let elsewhere = TestApp::new().await;
    let people = testing::given::organisation(&elsewhere).await;
    testing::given::open(&elsewhere, &people, "t1").await;
    let begun = elsewhere.nobody().post_json("/api/v1/campaigns/t1/proofs", &Value::Null).await.expect(409);
    assert_eq!(begun.code(), "pass.no_source");
}
