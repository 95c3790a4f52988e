//! The figures of the dashboard: the same on the page, in the API and in the file.

use entity::place;
use entity::stored::Move;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryFilter};
use serde_json::Value;

use super::{dashboard, line, small, table, words};
use testing::{TestApp, given};

#[tokio::test]
async fn an_exempt_row_stays_in_the_denominator_and_has_a_second_rate() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "320000").await;
    field.make_move("T1-2", "320000", Move::Acknowledgement).await;
    field.make_move("T1-2", "320000", Move::Exemption).await;
    let reader = app.nobody();
    let total = dashboard(&reader, "").await["total"].clone();
    insta::assert_json_snapshot!(total, @r#"
        {
          "applicable": 5,
          "assignments": 6,
          "exempt": 1,
          "overdue": 0,
          "resolved": 1,
          "resolved_rate": "16.7",
          "resolved_rate_applicable": "20.0",
          "states": {
            "acknowledged": 0,
            "dispatched": 4,
            "exempt": 1,
            "in_progress": 0,
            "reported": 0,
            "resolved": 1,
            "returned": 0,
            "rework": 0,
            "verified": 0
          },
          "verified": 0,
          "verified_rate": "0.0",
          "verified_rate_applicable": "0.0"
        }
        "#);
    let page = words(&reader.get("/dashboard").await.text());
    assert!(page.contains("1/6"), "{page}");
    assert!(page.contains("去掉免办：20.0%，1/5"), "{page}");
    let one = words(&reader.get("/issues/T1-2/provinces/320000").await.text());
    assert!(one.contains("当地没有这项业务"), "{one}");
    assert!(one.contains("同意免办，仍计入总数"), "{one}");
}

#[tokio::test]
async fn a_group_of_which_everything_is_exempt_has_no_rank() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    for issue in ["T1-1", "T1-2"] {
        field.make_move(issue, "610000", Move::Acknowledgement).await;
        field.make_move(issue, "610000", Move::Exemption).await;
    }
    field.resolve("T1-1", "330000").await;
    let answer = dashboard(&app.nobody(), "").await;
    assert_eq!(line(&answer["provinces"], "610000")["rank"], Value::Null);
    assert_eq!(line(&answer["teams"], "T7")["rank"], Value::Null);
    assert_eq!(line(&answer["provinces"], "330000")["rank"], 1);
    assert_eq!(line(&answer["provinces"], "320000")["rank"], 2);
}

#[tokio::test]
async fn equal_rates_share_a_rank() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    for province in ["320000", "610000"] {
        field.resolve("T1-1", province).await;
    }
    let reader = app.nobody();
    let answer = dashboard(&reader, "").await;
    assert_eq!(line(&answer["provinces"], "320000")["rank"], 1);
    assert_eq!(line(&answer["provinces"], "610000")["rank"], 1);
    assert_eq!(line(&answer["provinces"], "330000")["rank"], 3);
    let page = words(&reader.get("/dashboard/provinces").await.text());
    assert!(page.contains("=1 江苏"), "{page}");
    assert!(page.contains("=1 陕西"), "{page}");
}

#[tokio::test]
async fn partial_coverage_is_shown_and_not_counted_as_resolved() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.make_moves("T1-1", "320000", &[Move::Acknowledgement, Move::Plan]).await;
    field.report_partly("T1-1", "320000", 62, 98).await;
    let reader = app.nobody();
    let total = dashboard(&reader, "").await["total"].clone();
    assert_eq!(total["resolved"], 0);
    assert_eq!(total["states"]["reported"], 1);
    let one = reader.get("/api/v1/assignments/T1-1/320000").await.json();
    assert_eq!((&one["covered"], &one["coverable"]), (&62.into(), &98.into()));
    let page = words(&reader.get("/issues/T1-1/provinces/320000").await.text());
    assert!(page.contains("已覆盖62/98个县区，记为部分解决，不计入省级确认解决"), "{page}");
    for path in ["/dashboard/matrix", "/provinces/320000"] {
        let page = words(&reader.get(path).await.text());
        assert!(page.contains("已覆盖62/98个县区"), "{path}: {page}");
    }
    let english = app.nobody().in_english();
    let page = words(&english.get("/issues/T1-1").await.text());
    assert!(page.contains("62 of 98 counties covered"), "{page}");
}

