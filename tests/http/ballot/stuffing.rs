//! The cost of stuffing the anonymous track. Neighbours of an attacker lose nothing but time.

use chrono::TimeDelta;
use poem::http::header;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use shudu::campaign::draft::Draft;
use shudu::edge::Edge;
use shudu::networks::{Networks, Way};
use shudu::pass::level::{BASE, most, target};
use shudu::pass::puzzle::solve;

use super::voting::{self, Form, NUMBER, receipt_of};
use testing::given::{self, Organisation};
use testing::{Answer, Person, TestApp};

const LATER: TimeDelta = TimeDelta::minutes(131);

/// A campaign in which voting is open, without the limit on requests in a second.
async fn opened(change: impl FnOnce(&mut Draft)) -> (TestApp, Organisation) {
    let app = TestApp::with_config(|config| config.edge = Edge::default().limit("voting=off").unwrap()).await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", change).await;
    app.clock.set(testing::app::noon("2018-04-06"));
    (app, people)
}

async fn ask(who: &Person) -> Answer {
    who.post_json("/api/v1/campaigns/t1/challenges", &Value::Null).await
}

/// Body of the call that redeems a challenge, with the puzzle solved.
fn solved(challenge: &Value) -> Value {
    let target = u32::try_from(challenge["target"].as_u64().unwrap()).unwrap();
    let challenge = challenge["challenge"].as_str().unwrap();
    json!({ "track": "anonymous", "challenge": challenge, "nonce": solve(challenge, target) })
}

/// Asks for a challenge, solves the puzzle and redeems the solution.
async fn try_pass(who: &Person) -> Answer {
    let challenge = ask(who).await;
    if challenge.status != 200 {
        return challenge;
    }
    voting::ask_pass(who, &solved(&challenge.json())).await
}

async fn target_at(who: &Person) -> u64 {
    ask(who).await.expect(200).json()["target"].as_u64().unwrap()
}

fn base() -> u64 {
    target(4, BASE).into()
}

#[tokio::test]
async fn passes_asked_for_without_work_leave_the_neighbours_alone() {
    let (app, _) = opened(|d| d.day_cap = 3).await;
    let office = app.nobody().at("192.0.2.1");
    let honest = ask(&office).await.expect(200).json();
    let wrong = [
        (json!({ "track": "anonymous", "challenge": "x", "nonce": "1" }), 409),
        (json!({ "track": "anonymous", "challenge": honest["challenge"], "nonce": "0,1,2,3,4,5" }), 409),
        (json!({ "track": "anonymous", "challenge": honest["challenge"], "nonce": "" }), 409),
        (json!({ "track": "real_name", "name": "王芳", "number": "110105194912310021" }), 422),
        (json!({ "track": "real_name", "proof": "x", "answer": "code=x&state=x" }), 403),
    ];
    for n in 0..7_000 {
        let (asked, status) = &wrong[n % wrong.len()];
        voting::ask_pass(&office, asked).await.expect(*status);
    }
    for _ in 0..3 {
        try_pass(&office).await.expect(200);
    }
    voting::person_pass(&office, "王芳", NUMBER).await.expect(200);
}

#[tokio::test]
async fn the_cap_of_an_address_is_reached_exactly_and_the_real_name_stays_open() {
    let (app, _) = opened(|d| d.day_cap = 3).await;
    // All spellings of an address count as one address, and so do all addresses of a household (/64).
    for spellings in
        [["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201"], ["2001:db8::1", "2001:db8::2:3:4:5", "2001:db8::"]]
    {
        for address in spellings {
            try_pass(&app.nobody().at(address)).await.expect(200);
        }
        for address in spellings {
            let office = app.nobody().at(address);
            let refused = try_pass(&office).await.expect(429);
            assert_eq!(refused.code(), "pass.day_cap");
            assert!(refused.text().contains("实名投票照常进行"), "{}", refused.text());
            let seconds: i64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
            assert_eq!(seconds, 12 * 3600 + 1, "until midnight in China");
            let english = ask(&office.in_english()).await.expect(429).text();
            assert!(english.contains("Voting by real name is open as before"), "{english}");
        }
    }
    // The page says so, keeps the entries and accepts a real-name ballot.
    let office = app.nobody().at("192.0.2.1");
    let check = voting::check(&office, &["T1-2"]).await.expect(200);
    let refused = voting::press(&office, &check).await.expect(429);
    assert!(refused.text().contains("3张匿名选票已经投完"), "{}", refused.text());
    let form = Form::of(&refused, "cast").with("track", "real_name");
    assert_eq!(form.all("choice"), ["T1-2"]);
    let person = Form::of(&form.send(&office).await.expect(200), "cast").with("name", "王芳").with("number", NUMBER);
    receipt_of(&person.send(&office).await);
    app.clock.wait(TimeDelta::hours(12));
    try_pass(&office).await.expect(200);
}

