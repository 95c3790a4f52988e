//! The forms of plan and report: typed text and uploaded files survive every refusal.

use serde_json::json;

use testing::Desk;
use testing::desk::{PDF, ROW, png};

fn page(noun: &str) -> String {
    format!("/desk/assignments/{ROW}/{noun}")
}

const GOOD: [(&str, &str); 5] = [
    ("before", "要到窗口排队"),
    ("after", "手机上就能办"),
    ("effective_on", "2018-04-10"),
    ("covered", "98"),
    ("coverable", "98"),
];

/// The valid fields with one of them changed.
fn with<'a>(field: &str, value: &'a str) -> Vec<(&'static str, &'a str)> {
    GOOD.iter().map(|(name, good)| (*name, if *name == field { value } else { good })).collect()
}

async fn planned() -> Desk {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    desk
}

#[tokio::test]
async fn a_plan_needs_a_cause_a_remedy_and_one_whole_line() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    let form = desk.handler.get(&page("plan")).await.expect(200).text();
    assert!(form.contains("<option value=\"queueing\" selected>"), "as the campaign has it");
    assert!(form.contains("<option value=\"mobile\" selected>"));
    assert_eq!(form.matches("type=\"date\"").count(), 5);
    let base = [("root_cause", "queueing"), ("remedy", "mobile"), ("description", "窗口太少")];
    for (lines, said) in [
        (vec![("day", ""), ("text", "")], "时间表至少写一行"),
        (vec![("day", ""), ("text", "先试")], "每一行的日期和要办完的事都要写"),
        (vec![("day", "五月"), ("text", "先试")], "请按2018-07-07的样子写日期"),
    ] {
        let mut fields = base.to_vec();
        fields.extend(lines);
        let text = desk.handler.post_form(&page("plan"), &fields).await.expect(422).text();
        assert!(text.contains(said) && text.contains("窗口太少"), "{said}");
    }
    let fields = [("root_cause", "x"), ("remedy", "y"), ("day", "2018-05-01"), ("text", "先试")];
    let text = desk.handler.post_form(&page("plan"), &fields).await.expect(422).text();
    assert!(text.contains("请从列出的原因里选") && text.contains("请从列出的办法里选"));
    assert!(text.contains("value=\"2018-05-01\"") && text.contains("value=\"先试\""));
    // The summary has the fields in the order of the form, each with its label.
    let at = |label: &str| text.find(label).unwrap_or_else(|| panic!("{label}: {text}"));
    assert!(at("：请从列出的原因里选</a>") < at("：请从列出的办法里选</a>"), "{text}");
    let bad = json!({ "root_cause": "x", "remedy": "y", "milestones": [] });
    let answer = desk.post(&desk.handler, ROW, "plan", bad).await.expect(422).json();
    assert_eq!(answer["errors"].as_array().unwrap().len(), 3);
    assert_eq!(desk.moves(ROW).await, 2);
}

