//! Single sign-on: staff prove their identity at their ministry's provider.
//!
//! An account is found by a link of issuer and subject. An administrator or the holder of an invitation made the link. A name or
//! mail address that a provider happens to send is never used. The groups that the provider names become roles by a table in the
//! settings, under the same rules as roles that are granted by hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use entity::stored::{Role, Scope};
use serde::Deserialize;

use crate::base::ctx::Grant;
use crate::base::error::{Error, Refusal, Result};
use crate::oidc::relying_party::RelyingParty;
use crate::oidc::settings::Provider;
use crate::oidc::verified_claims::Claims;

/// Provider for staff, as the settings file has it under `single_sign_on`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Settings of the provider. Its `acr` or `amr` define what counts as a second factor.
    pub provider: Provider,
    /// Rules that turn claims into roles; empty where roles are granted only by hand.
    #[serde(default)]
    pub roles: Vec<Mapping>,
    /// Logins that may still sign in here with a password; absent: all logins may.
    #[serde(default)]
    pub local_sign_in: Option<Vec<String>>,
}

/// Rule of the table of roles.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name or path of the claim: `groups`, `realm_access.roles`.
    pub claim: String,
    /// Value that the claim must have. `{scope}` in the value is a placeholder for the code of a province or team.
    pub value: String,
    /// Role that the value gives.
    pub role: String,
    /// Code of the province or team; empty where the value contains it, or the role is not limited.
    #[serde(default)]
    pub scope: String,
}

/// Placeholder for the scope in a value.
const PLACEHOLDER: &str = "{scope}";

/// Path to which the provider sends browsers back.
pub const BACK: &str = "/sign-in/return";
/// Environment variable with the client's secret where no file has it.
pub const SECRET: &str = "SHUDU_SINGLE_SIGN_ON_SECRET";

/// Single sign-on of a site; see the module.
pub struct SignOn {
    /// Client of the provider.
    pub party: Arc<RelyingParty>,
    settings: Settings,
    table: Vec<(Mapping, Role)>,
}

impl Settings {
    /// Checks the settings that have no good default.
    ///
    /// # Errors
    /// The setting that is missing or wrong.
    pub fn check(&self) -> Result<()> {
        self.provider.check("single_sign_on")?;
        let wrong = |what: &str| Err(Error::Internal(format!("single_sign_on: {what}")));
        if self.provider.acr.is_empty() && self.provider.amr.is_empty() {
            return wrong("provider.acr or provider.amr has to say what proves a second factor");
        }
        if self.local_sign_in.as_ref().is_some_and(Vec::is_empty) {
            return wrong("local_sign_in names nobody; keep one administrator for the day when the provider is away");
        }
        self.table().map(drop)
    }

    fn table(&self) -> Result<Vec<(Mapping, Role)>> {
        let read = |mapping: &Mapping| {
            let wrong = |what: String| Error::Internal(format!("single_sign_on.roles, {:?}: {what}", mapping.value));
            let role: Role = mapping.role.parse().map_err(|_| wrong(format!("no role is called {}", mapping.role)))?;
            if role.is_weighty() {
                return Err(wrong(format!("{role} is granted by two people, not from elsewhere")));
            }
            let places = usize::from(!mapping.scope.is_empty()) + mapping.value.matches(PLACEHOLDER).count();
            let wanted = usize::from(role.scope() != Scope::Everything);
            if places == wanted {
                Ok((mapping.clone(), role))
            } else if wanted == 0 {
                Err(wrong(format!("{role} takes no scope")))
            } else {
                Err(wrong(format!("{role} needs one scope: `scope`, or {PLACEHOLDER} once in the value")))
            }
        };
        self.roles.iter().map(read).collect()
    }
}

impl SignOn {
    /// Single sign-on by its settings. `address` is the public address of the site, without a slash at the end.
    ///
    /// # Errors
    /// A secret that cannot be read.
    pub fn of(settings: Settings, address: &str) -> Result<Self> {
        let secret = settings.provider.secret(SECRET)?;
        let party = RelyingParty::new(settings.provider.clone(), secret, format!("{address}{BACK}"))?;
        Ok(Self { party: Arc::new(party), table: settings.table()?, settings })
    }

    /// Names of the claims that the table needs.
    #[must_use]
    pub fn wanted(&self) -> Vec<String> {
        let names: BTreeSet<&String> = self.table.iter().map(|(mapping, _)| &mapping.claim).collect();
        names.into_iter().cloned().collect()
    }

    /// Whether the provider gives roles at all.
    #[must_use]
    pub fn gives_roles(&self) -> bool {
        !self.table.is_empty()
    }

    /// The roles that follow from claims.
    #[must_use]
    pub fn roles(&self, claims: &Claims) -> Vec<Grant> {
        let mut grants: Vec<Grant> = Vec::new();
        for (mapping, role) in &self.table {
            let scopes = claims.texts(&mapping.claim).into_iter().filter_map(|text| mapping.scope_of(text));
            for scope in scopes {
                let grant = Grant { role: *role, scope: scope.to_owned() };
                if !grants.contains(&grant) {
                    grants.push(grant);
                }
            }
        }
        grants
    }

