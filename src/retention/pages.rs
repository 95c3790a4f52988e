//! `/desk/retention`: the retention table with the periods of this site, and the last round of the purge.

use askama::Template;
use poem::{Response, handler};

use super::Keep;
use super::table::{KEPT, Kept, days};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::page::{Page, html};
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the address of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route.get("/desk/retention", Policy::STAFF, show)
}

#[derive(Template)]
#[template(path = "retention/table.html")]
struct Table {
    p: Page,
    nav: Nav,
    /// Rows by the place where they are kept.
    places: Vec<(String, Vec<RetentionRow>)>,
    last: String,
}

struct RetentionRow {
    what: String,
    names: String,
    purpose: String,
    until: String,
    then: String,
}

impl RetentionRow {
    fn of(p: &Page, kept: &Kept, keep: &Keep) -> Self {
        let until = format!("retention-until-{}", kept.class);
        Self {
            what: p.tc("retention-what-", kept.class),
            names: kept.names.join(", "),
            purpose: p.tc("retention-why-", kept.class),
            until: p.tr(&until, &[("days", days(kept.class, keep).to_string())]),
            then: p.tc("retention-then-", kept.class),
        }
    }
}

#[handler]
async fn show(signed: Signed) -> Result<Response> {
    signed.ctx.require(Act::ReadRetention)?;
    let p = signed.page("desk").titled("retention-title");
    let app = &signed.app;
    let last = app.retention.last_round.last().map_or_else(
        || p.t("retention-no-round"),
        |(at, removed)| {
            p.tr(
                "retention-round",
                &[
                    ("at", p.system_moment(at)),
                    ("sessions", p.n(removed.sessions as i64)),
                    ("drafts", p.n(removed.drafts as i64)),
                    ("openings", p.n(removed.openings as i64)),
                    ("register", p.n(removed.register as i64)),
                ],
            )
        },
    );
    let place = |kept: &[Kept]| {
        let name = kept.first().map_or_else(String::new, |kept| p.tc("retention-place-", kept.place.code()));
        (name, kept.iter().map(|kept| RetentionRow::of(&p, kept, &app.config.keep)).collect())
    };
    html(&Table {
        nav: signed.nav(Section::Retention),
        places: KEPT.chunk_by(|one, next| one.place.code() == next.place.code()).map(place).collect(),
        last,
        p,
    })
}
