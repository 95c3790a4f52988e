//! A signed claim stays public after a check refused it, with its content, its evidence and the reason of the refusal.

use entity::stored::AssignmentState;
use serde_json::{Value, json};

use super::words;
use testing::Desk;
use testing::app::noon;
use testing::desk::ROW;

const PAGE: &str = "/issues/T1-1/provinces/320000";
const API: &str = "/api/v1/assignments/T1-1/320000";

/// One assignment with four claims: one sent back before the signature, one refused by a check, one confirmed and relapsed, and
/// one withdrawn by the department. The clock is at noon of 2 May 2018. Returns the digests of the files.
async fn four_claims() -> (Desk, Vec<String>) {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::InProgress).await;
    let mut digests = Vec::new();
    for (days, claim, moves) in [
        ("2018-04-11", "第一次的做法", vec![("2018-04-12", &desk.coordinator, "sending-back")]),
        (
            "2018-04-14",
            "第二次的做法",
            vec![("2018-04-15", &desk.coordinator, "signature"), ("2018-04-18", &desk.leader, "rejection")],
        ),
        (
            "2018-04-20",
            "第三次的做法",
            vec![
                ("2018-04-21", &desk.coordinator, "signature"),
                ("2018-04-23", &desk.leader, "verification"),
                ("2018-04-27", &desk.leader, "relapse"),
            ],
        ),
        ("2018-04-29", "第四次的做法", vec![("2018-05-01", &desk.handler, "withdrawal")]),
    ] {
        desk.app.clock.set(noon(days));
        let mut body = desk.report_of(&desk.handler, ROW, 98).await;
        body["after"] = json!(claim);
        digests.push(body["evidence"][0].as_str().unwrap().to_owned());
        desk.post(&desk.handler, ROW, "report", body).await.expect(200);
        for (day, person, noun) in moves {
            desk.app.clock.set(noon(day));
            desk.make_move(person, noun).await;
        }
    }
    desk.app.clock.set(noon("2018-05-02"));
    (desk, digests)
}

async fn page_text(desk: &Desk, query: &str) -> String {
    words(&desk.app.nobody().get(&format!("{PAGE}{query}")).await.expect(200).text())
}

async fn api_answer(desk: &Desk, query: &str) -> Value {
    desk.app.nobody().get(&format!("{API}{query}")).await.expect(200).json()
}

