//! People as values: "who may do this" is written as who calls.

use std::sync::Arc;

use entity::stored::{Role, SessionKind, SessionStage};
use poem::endpoint::BoxEndpoint;
use poem::http::uri::Scheme;
use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint, Request, RequestParts, Response};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use serde_json::Value;
use shudu::accounts::{commands, queries};
use shudu::base::ctx::{Actor, Ctx, Grant};
use shudu::base::main_store::Changes;
use shudu::sign_in::{password, session};
use tokio::sync::OnceCell;

use super::TestApp;
use super::unaudited::{self, InFlight};

/// The password of everybody.
pub const PASSWORD: &str = "rain over the river";

/// Hash of [`PASSWORD`], computed once per process.
static HASH: OnceCell<String> = OnceCell::const_new();

/// Somebody with a browser or a program.
#[derive(Clone)]
pub struct Person {
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    main: DatabaseConnection,
    in_flight: Arc<InFlight>,
    /// The bearer token or session cookie, where signed in.
    pub token: Option<(SessionKind, String)>,
    /// The cookie by which an account may know the browser.
    pub device: Option<String>,
    /// Actor of commands. Use [`TestApp::ctx`] for a fresh time.
    pub actor: Actor,
    /// Login, empty for nobody.
    pub login: String,
    language: &'static str,
    /// Address of the requests; unknown by default.
    address: RemoteAddr,
}

/// Answer to a request.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or("").to_owned()
    }

    /// Address to which a tool of the head sends the form of the page; the button of the tool has an attribute.
    pub fn tool(&self, attribute: &str) -> String {
        let html = self.text();
        let mut tags = html.split("<button ").skip(1).filter_map(|rest| rest.split('>').next());
        let tag = tags.find(|tag| tag.contains(attribute) && tag.contains("formaction=\""));
        let (_, rest) =
            tag.and_then(|tag| tag.split_once("formaction=\"")).unwrap_or_else(|| panic!("no tool: {html}"));
        rest.split('"').next().unwrap().replace("&#38;", "&")
    }

    /// Target of a redirect.
    pub fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// Demands a status, showing the body where it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(1500).collect();
        assert_eq!(self.status.as_u16(), status, "{body}");
        self
    }
}

/// Name and value of the version that the form of a final check carries.
pub fn carried_version(page: &str) -> (&'static str, String) {
    let value = |name: &str| {
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let found = ["expected_version", "revision"].into_iter().find_map(|name| Some((name, value(name)?)));
    found.unwrap_or_else(|| panic!("no version: {page}"))
}

/// Actor, login and session of a person.
pub type SavedPerson = (Actor, String, Option<(SessionKind, String)>);

impl Person {
    pub(super) fn new(app: &TestApp, token: Option<(SessionKind, String)>) -> Self {
        Self {
            endpoint: Arc::clone(&app.endpoint),
            main: app.app.stores.main.db().clone(),
            in_flight: Arc::clone(&app.in_flight),
            token,
            device: None,
            actor: Actor::Nobody,
            login: String::new(),
            language: "zh-CN",
            address: RemoteAddr::default(),
        }
    }

    /// The same person in a copy of the product.
    pub(super) fn restored(app: &TestApp, (actor, login, token): &SavedPerson) -> Self {
        Self { actor: actor.clone(), login: login.clone(), ..Self::new(app, token.clone()) }
    }

    /// All that a copy of the product needs to know of the person.
    pub(super) fn save(&self) -> SavedPerson {
        (self.actor.clone(), self.login.clone(), self.token.clone())
    }

    /// The same person, whose requests go to another node.
    pub fn by(mut self, node: &TestApp) -> Self {
        self.endpoint = Arc::clone(&node.endpoint);
        self
    }

    /// The same person at an address.
    pub fn at(mut self, address: &str) -> Self {
        let address = std::net::SocketAddr::new(address.parse().unwrap(), 4711);
        self.address = RemoteAddr(poem::Addr::SocketAddr(address));
        self
    }

    /// The same person, reading English.
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
    }

    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, Some("application/json"), body.to_string().into_bytes()).await
    }

    /// Opens the final check of an act, and presses its button with the version that the page carries and further fields.
    pub async fn check_and_act(&self, address: &str, more: &[(&str, &str)]) -> Answer {
        let page = self.get(address).await.expect(200).text();
        assert!(page.contains(&format!("action=\"{address}\"")), "no final check: {page}");
        let (name, version) = carried_version(&page);
        let fields: Vec<_> = [(name, &*version)].into_iter().chain(more.iter().copied()).collect();
        self.post_form(address, &fields).await
    }

    /// Sends a form as a browser does, with the headers of a request from our own page.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
    }

    /// Sends a form with files: field, file name, content.
    pub async fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        for (name, file, content) in files {
            let head = format!(
                "--frontier\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--frontier--\r\n");
        self.send(Method::POST, path, Some("multipart/form-data; boundary=frontier"), body).await
    }

    /// Sends any request.
    pub async fn send(&self, method: Method, path: &str, media: Option<&str>, body: Vec<u8>) -> Answer {
        let uri: poem::http::Uri = path.parse().unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(uri.clone())
            .header(header::HOST, "shudu.test")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header("sec-fetch-site", "same-origin");
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        match &self.token {
            Some((SessionKind::Bearer, token)) => {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"))
            }
            Some((SessionKind::Cookie, token)) => {
                request = request.header(header::COOKIE, format!("{}={token}", shudu::web::session_cookie::COOKIE));
            }
            None => {}
        }
        if let Some(device) = &self.device {
            request = request.header(header::COOKIE, format!("{}={device}", shudu::web::session_cookie::DEVICE));
        }
        self.request(request.body(body)).await
    }

    /// A request made by hand. Every write of the request has to be on record: see `unaudited`.
    pub async fn request(&self, request: Request) -> Answer {
        if request.method().is_safe() {
            return self.answer(request).await;
        }
        let asked = format!("{} {}", request.method(), request.uri());
        let started = self.in_flight.begin();
        let position = unaudited::position(&self.main).await;
        let answer = self.answer(request).await;
        if let Some(position) = position.filter(|_| self.in_flight.was_alone(started)) {
            let writes = unaudited::since(&self.main, &position).await;
            assert!(writes.is_empty(), "{asked} wrote {writes:?} and put nothing on record");
        }
        self.in_flight.end();
        answer
    }

    async fn answer(&self, request: Request) -> Answer {
        let asked = format!("{} {}", request.method(), request.uri());
        let mut response = self.endpoint.get_response(with_peer_address(request, self.address.clone())).await;
        let body = response.take_body().into_vec().await.unwrap();
        let answer = Answer { status: response.status(), headers: response.headers().clone(), body };
        if answer.headers.get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html")) {
            refuse_dead_controls(&asked, &answer.text());
        }
        answer
    }
}