#[tokio::test]
async fn a_network_that_is_routed_by_itself_gets_ten_times_the_cap_however_its_addresses_change() {
    let (app, _) = opened(|d| d.day_cap = 2).await;
    for (address, beside) in [("2001:db8:5:{}::1", "2001:db8:6::1"), ("198.51.100.{}", "198.51.101.1")] {
        let from = |n: u32| app.nobody().at(&address.replace("{}", &n.to_string()));
        for n in 1..=20 {
            try_pass(&from(n)).await.expect(200);
        }
        assert_eq!(try_pass(&from(21)).await.expect(429).code(), "pass.day_cap");
        try_pass(&app.nobody().at(beside)).await.expect(200);
        voting::person_pass(&from(21), "王芳", NUMBER).await.expect(200);
    }
}

#[tokio::test]
async fn challenges_that_are_hoarded_cost_as_passes_that_were_taken() {
    let (app, _) = opened(|d| d.day_cap = 500).await;
    let (hoarder, other) = (app.nobody().at("192.0.2.1"), app.nobody().at("203.0.113.1"));
    let mut hoard = Vec::new();
    for n in 0..300 {
        let challenge = ask(&hoarder).await.expect(200).json();
        // Up to two hundred challenges, the /24 does not add to the level of the address.
        let level = BASE + u32::saturating_sub(n, 20) * BASE / 4;
        if n <= 200 || level >= most(10) {
            assert_eq!(challenge["target"], target(4, level.min(most(10))), "{n}");
        }
        hoard.push(challenge);
    }
    assert_eq!(target_at(&other).await, base());
    // Redeeming a challenge changes nothing: the challenge was counted when it was handed out.
    voting::ask_pass(&hoarder, &solved(&hoard[0])).await.expect(200);
    assert_eq!(target_at(&hoarder).await, u64::from(target(4, most(10))));
    // Challenges that were never redeemed leak away; the pass stays counted.
    app.clock.wait(LATER);
    assert_eq!(target_at(&hoarder).await, base());
    voting::ask_pass(&hoarder, &solved(&hoard[1])).await.expect(409);
}

#[tokio::test]
async fn an_address_that_burns_its_cap_makes_nobody_else_work_more() {
    let (app, _) = opened(|d| d.day_cap = 60).await;
    for (burning, neighbours) in [
        ("2001:db8:1:203::1", ["2001:db8:1:2ff::1", "2001:db8:1:400::1", "2001:db8:9::1"]),
        ("192.0.2.1", ["192.0.2.2", "192.0.2.254", "192.0.3.1"]),
    ] {
        let attacker = app.nobody().at(burning);
        for _ in 0..60 {
            try_pass(&attacker).await.expect(200);
        }
        assert_eq!(try_pass(&attacker).await.expect(429).code(), "pass.day_cap");
        for neighbour in neighbours {
            assert_eq!(target_at(&app.nobody().at(neighbour)).await, base(), "{neighbour}");
        }
    }
}

#[tokio::test]
async fn the_campaign_bounds_the_work() {
    let (app, _) = opened(|d| d.work_seconds = 1).await;
    let hoarder = app.nobody().at("2001:db8::1");
    let mut least = u64::MAX;
    for _ in 0..100 {
        least = least.min(target_at(&hoarder).await);
    }
    assert_eq!(least, u64::from(target(4, 6 * BASE)));
}

