//! The pages of one issue, one province, one assignment.

use entity::stored::Move;
use shudu::base::main_store::Changes;

use super::{assignment_staff, small, words};
use testing::app::noon;
use testing::{TestApp, given};

#[tokio::test]
async fn an_issue_tells_its_story_from_the_ballot_to_the_provinces() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    app.clock.set(noon("2018-04-20"));
    field.resolve("T1-1", "320000").await;
    field.resolve("T1-1", "330000").await;
    app.clock.set(noon("2018-05-02"));
    field.make_move("T1-1", "320000", Move::Rejection).await;
    field.make_move("T1-1", "330000", Move::Verification).await;
    let page = app.nobody().get("/issues/T1-1").await.expect(200).text();
    let said = words(&page);
    for sentence in [
        "第1件办起来很麻烦的事情",
        "3省中1省确认解决，1省督导核验通过",
        "选票上的题号是1",
        "4张选票里得3票",
        "入选名单经两人签字公布：入选",
        "交办3省，期限2018年7月2日",
        "2省上报（江苏、浙江）；2省确认解决（江苏、浙江）",
        "江苏核验不通过：看到的情况：rejection",
        "1省核验通过（浙江）",
        "手机端办结一件并记录用时",
    ] {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
    assert!(page.contains("/issues/T1-1/provinces/610000"));
}

#[tokio::test]
async fn an_option_that_was_not_selected_keeps_its_page_and_says_why() {
    let app = TestApp::new().await;
    small(&app).await;
    let reader = app.nobody();
    let said = words(&reader.get("/issues/T1-3").await.expect(200).text());
    assert!(said.contains("没有入选，不交办"), "{said}");
    assert!(said.contains("得1票，排第3。入选的是前2个，所以没有入选"), "{said}");
    let tied = words(&reader.get("/issues/T1-5").await.expect(200).text());
    assert!(tied.contains("同为0票"), "{tied}");
    let english = app.nobody().in_english();
    let said = words(&english.get("/issues/T1-3").await.text());
    assert!(said.contains("Not selected, so not dispatched"), "{said}");
}

#[tokio::test]
async fn a_running_vote_is_not_told_on_the_page_of_an_option() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    given::ballots(&app, "t1", &[("320000", &[1, 2]), ("330000", &[1])]).await;
    let said = words(&app.nobody().get("/issues/T1-1").await.expect(200).text());
    assert!(said.contains("正在投票"), "{said}");
    assert!(!said.contains("票（实名"), "{said}");
    assert!(!said.contains("排第"), "{said}");
}

#[tokio::test]
async fn a_province_lists_what_is_urgent_first_beside_its_peers() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    app.clock.set(noon("2018-04-20"));
    field.resolve("T1-1", "320000").await;
    app.clock.set(noon("2018-07-04"));
    let said = words(&app.nobody().get("/provinces/320000").await.expect(200).text());
    assert!(said.contains("2项中1项省级确认解决，0项督导核验通过，0项返工（截至7月4日）"), "{said}");
    assert!(said.contains("50.0% 1/2"), "{said}");
    let late = said.find("T1-2 麻烦事2").unwrap();
    let done = said.find("T1-1 麻烦事1").unwrap();
    assert!(late < done, "{said}");
    assert!(said.contains("第三督导组的2个省份"), "{said}");
    assert!(said.contains("华东的2个省份"), "{said}");
    // One line has the last step, and under it the earlier steps with the coverage.
    assert!(said[done..].contains("已解决 确认4月20日 上报4月20日，覆盖98/98"), "{said}");
    assert!(said.contains("第三督导组各省，按官方序号") && said.contains("华东各省，按官方序号"), "{said}");
}

#[tokio::test]
async fn the_lines_of_a_province_are_narrowed_by_season_and_state() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    app.clock.set(noon("2018-04-03"));
    given::dispatched(&app, &people, "t2").await;
    let reader = app.nobody();
    let lines = async |query: &str| {
        let page = reader.get(&format!("/provinces/320000{query}")).await.expect(200).text();
        (page.matches("<li><a href=\"/issues/T").count(), page)
    };
    let (all, page) = lines("").await;
    assert_eq!(all, 4, "{page}");
    for link in [
        "href=\"/provinces/320000?campaign=t2#ledger\"",
        "href=\"/provinces/320000?state=dispatched#ledger\"",
        "aria-current=\"true\">全部活动</a>",
    ] {
        assert!(page.contains(link), "{link}: {page}");
    }
    let (some, page) = lines("?campaign=t2").await;
    assert!(some == 2 && !page.contains("/issues/T1-1/"), "{page}");
    assert!(page.contains("class=\"chip\" href=\"/provinces/320000#ledger\""), "{page}");
    // The head of the page stays that of all campaigns.
    assert!(words(&page).contains("4项中0项省级确认解决"), "{page}");
    let (some, _) = lines("?campaign=t1&state=dispatched").await;
    assert_eq!(some, 2);
    let (none, page) = lines("?state=verified").await;
    assert!(none == 0 && page.contains("没有符合这些条件的任务"), "{page}");
    reader.get("/provinces/320000?campaign=none").await.expect(404);
}

