//! Request and answer bodies of the sign-in API.

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

/// Login and password of a sign-in.
#[derive(Object)]
pub struct SignIn {
    /// Login of the account.
    pub login: String,
    /// Password of the account.
    pub password: String,
}

/// Session that was opened.
#[derive(Object)]
pub struct Session {
    /// Token of the session, for `Authorization: Bearer …`. The token is shown only once.
    pub token: String,
    /// Instant of the absolute timeout of the session, system time. The idle timeout may end the session earlier.
    pub expires: DateTime<Utc>,
}

/// The steps that are still due before the sign-in is complete.
#[derive(Object)]
pub struct Due {
    /// Step that is due. `factor`: a second factor, to be sent to `/sessions/current/second-factor`. `enrolment`: the account has
    /// no second factor yet, and the site demands one.
    pub due: SessionStage,
    /// Kinds of proof that the account has enrolled: `totp`, `passkey`, `recovery_code`.
    pub factors: Vec<String>,
    /// Ticket for `Authorization: Bearer …` of the calls that are due. The ticket opens no other calls.
    pub ticket: String,
    /// Instant at which the ticket ends, system time.
    pub expires: DateTime<Utc>,
}

/// Proof of identity: exactly one of its members. For reauthentication, the password may come together with one of the others.
#[derive(Object)]
pub struct ProofObject {
    /// Password of the account; not accepted as a second factor.
    pub password: Option<String>,
    /// One-time code of the authenticator app, or a recovery code.
    pub code: Option<String>,
    /// WebAuthn assertion of a passkey, as `PublicKeyCredential.toJSON()` gives the assertion.
    pub passkey: Option<Value>,
}

/// Acceptance of an invitation.
#[derive(Object)]
pub struct Acceptance {
    /// Token of the invitation: the last part of the link.
    pub token: String,
    /// Code that belongs to the link, where two people invited; else empty.
    #[oai(default)]
    pub code: String,
    /// Password that is chosen: 12 to 128 characters, not easy to guess.
    pub new: String,
}

/// Session of this request.
#[derive(Object)]
pub struct CurrentSession {
    /// Time until the idle timeout or the absolute timeout ends the session, in seconds. Use restarts the idle timeout.
    pub ends_in: i64,
    /// Instant at which the session ends at the latest, system time.
    pub expires: DateTime<Utc>,
}

/// One session of the caller's own account.
#[derive(Object)]
pub struct Device {
    /// Name of the session, for ending it.
    pub name: String,
    /// Kind of the session: a browser's cookie, or a program's token.
    pub kind: SessionKind,
    /// Browser of the session in a few words; empty where it is not known.
    pub browser: String,
    /// Instant of the sign-in, system time.
    pub since: DateTime<Utc>,
    /// Instant of the last use, system time, to the minute.
    pub used: DateTime<Utc>,
    /// Whether the session is the one of this request.
    pub current: bool,
}

/// Second factors of the caller's own account.
#[derive(Object)]
pub struct FactorsObject {
    /// Whether one-time codes are enrolled.
    pub totp: bool,
    /// Passkeys of the account, in the order of their enrolment.
    pub passkeys: Vec<PasskeyObject>,
    /// Number of recovery codes that are left.
    pub recovery_codes: u64,
}

/// Passkey of the account.
#[derive(Object)]
pub struct PasskeyObject {
    /// Key of the passkey, for removing it.
    pub key: String,
    /// Name that the holder gave the passkey.
    pub name: String,
    /// Instant of the enrolment, system time.
    pub since: DateTime<Utc>,
    /// Instant of the last use, system time; none before the first use.
    pub used: Option<DateTime<Utc>>,
}

/// Secret for one-time codes, not enrolled yet.
#[derive(Object)]
pub struct NewTotp {
    /// Secret in Base32, for typing in.
    pub secret: String,
    /// Secret as an `otpauth:` address, for scanning.
    pub address: String,
}

/// First code of a new secret.
#[derive(Object)]
pub struct TotpCode {
    /// One-time code of six digits.
    pub code: String,
}

/// Passkey that is to be enrolled.
#[derive(Object)]
pub struct NewPasskey {
    /// Name for the passkey; where it is empty, the browser gives the name.
    #[oai(default)]
    pub name: String,
    /// WebAuthn registration response of the browser, as `PublicKeyCredential.toJSON()` gives the response.
    pub credential: Value,
}

/// Outcome of an enrolment.
#[derive(Object)]
pub struct EnrolledObject {
    /// Recovery codes, shown only once; none where the account had a factor before.
    pub recovery_codes: Vec<String>,
    /// Session that was opened, where the enrolment completed a sign-in.
    pub session: Option<Session>,
}

impl Session {
    /// The answer for a complete session.
    pub fn of(opened: &Opened) -> Self {
        Self { token: opened.token.reveal().to_owned(), expires: opened.expires }
    }
}

impl Due {
    /// The answer for a ticket, with the factors of the account.
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
    /// All proofs, the password first. So a wrong password does not use up a code that can be shown only once.
    pub fn all(self) -> Result<Vec<Proof>> {
        let factor = match (self.code, self.passkey) {
            (Some(_), Some(_)) => return Err(Error::field("request", Refusal::new("account.one_proof"))),
            (Some(code), None) => Some(Proof::Code(code)),
            (None, answer) => answer.map(|answer| Proof::Passkey(answer.to_string())),
        };
        let proofs: Vec<Proof> = self.password.map(Proof::Password).into_iter().chain(factor).collect();
        if proofs.is_empty() { Err(Error::field("request", Refusal::new("account.one_proof"))) } else { Ok(proofs) }
    }

    /// The proof, where exactly one is wanted.
    pub fn one(self) -> Result<Proof> {
        match <[Proof; 1]>::try_from(self.all()?) {
            Ok([proof]) => Ok(proof),
            Err(_) => Err(Error::field("request", Refusal::new("account.one_proof"))),
        }
    }
}

impl Device {
    /// A session, as seen from the session of the request.
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
    /// The factors of an account without their secrets.
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
