//! CSV files: whatever people write, no cell is a formula of a spreadsheet (CSV injection).

use serde_json::json;

use testing::desk::ROW;
use testing::{Desk, TestApp, given};

const FORMULA_PREFIXES: [&str; 10] = ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠", "'="];

/// A cell that a spreadsheet would compute, such as `=HYPERLINK(…)`; numbers make the cells distinct.
fn formula(number: usize, most: usize) -> String {
    let sign = FORMULA_PREFIXES[number % FORMULA_PREFIXES.len()];
    format!("{sign}1+cmd|' /C calc'!A{number}").chars().take(most).collect()
}

fn cells(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[tokio::test]
async fn no_cell_of_any_file_is_a_formula() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let mut draft = given::draft("t1");
    (draft.name_zh, draft.name_en) = (formula(0, 40), formula(1, 40));
    let mut options = given::options("t1");
    for (number, option) in options.iter_mut().enumerate() {
        (option.title_zh, option.title_en) = (formula(number, 80), formula(number + 1, 80));
        (option.short_zh, option.short_en) = (formula(number + 2, 12), formula(number + 3, 26));
        (option.theme_zh, option.theme_en) = (formula(number + 4, 8), formula(number + 5, 24));
        // A title is trimmed, so it cannot begin with a tab.
        option.title_zh = option.title_zh.trim().to_owned();
    }
    given::published_as(&app, &people, &draft, &options).await;
    let table = people.organiser.get("/desk/campaigns/t1/options.csv").await.expect(200);
    let written = String::from_utf8(table.body.clone()).unwrap();
    given::voted_and_certified(&app, &people, "t1").await;
    given::sent(&app, &people, "t1").await;

    let coordinator = app.staff(entity::stored::Role::ProvinceCoordinator, "320000").await;
    let handler = app.staff(entity::stored::Role::Handler, "320000").await;
    let path = |noun: &str| format!("/api/v1/assignments/{ROW}/{noun}");
    coordinator.post_json(&path("acknowledgement"), &json!({ "department": formula(0, 60) })).await.expect(200);
    let mut plan = Desk::body("plan");
    plan["description"] = json!(formula(2, 200));
    plan["milestones"] = json!([{ "day": "2018-05-10", "text": formula(3, 200) }]);
    handler.post_json(&path("plan"), &plan).await.expect(200);

    let english = |path: &str| format!("{path}{}lang=en", if path.contains('?') { "&" } else { "?" });
    let mut seen = cells(&table.body);
    for path in [
        "/dashboard.csv",
        "/dashboard-matrix.csv",
        "/dashboard-matrix.csv?province=320000",
        "/campaigns/t1/results.csv",
        "/issues/T1-1/provinces/320000/history.csv",
    ] {
        for path in [path.to_owned(), english(path)] {
            let file = app.nobody().get(&path).await.expect(200);
            assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8", "{path}");
            assert_eq!(file.headers["x-content-type-options"], "nosniff");
            seen.extend(cells(&file.body));
        }
    }
    let formulas: Vec<&String> = seen
        .iter()
        .filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']))
        .filter(|cell| *cell != "-" && *cell != "–")
        .collect();
    assert!(formulas.is_empty(), "{formulas:?}");
    assert!(seen.iter().filter(|cell| cell.contains("1+cmd")).count() > 30, "formulas were in the files");
    // Reading the written table gives the same options.
    let again = shudu::campaign::options::write(&options).unwrap();
    assert_eq!(written.trim_start_matches('\u{feff}'), again);
}