/// Demands that every form that a control of a page names is on that page. A button of an absent form does nothing when pressed.
fn refuse_dead_controls(asked: &str, page: &str) {
    for id in page.split(" form=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!(" id=\"{id}\"")), "{asked}: a control names the form {id}, which is not there");
    }
}

/// The request as a listener hands it on: one that was built has no original address, and pages take theirs from it.
fn with_peer_address(request: Request, from: RemoteAddr) -> Request {
    let (built, body) = request.into_parts();
    let mut parts = poem::http::Request::new(()).into_parts().0;
    (parts.method, parts.uri, parts.headers) = (built.method, built.uri, built.headers);
    let from = (parts, LocalAddr::default(), from, Scheme::HTTP);
    Request::from_parts(RequestParts::from(from), body)
}

impl TestApp {
    /// A member of staff with one role, signed in by cookie: works for pages and for the API.
    pub async fn staff(&self, role: Role, scope: &str) -> Person {
        let login = format!("{role}{}{scope}", if scope.is_empty() { "" } else { "-" }).to_lowercase();
        self.staff_as(&login, role, scope).await
    }

    /// A further member of staff with a login of the own.
    pub async fn staff_as(&self, login: &str, role: Role, scope: &str) -> Person {
        self.staff_with(login, &[(role, scope)]).await
    }

    /// A member of staff with several roles.
    pub async fn staff_with(&self, login: &str, grants: &[(Role, &str)]) -> Person {
        let system = Ctx::system("test", &self.clock);
        let new = commands::NewAccount {
            login: login.to_owned(),
            name: format!("name of {login}"),
            office: format!("office of {login}"),
            grants: grants.iter().map(|(role, scope)| Grant { role: *role, scope: (*scope).to_owned() }).collect(),
        };
        // Hashing is slow on purpose: all have the one password, and it is hashed once.
        let hash = HASH.get_or_init(async || password::hash(PASSWORD.to_owned()).await.unwrap()).await.clone();
        let store = &self.app.stores.main;
        let add = async |tx: &DatabaseTransaction| commands::add_account_hashed(tx, &system, new, hash).await;
        store.write(Changes::Internal, add).await.unwrap();
        self.signed_in(login).await
    }

    /// The same person in another role, signed in once more: who wrote yesterday may be an approver today.
    pub async fn change_role(&self, person: &Person, role: Role, scope: &str) -> Person {
        let system = Ctx::system("test", &self.clock);
        let store = &self.app.stores.main;
        let (row, staff) = queries::account(store.db(), &person.login).await.unwrap();
        let change = commands::RolesChange {
            grants: vec![Grant { role, scope: scope.to_owned() }],
            home_province: String::new(),
            version: queries::version(&row, &staff.grants),
        };
        let login = person.login.as_str();
        store.write(Changes::Internal, async |tx| commands::put_roles(tx, &system, login, change).await).await.unwrap();
        self.sign_in_again(person).await
    }

    /// Somebody whose account was changed, signed in once more.
    pub async fn sign_in_again(&self, person: &Person) -> Person {
        self.signed_in(&person.login).await
    }

    async fn signed_in(&self, login: &str) -> Person {
        let (row, staff) = queries::account(self.app.stores.main.db(), login).await.unwrap();
        let now = self.clock.system();
        let opening = session::Opening {
            account: row.id,
            kind: SessionKind::Cookie,
            stage: SessionStage::Complete,
            browser: String::new(),
            password_at: now,
            factor_at: now,
        };
        let limits = self.app.config.sessions;
        let open = async |tx: &DatabaseTransaction| session::open(tx, opening, limits, now).await;
        let token = self.app.stores.main.write(Changes::Internal, open).await.unwrap().token.reveal().to_owned();
        Person {
            actor: Actor::Staff(Arc::new(staff)),
            login: login.to_owned(),
            ..Person::new(self, Some((SessionKind::Cookie, token)))
        }
    }

    /// The context of a command by the person now.
    pub fn ctx(&self, person: &Person) -> Ctx {
        Ctx::of(person.actor.clone(), &self.clock)
    }
}
