//! Tests of the slice `sign_in`, over HTTP.

mod boundaries;
mod confirmation;
mod devices;
pub mod factors;
mod lockout;
mod passwords;
mod redraw;
mod sessions;
mod signing_in;
mod walk;

use entity::stored::SessionKind;
use poem::http::header;

use testing::actors::PASSWORD;
use testing::{Answer, Person, TestApp};

/// Value and attributes of the session cookie that an answer sets.
pub fn cookie(answer: &Answer) -> (String, String) {
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    let (pair, attributes) = set.split_once("; ").unwrap();
    let token = pair.strip_prefix("__Host-shudu=").unwrap();
    (token.to_owned(), attributes.to_owned())
}

/// Cookie by which the account knows the browser later, where the answer sets one.
pub fn device(answer: &Answer) -> Option<String> {
    let mut lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let (value, attributes) = lines.find_map(|line| line.strip_prefix("__Host-shudu-device="))?.split_once("; ")?;
    assert_eq!(attributes, "Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Lax");
    Some(value.to_owned())
}

/// A browser in which somebody has just signed in.
pub async fn browser(app: &TestApp, login: &str, password: &str) -> Person {
    let mut person = app.nobody();
    let answer = person.post_form("/sign-in", &[("login", login), ("password", password)]).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&answer).0));
    person
}

/// Whether the session of a person still opens a staff page.
pub async fn is_signed_in(person: &Person) -> bool {
    person.get("/desk/account/devices").await.status.as_u16() == 200
}

/// An attempt to sign in with somebody's account and a wrong password.
pub async fn fail(app: &TestApp, login: &str) -> Answer {
    app.nobody().post_form("/sign-in", &[("login", login), ("password", "not this one")]).await
}

pub async fn succeeds(app: &TestApp, login: &str) -> Answer {
    app.nobody().post_form("/sign-in", &[("login", login), ("password", PASSWORD)]).await
}
