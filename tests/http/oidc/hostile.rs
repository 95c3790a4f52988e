//! A small provider that lies on demand. It publishes provider metadata and keys, signs with Ed25519, and answers at its token
//! endpoint as told.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const SECRET: &str = "a secret that both sides know";
/// An issuer that the site does not know.
const ANOTHER: &str = "https://id.example";

/// The flaw of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    Honest,
    WrongKey,
    WrongNonce,
    NoNonce,
    WrongAudience,
    FurtherAudience,
    OtherParty,
    OtherIssuer,
    Expired,
    Unsigned,
    SharedSecret,
    CutSignature,
    NoToken,
    CodeRefused,
    Redirect,
    Endless,
    NoJson,
    /// No lie: the provider changed its keys since the site fetched them.
    NewKeys,
    /// The token is signed with a key that is not published.
    UnknownKey,
    /// The metadata name another issuer. The site fetches them before anybody leaves, so this flaw is not among [`LIES`].
    OtherPublisher,
}

/// Flaws that must be refused when somebody comes back.
pub const LIES: [Trick; 17] = [
    Trick::WrongKey,
    Trick::WrongNonce,
    Trick::NoNonce,
    Trick::WrongAudience,
    Trick::FurtherAudience,
    Trick::OtherParty,
    Trick::OtherIssuer,
    Trick::Expired,
    Trick::Unsigned,
    Trick::SharedSecret,
    Trick::CutSignature,
    Trick::NoToken,
    Trick::CodeRefused,
    Trick::Redirect,
    Trick::Endless,
    Trick::NoJson,
    Trick::UnknownKey,
];

struct Script {
    trick: Trick,
    claims: Value,
    nonce: String,
    keys: Vec<(String, Ed25519KeyPair)>,
    /// Number of requests to the token endpoint.
    redeemed: u32,
}

/// The provider; its server ends when the last clone is dropped.
#[derive(Clone)]
pub struct Provider {
    pub url: String,
    script: Arc<Mutex<Script>>,
    _serving: Arc<Serving>,
}

struct Serving(tokio::task::JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn key() -> Ed25519KeyPair {
    let seed = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Ed25519KeyPair::from_pkcs8(seed.as_ref()).unwrap()
}

impl Provider {
    /// Starts an honest provider that vouches for a person with these claims.
    pub async fn start(claims: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = vec![("k1".to_owned(), key())];
        let script = Script { trick: Trick::Honest, claims, nonce: String::new(), keys, redeemed: 0 };
        let script = Arc::new(Mutex::new(script));
        let (address, said) = (url.clone(), Arc::clone(&script));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, address.clone(), Arc::clone(&said)));
            }
        });
        Self { url, script, _serving: Arc::new(Serving(serving)) }
    }

    /// From now on, the provider plays this trick.
    pub fn play(&self, trick: Trick) {
        let mut script = self.script.lock().unwrap();
        script.trick = trick;
        if trick == Trick::NewKeys {
            script.keys = vec![("k2".to_owned(), key())];
        }
    }

    /// From now on, the provider vouches with these claims.
    pub fn vouch(&self, claims: Value) {
        self.script.lock().unwrap().claims = claims;
    }

    /// Takes the nonce from the address to which the browser was sent.
    pub fn was_asked(&self, address: &url::Url) {
        let nonce = address.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
        self.script.lock().unwrap().nonce = nonce;
    }

    pub fn redeemed(&self) -> u32 {
        self.script.lock().unwrap().redeemed
    }
}

async fn serve(mut stream: TcpStream, url: String, script: Arc<Mutex<Script>>) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part).await.unwrap_or(0);
        request.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&request);
        let head = text.find("\r\n\r\n");
        let length = text
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next().and_then(|n| n.parse::<usize>().ok()));
        if read == 0 || head.is_some_and(|head| request.len() >= head + 4 + length.unwrap_or(0)) {
            break;
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let path = text.split(' ').nth(1).unwrap_or("/").to_owned();
    let (status, extra, body) = answer(&path, &url, &mut script.lock().unwrap());
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{extra}connection: close\r\n\r\n",
        body.len()
    );
    drop(stream.write_all(&[head.into_bytes(), body].concat()).await);
}

