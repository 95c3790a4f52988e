//! Page of the second factors of one's own account.

use askama::Template;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::code::at_code;
use super::enrolment::{Codes, enrol, grouped};
use super::feedback::{Again, Done, Labels, links};
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::sign_in::extract::{Entering, Signed};
use crate::sign_in::nav::{Nav, Section};
use crate::sign_in::second_factor::commands::{self, Factor};
use crate::sign_in::second_factor::{Factors, recovery};
use crate::web::form::Sent;
use crate::web::page::{Page, html, see_other};
use crate::web::qr::{self, QrCode};

const PAGE: &str = "/desk/account/second-factor";

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[("name", "sign-in-passkey-name"), ("code", "sign-in-code-first")];

#[derive(Template)]
#[template(path = "sign_in/factors.html")]
struct Own {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    totp: Option<String>,
    passkeys: Vec<PasskeyRow>,
    left: Option<String>,
    secret: String,
    code: Option<QrCode>,
    is_demanded: bool,
    called: String,
}

struct PasskeyRow {
    name: String,
    since: String,
    used: String,
    removal: String,
}

impl Own {
    async fn of(signed: &Signed, p: Page, sent: &Sent) -> Result<Self> {
        let app = &signed.app;
        let factors = Factors::of(app.stores.main.db(), signed.ctx.staff()?.id).await?;
        let pending = commands::pending(&app.authentication, signed.holder()?)?;
        let moment = |at| p.system_moment(at);
        let passkeys = factors.passkeys.iter().map(|row| PasskeyRow {
            name: row.name.clone(),
            since: moment(row.made_at),
            used: row.used_at.map_or_else(|| p.t("sign-in-passkey-unused"), moment),
            removal: p.href(&format!("{PAGE}/passkeys/{}/removal", row.id_hash)),
        });
        let left = [("left", factors.codes.to_string()), ("all", recovery::COUNT.to_string())];
        Ok(Self {
            nav: signed.nav(Section::Account),
            links: links(&p, FIELDS),
            totp: factors.totp.as_ref().map(|row| moment(row.made_at)),
            passkeys: passkeys.collect(),
            left: (factors.count() > 0).then(|| p.tr("sign-in-codes-left", &left)),
            code: pending.as_ref().and_then(|pending| qr::draw(&pending.address)),
            secret: pending.map(|pending| grouped(&pending.text)).unwrap_or_default(),
            is_demanded: app.authentication.demands_second_factor,
            called: sent.get("name").to_owned(),
            p,
        })
    }
}

fn page(signed: &Signed) -> Page {
    signed.page("desk").titled("sign-in-factors-title")
}

/// Shows the second factors: `GET /desk/account/second-factor`.
#[handler]
pub async fn show(signed: Signed, Query(done): Query<Done>) -> Result<Response> {
    let mut p = page(&signed);
    p.notice = done.notice(&p);
    html(&Own::of(&signed, p, &Sent::default()).await?)
}

/// Makes a secret for one-time codes: `POST /desk/account/second-factor/totp`.
#[handler]
pub async fn begin_totp(signed: Signed) -> Result<Response> {
    let holder = signed.holder()?;
    let work = async |tx: &_| commands::begin_totp(tx, &signed.app.authentication, holder).await;
    signed.write(Changes::Internal, work).await?;
    Ok(see_other(&page(&signed).href(&format!("{PAGE}#code"))))
}

/// Leads to the form for the first code: `GET /desk/account/second-factor/totp/code`, after a proof of presence. The form itself
/// is not carried through the proof, because a code is a secret.
#[handler]
pub async fn to_code(signed: Signed) -> Response {
    see_other(&page(&signed).href(&format!("{PAGE}#code")))
}

/// Enrols a factor: `POST /desk/account/second-factor/totp/code`, `POST /desk/account/second-factor/passkeys`.
#[handler]
pub async fn take(signed: Signed, entering: Entering, sent: Sent) -> Result<Response> {
    let p = page(&signed);
    match enrol(&entering, &sent).await {
        Ok(enrolled) if enrolled.codes.is_empty() => Ok(see_other(&p.href(&format!("{PAGE}?done=factor")))),
        Ok(enrolled) => codes(&signed, enrolled.codes),
        Err(error) => {
            let (again, errors) = Again::of(error, "code")?;
            let field = if sent.get("credential").is_empty() { "code" } else { "name" };
            let mut errors = at_code(errors);
            errors.iter_mut().filter(|e| e.field == "code").for_each(|e| e.field = field.to_owned());
            again.show(&Own::of(&signed, p.refused(errors), &sent).await?)
        }
    }
}

/// Removes one-time codes: `POST /desk/account/second-factor/totp/removal`.
#[handler]
pub async fn remove_totp(signed: Signed) -> Result<Response> {
    removed(&signed, Factor::Totp).await
}

/// Removes a passkey: `POST /desk/account/second-factor/passkeys/{key}/removal`.
#[handler]
pub async fn remove_passkey(signed: Signed, Path(key): Path<String>) -> Result<Response> {
    removed(&signed, Factor::Passkey(&key)).await
}

async fn removed(signed: &Signed, factor: Factor<'_>) -> Result<Response> {
    let (p, holder) = (page(signed), signed.holder()?);
    let work = async |tx: &_| commands::remove(tx, &signed.ctx, &signed.app.authentication, holder, factor).await;
    match signed.write(Changes::Internal, work).await {
        Ok(()) => Ok(see_other(&p.href(&format!("{PAGE}?done=removal")))),
        Err(error) => {
            let (again, errors) = Again::of(error, "factors")?;
            again.show(&Own::of(signed, p.refused(errors), &Sent::default()).await?)
        }
    }
}

/// Makes new recovery codes: `POST /desk/account/second-factor/codes`.
#[handler]
pub async fn renew_codes(signed: Signed) -> Result<Response> {
    let holder = signed.holder()?;
    let work = async |tx: &_| commands::renew_codes(tx, &signed.ctx, &signed.app.authentication, holder).await;
    let renewed = signed.write(Changes::Internal, work).await?;
    codes(&signed, renewed)
}

fn codes(signed: &Signed, codes: Vec<String>) -> Result<Response> {
    let p = page(signed).titled("sign-in-codes-title");
    let login = signed.ctx.staff()?.login.clone();
    html(&Codes { login, codes, onward: p.href(PAGE), p })
}
