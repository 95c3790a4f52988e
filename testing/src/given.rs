//! Histories, built through commands: a published campaign, a counted one, a dispatched one.

use chrono::{NaiveDate, NaiveTime};
use entity::codes::Codes;
use entity::stored::{Affected, Display, ProposedBy, RankingRule, Role, Track};
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;
use shudu::campaign::draft::{Deadline, Draft};
use shudu::campaign::options::NewOption;
use shudu::pass::resident::check_character;
use shudu::pass::seal::Pass;
use shudu::{dispatch, tally};

use super::app::noon;
use super::{Person, TestApp, site};

/// The people of a campaign.
pub struct Organisation {
    /// Organiser who writes the campaign.
    pub organiser: Person,
    /// Signs first; publishes and dispatches.
    pub approver: Person,
    /// Approver who signs second.
    pub second_approver: Person,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The Chinese and English names of a small campaign. No two campaigns have the same name.
pub fn names(slug: &str) -> (String, String) {
    let rest = if slug == "t1" { "" } else { slug };
    (format!("小试{rest}"), format!("A small trial {rest}").trim_end().to_owned())
}

/// The rules of a small campaign: votes 5–8 April 2018, up to 3 of 6, two issues, three provinces, due 30 June (a Saturday).
pub fn draft(slug: &str) -> Draft {
    let (name_zh, name_en) = names(slug);
    Draft {
        slug: slug.to_owned(),
        name_zh,
        name_en,
        purpose_zh: "试一试".to_owned(),
        purpose_en: "Trying it out".to_owned(),
        hosts: vec!["NDRC".to_owned()],
        opens_on: day("2018-04-05"),
        opens_time: NaiveTime::MIN,
        closes_on: day("2018-04-08"),
        closes_time: NaiveTime::MIN,
        max_choices: 3,
        top_n: 2,
        tracks: vec![Track::Anonymous, Track::RealName],
        ranking_rule: RankingRule::AllVotes,
        display: Display::Turnout,
        units: vec!["320000".to_owned(), "330000".to_owned(), "610000".to_owned()],
        deadline: Deadline::On(day("2018-06-30")),
        acknowledge_days: 1,
        day_cap: 500,
        work_seconds: 10,
    }
}

/// Six options with codes `{SLUG}-1` to `{SLUG}-6`.
pub fn options(slug: &str) -> Vec<NewOption> {
    (1..=6)
        .map(|n| NewOption {
            code: format!("{}-{n}", slug.to_uppercase()),
            ballot_no: n,
            title_zh: format!("第{n}件办起来很麻烦的事情"),
            title_en: format!("Errand number {n} is a great nuisance"),
            short_zh: format!("麻烦事{n}"),
            short_en: format!("Nuisance {n}"),
            theme_zh: if n <= 3 { "窗口" } else { "网上" }.to_owned(),
            theme_en: if n <= 3 { "Windows" } else { "Online" }.to_owned(),
            domain: "identity".to_owned(),
            lead_department: "MPS".to_owned(),
            co_departments: Codes(vec!["NDRC".to_owned()]),
            root_cause: "queueing".to_owned(),
            remedies: Codes(vec!["mobile".to_owned(), "agent".to_owned()]),
            affected: Affected::Citizen,
            proposed_by: ProposedBy::FrontlineClerk,
        })
        .collect()
}

/// An organiser and two approvers.
pub async fn organisation(app: &TestApp) -> Organisation {
    Organisation {
        organiser: app.staff(Role::Organiser, "").await,
        approver: app.staff_as("approver-1", Role::Approver, "").await,
        second_approver: app.staff_as("approver-2", Role::Approver, "").await,
    }
}

/// A campaign that is published and not yet open; the changes are made to [`draft`] before.
pub async fn published(app: &TestApp, people: &Organisation, slug: &str, change: impl FnOnce(&mut Draft)) {
    let mut draft = draft(slug);
    change(&mut draft);
    published_as(app, people, &draft, &options(slug)).await;
}

/// A campaign of other rules and options, published.
pub async fn published_as(app: &TestApp, people: &Organisation, draft: &Draft, options: &[NewOption]) {
    site::publish(&app.app, &app.ctx(&people.organiser), &app.ctx(&people.approver), draft, options).await;
}

/// A campaign in which voting is open (noon of 6 April 2018).
pub async fn open(app: &TestApp, people: &Organisation, slug: &str) {
    published(app, people, slug, |_| ()).await;
    app.clock.set(noon("2018-04-06"));
}

/// An anonymous pass, as an API client would get it.
pub async fn pass(app: &TestApp, slug: &str) -> Pass {
    let paper = app.app.passes.papers.get(slug).await.unwrap();
    app.app.passes.issuing.anonymous(&paper).await.unwrap()
}

/// Casts anonymous ballots: place and choices by their last digit.
pub async fn ballots(app: &TestApp, slug: &str, ballots: &[(&str, &[u8])]) {
    let paper = app.app.passes.papers.get(slug).await.unwrap();
    for (place, choices) in ballots {
        let pass = pass(app, slug).await;
        let choices: Vec<String> = choices.iter().map(|n| format!("{}-{n}", slug.to_uppercase())).collect();
        app.app.ballots.ballot_box.cast(paper.check(&pass, place, &choices).unwrap()).await.unwrap();
    }
}

/// A campaign that was voted on, counted and certified: options 1 and 2 are its issues. Noon of 9 April 2018.
pub async fn certified(app: &TestApp, people: &Organisation, slug: &str) {
    certified_with(app, people, slug, |_| ()).await;
}

/// As [`certified`], with changes made to [`draft`] before.
pub async fn certified_with(app: &TestApp, people: &Organisation, slug: &str, change: impl FnOnce(&mut Draft)) {
    published(app, people, slug, change).await;
    voted_and_certified(app, people, slug).await;
}

/// A published campaign, voted on, counted and certified.
pub async fn voted_and_certified(app: &TestApp, people: &Organisation, slug: &str) {
    app.clock.set(noon("2018-04-06"));
    ballots(app, slug, &[("320000", &[1, 2]), ("330000", &[1, 2]), ("610000", &[1, 3]), ("320000", &[2])]).await;
    app.clock.set(noon("2018-04-09"));
    let system = Ctx::system("test", &app.clock);
    tally::flows::count(&app.app.ballots, &app.app.steadiness, &system, slug).await.unwrap();
    let ctxs = [&people.organiser, &people.approver, &people.second_approver].map(|p| app.ctx(p));
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| {
            tally::commands::propose(tx, &ctxs[0], &app.app.ballots.sequencer, slug).await?;
            tally::commands::approve(tx, &ctxs[1], &app.app.ballots.sequencer, slug, None).await?;
            tally::commands::approve(tx, &ctxs[2], &app.app.ballots.sequencer, slug, None).await
        })
        .await
        .unwrap();
}

/// A campaign whose two issues were dispatched to three provinces: six assignments. Noon of 10 April 2018.
pub async fn dispatched(app: &TestApp, people: &Organisation, slug: &str) {
    dispatched_to(app, people, slug, draft(slug).units).await;
}

/// As [`dispatched`], to other provinces.
pub async fn dispatched_to(app: &TestApp, people: &Organisation, slug: &str, units: Vec<String>) {
    certified_with(app, people, slug, |draft| draft.units = units).await;
    sent(app, people, slug).await;
}

/// A certified campaign, dispatched.
pub async fn sent(app: &TestApp, people: &Organisation, slug: &str) {
    app.clock.set(noon("2018-04-10"));
    let approver = app.ctx(&people.approver);
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| dispatch::commands::dispatch(tx, &approver, slug, None).await)
        .await
        .unwrap();
}

/// Identity number of the n-th person of a test, unique below 599,400.
pub fn identity_number(n: usize) -> String {
    let digits = format!("320101{}{:02}01{:03}", 1950 + n / 999 % 50, 1 + n / 49_950, n % 999 + 1);
    let check = check_character(digits.as_bytes()).unwrap();
    format!("{digits}{}", char::from(check))
}