#[tokio::test]
async fn a_place_outside_the_dispatch_says_so() {
    let app = TestApp::new().await;
    small(&app).await;
    let said = words(&app.nobody().get("/provinces/810000").await.expect(200).text());
    assert!(said.contains("香港特别行政区"), "{said}");
    assert!(said.contains("这里不在交办范围"), "{said}");
}

#[tokio::test]
async fn an_assignment_shows_claim_proof_and_history_and_no_file() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    app.clock.set(noon("2018-04-20"));
    field.resolve("T1-1", "320000").await;
    let reader = app.nobody();
    let page = reader.get("/issues/T1-1/provinces/320000").await.expect(200).text();
    let said = words(&page);
    for text in [
        "要回户籍地",
        "省内任一受理点",
        "已覆盖98/98个县区",
        "佐证材料1件，随2018年4月20日的上报提交",
        "PDF",
        "121 KB",
        "还没有核验",
        "省公安厅",
        "手机端办结一件并记录用时",
        "上报，转为“已上报”",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(!page.contains(assignment_staff::FILE), "the name of a file is public");
    let api = reader.get("/api/v1/assignments/T1-1/320000").await.expect(200);
    assert!(!api.text().contains(assignment_staff::FILE));
    let proof = &api.json()["report"]["evidence"][0];
    assert_eq!(proof["media"], "application/pdf");
    let digest = proof["sha256"].as_str().unwrap();
    assert!(said.contains(digest), "{digest}: {said}");
}

#[tokio::test]
async fn a_return_is_shown_with_its_basis_and_ruling() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.make_move("T1-1", "320000", Move::Return).await;
    field.make_move("T1-1", "320000", Move::Ruling).await;
    let reader = app.nobody();
    let said = words(&reader.get("/issues/T1-1/provinces/320000").await.text());
    assert!(said.contains("不在职责清单里"), "{said}");
    assert!(said.contains("由省里办"), "{said}");
    let story = words(&reader.get("/issues/T1-1").await.text());
    assert!(story.contains("江苏退回：不在职责清单里"), "{story}");
}

#[tokio::test]
async fn what_there_is_not_is_not_found() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    let organiser = app.ctx(&people.organiser);
    app.app
        .stores
        .main
        .write(Changes::Public, async |tx| {
            let draft = given::draft("hidden");
            let made = shudu::campaign::commands::create(tx, &organiser, &draft).await?;
            let options = given::options("hidden");
            shudu::campaign::commands::put_options(tx, &organiser, "hidden", made.revision, &options).await?;
            Ok(())
        })
        .await
        .unwrap();
    let reader = app.nobody();
    for path in [
        "/issues/T1-9",
        "/issues/HIDDEN-1",
        "/provinces/999999",
        "/issues/T1-1/provinces/999999",
        "/issues/T1-1/provinces/110000",
        "/issues/T1-3/provinces/320000",
        "/issues/T1-9/provinces/320000/history.csv",
        "/dashboard?campaign=none",
        "/dashboard?campaign=t1,hidden",
        "/dashboard.csv?campaign=hidden",
        "/api/v1/dashboard?campaign=hidden",
        "/api/v1/assignments?campaign=none",
        "/api/v1/assignments?province=999999",
        "/api/v1/assignments?issue=T1-3",
        "/api/v1/assignments/T1-9/320000",
        "/api/v1/assignments/T1-1/999999",
    ] {
        let answer = reader.get(path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn no_name_of_staff_is_on_any_public_page() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "320000").await;
    field.make_move("T1-1", "320000", Move::Verification).await;
    field.make_move("T1-1", "320000", Move::Relapse).await;
    field.make_move("T1-2", "320000", Move::Return).await;
    for reader in [app.nobody(), app.nobody().in_english()] {
        for path in [
            "/dashboard",
            "/dashboard/matrix",
            "/dashboard/issues",
            "/dashboard/trend",
            "/dashboard/assignments?state=rework",
            "/definitions",
            "/dashboard.csv",
            "/dashboard-matrix.csv",
            "/issues/T1-1",
            "/issues/T1-3",
            "/provinces/320000",
            "/issues/T1-1/provinces/320000",
            "/issues/T1-2/provinces/320000",
            "/issues/T1-1/provinces/320000/history.csv",
            "/api/v1/dashboard",
            "/api/v1/assignments",
            "/api/v1/assignments/T1-1/320000",
        ] {
            let text = reader.get(path).await.expect(200).text().replace("dashboard-matrix.csv", "");
            // Accounts of tests have names that begin with "name of" and offices that begin with "office of".
            assert!(!text.contains("name of "), "{path}");
            assert!(!text.contains("dashboard-"), "{path} lacks a message");
            assert!(!text.contains("state-"), "{path} lacks a message");
        }
        let page = reader.get("/issues/T1-1/provinces/320000").await.text();
        assert!(page.contains("office of team_leader-t3"), "the office is hidden");
    }
}
