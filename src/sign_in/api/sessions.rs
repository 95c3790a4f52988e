//! Operations on sessions: sign-in step by step, the sessions of the caller's own account, and reauthentication.

use entity::stored::{SessionKind, SessionStage};
use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use serde_json::Value;

use super::proofs::{Acceptance, CurrentSession, Device, Due, ProofObject, Session, SignIn};
use crate::accounts::flows::{Guest, accept};
use crate::app::App;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::commands;
use crate::sign_in::extract::{Entering, Signed, Visit};
use crate::sign_in::flows::{self, Attempt};
use crate::sign_in::second_factor::Factors;
use crate::sign_in::session::Opened;
use crate::sign_in::{devices, queries, reauthentication, step_up};
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::no_content::Done;
use crate::web::policy::{Operation, Policy};
use crate::web::session_cookie;

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/sessions", Policy::SIGNING_IN),
    (Method::POST, "/invitations/acceptance", Policy::SIGNING_IN),
    (Method::POST, "/sessions/current/second-factor", Policy::SIGNING_IN),
    (Method::POST, "/sessions/current/challenge", Policy::SIGNING_IN),
    (Method::POST, "/sessions/current/confirmation", Policy::STAFF),
    (Method::GET, "/sessions/current", Policy::CALL),
    (Method::DELETE, "/sessions/current", Policy::STAFF),
    (Method::GET, "/sessions", Policy::CALL),
    (Method::DELETE, "/sessions/others", Policy::SENSITIVE),
    (Method::DELETE, "/sessions/:name", Policy::SENSITIVE),
];

/// Operations on sessions; see the module.
pub struct SessionsApi;

/// Outcome of the first step of a sign-in.
#[derive(ApiResponse)]
enum Entered {
    /// Signed in: the answer contains the session
    #[oai(status = 201)]
    Created(Json<Session>),
    /// The password was right, and a further step is due
    #[oai(status = 202)]
    Accepted(Json<Due>),
}

/// Outcome of the last step of a sign-in.
#[derive(ApiResponse)]
enum Completed {
    /// Signed in: the answer contains the session
    #[oai(status = 201)]
    Created(Json<Session>),
}

/// Outcome of a reauthentication.
#[derive(ApiResponse)]
enum Confirmed {
    /// Confirmed: a program continues with this token
    #[oai(status = 200)]
    Ok(Json<Session>),
    /// Confirmed: a browser continues with this cookie, which no script can read
    #[oai(status = 204)]
    NoContent(#[oai(header = "Set-Cookie")] String),
}

#[OpenApi(tag = "ApiTags::Identity")]
impl SessionsApi {
    /// Sign in
    ///
    /// Every cause of failure gives the same refusal (`account.sign_in`). After several failures further attempts have to wait
    /// (429). Where a second factor is due, or has to be enrolled first, the answer is 202 with a ticket. The ticket is the
    /// bearer token of the calls that follow, and of no others.
    #[oai(path = "/sessions", method = "post")]
    async fn sign_in(&self, visit: Visit, body: JsonBody<SignIn>) -> Result<Entered, Error> {
        let app = &visit.app;
        let JsonBody(SignIn { login, password }) = body;
        let attempt = Attempt {
            login: &login,
            password,
            peer: &visit.peer,
            device: visit.device.as_deref(),
            kind: SessionKind::Bearer,
            browser: visit.browser.clone(),
            replaces: None,
        };
        entered(app, flows::sign_in(&app.authentication, &visit.ctx, attempt).await?).await
    }

    /// Accept an invitation
    ///
    /// The token of the invitation is the last part of the link. The answer is the same as for a sign-in with the chosen
    /// password.
    #[oai(path = "/invitations/acceptance", method = "post")]
    async fn accept(&self, visit: Visit, body: JsonBody<Acceptance>) -> Result<Entered, Error> {
        let app = &visit.app;
        let JsonBody(Acceptance { token, code, new }) = body;
        let guest = Guest {
            chosen: new,
            code,
            peer: &visit.peer,
            kind: SessionKind::Bearer,
            browser: visit.browser.clone(),
            replaces: None,
        };
        entered(app, accept(&app.authentication, &visit.ctx, &token, guest).await?).await
    }

    /// Show the second factor
    ///
    /// Takes the ticket as the bearer token. The proof is a one-time code, a recovery code, or the answer of a passkey to `POST
    /// /sessions/current/challenge`. Wrong proofs count like wrong passwords.
    #[oai(path = "/sessions/current/second-factor", method = "post")]
    async fn second_factor(&self, entering: Entering, body: JsonBody<ProofObject>) -> Result<Completed, Error> {
        let entering = by_program(entering.at(SessionStage::Factor)?)?;
        let app = &entering.app;
        let opened = flows::complete(&app.authentication, &entering.ctx, entering.holder(), body.0.one()?).await?;
        Ok(Completed::Created(Json(Session::of(&opened))))
    }