#[tokio::test]
async fn a_refused_claim_stays_on_its_page_as_refused() {
    let (desk, digests) = four_claims().await;
    let page = page_text(&desk, "").await;
    for text in [
        "改了什么 还没有重新上报。期限2018年7月2日。",
        "不再成立的上报",
        "上报的内容（2018年4月20日上报，2018年4月23日核验通过，2018年4月27日反弹）",
        "反弹的情况第三督导组：窗口仍要求交复印件",
        "上报的内容（2018年4月14日上报，2018年4月18日核验没有通过）",
        "为什么没有通过第三督导组：窗口仍要求交复印件",
        "佐证材料1件，随2018年4月14日的上报提交",
        &digests[1],
        &digests[2],
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(place("第三次的做法") < place("第二次的做法"), "the newest first");
    for hidden in ["第一次的做法", "第四次的做法", &digests[0], &digests[3], "proof.pdf"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let english = desk.app.nobody().in_english().get(PAGE).await.expect(200).text();
    let english = words(&english);
    for text in [
        "Not reported anew yet. Due 2 July 2018.",
        "Claims that no longer stand",
        "What was reported (on 14 April 2018; it failed the check on 18 April 2018)",
        "it passed the check on 23 April 2018 and relapsed on 27 April 2018)",
        "Why it failedSupervision Team 3: 窗口仍要求交复印件",
    ] {
        assert!(english.contains(text), "{text}: {english}");
    }
}

#[tokio::test]
async fn every_past_day_shows_the_claim_as_it_stood_then() {
    let (desk, _) = four_claims().await;
    // Columns: day, standing claim, failed claims, and text of the page where no claim stood.
    for (day, stood, fallen, empty) in [
        ("2018-04-10", None, vec![], "改了什么 还没有上报。期限"),
        ("2018-04-13", None, vec![], "改了什么 还没有重新上报。期限"),
        ("2018-04-16", Some("第二次的做法"), vec![], ""),
        ("2018-04-19", None, vec!["第二次的做法"], "改了什么 还没有重新上报。期限"),
        ("2018-04-24", Some("第三次的做法"), vec!["第二次的做法"], ""),
        ("2018-04-28", None, vec!["第三次的做法", "第二次的做法"], "改了什么 还没有重新上报。期限"),
        ("2018-04-30", Some("第四次的做法"), vec!["第三次的做法", "第二次的做法"], ""),
        ("2018-05-01", None, vec!["第三次的做法", "第二次的做法"], "改了什么 还没有重新上报。期限"),
    ] {
        let query = format!("?as_of={day}");
        let one = api_answer(&desk, &query).await;
        let failed: Vec<&str> =
            one["failed_reports"].as_array().unwrap().iter().map(|r| r["after"].as_str().unwrap()).collect();
        assert_eq!((one["report"]["after"].as_str(), failed), (stood, fallen.clone()), "{day}");
        let page = page_text(&desk, &query).await;
        assert!(page.contains(empty), "{day}: {page}");
        assert_eq!(page.contains("不再成立的上报"), !fallen.is_empty(), "{day}: {page}");
        for claim in ["第一次的做法", "第二次的做法", "第三次的做法", "第四次的做法"] {
            let public = stood == Some(claim) || fallen.contains(&claim);
            assert_eq!(page.contains(claim), public, "{day} {claim}: {page}");
        }
    }
}

#[tokio::test]
async fn the_api_and_the_ledger_tell_how_a_claim_fell() {
    let (desk, digests) = four_claims().await;
    let one = api_answer(&desk, "").await;
    let failed = one["failed_reports"].as_array().unwrap();
    assert_eq!(failed.len(), 2);
    let of = |n: usize, name: &str| failed[n][name].clone();
    assert_eq!((of(0, "act"), of(1, "act")), (json!("relapse"), json!("rejection")));
    assert_eq!((of(0, "verified_at"), of(1, "verified_at")), (json!("2018-04-23T04:00:00+00:00"), Value::Null));
    assert_eq!(
        (of(1, "at"), of(1, "failed_at")),
        (json!("2018-04-14T04:00:00+00:00"), json!("2018-04-18T04:00:00+00:00"))
    );
    assert_eq!((of(1, "team"), of(1, "findings")), (json!("T3"), json!("窗口仍要求交复印件")));
    assert_eq!(failed[1]["evidence"][0]["sha256"], json!(digests[1]));
    assert_eq!((of(1, "before"), of(1, "covered")), (json!("要到窗口排队"), json!(98)));
    let reader = desk.app.nobody();
    for (query, cell) in [
        ("", "上报4月20日 核验后反弹"),
        ("?as_of=2018-04-19", "上报4月14日 核验没有通过"),
        ("?as_of=2018-04-30", "上报4月29日 覆盖98/98"),
        ("?as_of=2018-04-13", "期限7月2日"),
    ] {
        let page = words(&reader.get(&format!("/provinces/320000{query}")).await.expect(200).text());
        assert!(page.contains(cell), "{query} {cell}: {page}");
    }
    let story = words(&reader.get("/issues/T1-1").await.expect(200).text());
    assert!(story.contains("江苏核验不通过：窗口仍要求交复印件"), "{story}");
    assert!(story.contains("江苏反弹：窗口仍要求交复印件"), "{story}");
}

#[tokio::test]
async fn a_row_that_is_exempted_after_a_refused_claim_keeps_the_claim() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Rework).await;
    desk.app.clock.set(noon("2018-04-11"));
    for (person, noun) in [(&desk.coordinator, "exemption-request"), (&desk.organiser, "exemption")] {
        desk.make_move(person, noun).await;
    }
    let page = page_text(&desk, "").await;
    assert!(page.contains("免办，不用上报") && page.contains("手机上就能办"), "{page}");
}
