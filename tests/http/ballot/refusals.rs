//! Every refusal of a ballot, by its code and by its page, in both languages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use entity::stored::{CampaignMove, Track};
use poem::http::header;
use sea_orm::{EntityTrait, ExprTrait, sea_query::Expr};
use serde_json::Value;
use shudu::base::group_commit::{MAX_BATCH, QUEUE_CAPACITY};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::voting::{self, BALLOT_PAGE, Form, OPTIONS, receipt_of};
use testing::app::noon;
use testing::{Person, TestApp, given};

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Checks that every page and call says why no ballot is taken: looking, asking for a challenge or a pass, and casting. The pages
/// show what was ticked.
async fn refused_everywhere(app: &TestApp, pass: &str, code: &str, zh: &str, en: &str) {
    let before = voting::ballots(app).await;
    for (who, sentence, title) in [
        (app.nobody(), zh, "第1件办起来很麻烦的事情"),
        (app.nobody().in_english(), en, "Errand number 1 is a great nuisance"),
    ] {
        let page = who.get(OPTIONS).await.expect(409);
        assert!(page.text().contains(sentence), "{}", page.text());
        let fields = [("place", "320000"), ("choice", "T1-1"), ("track", "anonymous"), ("pass", pass)];
        for act in ["check", "place", "options", "cast"] {
            let mut fields = fields.to_vec();
            fields.push(("act", act));
            let page = who.post_form(BALLOT_PAGE, &fields).await.expect(409).text();
            assert!(page.contains(sentence) && page.contains(title), "{act}: {page}");
            assert!(!page.contains(pass), "{act}");
        }
        // The same holds without a pass, so that nobody waits in vain.
        let without = [&fields[..3], &[("act", "cast")]].concat();
        who.post_form(BALLOT_PAGE, &without).await.expect(409);
        let challenge = who.post_json("/api/v1/campaigns/t1/challenges", &Value::Null);
        assert_eq!(challenge.await.expect(409).code(), code);
        let person = voting::person_pass(&who, "王芳", voting::NUMBER).await;
        assert_eq!(person.expect(409).code(), code);
        let call = voting::cast(&who, pass, &["T1-1"]).await.expect(409);
        assert_eq!(call.code(), code);
        assert!(call.text().contains(sentence), "{}", call.text());
    }
    assert_eq!(voting::ballots(app).await, before);
}

#[tokio::test]
async fn before_the_opening_and_from_the_closing_instant_on_no_ballot_is_taken() {
    let (app, _) = voting::open().await;
    let pass = given::pass(&app, "t1").await.encode();
    let opening = moment("2018-04-05T00:00:00+08:00");
    let closing = moment("2018-04-09T00:00:00+08:00");
    let instant = TimeDelta::microseconds(1);

    app.clock.set(opening - instant);
    let (zh, en) = ("投票从2018年4月5日开始", "Voting opens on 5 April 2018");
    refused_everywhere(&app, &pass, "ballot.not_open", zh, en).await;
    app.clock.set(opening);
    voting::cast(&app.nobody(), &pass, &["T1-1"]).await.expect(201);
    app.clock.set(closing - instant);
    let last = given::pass(&app, "t1").await.encode();
    voting::cast(&app.nobody(), &last, &["T1-1"]).await.expect(201);
    let late = given::pass(&app, "t1").await.encode();
    app.clock.set(closing);
    let (zh, en) = ("投票已于2018年4月8日24:00截止", "Voting closed on 8 April 2018 at 24:00");
    refused_everywhere(&app, &late, "ballot.closed", zh, en).await;
    // The same ballot again, after a lost answer, gets its receipt. Another ballot with the same pass is refused.
    let before = voting::ballots(&app).await;
    voting::cast(&app.nobody(), &pass, &["T1-1"]).await.expect(200);
    let other = voting::cast(&app.nobody(), &pass, &["T1-2"]).await.expect(409);
    assert_eq!(other.code(), "ballot.closed");
    assert_eq!(voting::ballots(&app).await, before);
}

