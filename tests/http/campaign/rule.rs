//! The ranking rule: chosen with the other rules, checked, fixed by publication, and shown before anybody votes.

use entity::stored::{RankingRule, Role, Track};
use serde_json::json;
use shudu::campaign::queries;
use shudu::campaign::questionnaire::{bytes, hash};

use super::{form, press, rules, send, shown, table, with};
use crate::ballot::voting::{self, OPTIONS};
use testing::{TestApp, given};

const BY_NAME: &str = "realname-number/1";
const BY_ALL: &str = "votes-realname-number/1";

#[tokio::test]
async fn real_names_decide_where_nobody_chose_and_there_are_any() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    for (slug, tracks, chosen, rule) in [
        ("t1", json!(["anonymous", "real_name"]), None, BY_NAME),
        ("t2", json!(["real_name"]), None, BY_NAME),
        ("t3", json!(["anonymous"]), None, BY_ALL),
        ("t4", json!(["anonymous", "real_name"]), Some(BY_ALL), BY_ALL),
        ("t5", json!(["anonymous"]), Some(BY_ALL), BY_ALL),
        ("t6", json!(["real_name"]), Some(BY_ALL), BY_ALL),
    ] {
        let mut sent = rules(slug);
        sent["tracks"] = tracks;
        if let Some(chosen) = chosen {
            sent["ranking_rule"] = json!(chosen);
        }
        let made = organiser.post_json("/api/v1/campaigns", &sent).await.expect(201).json();
        assert_eq!(made["ranking_rule"], rule, "{slug}");
    }
    // The real-name rule is the default of the form, and of a form without the field.
    let blank = organiser.get("/desk/campaigns/new").await.expect(200).text();
    assert!(blank.contains(&format!("value=\"{BY_NAME}\" checked")), "{blank}");
    assert!(blank.contains(&format!("value=\"{BY_ALL}\">")), "{blank}");
    send(&organiser, "/new", &form("t7")).await.expect(303);
    assert_eq!(shown(&organiser, "t7").await["ranking_rule"], BY_NAME);
    send(&organiser, "/new", &with(form("t8"), "ranking_rule", BY_ALL)).await.expect(303);
    let standing = organiser.get("/desk/campaigns/t8/rules").await.expect(200).text();
    assert!(standing.contains(&format!("value=\"{BY_ALL}\" checked")), "{standing}");
}

#[tokio::test]
async fn real_names_decide_nothing_where_there_are_none_and_the_field_is_named() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    let mut wrong = rules("t1");
    wrong["tracks"] = json!(["anonymous"]);
    wrong["ranking_rule"] = json!(BY_NAME);
    let refused = organiser.post_json("/api/v1/campaigns", &wrong).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "ranking_rule");
    assert_eq!(refused["errors"][0]["code"], "campaign.no_real_name");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1);

    let anonymous = with(form("t1"), "tracks", "anonymous");
    let wrong = with(anonymous.clone(), "ranking_rule", BY_NAME);
    let page = send(&organiser, "/new", &wrong).await.expect(422).text();
    for said in ["没有实名投票，就不能只看实名票", "href=\"#ranking-real-name\"", "id=\"ranking-real-name\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let fields: Vec<(&str, &str)> = wrong.iter().map(|(field, value)| (*field, value.as_str())).collect();
    let english = app.staff_as("second", Role::Organiser, "").await.in_english();
    let english = english.post_form("/desk/campaigns/new", &fields).await.expect(422).text();
    assert!(english.contains("Real-name votes cannot decide where nobody votes by real name"), "{english}");
    let unknown = with(form("t1"), "ranking_rule", "votes/7");
    assert!(send(&organiser, "/new", &unknown).await.expect(422).text().contains("#ranking-real-name"));
    send(&organiser, "/new", &anonymous).await.expect(303);
    assert_eq!(shown(&organiser, "t1").await["ranking_rule"], BY_ALL);

    // A draft without a real-name track is refused as long as it keeps the real-name rule.
    send(&organiser, "/new", &form("t2")).await.expect(303);
    let mut change = rules("t2");
    change["tracks"] = json!(["anonymous"]);
    change["ranking_rule"] = json!(BY_NAME);
    change["revision"] = json!(1);
    let path = "/api/v1/campaigns/t2";
    let refused = organiser.send_json(poem::http::Method::PUT, path, &change).await.expect(422);
    assert_eq!(refused.code(), "campaign.no_real_name");
}

