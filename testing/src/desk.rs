//! Desks at work: six assignments of a campaign, the people who move them, and the moves themselves, over the API.

use entity::stored::{AssignmentState, Role};
use poem::http::Method;
use serde_json::{Value, json};
use shudu::base::access::Provinces;
use tokio::sync::OnceCell;

use super::actors::SavedPerson;
use super::app::Template;
use super::{Answer, Person, TestApp, given};

/// A PDF as far as anybody looks.
pub const PDF: &[u8] = b"%PDF-1.4 a proof\n%%EOF\n";

/// A picture of two by one pixels.
pub fn png() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(2, 1, |x, _| image::Rgb([200, x as u8, 30]));
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A product with a dispatched campaign `t1` (T1-1 and T1-2 at 320000, 330000, 610000) and everybody who works on its
/// first row, T1-1 at 320000. It is noon of 10 April 2018; rows are to be acknowledged by 11 April and fixed by 2 July.
pub struct Desk {
    pub app: TestApp,
    pub organiser: Person,
    pub approver: Person,
    pub coordinator: Person,
    pub second: Person,
    pub handler: Person,
    pub leader: Person,
    pub auditor: Person,
    pub sysadmin: Person,
    /// Coordinator of another province.
    pub other_coordinator: Person,
    /// Leader of another province's team.
    pub other_leader: Person,
}

/// A product with [`Desk`]s, dispatched and closed, and its people.
static DISPATCHED: OnceCell<(Template, [SavedPerson; 10])> = OnceCell::const_new();

/// The first row, as addresses have it.
pub const ROW: &str = "T1-1/320000";

impl Desk {
    /// Desks of a product that is dispatched already: played once per process and copied for every test.
    pub async fn new() -> Self {
        let (template, saved) = DISPATCHED
            .get_or_init(async || {
                let desk = Self::of(TestApp::new().await).await;
                let saved = desk.people().map(Person::save);
                (desk.app.into_template().await, saved)
            })
            .await;
        let app = TestApp::copied(template).await;
        let [
            coordinator,
            second,
            handler,
            leader,
            auditor,
            sysadmin,
            other_coordinator,
            other_leader,
            organiser,
            approver,
        ] = saved.each_ref().map(|person| Person::restored(&app, person));
        Self {
            coordinator,
            second,
            handler,
            leader,
            auditor,
            sysadmin,
            other_coordinator,
            other_leader,
            organiser,
            approver,
            app,
        }
    }

    fn people(&self) -> [&Person; 10] {
        [
            &self.coordinator,
            &self.second,
            &self.handler,
            &self.leader,
            &self.auditor,
            &self.sysadmin,
            &self.other_coordinator,
            &self.other_leader,
            &self.organiser,
            &self.approver,
        ]
    }

    /// The same desks in a product that was made otherwise.
    pub async fn of(app: TestApp) -> Self {
        let people = given::organisation(&app).await;
        given::dispatched(&app, &people, "t1").await;
        Self {
            coordinator: app.staff(Role::ProvinceCoordinator, "320000").await,
            second: app.staff_as("coordinator-2", Role::ProvinceCoordinator, "320000").await,
            handler: app.staff(Role::Handler, "320000").await,
            leader: app.staff(Role::TeamLeader, "T3").await,
            auditor: app.staff(Role::Auditor, "").await,
            sysadmin: app.staff(Role::Sysadmin, "").await,
            other_coordinator: app.staff(Role::ProvinceCoordinator, "610000").await,
            other_leader: app.staff(Role::TeamLeader, "T1").await,
            organiser: people.organiser,
            approver: people.approver,
            app,
        }
    }

