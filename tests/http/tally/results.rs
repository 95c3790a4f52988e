//! Results after the count: the same figures on the page, in the API and in the file.

use shudu::tally::published::digest;

use super::{certified, counted};
use testing::{TestApp, given};

/// The rows of a file that begin with a rank.
fn ranked_rows(file: &str) -> Vec<csv::StringRecord> {
    rows(file).into_iter().filter(|row| row.len() == 8 && row[0].parse::<u32>().is_ok()).collect()
}

fn rows(file: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(file.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(Result::unwrap)
        .collect()
}

#[tokio::test]
async fn a_certified_result_says_what_won_how_the_tie_was_broken_and_who_signed() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    certified(&app, &people).await;
    let answer = app.nobody().get("/campaigns/t1/results").await.expect(200);
    assert!(answer.headers["cache-control"].to_str().unwrap().starts_with("public"));
    assert!(answer.headers.get("set-cookie").is_none());
    let page = answer.text();
    for wanted in [
        "<span class=\"cl\">“麻烦事1”得票最多：</span><span class=\"cl\">每5张选票里约有3张选了它</span>",
        "截至2018年4月8日24:00，4月9日计票，4月9日认证",
        "＝匿名40＋实名17",
        "＝匿名59＋实名23",
        "T1-2与T1-3同为20票，按实名票4比6，T1-3入选",
        "第2名和第3名同票，按公布的规则分先后",
        "加起来不是100%",
        "虚线以上2项入选",
        "<a href=\"/issues/T1-1\">",
        "<a href=\"/issues/T1-3\">",
        "T1-2，实名4票，同票未入选",
        "T1-4，实名0票，未入选",
        "office of approver-1",
        "office of approver-2",
        "votes-realname-number/1",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    for absent in ["初步结果", "name of approver-1", "name of organiser", "href=\"/issues/T1-2\""] {
        assert!(!page.contains(absent), "{absent}");
    }
    let page = app.nobody().in_english().get("/campaigns/t1/results").await;
    let page = page.text();
    for wanted in [
        "“Nuisance 1” came first: about 3 ballots in 5",
        "T1-2 and T1-3 tie at 20; by real-name votes, 4 to 6, T1-3 is selected",
        "= 40 anonymous + 17 real-name",
        "As of 8 April 2018, 24:00; counted on 9 April, certified on 9 April",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
}

#[tokio::test]
async fn until_two_have_signed_the_result_is_preliminary() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let selection = "/api/v1/campaigns/t1/selection";
    let approval = "/api/v1/campaigns/t1/selection/approval";
    for (person, path) in [(&people.organiser, selection), (&people.approver, approval)] {
        let page = app.nobody().get("/campaigns/t1/results").await.text();
        assert!(page.contains("初步结果：") && page.contains("还没有签字"));
        assert!(page.contains("截至2018年4月8日24:00，4月9日计票<"));
        assert!(!page.contains("/issues/T1-1") && !page.contains("office of"));
        let ranking = app.nobody().get("/api/v1/campaigns/t1/ranking").await.json();
        assert_eq!(ranking["basis"], "counted");
        assert_eq!(ranking["signatures"].as_array().unwrap().len(), 0);
        person.post_json(path, &().into()).await.expect(200);
    }
    people.second_approver.post_json(approval, &().into()).await.expect(200);
    let page = app.nobody().get("/campaigns/t1/results").await.text();
    assert!(!page.contains("初步结果") && page.contains("/issues/T1-1"));
    let ranking = app.nobody().get("/api/v1/campaigns/t1/ranking").await.json();
    assert_eq!(ranking["basis"], "certified");
    assert_eq!(ranking["signatures"][0]["office"], "office of approver-1");
}

#[tokio::test]
async fn the_page_the_api_and_the_file_show_the_same_figures() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    certified(&app, &people).await;
    let nobody = app.nobody();
    let page = nobody.get("/campaigns/t1/results").await.text();
    let file = nobody.get("/campaigns/t1/results.csv").await.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("shudu-results-t1-"));
    let file = file.text();
    assert!(file.starts_with("\u{feff}小试：各项得票\r\n演示数据：各省结果为虚构\r\n"));
    assert!(file.contains("/campaigns/t1/results\r\n") && file.contains("\r\n地址,http://localhost"));
    let tally = nobody.get("/api/v1/campaigns/t1/tally").await.json();
    let ranking = nobody.get("/api/v1/campaigns/t1/ranking").await.json();
    let rows = ranked_rows(&file);
    let ranked = ranking["ranking"].as_array().unwrap();
    assert_eq!((rows.len(), ranked.len()), (6, 6));
    let mut sum = 0;
    for (row, ranked) in rows.iter().zip(ranked) {
        let options = tally["options"].as_array().unwrap();
        let votes = options.iter().find(|o| o["code"] == ranked["code"]).unwrap();
        assert_eq!(ranked["votes"], votes["votes"]);
        assert_eq!(row[0], ranked["rank"].to_string());
        assert_eq!(&row[1], ranked["code"].as_str().unwrap());
        assert_eq!(&row[2], ranked["title"].as_str().unwrap());
        assert_eq!(row[3], votes["votes"].to_string());
        assert_eq!(row[4], votes["votes_anonymous"].to_string());
        assert_eq!(row[5], ranked["votes_real_name"].to_string());
        assert_eq!(row[6], format!("{}%", ranked["share"].as_str().unwrap()));
        assert_eq!(ranked["selected"], ["T1-1", "T1-3"].contains(&&row[1]));
        // The page shows bar, value and share in one row, in this order.
        let (a, b) = (&row[4], &row[5]);
        let bar = format!("<rect class=\"b1\" x=\"0\" y=\"0\" width=\"{a}\" height=\"10\"/>");
        let value = format!("<td role=\"cell\" class=\"r\">{}</td>", &row[3]);
        let share = format!("<td role=\"cell\" class=\"r\">{}</td>", &row[6]);
        let at = page
            .find(&format!("麻烦事{}</a>", &row[1][3..]))
            .or_else(|| page.find(&format!("麻烦事{} <small", &row[1][3..])))
            .unwrap();
        let rest: String = page[at..].chars().take(900).collect();
        assert!(rest.contains(&bar) && rest.contains(&value) && rest.contains(&share), "{rest}");
        assert!(*b == *"0" || rest.contains(&format!("width=\"{b}\"")), "{rest}");
        sum += ranked["votes"].as_i64().unwrap();
    }
    assert_eq!(sum, tally["option_votes"]["total"].as_i64().unwrap());
    assert_eq!(ranked[2]["tie"]["with"][0], "T1-3");
    assert_eq!(ranked[2]["tie"]["step"], "real_name");
    assert_eq!(ranked[2]["tie"]["across_cut"], true);
    let sentence = ranked[2]["tie"]["sentence"].as_str().unwrap();
    assert!(page.contains(sentence) && file.contains(sentence));
}

