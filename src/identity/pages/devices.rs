//! Where the own account is signed in.

use askama::Template;
use entity::stored::SessionKind;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::feedback::Done;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::identity::devices;
use crate::identity::extract::Signed;
use crate::identity::nav::{Nav, Section};
use crate::identity::told::told;
use crate::web::dates::moment_long;
use crate::web::page::{Page, html, see_other};

const PAGE: &str = "/desk/account/devices";

#[derive(Template)]
#[template(path = "identity/devices.html")]
struct Devices {
    p: Page,
    nav: Nav,
    rows: Vec<Row>,
    has_others: bool,
    lasts: String,
    /// What administrators changed of the ways into the account.
    told: Vec<String>,
}

struct Row {
    browser: String,
    kind: String,
    since: String,
    used: String,
    is_current: bool,
    revocation: String,
}

/// `GET /desk/account/devices`
#[handler]
pub async fn show(signed: Signed, Query(done): Query<Done>) -> Result<Response> {
    let mut p = signed.page("desk").titled("identity-devices-title");
    p.notice = done.notice(&p);
    let app = &signed.app;
    let (account, limits) = (signed.ctx.staff()?.id, app.config.sessions);
    let found = devices::devices(app.stores.main.db(), account, limits, app.clock.system()).await?;
    let rows: Vec<Row> = found
        .iter()
        .map(|row| Row {
            browser: match row.browser.as_str() {
                "" => p.t("identity-device-unknown"),
                known => known.to_owned(),
            },
            kind: p.t(match row.kind {
                SessionKind::Cookie => "identity-device-cookie",
                SessionKind::Bearer => "identity-device-bearer",
            }),
            since: moment_long(p.locale, row.created_at),
            used: moment_long(p.locale, row.seen_at),
            is_current: row.token_hash == signed.session.token_hash,
            revocation: p.href(&format!("{PAGE}/{}/revocation", devices::handle(row))),
        })
        .collect();
    let lasts =
        [("minutes", limits.idle.num_minutes().to_string()), ("hours", limits.absolute.num_hours().to_string())];
    html(&Devices {
        nav: signed.nav(Section::Account),
        has_others: rows.iter().any(|row| !row.is_current),
        lasts: p.tr("identity-devices-lead", &lasts),
        told: told(app.stores.main.db(), &signed.ctx, &p).await?,
        rows,
        p,
    })
}

/// `POST /desk/account/devices/{name}/revocation`
#[handler]
pub async fn revoke(signed: Signed, Path(name): Path<String>) -> Result<Response> {
    let store = &signed.app.stores.main;
    store.write(Changes::Internal, async |tx| devices::revoke(tx, &signed.ctx, &name).await).await?;
    Ok(see_other(&signed.page("desk").href(&format!("{PAGE}?done=session"))))
}

/// `POST /desk/account/devices/revocation`
#[handler]
pub async fn revoke_others(signed: Signed) -> Result<Response> {
    let store = &signed.app.stores.main;
    store.write(Changes::Internal, async |tx| devices::revoke_others(tx, &signed.ctx, &signed.session).await).await?;
    Ok(see_other(&signed.page("desk").href(&format!("{PAGE}?done=sessions"))))
}
