//! Input from outside that nothing may take: NUL, bytes that are not UTF-8, and values that are given twice. Both databases give the same answer.

use entity::stored::Role;
use poem::http::Method;
use serde_json::json;
use testing::desk::ROW;
use testing::{Desk, TestApp};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json");

#[tokio::test]
async fn a_path_with_nul_or_other_bytes_names_nothing() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    for bad in ["%00", "a%00b", "%B0%EC", "%ff", "%ED%A0%80"] {
        for path in [
            format!("/issues/{bad}"),
            format!("/campaigns/{bad}"),
            format!("/campaigns/{bad}/results"),
            format!("/campaigns/{bad}/ballot"),
            format!("/issues/S1-03/provinces/{bad}"),
            format!("/provinces/{bad}"),
            format!("/receipts/{bad}"),
            format!("/invitations/{bad}"),
            format!("/log/{bad}/checkpoint"),
            format!("/api/v1/campaigns/{bad}"),
            format!("/api/v1/campaigns/{bad}/turnout"),
            format!("/api/v1/receipts/{bad}"),
            format!("/{bad}"),
        ] {
            assert_eq!(app.nobody().get(&path).await.status, 404, "{path}");
        }
        assert_eq!(admin.get(&format!("/desk/accounts/{bad}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_query_with_nul_or_other_bytes_is_refused() {
    let app = TestApp::new().await;
    for bad in ["%00", "a%00b", "%B0%EC", "%ff"] {
        for path in [
            format!("/dashboard?campaign={bad}"),
            format!("/receipts?number={bad}"),
            format!("/sign-in?next={bad}"),
            format!("/?lang={bad}"),
            format!("/api/v1/assignments?issue={bad}"),
            format!("/api/v1/assignments?{bad}=1"),
        ] {
            let answer = app.nobody().get(&path).await;
            assert_eq!(answer.status, 422, "{path}: {}", answer.text());
        }
    }
    app.nobody().get("/receipts?number=%E5%8A%9E+%25").await.expect(422); // readable, and no number
    app.nobody().get("/?q=100%").await.expect(200);
}

#[tokio::test]
async fn a_body_with_nul_or_other_bytes_is_refused_and_nothing_is_filed() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    let moves = desk.moves(ROW).await;
    let address = format!("/desk/assignments/{ROW}/plan");
    for text in ["%B0%EC", "%FF", "a%00b", "\u{0}"] {
        let body = format!("root_cause=queueing&remedy=mobile&description={text}&day=2018-05-01&text=x");
        let answer = desk.handler.send(Method::POST, &address, FORM, body.into_bytes()).await;
        assert_eq!(answer.status, 422, "{text:?}: {}", answer.text());
    }
    let call = format!("/api/v1/assignments/{ROW}/plan");
    let plan = |text: &str| json!({ "root_cause": "queueing", "remedy": "mobile", "description": text, "milestones": [{ "day": "2018-05-01", "text": "x" }] });
    for bytes in
        [plan("a\0b").to_string().into_bytes(), plan("x").to_string().replace("\"x\"", "\"\u{fffd}\"").into_bytes()]
    {
        let bytes: Vec<u8> = bytes.split(|b| *b == 0xef).collect::<Vec<_>>().join(&0xff); // no UTF-8 where a mark stood
        let answer = desk.handler.send(Method::POST, &call, JSON, bytes).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
    assert_eq!(desk.moves(ROW).await, moves);
    let nobody = desk.app.nobody();
    let fields = [("login", "a\0b"), ("password", "a long enough one"), ("next", "/desk")];
    nobody.post_form("/sign-in", &fields).await.expect(422);
    let session = json!({ "login": "a\0b", "password": "a long enough one" });
    let refused = nobody.post_json("/api/v1/sessions", &session).await.expect(422).json();
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["code"]),
        (&json!("login"), &json!("form.control_characters"))
    );
}

#[tokio::test]
async fn marks_that_nobody_sees_are_taken_out_of_every_text_that_people_decide_by() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let admin = app.staff_as("boss", Role::Sysadmin, "").await;
    let hidden = |text: &str| format!("\u{feff}{}\u{202e}\u{200b}\u{3164}", text);
    let account = json!({ "login": "\u{200b}ＷＡＮＧ-1\u{202c}", "name": hidden("王芳"), "office": hidden("省政务办"),
        "password": "a long enough one here" });
    admin.post_json("/api/v1/accounts", &account).await.expect(201);
    let made = admin.get("/api/v1/accounts/wang-1").await.expect(200).json();
    assert_eq!((&made["name"], &made["office"]), (&json!("王芳"), &json!("省政务办")));
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    let plan = json!({ "root_cause": "queueing", "remedy": "mobile", "description": hidden("窗口\r\n太少"),
        "milestones": [{ "day": "2018-05-01", "text": hidden("先试") }] });
    desk.post(&desk.handler, ROW, "plan", plan).await.expect(200);
    let page = desk.handler.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(page.contains("窗口\n太少<") && page.contains("先试"), "{page}");
    for mark in ['\u{feff}', '\u{202e}', '\u{200b}', '\u{3164}'] {
        assert!(!page.contains(mark), "{mark:?}");
    }
}