#[tokio::test]
async fn a_ballot_that_was_prepared_in_time_and_cast_too_late_is_shown_as_text() {
    let (app, _) = voting::open().await;
    for (who, sentence, place) in [
        (app.nobody(), "这张选票没有计入", "江苏省"),
        (app.nobody().in_english(), "This ballot was not counted", "Jiangsu"),
    ] {
        app.clock.set(noon("2018-04-08"));
        let check = voting::check_with_pass(&who, &["T1-1", "T1-6"]).await.expect(200);
        app.clock.set(noon("2018-04-09"));
        let page = voting::press(&who, &check).await.expect(409).text();
        assert!(page.contains(sentence) && page.contains(place), "{page}");
        assert!(page.contains("id=\"ticks\""));
        // A visitor who only looks at the page is not told about a ballot.
        let page = who.get(BALLOT_PAGE).await.expect(409).text();
        assert!(!page.contains(sentence), "{page}");
    }
}

#[tokio::test]
async fn a_suspended_campaign_takes_no_ballots_until_it_is_resumed_and_says_why() {
    let (app, people) = voting::open().await;
    let pass = given::pass(&app, "t1").await.encode();
    let reason = "发现有人集中刷票，正在查";
    voting::advance(&app, &people, CampaignMove::Suspension, reason).await;
    let (zh, en) = ("投票暂停，现在不收选票", "Voting is halted");
    refused_everywhere(&app, &pass, "ballot.suspended", zh, en).await;
    assert!(app.nobody().get(BALLOT_PAGE).await.text().contains(reason));
    voting::advance(&app, &people, CampaignMove::Resumption, "").await;
    voting::cast(&app.nobody(), &pass, &["T1-1"]).await.expect(201);
}

#[tokio::test]
async fn a_cancelled_campaign_says_that_it_is_cancelled_and_not_that_it_closed() {
    let (app, people) = voting::open().await;
    app.clock.set(noon("2018-04-02"));
    let pass = given::pass(&app, "t1").await.encode();
    voting::advance(&app, &people, CampaignMove::Cancellation, "改到下半年").await;
    app.clock.set(noon("2018-04-06"));
    let (zh, en) = ("这次活动已经取消", "This campaign was cancelled");
    refused_everywhere(&app, &pass, "ballot.cancelled", zh, en).await;
}

/// Every case holds: place, choices, code of the call, and sentences of the page.
#[tokio::test]
async fn what_is_wrong_with_a_ballot_is_said_and_every_tick_is_kept() {
    let (app, _) = voting::open().await;
    let cases: [(&str, &[&str], &str, [&str; 2]); 6] = [
        ("", &["T1-1"], "ballot.no_place", ["请选择您办事的地方", "Choose where you deal"]),
        ("990000", &["T1-1"], "ballot.unknown_place", ["名单里没有这个地方", "This place is not on the list"]),
        ("320000", &[], "ballot.no_choice", ["还没有选。请至少选1项", "Nothing is ticked yet"]),
        (
            "320000",
            &["T1-1", "T1-2", "T1-3", "T1-4"],
            "ballot.too_many",
            ["已选4项，最多3项。请去掉1项", "You chose 4; the limit is 3. Untick 1"],
        ),
        (
            "320000",
            &["T1-1", "T9-9"],
            "ballot.unknown_option",
            ["选票上没有“T9-9”这个题目", "There is no option “T9-9”"],
        ),
        ("320000", &["T1-1", "T1-1"], "ballot.twice", ["同一项选了两次", "there twice"]),
    ];
    for (place, choices, code, sentences) in cases {
        let pass = given::pass(&app, "t1").await.encode();
        for (who, sentence) in [app.nobody(), app.nobody().in_english()].iter().zip(sentences) {
            let call = voting::cast_from(who, &pass, place, choices).await.expect(422);
            assert_eq!(call.code(), code);
            assert!(call.text().contains(sentence), "{}", call.text());
            for act in ["check", "cast"] {
                let mut fields: Vec<(&str, &str)> = choices.iter().map(|code| ("choice", *code)).collect();
                fields.extend([("place", place), ("pass", &pass), ("act", act)]);
                let page = who.post_form(BALLOT_PAGE, &fields).await.expect(422);
                let html = page.text();
                assert!(html.contains(sentence), "{code} {act}: {html}");
                assert!(html.contains("data-errors"), "{code}: the summary");
                let title = html.split("<title>").nth(1).unwrap();
                assert!(title.starts_with("出错：") || title.starts_with("Error: "));
                kept(&html, choices, &pass);
            }
        }
    }
    assert_eq!(voting::ballots(&app).await, 0);
}