#[tokio::test]
async fn figures_are_the_same_on_page_in_answer_and_in_file() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "320000").await;
    field.resolve("T1-2", "330000").await;
    field.make_move("T1-2", "330000", Move::Verification).await;
    field.make_move("T1-1", "610000", Move::Acknowledgement).await;
    app.clock.set("2018-07-05T04:00:00Z".parse().unwrap());
    let reader = app.nobody();
    let answer = dashboard(&reader, "").await;
    let mut page = String::new();
    for part in ["issues", "provinces", "teams", "assignments"] {
        page.push_str(&words(&reader.get(&format!("/dashboard/{part}")).await.expect(200).text()));
    }
    let lines = table(&reader.get("/dashboard.csv").await.expect(200));
    assert_eq!(lines[0][..4], ["分组", "编号", "名称", "任务"]);
    let mut compared = 0;
    for group in ["campaigns", "issues", "provinces", "teams"] {
        for line in answer[group].as_array().unwrap() {
            let code = line["code"].as_str().unwrap();
            let row = lines.iter().find(|l| l[1] == code).unwrap();
            for (column, member) in [
                (3, "assignments"),
                (4, "resolved"),
                (5, "verified"),
                (6, "exempt"),
                (7, "overdue"),
                (8, "applicable"),
                (9, "resolved_rate"),
                (10, "verified_rate"),
                (13, "rank"),
            ] {
                // Teams have no rank: provinces sign, teams check.
                let value = line[member].to_string().replace('"', "").replace("null", "");
                assert_eq!(line[member].is_null(), group == "teams" && member == "rank", "{code} {member}");
                assert_eq!(row[column], value, "{code} {member}");
            }
            let share =
                format!("{}% {}/{}", line["resolved_rate"].as_str().unwrap(), line["resolved"], line["assignments"]);
            if ["issues", "provinces"].contains(&group) {
                assert!(page.contains(&share), "{code}: {share}");
            }
            if group == "teams" {
                let checks = ["checks", "passed", "refused"].map(|member| line[member].to_string());
                assert_eq!(row[row.len() - 3..], checks, "{code}");
                assert!(page.contains(&checks.join(" ")), "{code}: {page}");
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 1 + 2 + 3 + 2);
    // The page and the list agree on the overdue assignments: 4 of 6, on the third working day.
    assert!(page.contains("逾期：共4项"), "{page}");
    let list = reader.get("/api/v1/assignments?overdue=true").await.json();
    assert_eq!(list["total"], 4);
    assert_eq!(answer["total"]["overdue"], 4);
    let marks = table(&reader.get("/dashboard-matrix.csv?fact=overdue").await);
    assert_eq!(marks.len(), 1 + 4);
    assert!(marks[1..].iter().all(|row| row[10] == "3"), "{marks:?}");
}

#[tokio::test]
async fn teams_are_shown_by_their_checks_in_their_fixed_order_and_without_ranks() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "610000").await;
    field.resolve("T1-2", "610000").await;
    field.resolve("T1-1", "320000").await;
    field.make_move("T1-1", "610000", Move::Verification).await;
    field.make_move("T1-2", "610000", Move::Rejection).await;
    let day = app.clock.now();
    app.clock.set("2018-04-20T04:00:00Z".parse().unwrap());
    field.make_move("T1-1", "610000", Move::Relapse).await;
    let reader = app.nobody();
    let teams = async |query: &str| dashboard(&reader, query).await["teams"].clone();
    let figures = |teams: &Value, code: &str| {
        let team = line(teams, code);
        ["checks", "passed", "refused"].map(|member| team[member].as_i64().unwrap())
    };
    let now = teams("").await;
    assert_eq!(figures(&now, "T7"), [3, 1, 2]);
    assert_eq!(figures(&now, "T3"), [0, 0, 0]);
    assert!(now.as_array().unwrap().iter().all(|team| team["rank"].is_null()), "{now}");
    let past = teams(&format!("?as_of={}", shudu::base::clock::day_of(day))).await;
    assert_eq!(figures(&past, "T7"), [2, 1, 1], "checks of later days do not count");
    for order in ["", "?order=worst"] {
        let page = words(&reader.get(&format!("/dashboard/teams{order}")).await.expect(200).text());
        let table = page.split("核验次数").nth(1).unwrap();
        assert!(table.find("第三督导组") < table.find("第七督导组"), "{table}");
        assert!(table.contains("0 0 0 1") && table.contains("3 1 2 0"), "checks and what waits for one: {table}");
        assert!(!page.contains("名次 督导组") && page.contains("不排名次"), "{page}");
    }
}

#[tokio::test]
async fn the_lines_of_the_teams_add_up_to_all_checks_after_a_province_has_changed_its_team() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "610000").await;
    field.make_move("T1-1", "610000", Move::Verification).await;
    let moved = place::Entity::update_many()
        .col_expr(place::Column::Team, Expr::value("T3"))
        .filter(place::COLUMN.code.eq("610000"));
    moved.exec(app.app.stores.main.db()).await.unwrap();
    app.app.stores.main.announce().await.unwrap();
    let reader = app.nobody();
    let teams = dashboard(&reader, "").await["teams"].clone();
    let of = |code: &str| {
        let team = line(&teams, code);
        ["assignments", "checks"].map(|member| team[member].as_i64().unwrap())
    };
    assert_eq!(of("T7"), [0, 1], "{teams}");
    assert_eq!(of("T3")[1], 0, "{teams}");
    let page = words(&reader.get("/dashboard/teams").await.expect(200).text());
    assert!(page.split("核验次数").nth(1).unwrap().contains("第七督导组 1 1 0 0"), "{page}");
}