#[tokio::test]
async fn a_challenge_of_another_network_is_refused_and_nothing_is_lost_or_counted_twice() {
    let (app, _) = opened(|d| d.day_cap = 1).await;
    let (home, away) = (app.nobody().at("192.0.2.1"), app.nobody().at("2001:db8::1"));
    let asked = solved(&ask(&home).await.expect(200).json());
    for (who, sentence) in [(&away, "您的网络中途变了"), (&away.clone().in_english(), "Your network changed")] {
        let refused = voting::ask_pass(who, &asked).await.expect(409);
        assert_eq!(refused.code(), "pass.network");
        assert!(refused.text().contains(sentence), "{}", refused.text());
    }
    // On the page, the check offers a new puzzle and keeps every tick.
    let [challenge, nonce] = ["challenge", "nonce"].map(|field| asked[field].as_str().unwrap());
    let check = Form::of(&voting::check(&away, &["T1-1", "T1-4"]).await.expect(200), "cast");
    let page = check.with("challenge", challenge).with("nonce", nonce).send(&away).await.expect(409);
    assert!(page.text().contains("请再按一次") && page.text().contains("data-pow=\"t1\""), "{}", page.text());
    let form = Form::of(&page, "cast");
    assert_eq!((form.all("choice"), form.get("nonce")), (vec!["T1-1", "T1-4"], ""));
    let again = solved(&ask(&away).await.expect(200).json());
    let [challenge, nonce] = ["challenge", "nonce"].map(|field| again[field].as_str().unwrap());
    receipt_of(&form.with("challenge", challenge).with("nonce", nonce).send(&away).await);
    // Neither network lost its only pass of the day. A solution that was redeemed at home is also honoured away from home.
    let pass = voting::ask_pass(&home, &asked).await.expect(200).json();
    assert_eq!(voting::ask_pass(&away, &asked).await.expect(200).json(), pass);
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn a_redemption_that_is_repeated_is_counted_once_and_given_beyond_the_cap() {
    let (app, _) = opened(|d| d.day_cap = 2).await;
    let who = app.nobody().at("192.0.2.1");
    let asked = solved(&ask(&who).await.expect(200).json());
    let first = voting::ask_pass(&who, &asked).await.expect(200).json();
    for _ in 0..5 {
        assert_eq!(voting::ask_pass(&who, &asked).await.expect(200).json(), first);
    }
    try_pass(&who).await.expect(200);
    try_pass(&who).await.expect(429);
    assert_eq!(voting::ask_pass(&who, &asked).await.expect(200).json(), first);
    // A pass is valid on every network.
    let pass = first["pass"].as_str().unwrap();
    voting::cast(&app.nobody().at("203.0.113.9"), pass, &["T1-1"]).await.expect(201);
}

#[tokio::test]
async fn challenges_of_before_the_cap_are_not_redeemed_beyond_it() {
    let (app, _) = opened(|d| d.day_cap = 2).await;
    let who = app.nobody().at("192.0.2.1");
    let mut hoard = Vec::new();
    for _ in 0..10 {
        hoard.push(solved(&ask(&who).await.expect(200).json()));
    }
    let mut presses = tokio::task::JoinSet::new();
    for asked in hoard {
        let who = who.clone();
        presses.spawn(async move { voting::ask_pass(&who, &asked).await.status.as_u16() });
    }
    let mut answers = presses.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 200, 429, 429, 429, 429, 429, 429, 429, 429]);
}

#[tokio::test]
async fn a_tenth_is_given_by_waiting_and_the_wait_grows_as_the_work() {
    let (app, _) = opened(|d| d.day_cap = 20).await;
    for (who, crowd, [minutes, refused]) in [
        (app.nobody().at("192.0.2.1"), "192.0.2.2", ["请等4分钟", "2张选票已经投完"]),
        (
            app.nobody().in_english().at("203.0.113.1"),
            "203.0.113.2",
            ["Wait 4 minutes", "all 2 ballots a day that are given by waiting"],
        ),
    ] {
        let check = voting::check(&who, &["T1-3"]).await.expect(200);
        for _ in 0..2 {
            let waiting = voting::press(&who, &check).await.expect(200);
            app.clock.wait(TimeDelta::seconds(10));
            receipt_of(&Form::of(&waiting, "cast").send(&who).await);
        }
        let used = voting::press(&who, &check).await.expect(429);
        assert!(used.text().contains(refused), "{}", used.text());
        assert_eq!(Form::of(&used, "cast").all("choice"), ["T1-3"]);
        // Passes by puzzle are still available.
        try_pass(&who).await.expect(200);
        // On another network: after a hundred challenges, the wait is twenty-one times as long.
        let crowd = who.clone().at(crowd);
        for _ in 0..100 {
            ask(&crowd).await.expect(200);
        }
        let waiting = voting::press(&crowd, &check).await.expect(200);
        assert!(waiting.text().contains(minutes), "{}", waiting.text());
        let ticket = Form::of(&waiting, "cast");
        app.clock.wait(TimeDelta::seconds(209));
        let early = ticket.send(&crowd).await.expect(409);
        assert_eq!(Form::of(&early, "cast").get("ticket"), ticket.get("ticket"));
        // On a new network the wait begins again, and the page says why.
        let elsewhere = ticket.send(&crowd.clone().at("198.51.100.77")).await;
        assert_eq!(elsewhere.status, 409);
        app.clock.wait(TimeDelta::seconds(1));
        receipt_of(&ticket.send(&crowd).await);
    }
}

#[tokio::test]
async fn tickets_of_many_households_of_a_network_are_a_tenth_of_its_passes_too() {
    let (app, _) = opened(|d| d.day_cap = 5).await;
    let from = |n: u32| app.nobody().at(&format!("2001:db8:5:{n}::1"));
    let mut tickets = Vec::new();
    for n in 0..6 {
        let check = voting::check(&from(n), &["T1-3"]).await.expect(200);
        tickets.push((n, Form::of(&voting::press(&from(n), &check).await.expect(200), "cast")));
    }
    app.clock.wait(TimeDelta::minutes(20));
    for (n, ticket) in tickets {
        ticket.send(&from(n)).await.expect(if n < 5 { 303 } else { 429 });
    }
}

