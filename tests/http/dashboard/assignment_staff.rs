//! Moves of provinces and teams through commands, by people whose scopes cover every province.

use std::sync::Arc;

use entity::stored::{ExemptionClass, Move, Role};
use sea_orm::DatabaseTransaction;
use shudu::base::access::Provinces;
use shudu::base::ctx::{Actor, Ctx, Grant, Staff};
use shudu::base::error::Result;
use shudu::base::main_store::Changes;
use shudu::dispatch::permission::allowed;
use shudu::dispatch::{commands as dispatch, queries as dispatches};
use shudu::programme;
use shudu::report::commands::{self as reports, NewPlan, NewReport};
use shudu::report::evidence::Stored;
use shudu::report::evidence::quota::Quota;
use shudu::verification::commands as checks;
use shudu::verification::commands::Check;

use testing::given::{self, Organisation};
use testing::{Person, TestApp};

/// The people whom an assignment needs.
pub struct AssignmentStaff<'a> {
    app: &'a TestApp,
    coordinator: Actor,
    handler: Actor,
    leader: Actor,
    organiser: Actor,
}

/// Name of a file that must never be seen in public.
pub const FILE: &str = "zhang-san-id-card.pdf";

impl<'a> AssignmentStaff<'a> {
    /// Makes the people: each has one account, with every province or team in its grants.
    pub async fn new(app: &'a TestApp, people: &Organisation) -> Self {
        let db = app.app.stores.main.db();
        let provinces: Vec<String> =
            programme::queries::provinces(db).await.unwrap().into_iter().map(|p| p.code).collect();
        let teams: Vec<String> = programme::queries::teams(db).await.unwrap().into_iter().map(|t| t.code).collect();
        let first = app.staff(Role::ProvinceCoordinator, "320000").await;
        let second = app.staff(Role::Handler, "320000").await;
        let grants: Vec<(Role, &str)> = teams.iter().map(|team| (Role::TeamLeader, team.as_str())).collect();
        let third = app.staff_with("team_leader-t3", &grants).await;
        Self {
            app,
            coordinator: everywhere(&first, Role::ProvinceCoordinator, &provinces),
            handler: everywhere(&second, Role::Handler, &provinces),
            leader: third.actor,
            organiser: people.organiser.actor.clone(),
        }
    }

    fn ctx(&self, actor: &Actor) -> Ctx {
        Ctx::of(actor.clone(), &self.app.clock)
    }

    /// Makes one move with invented content.
    pub async fn make_move(&self, issue: &str, province: &str, act: Move) {
        self.app
            .app
            .stores
            .main
            .write(Changes::Public, async |tx| self.act(tx, issue, province, act).await)
            .await
            .unwrap_or_else(|e| panic!("{issue}/{province} {act}: {e:?}"));
    }

    /// Makes several moves, one after another.
    pub async fn make_moves(&self, issue: &str, province: &str, acts: &[Move]) {
        for act in acts {
            self.make_move(issue, province, *act).await;
        }
    }

    /// Moves a dispatched assignment on to the signature.
    pub async fn resolve(&self, issue: &str, province: &str) {
        use Move::{Acknowledgement, Plan, Report, Signature};
        self.make_moves(issue, province, &[Acknowledgement, Plan, Report, Signature]).await;
    }

    /// Files a report that covers only a part.
    pub async fn report_partly(&self, issue: &str, province: &str, covered: i32, of: i32) {
        self.app
            .app
            .stores
            .main
            .write(Changes::Public, async |tx| self.report(tx, issue, province, covered, of).await)
            .await
            .unwrap();
    }

    /// Makes one move within a transaction.
    pub async fn act(&self, tx: &DatabaseTransaction, issue: &str, province: &str, act: Move) -> Result<()> {
        let found = dispatches::assignment(tx, &Provinces::public(), issue, province).await?;
        let [coordinator, handler, leader, organiser] =
            [&self.coordinator, &self.handler, &self.leader, &self.organiser].map(|a| self.ctx(a));
        let check = Check { test: "在窗口办了一件".to_owned(), findings: format!("看到的情况：{act}") };
        let by = async |ctx| allowed(tx, ctx, &found, act, None).await;
        match act {
            Move::Dispatch => {}
            Move::Acknowledgement => {
                dispatch::acknowledge(tx, &coordinator, by(&coordinator).await?, "省公安厅").await?;
            }
            Move::Return => {
                dispatch::return_row(tx, &coordinator, by(&coordinator).await?, "不在职责清单里").await?;
            }
            Move::Ruling => {
                dispatch::rule(tx, &organiser, by(&organiser).await?, "由省里办", false).await?;
            }
            Move::Plan => {
                let plan = NewPlan {
                    root_cause: "queueing".to_owned(),
                    remedy: "mobile".to_owned(),
                    description: "手机上也能办".to_owned(),
                    milestones: vec![(given::day("2018-06-01"), "先试两个县".to_owned())],
                };
                reports::file_plan(tx, &handler, by(&handler).await?, plan).await?;
            }
            Move::Report => self.report(tx, issue, province, 98, 98).await?,
            Move::Withdrawal => {
                reports::take_back(tx, &handler, by(&handler).await?, "数字写错了").await?;
            }
            Move::Signature => {
                reports::sign(tx, &coordinator, by(&coordinator).await?).await?;
            }
            Move::SendingBack => {
                reports::take_back(tx, &coordinator, by(&coordinator).await?, "还缺一份通知").await?;
            }
            Move::Verification | Move::Rejection | Move::Relapse => {
                checks::decide(tx, &leader, by(&leader).await?, &check).await?;
            }
            Move::Exemption => {
                let class = ExemptionClass::NoSuchService;
                dispatch::request_exemption(tx, &coordinator, &found, class, "当地没有这项业务").await?;
                dispatch::exempt(tx, &organiser, by(&organiser).await?, "同意").await?;
            }
        }
        Ok(())
    }

    async fn report(
        &self,
        tx: &DatabaseTransaction,
        issue: &str,
        province: &str,
        covered: i32,
        coverable: i32,
    ) -> Result<()> {
        let found = dispatches::assignment(tx, &Provinces::public(), issue, province).await?;
        let handler = self.ctx(&self.handler);
        let now = self.app.clock.now();
        let sha256 = format!("{:064x}", u128::try_from(now.timestamp_micros()).unwrap()).replace('0', "a");
        let file = Stored {
            sha256: sha256.clone(),
            name: FILE.to_owned(),
            media: "application/pdf".to_owned(),
            size: 123_456,
        };
        reports::add_evidence(tx, &handler, &found, Quota::default(), file).await?;
        let report = NewReport {
            before: "要回户籍地".to_owned(),
            after: "省内任一受理点".to_owned(),
            effective_on: shudu::base::clock::day_of(now),
            covered,
            coverable,
            evidence: vec![sha256],
        };
        reports::file_report(tx, &handler, allowed(tx, &handler, &found, Move::Report, None).await?, report).await?;
        Ok(())
    }
}

fn everywhere(person: &Person, role: Role, scopes: &[String]) -> Actor {
    let Actor::Staff(staff) = &person.actor else {
        panic!("nobody");
    };
    Actor::Staff(Arc::new(Staff {
        grants: scopes.iter().map(|scope| Grant { role, scope: scope.clone() }).collect(),
        ..Staff::clone(staff)
    }))
}