#[tokio::test]
async fn a_member_that_is_named_twice_is_refused() {
    let app = TestApp::new().await;
    app.staff_as("wang-1", Role::Sysadmin, "").await;
    let password = testing::actors::PASSWORD;
    for (body, status) in [
        (format!(r#"{{"login":"wang-1","password":"{password}"}}"#), 201),
        (format!(r#"{{"login":"wang-1","password":"x","password":"{password}"}}"#), 422),
        (format!(r#"{{"login":"x","login":"wang-1","password":"{password}"}}"#), 422),
        (format!(r#"{{"login":"wang-1","password":"{password}","more":{{"a":1,"a":1}}}}"#), 422),
    ] {
        let answer = app.nobody().send(Method::POST, "/api/v1/sessions", JSON, body.clone().into_bytes()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_parameter_or_field_that_is_given_twice_is_refused_by_name() {
    let app = TestApp::new().await;
    let admin = app.staff_as("wang-1", Role::Sysadmin, "").await;
    let nobody = app.nobody();
    for path in [
        "/api/v1/assignments?province=320000&province=330000",
        "/api/v1/assignments?page=1&province=320000&p%72ovince=320000",
        "/api/v1/verify/no-such-thing?province=1&province=1",
    ] {
        let problem = nobody.get(path).await.expect(422).json();
        assert_eq!(
            (&problem["errors"][0]["field"], &problem["code"]),
            (&json!("province"), &json!("named_twice")),
            "{path}"
        );
    }
    for path in ["/search?q=a&q=b", "/issues?province=320000&province=330000", "/?lang=en&lang=zh-CN"] {
        let page = nobody.get(path).await.expect(422).text();
        assert!(page.contains("”写了不止一次") || page.contains("” is given more than once"), "{path}: {page}");
    }
    nobody.get("/api/v1/assignments?province=320000&page=1").await.expect(200);
    let twice = [("login", "li-2"), ("name", "李"), ("name", "张"), ("office", "试点办公室")];
    let page = admin.post_form("/desk/accounts/new", &twice).await.expect(422).text();
    assert!(page.contains("“name”写了不止一次"), "{page}");
    let page = admin.post_files("/desk/accounts/new", &twice, &[]).await.expect(422).text();
    assert!(page.contains("“name”写了不止一次"), "{page}");
}

#[tokio::test]
async fn a_field_that_is_a_list_of_another_form_is_given_once() {
    let desk = Desk::new().await;
    let at = format!("/desk/assignments/{ROW}/acknowledgement");
    for twice in [
        [("department", "一处"), ("department", "二处"), ("back", "")],
        [("department", "一处"), ("expected_version", "0"), ("expected_version", "0")],
    ] {
        let page = desk.coordinator.post_form(&at, &twice).await.expect(422).text();
        assert!(page.contains("”写了不止一次"), "{page}");
    }
}
