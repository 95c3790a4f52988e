//! A browser that keeps cookies, and sites with an identity provider.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;

use poem::Request;
use poem::http::{Method, header};
use serde_json::{Value, json};
use shudu::config::Config;
use shudu::pass::identity_source;
use shudu::sign_in::sign_on;
use url::Url;

use super::hostile::{Provider, SECRET};
use crate::ballot::voting::Form;
use testing::given::{self, Organisation};
use testing::{Answer, Person, TestApp, app::noon};

/// The public address of the product.
pub const SITE: &str = "https://shudu.test";

/// A browser with its cookies.
pub struct Browser {
    person: Person,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn of(app: &TestApp) -> Self {
        Self { person: app.nobody(), cookies: Mutex::default() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new(), "same-origin").await
    }

    /// Requests a page as coming from another site, by a link or a redirect.
    pub async fn arrive(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new(), "cross-site").await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, serde_urlencoded::to_string(fields).unwrap().into_bytes(), "same-origin").await
    }

    /// Presses the button of a ballot's form.
    pub async fn press(&self, form: &Form) -> Answer {
        self.post("/campaigns/t1/ballot?o=7", &form.fields()).await
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>, site: &str) -> Answer {
        let cookies: Vec<String> = self.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path.parse().unwrap())
            .header(header::HOST, "shudu.test")
            .header(header::ACCEPT_LANGUAGE, "zh-CN")
            .header("sec-fetch-site", site)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        let answer = self.person.request(request).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            for demanded in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(line.contains(demanded), "{line}");
            }
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{line}");
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name)
            } else {
                cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        answer
    }

    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().unwrap().clone()
    }

    /// Restores earlier cookies.
    pub fn remember(&self, cookies: BTreeMap<String, String>) {
        *self.cookies.lock().unwrap() = cookies;
    }
}

/// Link of a page to a provider.
pub fn way_out(page: &Answer, provider: &str) -> Url {
    let html = page.text();
    let start = html.find(&format!("href=\"{provider}/auth?")).unwrap_or_else(|| panic!("no way out: {html}"));
    let href = html[start + 6..].split('"').next().unwrap();
    href.replace("&#38;", "&").replace("&amp;", "&").parse().unwrap()
}

pub fn parameter(address: &Url, name: &str) -> String {
    address.query_pairs().find(|(found, _)| found == name).unwrap_or_else(|| panic!("{name}: {address}")).1.into_owned()
}

fn toml_of(url: &str, more: &str) -> String {
    format!("issuer = '{url}'\nclient_id = 'shudu'\nname_zh = '网证'\nname_en = 'Net Identity'\n{more}")
}

/// Writes the secret to a file and returns its path. The file stays as long as the process.
fn secret_file(secret: &str) -> String {
    let file = std::env::temp_dir().join(format!("shudu-test-secret-{}-{}", std::process::id(), secret.len()));
    // Concurrent tests read the file, so it appears in one step (atomic rename).
    let mut whole = tempfile::NamedTempFile::new().unwrap();
    whole.write_all(secret.as_bytes()).unwrap();
    whole.persist(&file).unwrap();
    file.display().to_string()
}

/// Settings with an identity source for citizens, by number and kind of document.
pub fn citizens(url: &str, secret: &str, scopes: &str) -> impl FnOnce(&mut Config) {
    let provider = toml_of(url, &format!("secret_file = '{}'\nscopes = [{scopes}]", secret_file(secret)));
    let text =
        format!("number_claim = 'id_number'\nkind_claim = 'id_type'\nkinds = ['resident']\n[provider]\n{provider}");
    let settings: identity_source::Settings = toml::from_str(&text).unwrap();
    move |config| {
        config.address = Some(SITE.parse().unwrap());
        config.identity_source = Some(settings);
    }
}

/// Settings with single sign-on for staff; `more` comes before the provider.
pub fn staff(url: &str, secret: &str, more: &str) -> impl FnOnce(&mut Config) {
    let provider =
        toml_of(url, &format!("secret_file = '{}'\nscopes = ['groups']\namr = ['otp', 'hwk']", secret_file(secret)));
    let roles = "
        [[roles]]\nclaim = 'groups'\nvalue = 'shudu/organiser'\nrole = 'organiser'
        [[roles]]\nclaim = 'groups'\nvalue = 'shudu/leader/{scope}'\nrole = 'team_leader'
        [[roles]]\nclaim = 'groups'\nvalue = 'shudu/coordinator/{scope}'\nrole = 'province_coordinator'";
    let settings: sign_on::Settings = toml::from_str(&format!("{more}\n[provider]\n{provider}\n{roles}")).unwrap();
    move |config| {
        config.address = Some(SITE.parse().unwrap());
        config.single_sign_on = Some(settings);
    }
}

/// Claims of a citizen, as the provider sends them.
pub fn citizen(subject: &str, number: &str) -> Value {
    json!({ "sub": subject, "id_number": number, "id_type": "resident" })
}

/// A site with a provider for citizens, in which voting is open. The clock is at noon of 6 April 2018.
pub async fn voting() -> (TestApp, Organisation, Provider) {
    let provider = Provider::start(citizen("c-1", "11010519491231002X")).await;
    let app = TestApp::without_demo_with(citizens(&provider.url, SECRET, "'identity'")).await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    app.clock.set(noon("2018-04-06"));
    (app, people, provider)
}

/// Form of a citizen who votes under the real name.
pub const BALLOT: [(&str, &str); 5] =
    [("act", "cast"), ("track", "real_name"), ("place", "320000"), ("choice", "T1-2"), ("choice", "T1-5")];

/// Leaves for the provider. Returns the path by which the provider sends the browser back.
pub async fn leave(browser: &Browser, provider: &Provider) -> String {
    let page = browser.post("/campaigns/t1/ballot?o=7", &BALLOT).await.expect(200);
    let address = way_out(&page, &provider.url);
    provider.was_asked(&address);
    format!("/identity/return?code=c&state={}", parameter(&address, "state"))
}

/// Leaves for the provider, proves the identity and returns to the ballot with the pass.
pub async fn prove(browser: &Browser, provider: &Provider) -> Answer {
    let back = leave(browser, provider).await;
    let answer = browser.arrive(&back).await.expect(303);
    browser.get(&answer.location()).await.expect(200)
}
