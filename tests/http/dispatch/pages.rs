//! Every move by its page: the form, the move, and the message on the next page. A refusal shows the form again with the typed
//! text.

use entity::stored::AssignmentState;

use testing::desk::{PDF, ROW};
use testing::{Answer, Desk, Person};

fn page(noun: &str) -> String {
    format!("/desk/assignments/{ROW}/{noun}")
}

/// Value of a hidden field.
fn hidden(form: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let rest = form.split(&field).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Opens the form, fills it in and sends it. Returns the page that follows.
async fn make(person: &Person, noun: &str, fields: &[(&str, &str)]) -> String {
    let form = person.get(&page(noun)).await.expect(200).text();
    let seen = hidden(&form, "expected_version");
    let mut all = vec![("expected_version", seen.as_str())];
    all.extend(fields);
    let sent = if noun == "report" {
        person.post_files(&page(noun), &all, &[("evidence", "proof.pdf", PDF)]).await
    } else {
        person.post_form(&page(noun), &all).await
    };
    let sent = sent.expect(303).location();
    assert_eq!(sent, format!("/desk/assignments/{ROW}?done={noun}"));
    let next = person.get(&sent).await.expect(200).text();
    assert!(next.contains("role=\"status\"><p>"), "{noun}");
    for key in ["dispatch-", "report-", "verification-", "state-", "error-"] {
        assert!(!next.contains(&format!(">{key}")), "{noun}: {key}");
    }
    next
}

const PLAN: [(&str, &str); 5] = [
    ("root_cause", "queueing"),
    ("remedy", "mobile"),
    ("description", "窗口太少"),
    ("day", "2018-05-10"),
    ("text", "两个县先试"),
];

const REPORT: [(&str, &str); 5] = [
    ("before", "要到窗口排队"),
    ("after", "手机上就能办"),
    ("effective_on", "2018-04-10"),
    ("covered", "98"),
    ("coverable", "98"),
];

#[tokio::test]
async fn a_row_lives_its_life_by_pages_alone() {
    let desk = Desk::new().await;
    let (c, h, l) = (&desk.coordinator, &desk.handler, &desk.leader);
    let next = make(c, "acknowledgement", &[("department", "江苏省公安厅")]).await;
    assert!(next.contains("已签收。下一步由承办部门报送整改方案。") && next.contains("江苏省公安厅"));
    let next = make(h, "plan", &PLAN).await;
    assert!(next.contains("窗口太少") && next.contains("两个县先试") && next.contains("排队等候"));
    let next = make(h, "report", &REPORT).await;
    assert!(next.contains("手机上就能办") && next.contains("proof.pdf") && next.contains("已覆盖98/98"));
    let next = make(c, "sending-back", &[("reason", "还差一份通知")]).await;
    assert!(next.contains("还差一份通知"));
    make(h, "report", &REPORT).await;
    make(h, "withdrawal", &[("reason", "文件传错了")]).await;
    make(h, "report", &REPORT).await;
    let form = c.get(&page("signature")).await.expect(200).text();
    assert!(form.contains("proof.pdf") && form.contains("name of handler-320000"));
    make(c, "signature", &[]).await;
    let form = l.get(&page("verification")).await.expect(200).text();
    assert!(form.contains("手机端办结一件并记录用时") && form.contains("将从已解决变为已核验"));
    let next = make(l, "verification", &[("test", "实办一件"), ("findings", "八分钟")]).await;
    assert!(next.contains("实办一件") && next.contains("核验通过"));
    let form = l.get(&page("relapse")).await.expect(200).text();
    assert!(form.contains("将从已核验变为返工"));
    let next = make(l, "relapse", &[("findings", "窗口仍要求交复印件")]).await;
    assert!(next.contains("返工：窗口仍要求交复印件"));
    let form = h.get(&page("report")).await.expect(200).text();
    assert!(form.contains("要回应的意见：") && form.contains("窗口仍要求交复印件"));
    make(h, "report", &REPORT).await;
    make(c, "signature", &[]).await;
    let form = l.get(&page("rejection")).await.expect(200).text();
    assert!(form.contains("将从已解决变为返工"));
    make(l, "rejection", &[("findings", "仍未改")]).await;
    assert_eq!(desk.state(ROW).await, AssignmentState::Rework);
    assert_eq!(desk.moves(ROW).await, 14);
}

#[tokio::test]
async fn returns_and_exemptions_have_pages_too() {
    let desk = Desk::new().await;
    let (c, o) = (&desk.coordinator, &desk.organiser);
    let form = c.get(&page("return")).await.expect(200).text();
    assert!(form.contains("只能退回一次，2018年4月11日24:00前可以退"));
    let next = make(c, "return", &[("basis", "职责清单没有")]).await;
    assert!(next.contains("已退回，等主办方裁定") && next.contains("等“作出裁定”"));
    let form = o.get(&page("ruling")).await.expect(200).text();
    assert!(form.contains("职责清单没有"));
    make(o, "ruling", &[("to", "province"), ("ruling", "仍由该省办理")]).await;
    make(c, "exemption-request", &[("class", "law_forbids"), ("basis", "条例不许")]).await;
    let form = o.get(&page("exemption")).await.expect(200).text();
    assert!(form.contains("条例不许") && form.contains("法律不允许这样改"));
    make(o, "exemption-refusal", &[("basis", "条例允许")]).await;
    make(c, "exemption-request", &[("class", "no_such_service"), ("basis", "没有这项")]).await;
    let next = make(o, "exemption", &[("basis", "属实")]).await;
    assert!(next.contains("免办") && next.contains("不同意：条例允许") && next.contains("没有这项"));
    assert_eq!(desk.state(ROW).await, AssignmentState::Exempt);
}

#[tokio::test]
async fn a_refused_form_is_shown_again_with_everything_typed() {
    let desk = Desk::new().await;
    let long = "很长".repeat(40);
    let fields = [("seen", "1"), ("department", long.as_str())];
    let answer = desk.coordinator.post_form(&page("acknowledgement"), &fields).await;
    let text = answer.expect(422).text();
    assert!(text.contains(&long) && text.contains("写了80个字，最多60个"));
    assert!(text.contains("<a href=\"#department\">") && text.contains("id=\"department\""));
    assert!(text.contains("<title>出错："));
    let fields = [("seen", "1"), ("basis", "有依据"), ("class", "whatever")];
    let answer = desk.coordinator.post_form(&page("exemption-request"), &fields).await;
    let text = answer.expect(422).text();
    assert!(text.contains("有依据") && text.contains("请从给出的选项里选"));
    desk.make_move(&desk.coordinator, "return").await;
    let fields = [("seen", "2"), ("ruling", "由省里办")];
    let answer = desk.organiser.post_form(&page("ruling"), &fields).await;
    assert!(answer.expect(422).text().contains("由省里办"));
}

#[tokio::test]
async fn a_form_made_before_somebody_elses_move_says_what_changed_and_keeps_the_text() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Reported).await;
    // The coordinator opened the page at four moves. Meanwhile the handler withdraws the report and reports again.
    desk.make_move(&desk.handler, "withdrawal").await;
    desk.make_move(&desk.handler, "report").await;
    let fields = [("seen", "4"), ("reason", "少了一个县的名单")];
    let answer: Answer = desk.coordinator.post_form(&page("sending-back"), &fields).await;
    let text = answer.expect(409).text();
    assert!(text.contains("打开之后，office of handler-320000已在2018-04-10 12:00上报"));
    assert!(text.contains("打开这一页之后的变动") && text.contains("撤回上报") && text.contains("还差一个县"));
    assert!(text.contains("少了一个县的名单"));
    // The form on the refusal page is made from the present state, so sending it again works.
    let seen = hidden(&text, "expected_version");
    assert_eq!(seen, "6");
    let fields = [("seen", seen.as_str()), ("reason", "少了一个县的名单")];
    desk.coordinator.post_form(&page("sending-back"), &fields).await.expect(303);

    // Where the move is no longer possible, the page shows the typed text for copying and says who is next.
    let fields = [("seen", "5"), ("reason", "再退一次")];
    let text = desk.second.post_form(&page("sending-back"), &fields).await.expect(409).text();
    assert!(text.contains("刚才填写的内容") && text.contains("再退一次"));
    assert!(!text.contains(&format!("action=\"{}\"", page("sending-back"))));
    let english = desk.second.clone().in_english();
    let text = english.post_form(&page("sending-back"), &fields).await.expect(409).text();
    assert!(text.contains("What was entered") && text.contains("sent it back at 2018-04-10 12:00"));
}

