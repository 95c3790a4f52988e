//! A full matrix: 20 issues of the programme in 31 provinces, with random moves that are the same in every run.

use entity::stored::{AssignmentState, Move};
use shudu::base::access::Provinces;
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;
use shudu::campaign::commands as campaigns;
use shudu::campaign::options::NewOption;
use shudu::demo::data::programme;
use shudu::dispatch::workflow::next;
use shudu::{dispatch, tally};

use super::assignment_staff::AssignmentStaff;
use testing::TestApp;
use testing::app::noon;
use testing::given::{self, Organisation};

/// Number of issues in the matrix.
pub const ISSUES: usize = 20;
/// Number of provinces in the matrix.
pub const PROVINCES: usize = 31;

/// Days on which something moves.
pub const DAYS: [&str; 6] = ["2018-04-10", "2018-04-13", "2018-05-14", "2018-06-08", "2018-06-29", "2018-07-03"];

/// A linear congruential generator: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// The first twenty options of the programme's first season.
fn options() -> Vec<NewOption> {
    programme().campaigns[0].options[..ISSUES]
        .iter()
        .map(|o| NewOption {
            code: o.code.clone(),
            ballot_no: i32::try_from(o.expected_rank.unwrap()).unwrap(),
            title_zh: o.title_zh.clone(),
            title_en: o.title_en.clone(),
            short_zh: o.short_zh.clone(),
            short_en: o.short_en.clone(),
            theme_zh: o.theme_zh.clone(),
            theme_en: o.theme_en.clone(),
            domain: o.domain.clone(),
            lead_department: o.lead_department.clone(),
            co_departments: o.co_departments.iter().collect(),
            root_cause: o.root_cause.clone(),
            remedies: o.remedies.iter().collect(),
            affected: o.affected.parse().unwrap(),
            proposed_by: o.proposed_by.parse().unwrap(),
        })
        .collect()
}

/// Dispatches the campaign on 10 April and makes two thousand moves up to 3 July. The clock then is at noon of 7 July 2018.
pub async fn matrix(app: &TestApp, people: &Organisation) {
    let mut draft = given::draft("s1");
    draft.name_zh = "第一季：教育与身份证明".to_owned();
    draft.name_en = "Season 1: education and identity".to_owned();
    draft.top_n = 20;
    draft.units = programme().provinces.iter().map(|p| p.code.clone()).collect();
    let [organiser, approver] = [&people.organiser, &people.approver].map(|p| app.ctx(p));
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| {
            use entity::stored::CampaignMove::{Publication, Submission};
            let made = campaigns::create(tx, &organiser, &draft).await?;
            campaigns::put_options(tx, &organiser, "s1", made.revision, &options()).await?;
            campaigns::advance(tx, &organiser, "s1", Submission, "").await?;
            campaigns::advance(tx, &approver, "s1", Publication, "").await
        })
        .await
        .unwrap();
    app.clock.set(noon("2018-04-09"));
    let system = Ctx::system("test", &app.clock);
    let product = &app.app;
    tally::flows::count(&product.ballots, &product.steadiness, &system, "s1").await.unwrap();
    let signers = [&people.organiser, &people.approver, &people.second_approver].map(|p| app.ctx(p));
    product
        .stores
        .main
        .write(Changes::Campaigns, async |tx| {
            tally::commands::propose(tx, &signers[0], &app.app.ballots.sequencer, "s1").await?;
            tally::commands::approve(tx, &signers[1], &app.app.ballots.sequencer, "s1", None).await?;
            tally::commands::approve(tx, &signers[2], &app.app.ballots.sequencer, "s1", None).await
        })
        .await
        .unwrap();
    app.clock.set(noon(DAYS[0]));
    let approver = app.ctx(&people.approver);
    product
        .stores
        .main
        .write(Changes::Campaigns, async |tx| dispatch::commands::dispatch(tx, &approver, "s1", None).await)
        .await
        .unwrap();
    moves(app, people).await;
    app.clock.set(noon("2018-07-07"));
}

async fn moves(app: &TestApp, people: &Organisation) {
    let field = AssignmentStaff::new(app, people).await;
    let mut dice = Dice(2018);
    for (number, day) in DAYS.iter().enumerate() {
        app.clock.set(noon(day));
        let (_, rows) = dispatch::queries::list(
            app.app.stores.main.db(),
            &Provinces::public(),
            &Default::default(),
            (0, (ISSUES * PROVINCES) as u64),
        )
        .await
        .unwrap();
        app.app
            .stores
            .main
            .write(Changes::Public, async |tx| {
                for row in &rows {
                    let mut state = row.assignment.state;
                    for step in 0..dice.below(4) {
                        let fresh = number == 0 && step == 0;
                        let Some(act) = choose(&mut dice, state, fresh) else {
                            break;
                        };
                        app.clock.advance(chrono::TimeDelta::milliseconds(7));
                        field.act(tx, &row.issue.code, &row.assignment.province, act).await?;
                        state = next(state, act)?.1;
                    }
                }
                Ok(())
            })
            .await
            .unwrap();
    }
}

/// Chooses a possible next move, mostly the usual one. Only a fresh assignment is returned, because one return is the limit.
fn choose(dice: &mut Dice, state: AssignmentState, fresh: bool) -> Option<Move> {
    use AssignmentState as S;
    let rare = dice.below(12) == 0;
    Some(match state {
        S::Dispatched if rare && fresh => Move::Return,
        S::Dispatched => Move::Acknowledgement,
        S::Returned => Move::Ruling,
        S::Acknowledged if rare && dice.below(4) == 0 => Move::Exemption,
        S::Acknowledged => Move::Plan,
        S::InProgress | S::Rework => Move::Report,
        S::Reported if rare => Move::SendingBack,
        S::Reported => Move::Signature,
        S::Resolved if rare => Move::Rejection,
        S::Resolved => Move::Verification,
        S::Verified if rare => Move::Relapse,
        S::Verified | S::Exempt => return None,
    })
}
