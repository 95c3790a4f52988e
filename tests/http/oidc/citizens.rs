//! Citizens prove their identity at a provider and come back to the ballot that they left.

use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use shudu::pass::person::Person;

use super::browser::{BALLOT, Browser, citizen, leave, parameter, prove, voting, way_out};
use super::hostile::{LIES, Trick};
use crate::ballot::voting::{Form, ballots};
use testing::{Answer, TestApp};

/// Number of real-name passes that were issued.
async fn given(app: &TestApp) -> u64 {
    entity::register::nullifier::Entity::find().count(app.app.stores.register.db()).await.unwrap()
}

/// Whether the page holds the ballot as the citizen left it.
fn keeps_ballot(page: &Answer) -> bool {
    let html = page.text();
    ["value=\"320000\"", "value=\"T1-2\"", "value=\"T1-5\""].iter().all(|field| html.contains(field))
}

#[tokio::test]
async fn whoever_proves_an_identity_comes_back_to_the_ballot_as_it_was_left_and_casts_it() {
    let (app, _, provider) = voting().await;
    let browser = Browser::of(&app);
    let page = prove(&browser, &provider).await;
    assert!(page.text().contains("身份已核验"), "{}", page.text());
    assert!(keeps_ballot(&page));
    assert_eq!(ballots(&app).await, 0, "a proof casts nothing");
    let cast = browser.press(&Form::of(&page, "cast")).await.expect(303);
    assert!(cast.location().starts_with("/receipts/"));
    assert_eq!(ballots(&app).await, 1);
    assert!(browser.cookies().is_empty(), "nothing stays in the browser");
    // Loading the page again leads back to the start of the ballot.
    assert_eq!(browser.get("/campaigns/t1/ballot/proven").await.expect(303).location(), "/campaigns/t1/ballot");
}

#[tokio::test]
async fn the_page_before_leaving_says_who_asks_and_its_link_asks_for_a_fresh_proof() {
    let (app, _, provider) = voting().await;
    let page = Browser::of(&app).post("/campaigns/t1/ballot?o=7", &BALLOT).await.expect(200);
    assert!(page.text().contains("网证"));
    let address = way_out(&page, &provider.url);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "shudu"),
        ("redirect_uri", "https://shudu.test/identity/return"),
        ("scope", "openid identity"),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
    ] {
        assert_eq!(parameter(&address, name), value);
    }
    for secret in ["state", "nonce", "code_challenge"] {
        assert!(parameter(&address, secret).len() >= 43, "{secret}");
    }
    assert!(!address.as_str().contains("320000") && !address.as_str().contains("T1-"), "{address}");
}

#[tokio::test]
async fn nothing_of_the_person_is_kept() {
    let (app, _, provider) = voting().await;
    provider.vouch(citizen("subject-that-must-not-stay", "440524188001010014"));
    let browser = Browser::of(&app);
    let page = prove(&browser, &provider).await;
    browser.press(&Form::of(&page, "cast")).await.expect(303);
    assert_eq!(given(&app).await, 1);
    if std::env::var("TEST_DATABASE_URL").is_ok_and(|url| !url.is_empty()) {
        return; // the files of the server are not ours to read
    }
    let mut read = 0;
    let mut folders = vec![app.app.config.data.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            read += bytes.len();
            for kept in [&b"440524188001010014"[..], b"subject-that-must-not-stay"] {
                assert!(!bytes.windows(kept.len()).any(|window| window == kept), "{}", path.display());
            }
        }
    }
    assert!(read > 100_000);
}

#[tokio::test]
async fn no_lie_of_a_provider_gives_a_pass_and_no_tick_is_lost() {
    let (app, _, provider) = voting().await;
    for lie in LIES {
        provider.play(lie);
        let browser = Browser::of(&app);
        let back = leave(&browser, &provider).await;
        let page = browser.arrive(&back).await;
        assert_eq!(page.status.as_u16(), if lie == Trick::Endless { 409 } else { 403 }, "{lie:?}: {}", page.text());
        assert!(keeps_ballot(&page), "{lie:?}");
        let said = if lie == Trick::Endless { "没有回应" } else { "核验的答复有问题" };
        assert!(page.text().contains(said), "{lie:?}: {}", page.text());
        assert!(browser.cookies().is_empty(), "{lie:?}");
    }
    assert_eq!(given(&app).await, 0);
    provider.play(Trick::Honest);
    prove(&Browser::of(&app), &provider).await;
    assert_eq!(given(&app).await, 1, "the same, but honest");
}

#[tokio::test]
async fn a_provider_that_publishes_another_issuer_is_sent_nobody_and_costs_nobody_a_tick() {
    let (app, _, provider) = voting().await;
    provider.play(Trick::OtherPublisher);
    let browser = Browser::of(&app);
    // The second round shows that the refused metadata are not cached.
    for _ in 0..2 {
        let page = browser.post("/campaigns/t1/ballot?o=7", &BALLOT).await.expect(403);
        assert!(page.text().contains("核验的答复有问题") && keeps_ballot(&page), "{}", page.text());
        assert!(!page.text().contains("/auth?"), "nobody is sent there: {}", page.text());
    }
    assert!(browser.cookies().is_empty());
    assert_eq!((given(&app).await, provider.redeemed()), (0, 0));
    provider.play(Trick::Honest);
    prove(&Browser::of(&app), &provider).await;
    assert_eq!(given(&app).await, 1, "the same, but honest");
}

