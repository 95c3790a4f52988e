//! Roles with their scopes, as words and as part of a form: a checkbox for each role, with lists of provinces or teams beside it.

use entity::stored::{Role, Scope};
use entity::{place, team};
use sea_orm::ConnectionTrait;

use crate::base::ctx::Grant;
use crate::base::error::Result;
use crate::programme::queries;
use crate::web::form::Sent;
use crate::web::page::Page;

/// Provinces and teams to which roles can be limited.
pub struct Ground {
    provinces: Vec<place::Model>,
    teams: Vec<team::Model>,
}

/// Role as a checkbox of the form.
pub struct RoleBox {
    /// Code of the role.
    pub code: &'static str,
    /// Name of the role in the language of the page.
    pub text: String,
    /// Acts that the role allows, as a sentence.
    pub means: String,
    /// Whether the box is ticked.
    pub on: bool,
    /// Lists of scopes; none where the role is not limited.
    pub lists: Vec<ScopeList>,
}

/// List of scopes beside a role.
pub struct ScopeList {
    /// Id of the control, unique on the page.
    pub id: String,
    /// Name of the control: `scope-` and the role.
    pub control: String,
    /// Label of the list.
    pub title: String,
    /// Choices of the list: value, text, whether chosen.
    pub choices: Vec<(String, String, bool)>,
    /// Error of the list as a sentence; empty where there is none.
    pub problem: String,
}

/// Roles as they are ticked and chosen, complete or not.
pub struct Chosen(Vec<(Role, bool, Vec<String>)>);

impl Ground {
    /// Reads provinces and teams from the store.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self> {
        Ok(Self { provinces: queries::provinces(db).await?, teams: queries::teams(db).await? })
    }

    /// Roles in words, such as 省级统筹（江苏）、承办人（江苏）.
    pub fn words(&self, p: &Page, grants: &[Grant]) -> String {
        let one = |grant: &Grant| {
            let role = p.tc("accounts-role-", grant.role);
            if grant.scope.is_empty() {
                return role;
            }
            let scope = self.name(p, &grant.scope);
            p.tr("accounts-role-in", &[("role", role), ("scope", scope)])
        };
        grants.iter().map(one).collect::<Vec<_>>().join(&p.t("accounts-and"))
    }

    /// Choices of the home province, or none.
    pub fn homes(&self, p: &Page, chosen: &str) -> Vec<(String, String, bool)> {
        std::iter::once((String::new(), p.t("accounts-home-none")))
            .chain(self.scopes(p, Scope::Province))
            .map(|(code, text)| {
                let is_chosen = code == chosen;
                (code, text, is_chosen)
            })
            .collect()
    }

    /// Name of a province or team.
    pub fn name(&self, p: &Page, scope: &str) -> String {
        let place = self.provinces.iter().find(|place| place.code == scope);
        let team = self.teams.iter().find(|team| team.code == scope);
        match (place, team) {
            (Some(place), _) => p.pick(&place.short_zh, &place.name_en).to_owned(),
            (_, Some(team)) => p.pick(&team.name_zh, &team.name_en).to_owned(),
            (None, None) => scope.to_owned(),
        }
    }

    /// Code and name of every province or team to which a role of this scope can be limited.
    fn scopes(&self, p: &Page, scope: Scope) -> Vec<(String, String)> {
        match scope {
            Scope::Everything => Vec::new(),
            Scope::Province => {
                self.provinces.iter().map(|x| (x.code.clone(), p.pick(&x.name_zh, &x.name_en).to_owned())).collect()
            }
            Scope::Team => {
                self.teams.iter().map(|x| (x.code.clone(), p.pick(&x.name_zh, &x.name_en).to_owned())).collect()
            }
        }
    }

    /// The checkboxes of the form.
    pub fn boxes(&self, p: &Page, chosen: &Chosen) -> Vec<RoleBox> {
        chosen
            .0
            .iter()
            .map(|(role, on, scopes)| RoleBox {
                code: role.code(),
                text: p.tc("accounts-role-", role),
                means: p.tc("accounts-role-means-", role),
                on: *on,
                lists: self.lists(p, *role, *on, scopes),
            })
            .collect()
    }

    /// One list for every scope that is held, and at least one list.
    fn lists(&self, p: &Page, role: Role, on: bool, held: &[String]) -> Vec<ScopeList> {
        let key = match role.scope() {
            Scope::Everything => return Vec::new(),
            Scope::Province => "accounts-role-province",
            Scope::Team => "accounts-role-team",
        };
        let all = self.scopes(p, role.scope());
        let missing = on && held.iter().all(String::is_empty) && !p.errors.is_empty();
        let list = |number: usize, value: &str| ScopeList {
            id: format!("scope-{role}-{number}"),
            control: format!("scope-{role}"),
            problem: if missing { p.t("accounts-role-scope-missing") } else { String::new() },
            title: p.tr(key, &[("role", p.tc("accounts-role-", role))]),
            choices: std::iter::once((String::new(), p.t("accounts-role-choose")))
                .chain(all.iter().cloned())
                .map(|(code, text)| {
                    let chosen = code == value;
                    (code, text, chosen)
                })
                .collect(),
        };
        if held.is_empty() {
            return vec![list(0, "")];
        }
        held.iter().enumerate().map(|(number, value)| list(number, value)).collect()
    }
}

impl Chosen {
    /// The roles that an account has.
    pub fn held(grants: &[Grant]) -> Self {
        let of = |role: &Role| {
            let mine = grants.iter().filter(|g| g.role == *role);
            let scopes: Vec<String> = mine.map(|g| g.scope.clone()).collect();
            let limited = role.scope() != Scope::Everything;
            let on = !scopes.is_empty();
            (*role, on, if limited { scopes } else { Vec::new() })
        };
        Self(Role::ALL.iter().map(of).collect())
    }

    /// The roles as a form was sent.
    pub fn sent(sent: &Sent) -> Self {
        let of = |role: &Role| {
            let on = sent.all("roles").iter().any(|code| code == role.code());
            let scopes = sent.all(&format!("scope-{role}")).to_vec();
            (*role, on, scopes)
        };
        Self(Role::ALL.iter().map(of).collect())
    }

    /// The roles that are ticked. A role without the scope that it needs gets an empty scope, which the command refuses.
    pub fn grants(&self) -> Vec<Grant> {
        let mut grants = Vec::new();
        for (role, _, scopes) in self.0.iter().filter(|(_, on, _)| *on) {
            let mut named: Vec<String> = scopes.iter().filter(|s| !s.is_empty()).cloned().collect();
            if named.is_empty() || role.scope() == Scope::Everything {
                named = vec![String::new()];
            }
            grants.extend(named.into_iter().map(|scope| Grant { role: *role, scope }));
        }
        grants
    }
}