#[tokio::test]
async fn small_cells_are_merged_add_up_and_the_digest_can_be_taken_again() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let tally = app.nobody().get("/api/v1/campaigns/t1/tally").await.json();
    let provinces: Vec<(String, i64)> = tally["provinces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["province"].as_str().unwrap().to_owned(), p["ballots"].as_i64().unwrap()))
        .collect();
    let wanted = [("320000", 34), ("610000", 15), ("merged", 8)].map(|(p, n)| (p.to_owned(), n));
    assert_eq!(provinces, wanted);
    let cells = tally["cells"].as_array().unwrap();
    let lines = cells.iter().map(|c| {
        let text = |member: &str| c[member].as_str().unwrap().to_owned();
        let track = text("track").parse().unwrap();
        ((text("option"), text("province"), track), c["count"].as_i64().unwrap())
    });
    assert_eq!(digest(&lines.collect()), tally["digest"].as_str().unwrap());
    let votes: i64 = cells.iter().filter(|c| c["option"] != "").map(|c| c["count"].as_i64().unwrap()).sum();
    assert_eq!(votes, 82);
}

#[tokio::test]
async fn a_province_is_shown_beside_all_from_twenty_ballots_up() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let nobody = app.nobody();
    let page = nobody.get("/campaigns/t1/results/provinces?place=320000").await.expect(200);
    let page = page.text();
    // In Jiangsu 20 of 34 ballots ticked T1-1, overall 36 of 57.
    for wanted in [
        "江苏省：“麻烦事1”得票最多，每5张选票里约有3张选了它",
        "江苏省的选票：34张，占全国57张的59.6%",
        "T1-1，江苏省第1，全国第1",
        "58.8% <span class=\"muted\">20/34</span>",
        "63.2%",
        "−4.3",
        "<option value=\"320000\" selected>江苏省</option>",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    assert!(!page.contains("[c]"));

    let page = nobody.get("/campaigns/t1/results/provinces?place=610000").await.text();
    assert!(page.contains("陕西省不足20张选票，不和别处比较"));
    assert!(page.contains("[c] 不足20张选票，不显示"));
    assert!(page.contains("T1-4，全国第4") && !page.contains("陕西省第"));
    let page = app.nobody().in_english().get("/campaigns/t1/results/provinces?place=330000").await;
    assert!(page.text().contains("[c] fewer than 20 ballots, not shown"));

    let file = nobody.get("/campaigns/t1/results.csv?place=610000").await.text();
    let hidden = rows(&file).iter().filter(|r| r.len() == 6 && &r[4] == "[c]").count();
    assert_eq!(hidden, 6);
    let file = nobody.get("/campaigns/t1/results.csv?place=320000").await.text();
    assert!(file.contains("T1-1,麻烦事1,1,1,58.8%,63.2%\r\n"));
    assert!(file.contains("\r\n320000,江苏省,34,22,12,59.6%,“麻烦事1”58.8%\r\n"));
    assert!(file.contains("\r\n330000,浙江省,[m],[m],[m],[m],[c]\r\n"));
    assert!(file.contains("\r\nmerged,合并计数,8,3,5,14.0%,–\r\n"));

    for path in ["results/provinces", "results.csv"] {
        let path = format!("/campaigns/t1/{path}?place=999999");
        nobody.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn the_ballots_of_each_province_have_a_page_of_their_own() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let nobody = app.nobody();
    counted(&app, &people).await;
    let results = nobody.get("/campaigns/t1/results").await.expect(200).text();
    assert!(results.contains("href=\"/campaigns/t1/results/provinces\"") && !results.contains("合并计数"), "{results}");
    // The address of earlier days leads to the province.
    let moved = nobody.get("/campaigns/t1/results?place=320000&lang=en").await.expect(303);
    assert_eq!(moved.location(), "/campaigns/t1/results/provinces?place=320000&lang=en");
    let page = nobody.get("/campaigns/t1/results/provinces").await.expect(200).text();
    // Small cells are counted together, so the table adds up; what a bar shows stands beside it.
    for wanted in [
        "江苏省的选票最多：34张，占全国59.6%",
        "全国得票最多的是“麻烦事1”：63.2%（36/57）",
        "<a href=\"/campaigns/t1/results/provinces?place=320000\">江苏省</a>",
        "viewBox=\"0 0 34 10\"",
        "<rect class=\"b1\" x=\"0\" y=\"0\" width=\"22\" height=\"10\"/><rect class=\"b2\" x=\"22\" y=\"0\" width=\"12\" height=\"10\"/>",
        "22＋12</td>",
        "合并计数",
        "[m] 不足10张",
        "不足10张，并入下面的“合并计数”",
        "匿名票不等于人数",
        "40＋17</td>",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    // Jiangsu agrees with the nation, so its row does not name an option.
    assert!(!page.contains("当地最多"), "{page}");
    let english = app.nobody().in_english().get("/campaigns/t1/results/provinces").await.text();
    assert!(english.contains("Anonymous + real name") && english.contains("22 + 12</td>"), "{english}");
}

#[tokio::test]
async fn there_is_no_page_by_province_before_the_count() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    app.nobody().get("/campaigns/t1/results/provinces").await.expect(404);
    assert!(!app.nobody().get("/campaigns/t1/results").await.expect(200).text().contains("results/provinces"));
}

#[tokio::test]
async fn an_imported_vote_is_counted_and_nothing_of_it_is_selected() {
    let app = TestApp::new().await;
    let file = include_bytes!("../../fixtures/old-mill.pb");
    let election = shudu::import::pabulib::parse(file).unwrap();
    shudu::import::run(&app.app, "old-mill", &election, || ()).await.unwrap();
    let page = app.nobody().get("/campaigns/old-mill/results").await.expect(200);
    let page = page.text();
    assert!(page.contains("导入的投票："));
    assert!(!page.contains("初步结果") && !page.contains("未入选") && !page.contains("按省份看"));
    let tally = app.nobody().get("/api/v1/campaigns/old-mill/tally").await.json();
    assert_eq!(tally["basis"], "counted");
    assert_eq!(tally["provinces"][0]["province"], "000000");
    let organiser = given::organisation(&app).await.organiser;
    let answer = organiser.post_json("/api/v1/campaigns/old-mill/selection", &().into()).await;
    assert_eq!(answer.expect(409).code(), "selection.no_cut");
    let desk = organiser.get("/desk/campaigns/old-mill/tally").await.expect(200);
    assert!(desk.text().contains("这个活动只计票，不选堵点"));
}
