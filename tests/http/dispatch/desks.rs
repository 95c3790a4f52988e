//! The desk with the work of the day and the list of assignments, each within the scope of the person.

use entity::stored::{AssignmentState, Role};

use testing::app::noon;
use testing::{Desk, TestApp, given};

#[tokio::test]
async fn a_coordinators_day_counts_what_waits_and_every_count_is_a_link_to_as_many_rows() {
    let desk = Desk::new().await;
    let page = desk.coordinator.get("/desk").await.expect(200).text();
    assert!(page.contains("今天是2018年4月10日（周二），工作日"));
    assert!(page.contains("<a href=\"/desk/assignments?todo=acknowledgement\"><b>2</b>待签收</a>"));
    assert!(page.contains("签收还剩1个工作日，4月11日24:00前"));
    assert!(page.contains("href=\"/desk/assignments/T1-1/320000/acknowledgement\""));
    let list = desk.coordinator.get("/desk/assignments?todo=acknowledgement").await;
    assert!(list.expect(200).text().contains("共2项"));
    desk.advance_to(AssignmentState::Reported).await;
    for (person, todo, n) in [
        (&desk.coordinator, "signature", 1),
        (&desk.second, "signature", 1),
        (&desk.coordinator, "acknowledgement", 1),
        (&desk.handler, "report", 0),
    ] {
        let page = person.get("/desk").await.expect(200).text();
        let link = format!("<a href=\"/desk/assignments?todo={todo}\"><b>{n}</b>");
        assert_eq!(page.contains(&link), n > 0, "{todo}");
        let list = person.get(&format!("/desk/assignments?todo={todo}")).await.expect(200);
        assert!(list.text().contains(&format!("共{n}项")), "{todo}");
    }
}

#[tokio::test]
async fn the_reporter_has_nothing_to_sign() {
    let desk = Desk::new().await;
    for noun in ["acknowledgement", "plan", "report"] {
        desk.make_move(&desk.coordinator, noun).await;
    }
    let own = desk.coordinator.get("/desk").await.expect(200).text();
    assert!(!own.contains("待签字"));
    let other = desk.second.get("/desk").await.expect(200).text();
    assert!(other.contains("<b>1</b>待签字"));
}

#[tokio::test]
async fn late_rows_and_near_ones_are_counted_for_everybody_in_their_scope() {
    let desk = Desk::new().await;
    desk.app.clock.set(noon("2018-06-28"));
    for (person, n) in [(&desk.coordinator, 2), (&desk.leader, 4), (&desk.organiser, 6), (&desk.auditor, 6)] {
        let page = person.get("/desk").await.expect(200).text();
        assert!(page.contains(&format!("due=soon\"><b>{n}</b>3个工作日内到期")));
    }
    desk.app.clock.set(noon("2018-07-04"));
    let page = desk.coordinator.get("/desk").await.expect(200).text();
    assert!(page.contains("class=\"alarm\" href=\"/desk/assignments?due=overdue\"><b>2</b>逾期"));
    assert!(page.contains("逾期2个工作日（期限7月2日）"));
    let list = desk.coordinator.get("/desk/assignments?due=overdue").await.expect(200).text();
    assert!(list.contains("共2项") && list.contains("逾期2个工作日（期限7月2日）"));
    let none = desk.coordinator.get("/desk/assignments?due=soon").await.expect(200).text();
    assert!(none.contains("没有符合这些条件的任务") && none.contains("去掉“3个工作日内到期”试试"));
}

#[tokio::test]
async fn the_organisers_desk_does_not_say_that_nothing_is_to_be_done_beside_what_is_overdue() {
    let desk = Desk::new().await;
    let page = desk.organiser.get("/desk").await.expect(200).text();
    assert!(page.contains("今天没有待办"), "{page}");
    desk.app.clock.set(noon("2018-07-04"));
    let page = desk.organiser.get("/desk").await.expect(200).text();
    assert!(page.contains("<b>6</b>逾期") && !page.contains("今天没有待办"), "{page}");
    assert!(page.contains("没有等您办的，但有6项任务逾期") && page.contains("由各省和督导组办"), "{page}");
    let english = desk.organiser.clone().in_english().get("/desk").await.expect(200).text();
    assert!(english.contains("Nothing waits for you, but 6 assignments are overdue"), "{english}");
}