/// Checks that every tick that was sent is on the page, as a tick or as a hidden field, together with the pass.
fn kept(html: &str, choices: &[&str], pass: &str) {
    for code in choices.iter().filter(|c| c.starts_with("T1")) {
        let ticked = html.contains(&format!("value=\"{code}\" checked"));
        let hidden = html.contains(&format!("name=\"choice\" value=\"{code}\""));
        assert!(ticked || hidden, "{code} is lost");
    }
    assert!(html.contains(pass), "the pass is lost");
}

#[tokio::test]
async fn a_pass_that_was_not_issued_here_for_this_is_refused() {
    let (app, people) = voting::opened(|d| d.tracks = vec![Track::Anonymous]).await;
    app.clock.set(noon("2018-04-01"));
    given::published(&app, &people, "t2", |_| ()).await;
    app.clock.set(noon("2018-04-06"));
    let good = given::pass(&app, "t1").await.encode();
    let foreign = given::pass(&app, "t2").await.encode();
    let named = {
        let paper = app.app.passes.papers.get("t1").await.unwrap();
        paper.sealer.seal(Track::RealName, [7; 32]).encode()
    };
    let mut forged = good.clone().into_bytes();
    let middle = forged.len() / 2;
    forged[middle] = if forged[middle] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    let long = "A".repeat(5000);
    for bad in ["", "通行证", "AAAA", &*long, &*forged, &*foreign, &*named] {
        for (who, sentence) in [
            (app.nobody(), "投票凭证不是本站为这次活动发的"),
            (app.nobody().in_english(), "This pass was not issued here"),
        ] {
            let call = voting::cast(&who, bad, &["T1-1"]).await.expect(422);
            assert_eq!(call.code(), "ballot.pass_malformed");
            assert_eq!(call.json()["errors"][0]["field"], "pass");
            assert!(call.text().contains(sentence));
            // On a page, an empty pass only means that there is none yet. A pass of another track is not tried on a page.
            if bad.is_empty() || bad == named {
                continue;
            }
            let page = voting::check(&who, &["T1-1"]).await.expect(200);
            let form = Form::of(&page, "cast").with("pass", bad);
            let refused = form.send(&who).await.expect(422);
            assert!(refused.text().contains(sentence), "{}", refused.text());
            assert_eq!(Form::of(&refused, "cast").all("choice"), ["T1-1"]);
        }
    }
    assert_eq!(voting::ballots(&app).await, 0);
    voting::cast(&app.nobody(), &good, &["T1-1"]).await.expect(201);
}