    /// Challenge for a passkey
    ///
    /// Returns the options of `navigator.credentials.get`, for a sign-in or a reauthentication. The challenge can be answered
    /// once, within five minutes.
    #[oai(path = "/sessions/current/challenge", method = "post")]
    async fn challenge(&self, entering: Entering) -> Result<Json<Value>, Error> {
        let (authentication, ctx) = (&entering.app.authentication, &entering.ctx);
        let work = async |tx: &_| reauthentication::ask_passkey(tx, ctx, authentication, entering.holder()).await;
        Ok(Json(entering.write(work).await?))
    }

    /// Reauthenticate
    ///
    /// The proof is the password, a code, or the answer of a passkey. Some acts are refused with `account.confirm` (403) unless a
    /// proof was shown in the last ten minutes: verdicts, dispatches, signatures under selections, changes of accounts. A sign-in
    /// counts as a proof. Changes of the caller's own password and factors are refused with `account.confirm_all`, unless the
    /// password and, where one is enrolled, a second factor were shown in that time, together or one after the other. A sign-in
    /// at a provider counts from the time that the provider states (`auth_time`). The session gets another token, and ends no
    /// later than before.
    #[oai(path = "/sessions/current/confirmation", method = "post")]
    async fn confirm(&self, signed: Signed, body: JsonBody<ProofObject>) -> Result<Confirmed, Error> {
        let opened = step_up::confirm(&signed.app.authentication, &signed.ctx, signed.holder()?, body.0.all()?).await?;
        Ok(match signed.session.kind {
            SessionKind::Bearer => Confirmed::Ok(Json(Session::of(&opened))),
            SessionKind::Cookie => Confirmed::NoContent(session_cookie::set(
                opened.token.reveal(),
                opened.expires - signed.app.clock.system(),
            )),
        })
    }

    /// Session of this request
    #[oai(path = "/sessions/current", method = "get")]
    async fn current(&self, signed: Signed) -> Result<Json<CurrentSession>, Error> {
        let seconds = signed.app.config.sessions.left(&signed.session, signed.app.clock.system());
        Ok(Json(CurrentSession { ends_in: seconds, expires: signed.session.expires_at }))
    }

    /// Sign out
    ///
    /// Ends the session whose token is sent; the token may be a ticket. Other sessions of the account continue.
    #[oai(path = "/sessions/current", method = "delete")]
    async fn sign_out(&self, entering: Entering) -> Result<Done, Error> {
        entering.write(async |tx| commands::sign_out(tx, &entering.ctx, &entering.token).await).await?;
        Ok(Done::NoContent)
    }

    /// Sessions of the caller's own account
    #[oai(path = "/sessions", method = "get")]
    async fn devices(&self, signed: Signed) -> Result<Json<Vec<Device>>, Error> {
        let app = &signed.app;
        let account = signed.ctx.staff()?.id;
        let found = devices::devices(app.stores.main.db(), account, app.config.sessions, app.clock.system()).await?;
        Ok(Json(found.iter().map(|row| Device::of(row, &signed.session)).collect()))
    }

    /// End all other sessions of the caller's own account
    #[oai(path = "/sessions/others", method = "delete")]
    async fn revoke_others(&self, signed: Signed) -> Result<Done, Error> {
        signed
            .write(Changes::Internal, async |tx| devices::revoke_others(tx, &signed.ctx, &signed.session).await)
            .await?;
        Ok(Done::NoContent)
    }

    /// End one session of the caller's own account
    #[oai(path = "/sessions/:name", method = "delete")]
    async fn revoke(&self, signed: Signed, name: Path<String>) -> Result<Done, Error> {
        signed.write(Changes::Internal, async |tx| devices::revoke(tx, &signed.ctx, &name).await).await?;
        Ok(Done::NoContent)
    }
}

/// Refuses the ticket of a browser. The answer to the call contains the token of the session, and scripts must not read a token
/// that belongs into a browser's cookie. So only programs may make the call.
pub(super) fn by_program(entering: Entering) -> Result<Entering> {
    let is_ticket = entering.session.stage != SessionStage::Complete;
    let is_browser = entering.session.kind == SessionKind::Cookie;
    if is_ticket && is_browser { Err(Error::Unauthenticated) } else { Ok(entering) }
}

async fn entered(app: &App, opened: Opened) -> Result<Entered> {
    if opened.stage == SessionStage::Complete {
        return Ok(Entered::Created(Json(Session::of(&opened))));
    }
    let db = app.stores.main.db();
    let kind = SessionKind::Bearer;
    let found =
        queries::bearer(&app.stores.main, opened.token.reveal(), kind, app.config.sessions, app.clock.system()).await?;
    let account = found.ok_or(Error::Unauthenticated)?.staff.id;
    Ok(Entered::Accepted(Json(Due::of(&opened, &Factors::of(db, account).await?))))
}