#[tokio::test]
async fn each_administrator_reads_a_sentence_of_the_own_office() {
    let app = TestApp::new().await;
    let page = app.staff(Role::Sysadmin, "").await.get("/desk").await.expect(200).text();
    assert!(page.contains("系统管理员管账号和工作日历，看不到业务内容。"), "{page}");
    let page = app.staff(Role::SecurityAdmin, "").await.get("/desk").await.expect(200).text();
    assert!(page.contains("安全管理员授予和收回角色") && !page.contains("工作日历"), "{page}");
}

#[tokio::test]
async fn a_refused_act_keeps_the_head_of_the_desk_and_leads_back_to_its_assignment() {
    let desk = Desk::new().await;
    for noun in ["acknowledgement", "plan", "report"] {
        desk.make_move(&desk.coordinator, noun).await;
    }
    let row = "/desk/assignments/T1-1/320000";
    let page = desk.coordinator.get(&format!("{row}/signature")).await.expect(403).text();
    assert!(page.contains("href=\"/desk\" aria-current=\"page\"") && !page.contains("/sign-in"), "{page}");
    assert!(page.contains(&format!("class=\"btn\" href=\"{row}\"")), "{page}");
    let absent = desk.coordinator.get("/desk/assignments/T9-9/320000").await.expect(404).text();
    assert!(absent.contains("class=\"btn\" href=\"/desk\"") && !absent.contains("/sign-in"), "{absent}");
    let visitor = desk.app.nobody().get("/campaigns/t9").await.expect(404).text();
    assert!(visitor.contains("/sign-in") && visitor.contains("回到首页"), "{visitor}");
}

#[tokio::test]
async fn a_desk_with_nothing_to_do_names_the_next_deadline() {
    let desk = Desk::new().await;
    let page = desk.leader.get("/desk").await.expect(200).text();
    assert!(page.contains("今天没有待办"));
    assert!(page.contains("下一个期限：7月2日（周一），4项"));
    let english = desk.leader.clone().in_english().get("/desk").await.expect(200).text();
    assert!(english.contains("Next deadline: Monday 2 July, 4 assignments"));
    desk.advance_to(AssignmentState::Resolved).await;
    let page = desk.leader.get("/desk").await.expect(200).text();
    assert!(page.contains("<b>1</b>待核验") && page.contains("去核验"));
}

#[tokio::test]
async fn organisers_find_returns_and_requests_and_approvers_find_campaigns() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "return").await;
    desk.make_move_on(&desk.coordinator, "T1-2/320000", "exemption-request").await;
    let page = desk.organiser.get("/desk").await.expect(200).text();
    assert!(page.contains("<a href=\"/desk/rulings\"><b>1</b>待裁定</a>"));
    assert!(page.contains("<a href=\"/desk/rulings\"><b>1</b>待定免办</a>"));
    assert!(page.contains("/T1-1/320000/ruling") && page.contains("/T1-2/320000/exemption"));

    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let page = people.approver.get("/desk").await.expect(200).text();
    assert!(page.contains("今天没有待办"));
    given::certified(&app, &people, "t1").await;
    let page = people.approver.get("/desk").await.expect(200).text();
    assert!(page.contains("小试") && page.contains("href=\"/desk/campaigns/t1/dispatch\""));
    let page = people.organiser.get("/desk").await.expect(200).text();
    assert!(!page.contains("/desk/campaigns/t1/dispatch"));
}

