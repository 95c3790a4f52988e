//! The search: hits by words, codes, provinces and departments; near rows; limits; a form on every page.

use shudu::web::query;
use testing::{Answer, TestApp, given};

/// The page of a question.
async fn search(app: &TestApp, question: &str) -> Answer {
    app.nobody().get(&format!("/search?q={}", query::encode(question))).await
}

#[tokio::test]
async fn issues_options_and_provinces_are_found_in_both_languages_by_words_and_codes() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    let issue = "href=\"/issues/T1-1\"";
    for question in ["第1件", "Errand number 1", "t1-1", "Ｔ１－１", "公安部 第1件", "窗口 麻烦事1", "nuisance 1"]
    {
        let page = search(&app, question).await.expect(200).text();
        assert!(page.contains(issue), "{question}: {page}");
        assert!(page.contains("省级确认解决0/3"), "{question}");
    }
    let page = search(&app, "麻烦").await.expect(200).text();
    assert!(page.contains("找到6条") && page.contains("堵点（2）") && page.contains("选票上的其他题目（4）"), "{page}");
    assert!(page.contains("小试·网上·没有入选"), "{page}");
    for question in ["江苏", "江苏省", "jiangsu", "js", "320000", "３２００００"] {
        let page = search(&app, question).await.expect(200).text();
        assert!(page.contains("href=\"/provinces/320000\""), "{question}");
    }
    let outside = search(&app, "台湾").await.expect(200).text();
    assert!(outside.contains("href=\"/provinces/710000\"") && outside.contains("不在交办范围"), "{outside}");
    let both = search(&app, "江苏 第1件").await.expect(200).text();
    assert!(both.contains("href=\"/issues/T1-1/provinces/320000\"") && both.contains("具体到省（1）"), "{both}");
    let english = app.nobody().get("/search?q=Jiangsu&lang=en").await.expect(200).text();
    assert!(english.contains("href=\"/provinces/320000?lang=en\"") && english.contains("1 hit."), "{english}");
}

#[tokio::test]
async fn an_empty_question_a_miss_and_a_long_question_have_a_sentence_and_a_way_on() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    for empty in ["/search", "/search?q=", "/search?q=%E3%80%80"] {
        let page = app.nobody().get(empty).await.expect(200).text();
        assert!(page.contains("找堵点、选票上的题目和省份") && page.contains("href=\"/issues\""), "{empty}: {page}");
        assert!(!page.contains("没有找到"), "{empty}");
    }
    let miss = search(&app, "<b>飞机票</b>").await.expect(200).text();
    assert!(miss.contains("没有找到“&#60;b&#62;飞机票"), "{miss}");
    assert!(
        miss.contains("<meta name=\"robots\" content=\"noindex\">") && miss.contains("href=\"/provinces\""),
        "{miss}"
    );
    let near = search(&app, "很麻烦的飞机票").await.expect(200).text();
    assert!(near.contains("相近的3条") && near.contains("href=\"/issues/T1-1\""), "{near}");
    let long = search(&app, &"证".repeat(61)).await.expect(422).text();
    assert!(long.contains("要找的内容有61个字，最多60个") && long.contains("href=\"#q\""), "{long}");
    search(&app, &"证".repeat(60)).await.expect(200);
}

#[tokio::test]
async fn drafts_are_not_found_and_options_under_vote_are() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let draft = given::draft("d1");
    let organiser = app.ctx(&people.organiser);
    app.app
        .stores
        .main
        .write(shudu::base::main_store::Changes::Internal, async |tx| {
            let made = shudu::campaign::commands::create(tx, &organiser, &draft).await?;
            shudu::campaign::commands::put_options(tx, &organiser, "d1", made.revision, &given::options("d1")).await
        })
        .await
        .unwrap();
    given::open(&app, &people, "t1").await;
    let page = search(&app, "第1件").await.expect(200).text();
    assert!(page.contains("href=\"/issues/T1-1\"") && page.contains("还没有选出") && !page.contains("D1-1"), "{page}");
}

#[tokio::test]
async fn every_page_has_the_form_and_the_page_of_the_search_has_one() {
    let app = TestApp::new().await;
    for path in ["/", "/campaigns", "/dashboard", "/privacy", "/sign-in", "/nowhere"] {
        let page = app.nobody().get(path).await.text();
        assert_eq!(page.matches("action=\"/search\"").count(), 1, "{path}");
        assert!(page.contains("<label class=\"vh\" for=\"site-search\">搜索本站</label>"), "{path}");
    }
    let page = app.nobody().get("/search").await.text();
    assert_eq!(page.matches("role=\"search\"").count(), 1);
    let english = app.nobody().get("/privacy?lang=en").await.text();
    assert!(english.contains("<input type=\"hidden\" name=\"lang\" value=\"en\">"), "the language stays");
}