#[tokio::test]
async fn keys_that_the_provider_changed_meanwhile_are_fetched_again() {
    let (app, _, provider) = voting().await;
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider).await;
    provider.play(Trick::NewKeys);
    browser.arrive(&back).await.expect(303);
}

#[tokio::test]
async fn an_answer_to_another_trip_is_refused_and_ends_nobodys() {
    let (app, _, provider) = voting().await;
    let (victim, attacker) = (Browser::of(&app), Browser::of(&app));
    let own = leave(&victim, &provider).await;
    let foreign = leave(&attacker, &provider).await;
    let without_state = "/identity/return?code=c";
    let twice = format!("{own}&state=x");
    victim.arrive(&twice).await.expect(422);
    for wrong in [foreign.as_str(), without_state, "/identity/return"] {
        let page = victim.arrive(wrong).await.expect(403);
        assert!(page.text().contains("重新开始"), "{}", page.text());
    }
    let stranger = Browser::of(&app);
    stranger.arrive(&own).await.expect(403);
    assert_eq!((given(&app).await, provider.redeemed()), (0, 0), "the provider is not even asked");
    // The victim's own sign-in still succeeds.
    let own = leave(&victim, &provider).await;
    victim.arrive(&own).await.expect(303);
}

#[tokio::test]
async fn a_code_is_redeemed_once_although_it_comes_twice() {
    let (app, _, provider) = voting().await;
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider).await;
    let before = browser.cookies();
    browser.arrive(&back).await.expect(303);
    browser.remember(before);
    let page = browser.arrive(&back).await.expect(403);
    assert!(page.text().contains("已经用过"), "{}", page.text());
    assert_eq!(provider.redeemed(), 1);
}

#[tokio::test]
async fn an_answer_in_another_issuers_name_is_refused_before_its_code_is_used() {
    let (app, _, provider) = voting().await;
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider).await;
    browser.arrive(&format!("{back}&iss=https%3A%2F%2Fid.example")).await.expect(403);
    assert_eq!(provider.redeemed(), 0);
    let back = leave(&browser, &provider).await;
    let iss = serde_urlencoded::to_string([("iss", &provider.url)]).unwrap();
    browser.arrive(&format!("{back}&{iss}")).await.expect(303);
}

#[tokio::test]
async fn whoever_cancels_is_back_with_everything_and_may_vote_anonymously() {
    let (app, _, provider) = voting().await;
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider).await.replace("code=c", "error=access_denied");
    let page = browser.arrive(&back).await.expect(409);
    assert!(page.text().contains("核验被取消") && keeps_ballot(&page), "{}", page.text());
    assert!(page.text().contains("value=\"anonymous\""));
    assert_eq!(given(&app).await, 0);
}

#[tokio::test]
async fn a_trip_ends_after_a_quarter_of_an_hour_and_with_the_campaign() {
    let (app, _, provider) = voting().await;
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider).await;
    app.clock.wait(chrono::TimeDelta::minutes(15));
    browser.arrive(&back).await.expect(403);
    let back = leave(&browser, &provider).await;
    app.clock.advance(chrono::TimeDelta::days(7));
    let page = browser.arrive(&back).await.expect(409);
    assert!(page.text().contains("第2件办起来很麻烦的事情"), "what was ticked is shown: {}", page.text());
    assert_eq!(given(&app).await, 0);
}

#[tokio::test]
async fn a_provider_that_is_away_costs_nobody_a_tick() {
    let (app, _, provider) = voting().await;
    let url = provider.url.clone();
    drop(provider);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let page = Browser::of(&app).post("/campaigns/t1/ballot?o=7", &BALLOT).await.expect(409);
    assert!(page.text().contains("没有回应") && keeps_ballot(&page), "{url}: {}", page.text());
}

#[tokio::test]
async fn other_documents_and_absent_numbers_give_no_pass() {
    let (app, _, provider) = voting().await;
    for claims in [
        json!({ "sub": "c-1", "id_number": "11010519491231002X", "id_type": "passport" }),
        json!({ "sub": "c-1", "id_number": "11010519491231002X" }),
        json!({ "sub": "c-1", "id_number": "110105194912310021", "id_type": "resident" }),
        json!({ "sub": "c-1" }),
    ] {
        provider.vouch(claims.clone());
        let browser = Browser::of(&app);
        let back = leave(&browser, &provider).await;
        let page = browser.arrive(&back).await.expect(409);
        assert!(page.text().contains("可以匿名投票") && keeps_ballot(&page), "{claims}");
    }
    assert_eq!(given(&app).await, 0);
}

#[tokio::test]
async fn a_campaign_counts_people_of_one_kind() {
    let (app, _, provider) = voting().await;
    prove(&Browser::of(&app), &provider).await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let subject = Person::Subject { issuer: provider.url.clone(), subject: "c-1".to_owned() };
    let refused = app.app.passes.issuing.real_name(&paper, &subject, app.clock.now()).await.unwrap_err();
    assert_eq!(refused.refusal().code, "pass.kind");
    assert_eq!(given(&app).await, 1);
}

#[tokio::test]
async fn typing_a_number_is_no_proof_where_a_provider_is_asked() {
    let (app, _, _provider) = voting().await;
    let typed = [&BALLOT[..], &[("name", "王芳"), ("number", "11010519491231002X")]].concat();
    let page = Browser::of(&app).post("/campaigns/t1/ballot?o=7", &typed).await.expect(200);
    assert!(page.text().contains("网证"));
    assert_eq!(given(&app).await, 0);
}
