//! What the API takes and gives about signing in.

use chrono::{DateTime, Utc};
use entity::session;
use entity::stored::{SessionKind, SessionStage};
use poem_openapi::Object;
use serde_json::Value;

use crate::base::error::{Error, Refusal, Result};
use crate::sign_in::devices;
use crate::sign_in::reauthentication::Proof;
use crate::sign_in::second_factor::Factors;
use crate::sign_in::second_factor::commands::Enrolled;
use crate::sign_in::session::Opened;

/// Somebody who signs in.
#[derive(Object)]
pub struct SignIn {
    /// Account.
    pub login: String,
    /// Password.
    pub password: String,
}

/// A session that was opened.
#[derive(Object)]
pub struct Session {
    /// Goes into `Authorization: Bearer …`. It is shown this once.
    pub token: String,
    /// When it ends at the latest; some time without use ends it before.
    pub expires: DateTime<Utc>,
}

/// What signing in still needs.
#[derive(Object)]
pub struct Due {
    /// `factor`: a second factor, to be sent to `/sessions/current/second-factor`. `enrolment`: there is none yet, and the site
    /// demands one.
    pub due: SessionStage,
    /// What is enrolled and can be shown: `totp`, `passkey`, `recovery_code`.
    pub factors: Vec<String>,
    /// Goes into `Authorization: Bearer …` of the calls that are due, and opens no others.
    pub ticket: String,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

/// A proof: exactly one of its members. To prove presence the password may come together with one of the others.
#[derive(Object)]
pub struct ProofObject {
    /// The password; not as a second factor.
    pub password: Option<String>,
    /// A code of the app, or a recovery code.
    pub code: Option<String>,
    /// The answer of a passkey, as `PublicKeyCredential.toJSON()` gives it.
    pub passkey: Option<Value>,
}

/// An invitation that is accepted.
#[derive(Object)]
pub struct Acceptance {
    /// The last part of the link.
    pub token: String,
    /// The code that goes with the link, where two people invited; else empty.
    #[oai(default)]
    pub code: String,
    /// The password that is chosen: 12 to 128 characters, not easy to guess.
    pub new: String,
}

/// The session of a request.
#[derive(Object)]
pub struct CurrentSession {
    /// Seconds until it ends by itself, unless it is used.
    pub ends_in: i64,
    /// When it ends at the latest.
    pub expires: DateTime<Utc>,
}

/// One session of the own account.
#[derive(Object)]
pub struct Device {
    /// Its name, for ending it.
    pub name: String,
    /// In a browser's cookie, or a program's token.
    pub kind: SessionKind,
    /// The browser in a few words; empty where it is not known.
    pub browser: String,
    /// Sign-in.
    pub since: DateTime<Utc>,
    /// Last use, to the minute.
    pub used: DateTime<Utc>,
    /// Whether it is the one of this request.
    pub current: bool,
}

/// What the own account has enrolled.
#[derive(Object)]
pub struct FactorsObject {
    /// Whether codes that change are.
    pub totp: bool,
    /// Passkeys.
    pub passkeys: Vec<PasskeyObject>,
    /// Recovery codes that are left.
    pub recovery_codes: u64,
}

/// A passkey.
#[derive(Object)]
pub struct PasskeyObject {
    /// Its key, for taking it off.
    pub key: String,
    /// What its holder calls it.
    pub name: String,
    /// When it was enrolled.
    pub since: DateTime<Utc>,
    /// Last use.
    pub used: Option<DateTime<Utc>>,
}

/// A secret for codes that change.
#[derive(Object)]
pub struct NewTotp {
    /// For typing in (Base32).
    pub secret: String,
    /// For scanning (`otpauth:`).
    pub address: String,
}

/// The first code of a new secret.
#[derive(Object)]
pub struct TotpCode {
    /// Six digits.
    pub code: String,
}

/// A passkey to be enrolled.
#[derive(Object)]
pub struct NewPasskey {
    /// What it is to be called; the browser where that is empty.
    #[oai(default)]
    pub name: String,
    /// The answer of the browser, as `PublicKeyCredential.toJSON()` gives it.
    pub credential: Value,
}

/// What came of an enrolment.
#[derive(Object)]
pub struct EnrolledObject {
    /// Recovery codes, shown this once; none where there was a factor before.
    pub recovery_codes: Vec<String>,
    /// The session, where the enrolment was the rest of signing in.
    pub session: Option<Session>,
}

impl Session {
    /// A complete session.
    pub fn of(opened: &Opened) -> Self {
        Self { token: opened.token.reveal().to_owned(), expires: opened.expires }
    }
}

impl Due {
    /// A ticket, of an account with these factors.
    pub fn of(opened: &Opened, factors: &Factors) -> Self {
        let kinds = [
            ("totp", factors.totp.is_some()),
            ("passkey", !factors.passkeys.is_empty()),
            ("recovery_code", factors.codes > 0),
        ];
        Self {
            due: opened.stage,
            factors: kinds.iter().filter(|(_, is_there)| *is_there).map(|(kind, _)| (*kind).to_owned()).collect(),
            ticket: opened.token.reveal().to_owned(),
            expires: opened.expires,
        }
    }
}

impl ProofObject {
    /// The password first: a code that can be shown once is not spent beside a wrong one.
    pub fn all(self) -> Result<Vec<Proof>> {
        let factor = match (self.code, self.passkey) {
            (Some(_), Some(_)) => return Err(Error::field("request", Refusal::new("account.one_proof"))),
            (Some(code), None) => Some(Proof::Code(code)),
            (None, answer) => answer.map(|answer| Proof::Passkey(answer.to_string())),
        };
        let proofs: Vec<Proof> = self.password.map(Proof::Password).into_iter().chain(factor).collect();
        if proofs.is_empty() { Err(Error::field("request", Refusal::new("account.one_proof"))) } else { Ok(proofs) }
    }

    /// Where one is wanted.
    pub fn one(self) -> Result<Proof> {
        match <[Proof; 1]>::try_from(self.all()?) {
            Ok([proof]) => Ok(proof),
            Err(_) => Err(Error::field("request", Refusal::new("account.one_proof"))),
        }
    }
}

impl Device {
    /// A session, seen from another one.
    pub fn of(row: &session::Model, current: &session::Model) -> Self {
        Self {
            name: devices::handle(row).to_owned(),
            kind: row.kind,
            browser: row.browser.clone(),
            since: row.created_at,
            used: row.seen_at,
            current: row.token_hash == current.token_hash,
        }
    }
}

impl FactorsObject {
    /// Without their secrets.
    pub fn of(factors: &Factors) -> Self {
        let passkeys = factors.passkeys.iter().map(|row| PasskeyObject {
            key: row.id_hash.clone(),
            name: row.name.clone(),
            since: row.made_at,
            used: row.used_at,
        });
        Self { totp: factors.totp.is_some(), passkeys: passkeys.collect(), recovery_codes: factors.codes }
    }
}

impl From<Enrolled> for EnrolledObject {
    fn from(enrolled: Enrolled) -> Self {
        Self { recovery_codes: enrolled.codes, session: enrolled.session.as_ref().map(Session::of) }
    }
}
