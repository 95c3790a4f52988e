//! The campaign desks: writing rules, seeing their effects, and two editors at once.

use entity::stored::Role;

use super::{draft, form, option_count, press, revision, send, shown, with};
use testing::{TestApp, given};

#[tokio::test]
async fn a_campaign_goes_from_an_empty_form_to_its_publication_by_pages() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let blank = people.organiser.get("/desk/campaigns/new").await.expect(200);
    let blank = blank.text();
    assert!(blank.contains("新建活动"));
    // The boxes of hosts and provinces are folded, and sent all the same.
    assert!(blank.contains("<details class=\"more\"><summary>全部31个省（区、市）</summary>"), "{blank}");
    assert!(blank.contains("<details class=\"more\"><summary>从"), "{blank}");
    let made = send(&people.organiser, "/new", &form("t1")).await.expect(303);
    assert_eq!(made.location(), "/desk/campaigns/t1?done=rules");
    let page = people.organiser.get(&made.location()).await.expect(200).text();
    for said in ["规则已保存", "起草中", "0个，至少要3个", "2018年6月30日（周六）"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    draft_options(&people.organiser).await;
    assert_eq!(option_count(&app, "t1").await, 6);

    let sent = press(&people.organiser, "t1", "submission", "").await.expect(303);
    assert_eq!(sent.location(), "/desk/campaigns/t1?done=submission");
    let review = people.approver.get("/desk/campaigns/t1").await.expect(200).text();
    for said in ["送批准人", "name of organiser（office of organiser）", "题目里没有部门名称"] {
        assert!(review.contains(said), "{said}: {review}");
    }
    press(&people.approver, "t1", "publication", "").await.expect(303);
    let visitor = app.nobody();
    visitor.get("/campaigns/t1").await.expect(200);
    assert_eq!(shown(&visitor, "t1").await["phase"], "scheduled");
}

async fn draft_options(organiser: &testing::Person) {
    let page = organiser.get("/desk/campaigns/t1/options").await.expect(200).text();
    let fields = [("revision", revision(&page)), ("options", super::table("t1")), ("act", "preview".to_owned())];
    let preview = send(organiser, "/t1/options", &fields).await.expect(200).text();
    assert!(preview.contains("读到6个题目，都没有错。保存后换掉原来的0个。"));
    let fields = [("revision", revision(&preview)), ("options", super::table("t1")), ("act", "save".to_owned())];
    send(organiser, "/t1/options", &fields).await.expect(303);
}

#[tokio::test]
async fn a_refused_form_keeps_everything_and_names_every_field() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    let mut wrong = with(form("t 1"), "closes_on", "2018-04-01");
    wrong = with(wrong, "top_n", "many");
    wrong = with(wrong, "deadline_on", "9999-12-31");
    wrong.retain(|(field, _)| *field != "units");
    let page = send(&organiser, "/new", &wrong).await.expect(422).text();
    for said in [
        "<title>出错：新建活动",
        "有5处需要改，填的都还在",
        "截止日期不能早于开始日期",
        "请写一个整数",
        "年份要在2000到2100之间",
        "请至少选一个省份",
        "<details class=\"more\" open><summary>已选0个省份，共31个</summary>",
        "<details class=\"more\"><summary>已选：",
        "href=\"#unit-110000\"",
        "value=\"t 1\"",
        "value=\"many\"",
        "value=\"9999-12-31\"",
        "A small trial",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let summary = page.split("id=\"errors-title\"").nth(1).unwrap().split("</div>").next().unwrap();
    let labels = ["网址里的名字：", "截止日期：", "选出几个堵点：", "交办到哪些省份：", "期限日期："];
    let places = labels.map(|label| summary.find(label).unwrap_or_else(|| panic!("{label}: {summary}")));
    assert!(places.is_sorted(), "in the order of the form: {summary}");
    organiser.get("/desk/campaigns/t1").await.expect(404);
}