#[tokio::test]
async fn what_was_taken_is_known_after_a_restart_and_no_address_stands_in_the_store() {
    let (app, _) = opened(|d| d.day_cap = 2).await;
    let who = app.nobody().at("2001:db8:5:7::1");
    let (store, system) = (&app.app.stores.main, app.clock.system());
    let fresh = || Networks::new(app.app.keys.site.derive("networks", ""), true);
    for round in 1..=2 {
        try_pass(&who).await.expect(200);
        app.app.passes.networks.flush(store, system).await.unwrap();
        let other = fresh();
        other.read(store, system, None).await.unwrap();
        let asker = other.asker("t1", "2001:db8:5:7::/64", Way::Work).unwrap();
        assert_eq!(other.check(&asker, 2, system).is_ok(), round < 2);
        assert_eq!(other.open(&asker, system).counts, [round; 4]);
        // Reading the store back gives the counts that this process already has.
        app.app.passes.networks.read(store, system, Some(system)).await.unwrap();
        assert_eq!(other.concentration("t1", system), app.app.passes.networks.concentration("t1", system));
    }
    let rows = entity::limit_count::Entity::find().all(store.db()).await.unwrap();
    // One row for everybody, one for the address, one for the routed network, and three for the networks around the address.
    assert_eq!(rows.len(), 6);
    for row in rows {
        // A pseudonym is hexadecimal, thus a part of an address is looked for with its colon.
        assert!(row.name.starts_with("pass_day:2018-04-01:") && !row.name.contains("db8:"), "{}", row.name);
        // The sweep of counters removes the row after the next day.
        let gone = "2018-04-03T00:00:00+08:00".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis();
        assert!((gone..gone + 10).contains(&row.empty_at));
    }
    let other = fresh();
    other.read(store, system + TimeDelta::days(2), None).await.unwrap();
    assert_eq!(other.concentration("t1", system).passes, 0);
}

#[tokio::test]
async fn staff_see_how_concentrated_the_day_is_and_no_address() {
    let (app, people) = opened(|_| ()).await;
    for n in 0..30 {
        try_pass(&app.nobody().at(&format!("192.0.{n}.1"))).await.expect(200);
    }
    let page = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(page.contains("今天的匿名选票有多集中") && page.contains("数量太少，不显示"), "{page}");
    for _ in 0..45 {
        try_pass(&app.nobody().at("192.0.7.1")).await.expect(200);
    }
    let auditor = app.staff(entity::stored::Role::Auditor, "").await;
    for staff in [&people.organiser, &people.approver, &auditor] {
        let page = staff.get("/desk/campaigns/t1").await.expect(200).text();
        // Ten of thirty networks took 46 + 9 of 75 passes.
        assert!(page.contains("73%"), "{page}");
        assert!(!page.contains("192.0."));
    }
    let english = people.organiser.clone().in_english().get("/desk/campaigns/t1").await.expect(200).text();
    assert!(english.contains("73 %") && english.contains("Share of the ten busiest network addresses"));
}

#[tokio::test]
async fn a_campaign_sets_cap_and_work_within_bounds_and_both_are_frozen() {
    let (app, people) = opened(|d| (d.day_cap, d.work_seconds) = (7, 3)).await;
    let shown = app.nobody().get("/api/v1/campaigns/t1").await.expect(200).json();
    assert_eq!((&shown["day_cap"], &shown["work_seconds"]), (&json!(7), &json!(3)));
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    assert_eq!((paper.day_cap, paper.work_seconds), (7, 3));
    let page = app.nobody().get("/campaigns/t1").await.expect(200).text();
    assert!(page.contains("每天最多7张匿名选票"), "{page}");
    let rules = |day_cap: i64, work_seconds: i64| {
        json!({
            "slug": "t9", "name_zh": "试", "name_en": "A trial", "purpose_zh": "试", "purpose_en": "A trial",
            "opens_on": "2018-06-01", "closes_on": "2018-06-02", "max_choices": 3, "top_n": 2,
            "tracks": ["anonymous"], "display": "turnout", "units": ["320000"], "deadline_days": 30,
            "day_cap": day_cap, "work_seconds": work_seconds
        })
    };
    for (wrong, field) in
        [((0, 10), "day_cap"), ((1_000_001, 10), "day_cap"), ((500, 0), "work_seconds"), ((500, 61), "work_seconds")]
    {
        let refused =
            people.organiser.post_json("/api/v1/campaigns", &rules(wrong.0, wrong.1)).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let mut usual = rules(1, 1);
    for field in ["day_cap", "work_seconds"] {
        usual.as_object_mut().unwrap().remove(field);
    }
    let made = people.organiser.post_json("/api/v1/campaigns", &usual).await.expect(201).json();
    assert_eq!((&made["day_cap"], &made["work_seconds"]), (&json!(500), &json!(10)));
}