#[tokio::test]
async fn a_refused_report_keeps_its_words_and_its_files() {
    let desk = planned().await;
    let picture = png();
    let files: [(&str, &str, &[u8]); 3] = [
        ("evidence", "通知.pdf", PDF),
        ("evidence", "整改照片.heic", b"\0\0\0 ftypheic"),
        ("evidence", "截图.png", &picture),
    ];
    let text = desk.handler.post_files(&page("report"), &with("after", ""), &files).await;
    let text = text.expect(422).text();
    assert!(text.contains("“整改照片.heic”没有收下：内容是HEIC"));
    assert!(text.contains("通知.pdf") && text.contains("截图.png") && text.contains("要到窗口排队"));
    assert!(text.contains("已上传2个文件") && text.contains("图片已重新生成，去掉了拍摄地点等信息"));
    // The form is sent again without files; the files of the first attempt count.
    let text = desk.handler.post_files(&page("report"), &with("after", " "), &[]).await;
    let text = text.expect(422).text();
    assert!(text.contains("这里不能空着") && text.contains("已上传2个文件"));
    desk.handler.post_files(&page("report"), &GOOD, &[]).await.expect(303);
    assert_eq!(desk.moves(ROW).await, 4);
    let row = desk.leader.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(row.contains("通知.pdf") && row.contains("截图.png"));
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_by_name_and_the_rest_is_kept() {
    let desk = planned().await;
    let mut large = PDF.to_vec();
    large.resize((20 << 20) + 1, b' ');
    let files: [(&str, &str, &[u8]); 2] = [("evidence", "太大.pdf", &large), ("evidence", "通知.pdf", PDF)];
    let text = desk.handler.post_files(&page("report"), &GOOD, &files).await.expect(422).text();
    assert!(text.contains("“太大.pdf”没有收下：超过20MB"));
    assert!(text.contains("已上传1个文件") && text.contains("手机上就能办"));
    assert_eq!(desk.moves(ROW).await, 3);
}

#[tokio::test]
async fn files_are_uploaded_alone_and_put_away_again() {
    let desk = planned().await;
    let mut fields = GOOD.to_vec();
    fields.push(("act", "upload"));
    let files: [(&str, &str, &[u8]); 1] = [("evidence", "通知.pdf", PDF)];
    let text = desk.handler.post_files(&page("report"), &fields, &files).await.expect(200).text();
    assert!(text.contains("已上传1个文件") && text.contains("手机上就能办"));
    let hash = text.split("name=\"drop\" value=\"").nth(1).unwrap();
    let hash = hash.split('"').next().unwrap().to_owned();
    let mut fields = GOOD.to_vec();
    fields.push(("drop", &hash));
    for _ in 0..2 {
        let text = desk.handler.post_files(&page("report"), &fields, &[]).await.expect(200).text();
        assert!(!text.contains("通知.pdf") && text.contains("手机上就能办"));
    }
    let text = desk.handler.post_files(&page("report"), &GOOD, &[]).await.expect(422).text();
    assert!(text.contains("还没有佐证材料。至少传1个文件"));
    assert_eq!(desk.moves(ROW).await, 3);
}

#[tokio::test]
async fn a_file_whose_name_is_gbk_arrives_with_the_form() {
    let desk = planned().await;
    let act = b"--frontier\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nupload\r\n--frontier\r\n";
    let head = b"Content-Disposition: form-data; name=\"evidence\"; filename=\"\xb2\xc4\xc1\xcf.pdf\"\r\n";
    let kind = b"Content-Type: application/pdf\r\n\r\n";
    let body = [&act[..], head, kind, PDF, b"\r\n--frontier--\r\n"].concat();
    let media = Some("multipart/form-data; boundary=frontier");
    let shown = desk.handler.send(poem::http::Method::POST, &page("report"), media, body).await.expect(200).text();
    assert!(shown.contains("已上传1个文件"), "{shown}");
}

#[tokio::test]
async fn a_report_that_does_not_reach_all_says_so_before_it_is_sent() {
    let desk = planned().await;
    let files: [(&str, &str, &[u8]); 1] = [("evidence", "通知.pdf", PDF)];
    let part = with("covered", "62");
    let text = desk.handler.post_files(&page("report"), &part, &files).await.expect(200).text();
    assert!(text.contains("已覆盖62/98，将记为部分解决"));
    assert!(text.contains("name=\"partial\" value=\"yes\"") && text.contains("手机上就能办"));
    assert_eq!(desk.moves(ROW).await, 3);
    let mut part = part;
    part.push(("partial", "yes"));
    desk.handler.post_files(&page("report"), &part, &[]).await.expect(303);
    let row = desk.coordinator.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(row.contains("已覆盖62/98，记为部分解决，不计入省级确认解决"));
    let text = desk.coordinator.get(&page("signature")).await.expect(200).text();
    assert!(text.contains("没有全部覆盖的上报不能签字"));
    assert!(!text.contains("method=\"post\" action=\"/desk/assignments"));
    let text = desk.coordinator.post_form(&page("signature"), &[]).await.expect(409).text();
    assert!(text.contains("已覆盖62/98，是部分解决，不能签字"));
}

#[tokio::test]
async fn numbers_and_dates_that_do_not_read_are_named_all_at_once() {
    let desk = planned().await;
    let files: [(&str, &str, &[u8]); 1] = [("evidence", "通知.pdf", PDF)];
    let fields = [("before", ""), ("after", "现在"), ("effective_on", "昨天"), ("covered", "很多"), ("coverable", "")];
    let text = desk.handler.post_files(&page("report"), &fields, &files).await.expect(422).text();
    for field in ["before", "effective_on", "covered", "coverable"] {
        assert!(text.contains(&format!("<a href=\"#{field}\">")), "{field}");
    }
    assert!(text.contains("value=\"很多\"") && text.contains("已上传1个文件"));
    let later = with("effective_on", "2018-04-11");
    let text = desk.handler.post_files(&page("report"), &later, &[]).await.expect(422).text();
    assert!(text.contains("生效日期不能晚于今天"));
}

#[tokio::test]
async fn a_report_from_an_old_page_keeps_words_and_files() {
    let desk = planned().await;
    let report = desk.report_of(&desk.coordinator, ROW, 98).await;
    desk.post(&desk.coordinator, ROW, "report", report).await.expect(200);
    let mut fields = GOOD.to_vec();
    fields.push(("seen", "3"));
    let files: [(&str, &str, &[u8]); 1] = [("evidence", "通知.pdf", PDF)];
    let text = desk.handler.post_files(&page("report"), &fields, &files).await.expect(409).text();
    assert!(text.contains("打开之后，office of province_coordinator-320000已在2018-04-10 12:00上报"));
    assert!(text.contains("刚才填写的内容") && text.contains("手机上就能办"));
    desk.make_move(&desk.coordinator, "withdrawal").await;
    let form = desk.handler.get(&page("report")).await.expect(200).text();
    assert!(form.contains("通知.pdf"), "uploaded with the form that came too late");
}

#[tokio::test]
async fn somebody_elses_form_takes_no_files() {
    let desk = planned().await;
    let files: [(&str, &str, &[u8]); 1] = [("evidence", "通知.pdf", PDF)];
    let refused = desk.leader.post_files(&page("report"), &GOOD, &files).await.expect(403);
    assert!(refused.text().contains("这一步由省级统筹或承办部门办理"));
    desk.other_coordinator.post_files(&page("report"), &GOOD, &files).await.expect(404);
    let form = desk.handler.get(&page("report")).await.expect(200).text();
    assert!(!form.contains("通知.pdf"));
}

#[tokio::test]
async fn a_line_break_counts_once_however_a_browser_sends_it() {
    let desk = planned().await;
    let lines = |end: &str| vec!["这一行有十八个字加上换行一共十九个字"; 105].join(end);
    let (typed, sent) = (lines("\n"), lines("\r\n"));
    assert!(typed.chars().count() <= 2000 && sent.chars().count() > 2000);
    let files = [("evidence", "a.pdf", PDF)];
    desk.handler.post_files(&page("report"), &with("before", &sent), &files).await.expect(303);
    let public = desk.app.nobody().get("/issues/T1-1/provinces/320000").await.expect(200).text();
    assert!(public.contains(&typed) && !public.contains('\r'), "{public}");
}

#[tokio::test]
async fn numbers_and_dates_are_read_in_wide_digits_and_dates_are_of_our_time() {
    let desk = planned().await;
    for (field, value, said) in [
        ("effective_on", "0018-04-10", "年份要在2000到2100之间"),
        ("effective_on", "18-4-10", "年份要在2000到2100之间"),
        ("effective_on", "四月十日", "请按2018-07-07的样子写日期"),
        ("covered", "九十八", "请写一个整数"),
    ] {
        let answer = desk.handler.post_files(&page("report"), &with(field, value), &[("evidence", "a.pdf", PDF)]).await;
        assert!(answer.expect(422).text().contains(said), "{field} {value}");
    }
    let wrong = json!({ "before": "以前", "after": "现在", "effective_on": "0018-04-10", "covered": 1, "coverable": 1, "evidence": [] });
    let refused = desk.post(&desk.handler, ROW, "report", wrong).await.expect(422).json();
    assert!(refused.to_string().contains("form.year"), "{refused}");
    let typed = [
        ("before", "要到窗口排队"),
        ("after", "手机上就能办"),
        ("effective_on", "２０１８年４月１０日"),
        ("covered", "９８"),
        ("coverable", "\u{202d}98\u{202c}"),
    ];
    desk.handler.post_files(&page("report"), &typed, &[("evidence", "a.pdf", PDF)]).await.expect(303);
}

#[tokio::test]
async fn a_form_whose_session_ended_is_kept() {
    let desk = planned().await;
    let text = "我写了半个小时的情况说明\n第二行";
    let nobody = desk.app.nobody();
    let check = |shown: &str| {
        assert!(shown.contains("登录已结束") && shown.contains(text), "{shown}");
        assert!(shown.contains(&format!("action=\"{}\"", page("report"))), "{shown}");
        assert!(shown.contains("name=\"effective_on\" value=\"2018-04-10\""), "{shown}");
    };
    let plain = nobody.post_form(&page("report"), &with("before", text)).await.expect(401).text();
    check(&plain);
    assert!(!plain.contains("文件没有保留"));
    let files = [("evidence", "a.pdf", PDF)];
    let with_files = nobody.post_files(&page("report"), &with("before", text), &files).await.expect(401).text();
    check(&with_files);
    assert!(with_files.contains("文件没有保留"));
    // A form with a password is not written into a page.
    let passwords = [("old", "one long password"), ("new", "another long one"), ("again", "another long one")];
    let refused = nobody.post_form("/desk/password", &passwords).await.expect(303);
    assert!(refused.location().starts_with("/sign-in?next="));
    // After the sign-in the same form is filed.
    desk.handler.post_files(&page("report"), &with("before", text), &files).await.expect(303);
}