#[tokio::test]
async fn a_page_of_a_move_that_is_not_to_be_made_says_why() {
    let desk = Desk::new().await;
    let text = desk.handler.get(&page("acknowledgement")).await.expect(403).text();
    assert!(text.contains("这一步由省级统筹办理"));
    let text = desk.coordinator.get(&page("signature")).await.expect(409).text();
    assert!(text.contains("现在是“已交办”，不能办这一步"));
    desk.organiser.get(&page("exemption")).await.expect(409);
    desk.handler.get(&page("exemption-request")).await.expect(403);
    desk.app.clock.set(testing::app::noon("2018-04-12"));
    let text = desk.coordinator.get(&page("return")).await.expect(200).text();
    assert!(!text.contains("method=\"post\" action=\"/desk/assignments"));
    let answer = desk.coordinator.post_form(&page("return"), &[("basis", "晚了")]).await;
    assert!(answer.expect(409).text().contains("退回期限2018年4月11日已过"));
}

#[tokio::test]
async fn somebody_else_is_told_whose_turn_it_is_by_name() {
    let desk = Desk::new().await;
    let row = format!("/desk/assignments/{ROW}");
    let text = desk.handler.get(&row).await.expect(200).text();
    assert!(text.contains("等“签收任务”，可以办的有2人："));
    assert!(text.contains("name of coordinator-2（office of coordinator-2）"));
    let text = desk.auditor.get(&row).await.expect(200).text();
    assert!(text.contains("等“签收任务”") && text.contains("name of approver-1，office of approver-1，批准人"));
    let english = desk.auditor.clone().in_english().get(&row).await.expect(200).text();
    assert!(english.contains("Waits for “Acknowledge it”; 2 people can do it"));
    assert!(english.contains("Errand number 1 is a great nuisance"));
    assert!(english.contains("Close a case on a phone and record the time"));
}

#[tokio::test]
async fn an_english_address_stays_english_through_a_move() {
    let desk = Desk::new().await;
    let address = format!("{}?lang=en", page("acknowledgement"));
    let form = desk.coordinator.get(&address).await.expect(200).text();
    assert!(form.contains(&format!("action=\"{address}\"")));
    let fields = [("seen", "1"), ("department", "Public Security")];
    let sent = desk.coordinator.post_form(&address, &fields).await.expect(303).location();
    assert_eq!(sent, format!("/desk/assignments/{ROW}?done=acknowledgement&lang=en"));
    let next = desk.coordinator.get(&sent).await.expect(200).text();
    assert!(next.contains("Acknowledged. The department files its plan next."));
    let odd = format!("/desk/assignments/{ROW}?done=%3Cb%3E");
    assert!(!desk.coordinator.get(&odd).await.expect(200).text().contains("notice-ok"));
}
