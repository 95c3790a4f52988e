//! The staff of the demo: one account for everybody who acts in the programme.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::stored::Role;
use futures_util::{StreamExt, TryStreamExt, stream};
use sea_orm::DatabaseTransaction;

use super::data::Programme;
use crate::accounts::{commands, queries};
use crate::app::App;
use crate::base::clock::Clock;
use crate::base::ctx::{Actor, Ctx, Grant, Staff};
use crate::base::error::Result;
use crate::base::keys;
use crate::base::main_store::Changes;
use crate::sign_in::password::hash;

/// The staff accounts of the demo, by login.
pub struct People {
    staff: HashMap<String, Arc<Staff>>,
    /// Password of all accounts, generated for this run.
    pub password: String,
    clock: Clock,
}

/// Accounts that are printed, as pairs of role and login.
pub const PRINTED: [(&str, &str); 9] = [
    ("organiser", "organiser"),
    ("approver", "approver-1"),
    ("approver", "approver-2"),
    ("coordinator", "coordinator-js"),
    ("handler", "handler-js"),
    ("team_leader", "leader-t3"),
    ("sysadmin", "sysadmin"),
    ("security_admin", "security"),
    ("auditor", "auditor"),
];

impl People {
    /// Creates the staff accounts of the programme.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn make(app: &App, programme: &Programme) -> Result<Self> {
        let password = password()?;
        // All demo accounts share one password, which is hashed once.
        let hash = hash(password.clone()).await?;
        let system = Ctx::system("demo", &app.clock);
        let made = stream::iter(roster(programme).into_iter().map(|(login, name, office, role, scope)| {
            let new = commands::NewAccount { login: login.clone(), name, office, grants: vec![Grant { role, scope }] };
            let (system, db, hash) = (&system, app.stores.main.db(), hash.clone());
            async move {
                let add = async |tx: &DatabaseTransaction| commands::add_account_hashed(tx, system, new, hash).await;
                app.stores.main.write(Changes::Internal, add).await?;
                Ok::<_, crate::base::error::Error>((login.clone(), Arc::new(queries::account(db, &login).await?.1)))
            }
        }));
        let staff = made.buffer_unordered(4).try_collect().await?;
        Ok(Self { staff, password, clock: app.clock.clone() })
    }

    /// The request context of a staff member at an instant of programme time. An unknown login gives a context without an
    /// account, which every command refuses.
    #[must_use]
    pub fn ctx(&self, login: &str, now: DateTime<Utc>) -> Ctx {
        let actor = self.staff.get(login).map_or(Actor::Nobody, |staff| Actor::Staff(Arc::clone(staff)));
        Ctx::of(actor, &self.clock).at(now)
    }
}

/// A random password: twelve letters in three groups.
fn password() -> Result<String> {
    let letters: Vec<char> = "abcdefghjkmnpqrstuvwxyz".chars().collect();
    let text: String = keys::random::<12>()?.iter().map(|b| letters[usize::from(*b) % letters.len()]).collect();
    Ok(format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..]))
}

type AgendaEntry = (String, String, String, Role, String);

fn roster(programme: &Programme) -> Vec<AgendaEntry> {
    let entry = |login: &str, name: &str, office: &str, role, scope: &str| -> AgendaEntry {
        (login.to_owned(), name.to_owned(), office.to_owned(), role, scope.to_owned())
    };
    let mut all = vec![
        entry("sysadmin", "系统管理员", "信息中心", Role::Sysadmin, ""),
        entry("security", "安全管理员", "保密办公室", Role::SecurityAdmin, ""),
        entry("auditor", "审计员", "审计处", Role::Auditor, ""),
        entry("organiser", "主办方经办人", "国家发展改革委高技术司", Role::Organiser, ""),
        entry("approver-1", "批准人甲", "国家发展改革委办公厅", Role::Approver, ""),
        entry("approver-2", "批准人乙", "国务院办公厅", Role::Approver, ""),
    ];
    for province in &programme.provinces {
        let letters = province.short_en.to_lowercase();
        let (name, office) = (format!("{}统筹人", province.short_zh), format!("{}统筹办", province.short_zh));
        all.push(entry(&format!("coordinator-{letters}"), &name, &office, Role::ProvinceCoordinator, &province.code));
        let (name, office) = (format!("{}承办人", province.short_zh), format!("{}承办部门", province.short_zh));
        all.push(entry(&format!("handler-{letters}"), &name, &office, Role::Handler, &province.code));
    }
    for team in &programme.supervision_teams {
        let login = format!("leader-{}", team.code.to_lowercase());
        all.push(entry(&login, &format!("{}组长", team.name_zh), &team.name_zh, Role::TeamLeader, &team.code));
    }
    all
}
