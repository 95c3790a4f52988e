//! Files of tables: dated names, addresses with their host, and a form for programs.

use sha2::{Digest, Sha256};

use testing::{Answer, TestApp, given};

/// Files of everybody, with the beginning of their names.
const FILES: [(&str, &str); 5] = [
    ("/dashboard.csv", "shudu-dashboard-t1-"),
    ("/dashboard-matrix.csv", "shudu-assignments-t1-"),
    ("/dashboard-matrix.csv?province=320000", "shudu-assignments-t1-320000-"),
    ("/campaigns/t1/results.csv", "shudu-results-t1-"),
    ("/issues/T1-1/provinces/320000/history.csv", "shudu-history-T1-1-320000-"),
];

fn with(path: &str, pair: &str) -> String {
    format!("{path}{}{pair}", if path.contains('?') { "&" } else { "?" })
}

/// The name under which a browser saves a file: the one in ASCII, which is the same as the other.
fn name(file: &Answer) -> String {
    let said = file.headers["content-disposition"].to_str().unwrap().to_owned();
    let rest = said.strip_prefix("attachment; filename=\"").unwrap();
    let (ascii, rest) = rest.split_once("\"; filename*=UTF-8''").unwrap();
    assert_eq!(ascii, rest, "{said}");
    ascii.to_owned()
}

async fn product() -> TestApp {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    app
}

#[tokio::test]
async fn every_file_has_a_dated_name_and_says_where_it_is_from() {
    let app = product().await;
    for (path, begins) in FILES {
        let file = app.nobody().get(path).await.expect(200);
        let name = name(&file);
        let day = name.strip_prefix(begins).unwrap_or_else(|| panic!("{name}")).strip_suffix(".csv").unwrap();
        day.parse::<chrono::NaiveDate>().unwrap_or_else(|e| panic!("{name}: {e}"));
        // The name is the same when the bytes come from memory.
        assert_eq!(self::name(&app.nobody().get(path).await), name, "{path}");
        let text = file.text();
        assert!(text.starts_with('\u{feff}'), "{path}");
        assert!(text.contains("\r\n地址,http://localhost"), "{path}: {text}");
    }
    let past = app.nobody().get("/dashboard.csv?as_of=2018-04-10").await.expect(200);
    assert_eq!(name(&past), "shudu-dashboard-t1-2018-04-10.csv");
}

#[tokio::test]
async fn the_form_for_programs_begins_with_the_heads_of_its_columns() {
    let app = product().await;
    for (path, begins) in FILES {
        for language in ["zh-CN", "en"] {
            let path = with(path, &format!("lang={language}"));
            let file = app.nobody().get(&with(&path, "plain=1")).await.expect(200);
            assert!(name(&file).starts_with(begins), "{path}");
            let text = file.text();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let head = reader.headers().unwrap().clone();
            assert!(head.len() > 5 && head.iter().all(|cell| !cell.is_empty()), "{path}: {head:?}");
            assert!(!text.starts_with('\u{feff}'), "{path}: a mark would be part of the first name");
            let rows = reader.records().map(|row| row.unwrap().len()).collect::<Vec<_>>();
            assert!(!rows.is_empty() && rows.iter().all(|cells| *cells == head.len()), "{path}");
            // The same table is in the file for spreadsheets.
            assert!(app.nobody().get(&path).await.text().contains(&text), "{path}");
        }
    }
    // The digest in the file for spreadsheets is that of the whole file for programs.
    let plain = app.nobody().get("/dashboard.csv?plain=1").await.body;
    assert!(app.nobody().get("/dashboard.csv").await.text().contains(&hex::encode(Sha256::digest(plain))));
}

#[tokio::test]
async fn results_for_programs_have_one_table_each() {
    let app = product().await;
    let file = async |query: &str| app.nobody().get(&format!("/campaigns/t1/results.csv?{query}")).await;
    let places = file("plain=1&table=places&lang=en").await.expect(200);
    assert!(name(&places).starts_with("shudu-results-t1-places-"));
    assert!(places.text().lines().count() > 3, "{}", places.text());
    assert_eq!(
        file("plain=1&table=ballots&lang=en").await.expect(200).text().lines().next().unwrap().split(',').count(),
        2
    );
    file("plain=1&table=voters").await.expect(422);
}

#[tokio::test]
async fn files_of_staff_are_named_alike() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| {}).await;
    let file = people.organiser.get("/desk/campaigns/t1/options.csv").await.expect(200);
    assert!(name(&file).starts_with("shudu-options-t1-2018-"), "{}", name(&file));
    assert!(file.text().starts_with('\u{feff}'));
    let plain = people.organiser.get("/desk/campaigns/t1/options.csv?plain=1").await.expect(200).text();
    assert!(plain.starts_with("code,"), "{plain}");
}