#[tokio::test]
async fn a_used_pass_with_other_choices_is_refused_and_the_first_ballot_stays() {
    let (app, _) = voting::open().await;
    let pass = given::pass(&app, "t1").await.encode();
    voting::cast(&app.nobody(), &pass, &["T1-1"]).await.expect(201);
    for (who, sentence) in [
        (app.nobody(), "这个证件号（匿名投票时是这份凭证）已经投过票，原来的选择已计入，不能更改"),
        (app.nobody().in_english(), "has voted already. The earlier choices count and cannot be changed"),
    ] {
        for (place, choices) in [("320000", &["T1-2"]), ("330000", &["T1-1"])] {
            let call = voting::cast_from(&who, &pass, place, choices).await.expect(409);
            assert_eq!(call.code(), "ballot.pass_used");
            assert!(call.text().contains(sentence));
        }
        let check = voting::check(&who, &["T1-2"]).await.expect(200);
        let form = Form::of(&check, "cast").with("pass", &pass);
        let page = form.send(&who).await.expect(409);
        assert!(page.text().contains(sentence) && page.text().contains("/receipts"));
    }
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn a_track_has_to_be_chosen() {
    let (app, _) = voting::open().await;
    let who = app.nobody();
    let check = voting::check_with_pass(&who, &["T1-1"]).await.expect(200);
    for track in ["", "assisted"] {
        let refused = Form::of(&check, "cast").with("track", track).send(&who).await;
        assert!(refused.expect(422).text().contains("请选择用哪种方式投票"));
    }
}

/// Blocks the writer of the ballots store until notified, as a slow disk would, and fills the queue before it.
async fn jam(app: &TestApp, pass: &str) -> (Arc<Notify>, JoinSet<()>) {
    let free = Arc::new(Notify::new());
    let held = Arc::new(Notify::new());
    let mut tasks = JoinSet::new();
    let store = app.app.stores.ballots.clone();
    let (freed, holding) = (Arc::clone(&free), Arc::clone(&held));
    tasks.spawn(async move {
        store
            .write(async |tx| {
                use entity::ballots::writer_shard::{Column, Entity};
                Entity::update_many().col_expr(Column::Commits, Expr::col(Column::Commits).add(1)).exec(tx).await?;
                holding.notify_one();
                freed.notified().await;
                Ok(())
            })
            .await
            .unwrap();
    });
    held.notified().await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let choices = ["T1-1".to_owned()];
    let ballot = paper.check_sent(pass, "320000", &choices).unwrap();
    // Repeats until the queue is full and stays full: the writer still takes the batch that it held when the jam began.
    let refused = Arc::new(AtomicUsize::new(0));
    while refused.load(Ordering::Relaxed) < 2 * MAX_BATCH {
        assert!(tasks.len() < 2 * QUEUE_CAPACITY, "the queue does not fill");
        let (ballot_box, ballot) = (app.app.ballots.ballot_box.clone(), ballot.clone());
        let refused = Arc::clone(&refused);
        tasks.spawn(async move {
            if ballot_box.cast(ballot).await.is_err() {
                refused.fetch_add(1, Ordering::Relaxed);
            }
        });
        tokio::task::yield_now().await;
    }
    (free, tasks)
}

async fn busy_page(who: &Person, form: &Form, sentence: &str) -> Form {
    let busy = form.send(who).await.expect(503);
    assert_eq!(busy.headers[header::RETRY_AFTER], "60");
    assert!(busy.text().contains(sentence), "{}", busy.text());
    let kept = Form::of(&busy, "cast");
    assert_eq!(kept.all("choice"), ["T1-2", "T1-3"]);
    assert_eq!(kept.get("pass"), form.get("pass"), "the same pass");
    kept
}

#[tokio::test]
async fn when_too_many_vote_nothing_is_accepted_nothing_is_lost_and_the_same_button_works_later() {
    let (app, _) = voting::open().await;
    let (citizen, english) = (app.nobody(), app.nobody().in_english());
    // The first ballot creates the counter row that the jam locks.
    let first = given::pass(&app, "t1").await.encode();
    voting::cast(&citizen, &first, &["T1-1"]).await.expect(201);
    let form = Form::of(&voting::check_with_pass(&citizen, &["T1-2", "T1-3"]).await.expect(200), "cast");
    let pass = given::pass(&app, "t1").await.encode();

    let (free, tasks) = jam(&app, &first).await;
    let call = voting::cast(&citizen, &pass, &["T1-4"]).await.expect(503);
    assert_eq!(call.code(), "busy");
    assert_eq!(call.headers[header::RETRY_AFTER], "2");
    let kept = busy_page(&citizen, &form, "现在投票的人很多。您的选择已保留，请1分钟后再提交").await;
    let kept = busy_page(&english, &kept, "Many people are voting. Your choices are kept").await;
    free.notify_one();
    tasks.join_all().await;

    let receipt = receipt_of(&kept.send(&citizen).await);
    assert_eq!(receipt, receipt_of(&form.send(&citizen).await));
    voting::cast(&citizen, &pass, &["T1-4"]).await.expect(201);
    assert_eq!(voting::ballots(&app).await, 3);
}

#[tokio::test]
async fn a_papers_row_is_what_counts_not_what_a_page_once_said() {
    let (app, people) = voting::open().await;
    let who = app.nobody();
    let check = voting::check_with_pass(&who, &["T1-1"]).await.expect(200);
    voting::advance(&app, &people, CampaignMove::Suspension, "停一停").await;
    voting::press(&who, &check).await.expect(409);
    voting::advance(&app, &people, CampaignMove::Resumption, "").await;
    receipt_of(&voting::press(&who, &check).await);
}
