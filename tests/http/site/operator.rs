//! The operator's words on the pages: name, contacts, filing number, licence, HTML above and below.

use shudu::web::operator::{Operator, OperatorSettings};
use testing::TestApp;

#[tokio::test]
async fn an_operator_who_is_set_is_named_with_contacts_filing_number_and_licence() {
    let told = OperatorSettings {
        name: "国务院办公厅".into(),
        name_en: "General Office".into(),
        mail: "help@shudu.example".into(),
        phone: "12345".into(),
        url: "https://shudu.example/help".into(),
        filing: "京ICP备00000000号".into(),
        licence: "CC BY 4.0".into(),
        licence_url: "https://creativecommons.org/licenses/by/4.0/".into(),
        ..OperatorSettings::default()
    };
    let operator = Operator::read(told).unwrap();
    let app = TestApp::with_config(|config| config.operator = operator).await;
    let about = app.nobody().get("/about").await.expect(200).text();
    assert!(
        about.contains("本站由国务院办公厅运营") && about.contains("<a href=\"mailto:help@shudu.example\">"),
        "{about}"
    );
    assert!(about.contains("电话：12345") && !about.contains("还没有在这里"), "{about}");
    let terms = app.nobody().get("/terms").await.expect(200).text();
    assert!(terms.contains("rel=\"license external\">CC BY 4.0</a>"), "{terms}");
    for path in ["/", "/nowhere", "/sign-in"] {
        let page = app.nobody().get(path).await.text();
        assert!(page.contains("运营单位：国务院办公厅") && page.contains("京ICP备00000000号</a>"), "{path}");
    }
    assert!(app.nobody().get("/about?lang=en").await.text().contains("This site is run by General Office."));
}

#[tokio::test]
async fn the_operators_html_stands_above_and_below_every_page() {
    let dir = tempfile::tempdir().unwrap();
    let (head, foot) = (dir.path().join("head.html"), dir.path().join("foot.html"));
    std::fs::write(&head, "<p class=\"s\"><a href=\"/portal\">门户首页</a></p>\n").unwrap();
    std::fs::write(&foot, "<p>门户页脚</p>\n").unwrap();
    let told = OperatorSettings { head: Some(head.clone()), foot: Some(foot), ..OperatorSettings::default() };
    let operator = Operator::read(told.clone()).unwrap();
    let app = TestApp::with_config(|config| config.operator = operator).await;
    for path in ["/", "/dashboard", "/nowhere", "/sign-in"] {
        let page = app.nobody().get(path).await.text();
        let header = page.split("<header>").nth(1).unwrap().split("class=\"brand\"").next().unwrap();
        assert!(header.contains("<p class=\"s\"><a href=\"/portal\">门户首页</a></p>"), "{path}: above ours: {header}");
        let footer = page.split("<footer").nth(1).unwrap();
        assert!(footer.find("门户页脚") > footer.find("/accessibility"), "{path}: below ours");
    }
    let none = TestApp::new().await;
    assert!(!none.nobody().get("/").await.text().contains("data-operator"));
    std::fs::write(&head, "<p onclick=\"x()\">门户</p>").unwrap();
    let refused = Operator::read(told).unwrap_err().to_string();
    assert!(
        refused.contains("operator.head") && refused.contains("line 1") && refused.contains("no script"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_settings_file_has_a_table_for_the_operator_and_refuses_unknown_names() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("shudu.toml");
    let read = |text: &str| {
        std::fs::write(&file, text).unwrap();
        shudu::config::Settings { config: Some(file.clone()), ..shudu::config::Settings::default() }.resolve()
    };
    let config = read("[operator]\nname = \"国务院办公厅\"\nsecurity = \"mailto:security@shudu.example\"\n").unwrap();
    assert_eq!(config.operator.told.name, "国务院办公厅");
    assert!(read("[operator]\nslogan = \"x\"\n").unwrap_err().to_string().contains("slogan"));
    assert!(read("[operator]\nsecurity = \"x\"\n").unwrap_err().to_string().contains("operator.security"));
}
