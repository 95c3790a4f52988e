//! Page of the sessions of one's own account.

use askama::Template;
use entity::stored::SessionKind;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::feedback::Done;
use crate::accounts::pages::access_notices::told;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::sign_in::devices;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::page::{Page, html, see_other};

const PAGE: &str = "/desk/account/devices";

#[derive(Template)]
#[template(path = "sign_in/devices.html")]
struct Devices {
    p: Page,
    nav: Nav,
    rows: Vec<DeviceRow>,
    has_others: bool,
    lasts: String,
    /// Recent changes that administrators made to the sign-in of the account, as sentences.
    told: Vec<String>,
}

struct DeviceRow {
    browser: String,
    kind: String,
    since: String,
    used: String,
    is_current: bool,
    revocation: String,
}

/// Shows the sessions of the account: `GET /desk/account/devices`.
#[handler]
pub async fn show(signed: Signed, Query(done): Query<Done>) -> Result<Response> {
    let mut p = signed.page("desk").titled("sign-in-devices-title");
    p.notice = done.notice(&p);
    let app = &signed.app;
    let (account, limits) = (signed.ctx.staff()?.id, app.config.sessions);
    let found = devices::devices(app.stores.main.db(), account, limits, app.clock.system()).await?;
    let rows: Vec<DeviceRow> = found
        .iter()
        .map(|row| DeviceRow {
            browser: match row.browser.as_str() {
                "" => p.t("sign-in-device-unknown"),
                known => known.to_owned(),
            },
            kind: p.t(match row.kind {
                SessionKind::Cookie => "sign-in-device-cookie",
                SessionKind::Bearer => "sign-in-device-bearer",
            }),
            since: p.system_moment(row.created_at),
            used: p.system_moment(row.seen_at),
            is_current: row.token_hash == signed.session.token_hash,
            revocation: p.href(&format!("{PAGE}/{}/revocation", devices::handle(row))),
        })
        .collect();
    let lasts =
        [("minutes", limits.idle.num_minutes().to_string()), ("hours", limits.absolute.num_hours().to_string())];
    html(&Devices {
        nav: signed.nav(Section::Account),
        has_others: rows.iter().any(|row| !row.is_current),
        lasts: p.tr("sign-in-devices-lead", &lasts),
        told: told(app.stores.main.db(), &signed.ctx, &p).await?,
        rows,
        p,
    })
}

/// Ends one session: `POST /desk/account/devices/{name}/revocation`.
#[handler]
pub async fn revoke(signed: Signed, Path(name): Path<String>) -> Result<Response> {
    let store = &signed.app.stores.main;
    store.write(Changes::Internal, async |tx| devices::revoke(tx, &signed.ctx, &name).await).await?;
    Ok(see_other(&signed.page("desk").href(&format!("{PAGE}?done=session"))))
}

/// Ends all other sessions: `POST /desk/account/devices/revocation`.
#[handler]
pub async fn revoke_others(signed: Signed) -> Result<Response> {
    let store = &signed.app.stores.main;
    store.write(Changes::Internal, async |tx| devices::revoke_others(tx, &signed.ctx, &signed.session).await).await?;
    Ok(see_other(&signed.page("desk").href(&format!("{PAGE}?done=sessions"))))
}