#[tokio::test]
async fn the_numbers_of_the_headline_add_up_with_the_exempt_ones() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "320000").await;
    let reader = app.nobody();
    let page = words(&reader.get("/dashboard").await.expect(200).text());
    assert!(page.contains("6项里 省级确认解决") || page.contains("6项里省级确认解决1项"), "{page}");
    assert!(!page.contains("免办1项") && !page.contains("免办0项"), "{page}");
    field.make_move("T1-1", "610000", Move::Acknowledgement).await;
    field.make_move("T1-1", "610000", Move::Exemption).await;
    let page = reader.get("/dashboard").await.expect(200).text();
    let said = page.replace("</span><span class=\"cl\">", "");
    assert!(said.contains("6项里省级确认解决1项（16.7%），4项未解决，免办1项"), "{said}");
    let home = reader.get("/").await.expect(200).text();
    assert!(home.contains("分母是还没解决的，免办1项"), "{home}");
    let english = reader.in_english().get("/dashboard").await.expect(200).text();
    let said = english.replace("</span> <span class=\"cl\">", " ");
    assert!(said.contains("1 of 6 signed as resolved (16.7%), 4 still open, 1 exempt"), "{said}");
}

#[tokio::test]
async fn the_line_of_each_season_adds_up() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    app.clock.set(testing::app::noon("2018-04-01"));
    given::dispatched(&app, &people, "t2").await;
    let field = super::AssignmentStaff::new(&app, &people).await;
    field.resolve("T1-1", "320000").await;
    field.make_move("T1-1", "610000", Move::Acknowledgement).await;
    field.make_move("T1-1", "610000", Move::Exemption).await;
    for page in ["/", "/dashboard"] {
        let page = app.nobody().get(page).await.expect(200).text();
        for said in [
            "交办6项，省级确认解决1项（督导核验通过0项），4项未解决，免办1项",
            "交办6项，省级确认解决0项（督导核验通过0项），6项未解决，逾期",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
    }
}

#[tokio::test]
async fn groups_add_up_to_the_total() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    super::full::matrix(&app, &people).await;
    let reader = app.nobody();
    for day in super::full::DAYS {
        let answer = dashboard(&reader, &format!("?as_of={day}")).await;
        let total = &answer["total"];
        assert_eq!(total["assignments"], 620);
        for group in ["campaigns", "issues", "provinces", "teams"] {
            for member in ["assignments", "resolved", "verified", "exempt", "overdue"] {
                let sum: i64 = answer[group].as_array().unwrap().iter().map(|g| g[member].as_i64().unwrap()).sum();
                assert_eq!(sum, total[member].as_i64().unwrap(), "{day} {group} {member}");
            }
        }
        let states: i64 = total["states"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
        assert_eq!(states, 620);
    }
}

#[tokio::test]
async fn a_list_of_assignments_is_filtered_and_paged() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    super::full::matrix(&app, &people).await;
    let reader = app.nobody();
    let first = reader.get("/api/v1/assignments").await.expect(200).json();
    assert_eq!(first["total"], 620);
    assert_eq!(first["pages"], 13);
    assert_eq!(first["assignments"].as_array().unwrap().len(), 50);
    let last = reader.get("/api/v1/assignments?page=13").await.json();
    assert_eq!(last["assignments"].as_array().unwrap().len(), 20);
    let beyond = reader.get("/api/v1/assignments?page=14").await.expect(200).json();
    assert_eq!(beyond["assignments"], serde_json::json!([]));
    let province = reader.get("/api/v1/assignments?province=320000").await.json();
    assert_eq!(province["total"], 20);
    let total = dashboard(&reader, "").await["total"].clone();
    let done = reader.get("/api/v1/assignments?state=resolved,verified").await.json();
    assert_eq!(done["total"], total["resolved"]);
    assert_eq!(reader.get("/api/v1/assignments?state=fixed").await.expect(422).code(), "form.choice");
    // The page behind a figure lists as many assignments as the figure says.
    let page = words(&reader.get("/dashboard/assignments?state=resolved,verified").await.expect(200).text());
    assert!(page.contains(&format!("共{}项", total["resolved"])), "{page}");
    let second = reader.get("/dashboard/assignments?state=resolved,verified&page=2").await.text();
    assert!(words(&second).contains("第2页"));
}

#[tokio::test]
async fn a_file_says_what_it_is_and_its_digest_can_be_taken_again() {
    use sha2::{Digest, Sha256};
    let app = TestApp::new().await;
    small(&app).await;
    let file = app.nobody().get("/dashboard.csv?as_of=2018-04-10&lang=en").await.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let text = file.text();
    let (head, table) = text.split_once("\r\n\"\"\r\n").unwrap();
    assert!(head.contains("A small trial"), "{head}");
    assert!(head.contains("As of,2018-04-10"), "{head}");
    assert!(head.contains("Demo data"), "{head}");
    assert!(head.contains("/dashboard.csv?as_of=2018-04-10&campaign=t1&lang=en"), "{head}");
    let digest = hex::encode(Sha256::digest(table.as_bytes()));
    assert!(head.contains(&digest), "{digest} {head}");
}