    /// Everybody with a name, those who have nothing to do with the first row too.
    pub fn everybody(&self) -> [(&'static str, &Person); 10] {
        [
            ("organiser", &self.organiser),
            ("approver", &self.approver),
            ("coordinator", &self.coordinator),
            ("second coordinator", &self.second),
            ("handler", &self.handler),
            ("leader", &self.leader),
            ("auditor", &self.auditor),
            ("sysadmin", &self.sysadmin),
            ("coordinator elsewhere", &self.other_coordinator),
            ("leader of another team", &self.other_leader),
        ]
    }

    /// A move by the API.
    pub async fn post(&self, person: &Person, row: &str, noun: &str, body: Value) -> Answer {
        let path = format!("/api/v1/assignments/{row}/{noun}");
        person.post_json(&path, &body).await
    }

    /// A file by the API; gives its hash.
    pub async fn upload(&self, person: &Person, row: &str, name: &str, bytes: &[u8]) -> Answer {
        let path = format!("/api/v1/assignments/{row}/evidence?name={name}");
        let media = Some("application/octet-stream");
        person.send(Method::POST, &path, media, bytes.to_vec()).await
    }

    /// A body that the move takes from whoever may make it.
    pub fn body(noun: &str) -> Value {
        match noun {
            "acknowledgement" => json!({ "department": "江苏省公安厅" }),
            "return" => json!({ "basis": "职责清单没有这一项" }),
            "ruling" => json!({ "to": "province", "ruling": "仍由该省办理" }),
            "plan" => json!({
                "root_cause": "queueing", "remedy": "mobile", "description": "窗口太少",
                "milestones": [{ "day": "2018-05-10", "text": "两个县先试" }],
            }),
            "withdrawal" | "sending-back" => json!({ "reason": "还差一个县" }),
            "signature" => json!({}),
            "verification" => json!({ "test": "手机实办一件", "findings": "用时八分钟" }),
            "rejection" | "relapse" => json!({ "findings": "窗口仍要求交复印件" }),
            "exemption-request" => {
                json!({ "class": "no_such_service", "basis": "本省没有这项服务" })
            }
            "exemption" | "exemption-refusal" => json!({ "basis": "情况属实" }),
            other => panic!("no body for {other}"),
        }
    }

    /// A report with one fresh file, covering some of 98 counties.
    pub async fn report_of(&self, person: &Person, row: &str, covered: i32) -> Value {
        let file = format!("%PDF-1.4 {}\n%%EOF\n", self.moves(row).await);
        let answer = self.upload(person, row, "proof.pdf", file.as_bytes()).await;
        let hash = answer.expect(200).json()["sha256"].clone();
        json!({
            "before": "要到窗口排队", "after": "手机上就能办", "effective_on": "2018-04-10",
            "covered": covered, "coverable": 98, "evidence": [hash],
        })
    }

    /// Makes a move that must succeed; gives the assignment after it.
    pub async fn make_move(&self, person: &Person, noun: &str) -> Value {
        self.make_move_on(person, ROW, noun).await
    }

    /// As [`Desk::make_move`], on another row.
    pub async fn make_move_on(&self, person: &Person, row: &str, noun: &str) -> Value {
        let body = if noun == "report" { self.report_of(person, row, 98).await } else { Self::body(noun) };
        self.post(person, row, noun, body).await.expect(200).json()
    }

    /// Brings the first row from its dispatch to a state, by the plain way there.
    pub async fn advance_to(&self, state: AssignmentState) {
        use AssignmentState as S;
        let way: &[(&Person, &str)] = match state {
            S::Dispatched => &[],
            S::Returned => &[(&self.coordinator, "return")],
            S::Exempt => &[(&self.coordinator, "exemption-request"), (&self.organiser, "exemption")],
            _ => &[
                (&self.coordinator, "acknowledgement"),
                (&self.handler, "plan"),
                (&self.handler, "report"),
                (&self.coordinator, "signature"),
            ],
        };
        let steps = match state {
            S::Acknowledged => 1,
            S::InProgress => 2,
            S::Reported => 3,
            _ => way.len(),
        };
        for (person, noun) in &way[..steps] {
            self.make_move(person, noun).await;
        }
        if state == S::Verified {
            self.make_move(&self.leader, "verification").await;
        }
        if state == S::Rework {
            self.make_move(&self.leader, "rejection").await;
        }
    }

    /// The number of events of a row.
    pub async fn moves(&self, row: &str) -> usize {
        let (issue, province) = row.split_once('/').unwrap();
        let db = self.app.app.stores.main.db();
        let found = shudu::dispatch::queries::assignment(db, &Provinces::public(), issue, province).await.unwrap();
        shudu::dispatch::queries::events(db, &found, None).await.unwrap().len()
    }

    /// The state of a row.
    pub async fn state(&self, row: &str) -> AssignmentState {
        let (issue, province) = row.split_once('/').unwrap();
        let db = self.app.app.stores.main.db();
        shudu::dispatch::queries::assignment(db, &Provinces::public(), issue, province).await.unwrap().assignment.state
    }
}