fn answer(path: &str, url: &str, script: &mut Script) -> (&'static str, String, Vec<u8>) {
    let ok = |value: Value| ("200 OK", String::new(), value.to_string().into_bytes());
    match path {
        "/.well-known/openid-configuration" => ok(json!({
            "issuer": if script.trick == Trick::OtherPublisher { ANOTHER } else { url },
            "authorization_endpoint": format!("{url}/auth"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/jwks"),
            "end_session_endpoint": format!("{url}/end"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        })),
        "/jwks" => {
            let keys: Vec<Value> = script.keys.iter().map(|(kid, key)| jwk(kid, key)).collect();
            ok(json!({ "keys": keys }))
        }
        "/token" => {
            script.redeemed += 1;
            match script.trick {
                Trick::CodeRefused => {
                    ("400 Bad Request", String::new(), json!({ "error": "invalid_grant" }).to_string().into_bytes())
                }
                Trick::Redirect => ("307 Temporary Redirect", format!("location: {url}/elsewhere\r\n"), Vec::new()),
                Trick::Endless => ("200 OK", String::new(), vec![b' '; 1 << 20]),
                Trick::NoJson => ("200 OK", String::new(), b"<html>".to_vec()),
                Trick::NoToken => ok(json!({ "access_token": "a", "token_type": "Bearer" })),
                _ => ok(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token(url, script) })),
            }
        }
        // Target of the redirect: an answer that would be valid.
        "/elsewhere" => ok(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token(url, script) })),
        _ => ("404 Not Found", String::new(), Vec::new()),
    }
}

fn jwk(kid: &str, key: &Ed25519KeyPair) -> Value {
    let x = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x })
}

fn token(url: &str, script: &Script) -> String {
    let mut claims = json!({
        "iss": url, "aud": "shudu", "iat": 1_522_000_000_i64, "exp": 4_000_000_000_i64, "nonce": script.nonce,
    });
    let object = claims.as_object_mut().unwrap();
    object.extend(script.claims.as_object().unwrap().clone());
    match script.trick {
        Trick::WrongNonce => drop(object.insert("nonce".to_owned(), json!("another"))),
        Trick::NoNonce => drop(object.remove("nonce")),
        Trick::WrongAudience => drop(object.insert("aud".to_owned(), json!("another"))),
        Trick::FurtherAudience => drop(object.insert("aud".to_owned(), json!(["shudu", "another"]))),
        Trick::OtherParty => drop(object.insert("azp".to_owned(), json!("another"))),
        Trick::OtherIssuer => drop(object.insert("iss".to_owned(), json!(ANOTHER))),
        // The clock of the product is in April 2018.
        Trick::Expired => drop(object.insert("exp".to_owned(), json!(1_522_000_100_i64))),
        _ => {}
    }
    let (kid, signer) = &script.keys[0];
    let other = key();
    let (algorithm, kid) = match script.trick {
        Trick::Unsigned => ("none", kid.as_str()),
        Trick::SharedSecret => ("HS256", kid.as_str()),
        Trick::UnknownKey => ("EdDSA", "k9"),
        _ => ("EdDSA", kid.as_str()),
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": algorithm, "kid": kid })), part(&claims));
    let signature = match script.trick {
        Trick::Unsigned => Vec::new(),
        Trick::SharedSecret => {
            let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(signed.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Trick::WrongKey | Trick::UnknownKey => other.sign(signed.as_bytes()).as_ref().to_vec(),
        Trick::CutSignature => signer.sign(signed.as_bytes()).as_ref()[..32].to_vec(),
        _ => signer.sign(signed.as_bytes()).as_ref().to_vec(),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