#[tokio::test]
async fn who_runs_the_campaigns_sees_their_steps_their_turnout_and_where_it_is_late() {
    let desk = Desk::new().await;
    desk.app.clock.set(noon("2018-07-04"));
    for person in [&desk.organiser, &desk.auditor] {
        let page = person.get("/desk").await.expect(200).text();
        for said in [
            "各次活动",
            "<a href=\"/desk/campaigns/t1\"><b>小试</b></a> 已交办",
            "<b aria-current=\"step\">整改</b>",
            "选票",
            "各省逾期",
            "6项任务里有6项逾期，在3个省份",
            "<a class=\"tile\" href=\"/desk/assignments?due=overdue&#38;province=320000\">江苏 <b class=\"bad tn nb\">2/2</b></a>",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
    }
    let page = desk.approver.get("/desk").await.expect(200).text();
    assert!(page.contains("各次活动") && !page.contains("各省逾期"), "{page}");
    for person in [&desk.coordinator, &desk.leader, &desk.sysadmin] {
        assert!(!person.get("/desk").await.expect(200).text().contains("各次活动"));
    }
}

#[tokio::test]
async fn an_administrator_sees_no_business_content() {
    let desk = Desk::new().await;
    let page = desk.sysadmin.get("/desk").await.expect(200).text();
    assert!(page.contains("href=\"/desk/accounts\"") && page.contains("href=\"/desk/calendar\""));
    assert!(!page.contains("T1-") && !page.contains("/desk/assignments"));
    for (person, addresses) in [
        (&desk.sysadmin, ["/desk/assignments", "/desk/rulings"]),
        (&desk.approver, ["/desk/assignments", "/desk/rulings"]),
    ] {
        for address in addresses {
            person.get(address).await.expect(404);
        }
    }
    for address in ["/desk", "/desk/assignments", "/desk/rulings"] {
        let sent = desk.app.nobody().get(address).await.expect(303);
        assert!(sent.location().starts_with("/sign-in"), "{address}");
    }
}

#[tokio::test]
async fn a_list_holds_what_the_person_works_on_and_nothing_else() {
    let desk = Desk::new().await;
    for (person, total) in [
        (&desk.coordinator, 2),
        (&desk.handler, 2),
        (&desk.other_coordinator, 2),
        (&desk.leader, 4),
        (&desk.organiser, 6),
        (&desk.auditor, 6),
    ] {
        let page = person.get("/desk/assignments").await.expect(200).text();
        assert!(page.contains(&format!("共{total}项")), "{total}");
    }
    let page = desk.other_coordinator.get("/desk/assignments?province=320000").await.expect(200).text();
    assert!(page.contains("共2项") && !page.contains("/T1-1/320000"));
    let page = desk.leader.get("/desk/assignments?province=330000").await.expect(200).text();
    assert!(page.contains("共2项") && page.contains("/T1-1/330000") && !page.contains("/T1-1/320000"));
}

#[tokio::test]
async fn filters_narrow_the_list_and_can_be_taken_off_one_by_one() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    let page = desk.organiser.get("/desk/assignments?campaign=t1&state=acknowledged").await.expect(200).text();
    assert!(page.contains("共1项") && page.contains("江苏省公安厅"));
    assert!(page.contains("class=\"chip\" href=\"/desk/assignments?state=acknowledged\""));
    assert!(page.contains("class=\"chip\" href=\"/desk/assignments?campaign=t1\""));
    let page = desk.organiser.get("/desk/assignments?state=nonsense&page=x").await;
    assert!(page.expect(200).text().contains("共6项"));
    let page = desk.organiser.get("/desk/assignments?state=rework").await.expect(200).text();
    assert!(page.contains("没有符合这些条件的任务") && page.contains("去掉“返工”试试"));
    let english = desk.organiser.clone().in_english();
    let page = english.get("/desk/assignments?lang=en&state=rework").await.expect(200).text();
    assert!(page.contains("No assignment matches") && page.contains("href=\"/desk/assignments?lang=en\""));
}

#[tokio::test]
async fn forty_rows_make_a_page() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let provinces = shudu::programme::queries::provinces(app.app.stores.main.db()).await.unwrap();
    let units: Vec<String> = provinces.into_iter().map(|p| p.code).collect();
    given::dispatched_to(&app, &people, "t1", units).await;
    let first = people.organiser.get("/desk/assignments").await.expect(200).text();
    assert!(first.contains("第1页，共2页，62项"));
    assert!(first.contains("rel=\"next\" href=\"/desk/assignments?page=2\""));
    assert_eq!(first.matches("/desk/assignments/T1-").count(), 40);
    let second = people.organiser.get("/desk/assignments?page=2").await.expect(200).text();
    assert_eq!(second.matches("/desk/assignments/T1-").count(), 22);
    assert!(second.contains("rel=\"prev\" href=\"/desk/assignments\""));
    let leader = app.staff(Role::TeamLeader, "T3").await;
    let page = leader.get("/desk/assignments").await.expect(200).text();
    assert!(page.contains("共8项"));
}