#[tokio::test]
async fn the_approver_reads_the_rule_and_is_warned_where_anonymous_votes_decide() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    for (slug, tracks, rule, said, silent) in [
        ("t1", "both", BY_NAME, "排名规则realname-number/1：匿名票不影响名次", "匿名票也决定名次"),
        (
            "t2",
            "both",
            BY_ALL,
            "排名规则votes-realname-number/1：匿名票也决定名次。一个人可以投几张匿名票，有人刷票就能改变入选的2项",
            "匿名票不影响名次",
        ),
        ("t3", "anonymous", BY_ALL, "匿名票也决定名次", "匿名票不影响名次"),
        ("t4", "real_name", BY_ALL, "排名规则votes-realname-number/1：匿名票不影响名次", "匿名票也决定名次"),
    ] {
        let mut sent = with(form(slug), "ranking_rule", rule);
        if tracks != "both" {
            sent = with(sent, "tracks", tracks);
        }
        send(&people.organiser, "/new", &sent).await.expect(303);
        let fields = [("revision", "1".to_owned()), ("options", table(slug)), ("act", "save".to_owned())];
        send(&people.organiser, &format!("/{slug}/options"), &fields).await.expect(303);
        press(&people.organiser, slug, "submission", "").await.expect(303);
        let page = people.approver.get(&format!("/desk/campaigns/{slug}")).await.expect(200).text();
        let checks = page.split("id=\"moves\"").next().unwrap();
        assert!(checks.contains(said) && !checks.contains(silent), "{slug}: {checks}");
        assert_eq!(checks.contains("本站可以核验实名投票人的身份"), tracks != "anonymous", "{slug}");
    }
}

#[tokio::test]
async fn the_rule_is_part_of_what_ballots_commit_to_and_fixed_by_publication() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let by_name = |draft: &mut shudu::campaign::draft::Draft| draft.ranking_rule = RankingRule::RealNameVotes;
    given::published(&app, &people, "t1", by_name).await;
    let db = app.app.stores.main.db();
    let found = queries::campaign(db, "t1").await.unwrap();
    let options = queries::options(db, found.id).await.unwrap();
    let mut other = found.clone();
    other.ranking_rule = RankingRule::AllVotes;
    let (stored, own) = (hex::decode(found.questionnaire.as_ref().unwrap()).unwrap(), hash(&found, &options));
    assert_eq!(stored, own);
    assert_ne!(own, hash(&other, &options));
    // Both questionnaires differ only in the name of the rule.
    let text = |rule: &str| [&u32::try_from(rule.len()).unwrap().to_be_bytes()[..], rule.as_bytes()].concat();
    let (from, to) = (text(BY_NAME), text(BY_ALL));
    let own = bytes(&found, &options);
    let at = own.windows(from.len()).position(|window| window == from).unwrap();
    let replaced = [&own[..at], &to, &own[at + from.len()..]].concat();
    assert_eq!(replaced, bytes(&other, &options));
    let public = app.nobody().get("/log/t1/questionnaire").await.expect(200);
    assert_eq!(public.body, own);

    let mut change = rules("t1");
    change["ranking_rule"] = json!(BY_ALL);
    change["revision"] = json!(found.revision);
    let refused = people.organiser.send_json(poem::http::Method::PUT, "/api/v1/campaigns/t1", &change).await;
    assert_eq!(refused.expect(409).code(), "campaign.frozen");
}

#[tokio::test]
async fn before_the_vote_everybody_is_told_what_decides() {
    for (tracks, rule, zh, en) in [
        (
            vec![Track::Anonymous, Track::RealName],
            RankingRule::RealNameVotes,
            "实名票多的排在前面；实名票相同，题号小的在前。匿名票列在旁边，不影响名次",
            "Anonymous votes are shown beside them and decide nothing",
        ),
        (
            vec![Track::Anonymous, Track::RealName],
            RankingRule::AllVotes,
            "得票（匿名加实名）多的排在前面；票数相同，先比实名票；还相同，题号小的在前",
            "All votes, anonymous and real-name ones together, decide the order",
        ),
        (
            vec![Track::Anonymous],
            RankingRule::AllVotes,
            "得票多的排在前面；票数相同，题号小的在前",
            "The votes decide the order; ties go to the lower option number",
        ),
    ] {
        let (app, _) = voting::opened(|draft| (draft.tracks, draft.ranking_rule) = (tracks, rule)).await;
        for (citizen, said) in [(app.nobody(), zh), (app.nobody().in_english(), en)] {
            for address in ["/campaigns/t1", OPTIONS] {
                let page = citizen.get(address).await.expect(200).text();
                assert!(page.contains(said), "{said} in {address}: {page}");
            }
            let check = voting::check(&citizen, &["T1-1"]).await.expect(200).text();
            assert!(check.contains(said), "{said}: {check}");
        }
        let page = app.nobody().get("/campaigns/t1").await.text();
        assert!(page.contains("匿名票不等于人数"), "{page}");
        let found = app.nobody().get("/api/v1/campaigns/t1/questionnaire").await.expect(200).json();
        assert_eq!((&found["ranking_rule"], &found["top_n"]), (&json!(rule.code()), &json!(2)));
        assert_eq!(found["ranking_zh"], zh);
        assert!(found["ranking_en"].as_str().unwrap().contains(en), "{found}");
        assert_eq!(shown(&app.nobody(), "t1").await["ranking_rule"], rule.code());
    }
}