    /// Whether a person for whom the provider vouches has shown a second factor there: a proof without one of the demanded levels
    /// or methods is refused.
    #[must_use]
    pub const fn demands_second_factor(&self) -> bool {
        !(self.settings.provider.acr.is_empty() && self.settings.provider.amr.is_empty())
    }

    /// Whether everybody may sign in with a password.
    #[must_use]
    pub fn is_local_for_all(&self) -> bool {
        self.settings.local_sign_in.is_none()
    }

    /// Refuses a password where sign-in is possible only through the provider. The answer is the same whether the account exists
    /// or not.
    ///
    /// # Errors
    /// `account.sign_on_only`.
    pub fn check_local(&self, login: &str) -> Result<()> {
        let login = super::login(login);
        match &self.settings.local_sign_in {
            Some(logins) if !logins.contains(&login) => {
                Err(Error::field("login", Refusal::new("account.sign_on_only")))
            }
            _ => Ok(()),
        }
    }
}

impl Mapping {
    /// The scope that a claim's text gives; none where the text does not match.
    fn scope_of<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        let Some((before, after)) = self.value.split_once(PLACEHOLDER) else {
            return (text == self.value).then_some(self.scope.as_str());
        };
        text.strip_prefix(before)?.strip_suffix(after).filter(|scope| !scope.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(roles: &str) -> Settings {
        let text = format!(
            "[provider]\nissuer = 'https://id.example'\nclient_id = 'shudu'\nname_zh = '统一登录'\nname_en = 'Sign-on'\n\
             amr = ['mfa']\n{roles}"
        );
        toml::from_str(&text).unwrap()
    }

    fn sign_on(roles: &str) -> SignOn {
        let settings = settings(roles);
        let back = "https://shudu.example/sign-in/return".to_owned();
        let party = Arc::new(RelyingParty::new(settings.provider.clone(), None, back).unwrap());
        SignOn { party, table: settings.table().unwrap(), settings }
    }

    const TABLE: &str = "
        [[roles]]\nclaim = 'groups'\nvalue = 'shudu-organisers'\nrole = 'organiser'
        [[roles]]\nclaim = 'groups'\nvalue = 'shudu/coordinator/{scope}'\nrole = 'province_coordinator'
        [[roles]]\nclaim = 'office.kind'\nvalue = 'jiangsu'\nrole = 'handler'\nscope = '320000'";

    #[test]
    fn groups_become_roles_by_the_table_and_nothing_else_does() {
        let sign_on = sign_on(TABLE);
        let roles = |claims| {
            let claims: Claims = serde_json::from_value(claims).unwrap();
            sign_on.roles(&claims).iter().map(|g| format!("{} {}", g.role, g.scope)).collect::<Vec<_>>()
        };
        assert_eq!(roles(json!({ "groups": ["shudu-organisers", "others"] })), ["organiser "]);
        assert_eq!(
            roles(json!({ "groups": ["shudu/coordinator/320000", "shudu/coordinator/330000"] })),
            ["province_coordinator 320000", "province_coordinator 330000"]
        );
        assert_eq!(roles(json!({ "office": { "kind": "jiangsu" } })), ["handler 320000"]);
        for none in [
            json!({}),
            json!({ "groups": "shudu/coordinator/" }),
            json!({ "groups": ["SHUDU-ORGANISERS", "xshudu-organisers", "shudu-organisers "] }),
            json!({ "groups": { "shudu-organisers": true } }),
            json!({ "groups": [["shudu-organisers"]] }),
        ] {
            assert!(roles(none.clone()).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_table_that_gives_what_is_none_is_refused_at_start() {
        for (line, told) in [
            ("claim = 'g'\nvalue = 'x'\nrole = 'king'", "no role is called king"),
            ("claim = 'g'\nvalue = 'x'\nrole = 'handler'", "needs one scope"),
            ("claim = 'g'\nvalue = 'x/{scope}'\nrole = 'handler'\nscope = '320000'", "needs one scope"),
            ("claim = 'g'\nvalue = 'x'\nrole = 'organiser'\nscope = '320000'", "takes no scope"),
        ] {
            let error = settings(&format!("[[roles]]\n{line}")).check().unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
        settings(TABLE).check().unwrap();
    }

    #[test]
    fn a_second_factor_and_somebody_for_bad_days_are_demanded() {
        let mut weak = settings("");
        weak.provider.amr.clear();
        assert!(weak.check().unwrap_err().to_string().contains("second factor"));
        let nobody = Settings { local_sign_in: Some(Vec::new()), ..settings("") };
        assert!(nobody.check().unwrap_err().to_string().contains("administrator"));
    }

    #[test]
    fn passwords_are_for_those_who_are_named_where_somebody_is() {
        let mut sign_on = sign_on("");
        assert!(sign_on.check_local("anybody").is_ok());
        sign_on.settings.local_sign_in = Some(vec!["root".to_owned()]);
        assert!(sign_on.check_local(" Root ").is_ok());
        assert!(sign_on.check_local("anybody").is_err());
    }
}