#[tokio::test]
async fn working_out_the_dates_saves_nothing() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    let check = with(form("t1"), "act", "check");
    let page = send(&organiser, "/new", &check).await.expect(200).text();
    for said in [
        "投票共4天，其中2个工作日。",
        "2个堵点×3个省份=交办6项。",
        "如果2018年4月9日（周一）交办，签收到2018年4月10日（周二）24:00为止。",
        "2018年6月30日（周六）是休息日，顺延到2018年7月2日（周一）。",
        "2018年的放假安排还没载入，先按平常周末算。",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    organiser.get("/desk/campaigns/t1").await.expect(404);
}

#[tokio::test]
async fn a_slug_is_taken_once() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    send(&organiser, "/new", &form("t1")).await.expect(303);
    let again = send(&organiser, "/new", &form("t1")).await.expect(422).text();
    assert!(again.contains("这个名字已经有活动在用，请换一个"), "{again}");
    let reserved = send(&organiser, "/new", &form("new")).await.expect(422);
    assert!(reserved.text().contains("也不能叫new"));
}

#[tokio::test]
async fn of_two_editors_the_second_sees_what_differs_and_decides() {
    let app = TestApp::new().await;
    let first = app.staff(Role::Organiser, "").await;
    let second = app.staff_as("second", Role::Organiser, "").await;
    draft(&first, "t1").await;
    let seen = revision(&first.get("/desk/campaigns/t1/rules").await.expect(200).text());
    let edit = |name: &str| with(with(form("t1"), "revision", &seen), "name_zh", name);
    send(&second, "/t1/rules", &edit("第二人的名称")).await.expect(303);

    let late = send(&first, "/t1/rules", &edit("第一人的名称")).await.expect(409).text();
    for said in [
        "打开之后，有人改过这个活动",
        "name of second（office of second）在2018年4月1日12:00改过这个活动",
        "value=\"第一人的名称\"",
        "<ins>第一人的名称</ins>",
        "第二人的名称",
    ] {
        assert!(late.contains(said), "{said}: {late}");
    }
    assert_eq!(shown(&first, "t1").await["name_zh"], "第二人的名称");
    let keep = with(edit("第一人的名称"), "revision", &revision(&late));
    send(&first, "/t1/rules", &keep).await.expect(303);
    assert_eq!(shown(&first, "t1").await["name_zh"], "第一人的名称");
}

#[tokio::test]
async fn wording_and_rules_are_frozen_from_the_submission_on() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    let page = people.organiser.get("/desk/campaigns/t1/rules").await.expect(200).text();
    let seen = revision(&page);
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    press(&people.approver, "t1", "publication", "").await.expect(303);

    for page in ["rules", "options"] {
        let path = format!("/desk/campaigns/t1/{page}");
        let answer = people.organiser.get(&path).await.expect(303);
        assert_eq!(answer.location(), "/desk/campaigns/t1");
    }
    let edit = with(with(form("t1"), "revision", &seen), "name_zh", "改名");
    let refused = send(&people.organiser, "/t1/rules", &edit).await.expect(409).text();
    assert!(refused.contains("规则和题目已经固定，不能再改"));
    assert!(refused.contains("value=\"改名\""), "what was typed is kept");
    let other = super::table("t1").replace("很麻烦", "更麻烦");
    for act in ["preview", "save"] {
        let fields = [("revision", seen.clone()), ("options", other.clone()), ("act", act.to_owned())];
        let refused = send(&people.organiser, "/t1/options", &fields).await.expect(409).text();
        assert!(refused.contains("更麻烦"), "what was typed is kept");
    }
    let visitor = app.nobody();
    let options = visitor.get("/api/v1/campaigns/t1/questionnaire").await.expect(200).text();
    assert!(options.contains("第1件办起来很麻烦的事情"));
    let overview = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(overview.contains("题目和规则从公布起固定，谁也不能改。"));
}

#[tokio::test]
async fn the_board_says_on_whom_every_campaign_waits() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let empty = people.approver.get("/desk/campaigns").await.expect(200).text();
    assert!(empty.contains("还没有活动") && !empty.contains("/desk/campaigns/new"));
    draft(&people.organiser, "t1").await;
    let board = people.organiser.get("/desk/campaigns").await.expect(200).text();
    for said in ["共1个活动，1个等我处理", "等主办方写完，送批准人", "2018-04-05", "新建活动"]
    {
        assert!(board.contains(said), "{said}: {board}");
    }
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let board = people.organiser.get("/desk/campaigns").await.expect(200).text();
    for said in ["0个等我处理", "可以批准的有：name of approver-1（office of approver-1）、"] {
        assert!(board.contains(said), "{said}: {board}");
    }
    let board = people.approver.get("/desk/campaigns").await.expect(200).text();
    assert!(board.contains("1个等我处理"));
}

#[tokio::test]
async fn after_the_count_the_organiser_is_waited_for_until_a_selection_is_proposed() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    crate::tally::counted(&app, &people).await;
    let board = async |who: &testing::Person| who.get("/desk/campaigns").await.expect(200).text();
    let organisers = board(&people.organiser).await;
    assert!(organisers.contains("等主办方拟定入选名单") && organisers.contains("1个等我处理"), "{organisers}");
    assert!(board(&people.approver).await.contains("0个等我处理"));
    people.organiser.post_form("/desk/campaigns/t1/selection", &[]).await.expect(303);
    assert!(board(&people.organiser).await.contains("0个等我处理"));
    let approvers = board(&people.approver).await;
    assert!(approvers.contains("等批准人给入选名单签字") && approvers.contains("1个等我处理"), "{approvers}");
}

#[tokio::test]
async fn the_desks_speak_english_too() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    let english = people.organiser.clone().in_english();
    for (path, said) in [
        ("", "1 campaign; 1 for me to act on"),
        ("/new", "New campaign"),
        ("/t1", "Being written. Voting is planned from 0:00 on Thursday 5 April 2018"),
        ("/t1/rules", "4 days of voting, 2 of them working days."),
        ("/t1/options", "Upload options"),
        ("/t1/preview", "Voters see one of 64 orders"),
    ] {
        let page = english.get(&format!("/desk/campaigns{path}")).await.expect(200).text();
        assert!(page.contains("<html lang=\"en\">") && page.contains(said), "{said}: {page}");
    }
    let wrong = with(form("t2"), "top_n", "0");
    let page = send(&english, "/new", &wrong).await.expect(422).text();
    assert!(page.contains("1 thing needs changing") && page.contains("Write 1 to 500"), "{page}");
}

#[tokio::test]
async fn the_preview_shows_the_ballot_in_both_languages() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    let page = people.approver.get("/desk/campaigns/t1/preview").await.expect(200).text();
    for said in [
        "哪些事让您最头疼？最多选3项",
        "What gives you the most trouble? Choose up to 3",
        "第6件办起来很麻烦的事情",
        "Errand number 6 is a great nuisance",
        "窗口 3",
        "Online 3",
        "提交后不能修改",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("没有人能看到"), "no promise that the ballot does not make: {page}");
}

#[tokio::test]
async fn the_preview_has_every_word_of_the_ballot() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    for (visitor, lang) in [(app.nobody(), "zh-CN"), (app.nobody().in_english(), "en")] {
        let preview = people.approver.get("/desk/campaigns/t1/preview").await.expect(200).text();
        let sample = preview.split(&format!("<section class=\"card s\" lang=\"{lang}\">")).nth(1).unwrap();
        let sample = sample.split("</section>").next().unwrap();
        let step =
            async |query: &str| visitor.get(&format!("/campaigns/t1/ballot?o=0{query}")).await.expect(200).text();
        let fields = [("place", "320000"), ("choice", "T1-1"), ("act", "check")];
        let check = visitor.post_form("/campaigns/t1/ballot?o=0", &fields).await.expect(200).text();
        let mut compared = 0;
        for page in [step("&step=options&my-place=320000").await, check] {
            let form = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
            // Words of questions, hints, themes, options and ways to vote.
            for (open, close) in [
                ("<legend", "</legend>"),
                ("class=\"hint\"", "</p>"),
                ("<small>", "</small>"),
                ("<label class=\"choice\"", "</label>"),
            ] {
                for part in form.split(open).skip(1) {
                    let part = part.split(close).next().unwrap();
                    let words =
                        part.rsplit('>').find(|text| !text.trim().is_empty()).unwrap().split('<').next().unwrap();
                    assert!(sample.contains(words), "{words}: {sample}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 12, "{compared}");
    }
}
