//! The identity source: the authority that confirms the identity of a person.
//!
//! A site asks a provider that its settings name. A demo without a provider asks nobody. The demo checks the typed identity only:
//! there is a name, and the number has the right form, an existing date and the right check character. Any other site without a
//! provider has no real-name passes, and says so wherever it matters. Typed and confirmed identities are neither stored nor
//! logged, and no type of this module can be printed.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;

use super::person::Person;
use super::resident::Resident;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::text;
use crate::oidc::relying_party::RelyingParty;
use crate::oidc::settings::Provider;
use crate::oidc::verified_claims::VerifiedClaims;

/// Settings of a provider for citizens, under `identity_source` in the settings file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Identity provider (OpenID Connect) that is asked.
    pub provider: Provider,
    /// Claim with the number of the identity card or residence permit. Without this claim, the provider's name for the person
    /// (`sub`) identifies the person: it has to be unique for each person and permanent.
    #[serde(default)]
    pub number_claim: Option<String>,
    /// Claim with the kind of document that the number belongs to; none where the provider knows only one kind.
    #[serde(default)]
    pub kind_claim: Option<String>,
    /// Values of that claim for identity cards and residence permits.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// Path on this site to which the provider redirects browsers.
pub const BACK: &str = "/identity/return";
/// Environment variable with the client secret, where no file holds the secret.
pub const SECRET: &str = "SHUDU_IDENTITY_SOURCE_SECRET";

/// Identity source of a site.
#[derive(Clone)]
pub enum IdentitySource {
    /// No source is set up: there are no real-name passes.
    Absent,
    /// Name and identity number are accepted as typed.
    Demo,
    /// An identity provider is asked.
    Provider(Arc<Source>),
}

/// A provider that is asked about citizens.
pub struct Source {
    /// Relying party that asks the provider.
    pub party: Arc<RelyingParty>,
    settings: Settings,
}

/// Fewest characters of a name.
const SHORTEST_NAME: usize = 2;
/// Most characters of a name; the longest names on identity cards have about thirty.
const LONGEST_NAME: usize = 60;

impl Settings {
    /// Checks the settings that have no good default.
    ///
    /// # Errors
    /// The setting that is missing or wrong.
    pub fn check(&self) -> Result<()> {
        self.provider.check("identity_source")?;
        if self.kind_claim.is_some() == self.kinds.is_empty() {
            let what = "identity_source: kind_claim and kinds are given together, or neither";
            return Err(Error::Internal(what.to_owned()));
        }
        Ok(())
    }
}

impl IdentitySource {
    /// The source of a site by its settings. `address` is the public address of the site, without a trailing slash.
    ///
    /// # Errors
    /// A secret that cannot be read.
    pub fn of(demo: bool, settings: Option<Settings>, address: &str) -> Result<Self> {
        let Some(settings) = settings else {
            return Ok(if demo { Self::Demo } else { Self::Absent });
        };
        let secret = settings.provider.secret(SECRET)?;
        let party = RelyingParty::new(settings.provider.clone(), secret, format!("{address}{BACK}"))?;
        Ok(Self::Provider(Arc::new(Source { party: Arc::new(party), settings })))
    }

    /// Whether identities can be proved at all.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The provider; none where the site has none.
    #[must_use]
    pub fn provider(&self) -> Option<&Arc<Source>> {
        match self {
            Self::Provider(source) => Some(source),
            Self::Absent | Self::Demo => None,
        }
    }

    /// Checks a typed identity. The name has no further effect: two spellings of a name are one person.
    ///
    /// # Errors
    /// `pass.no_source`; `pass.proof` where a provider is to be asked; `resident.name`, `resident.number`, `resident.old`.
    pub fn typed(&self, name: &str, number: &str, today: NaiveDate) -> Result<Person> {
        match self {
            Self::Absent => return Err(Error::conflict("pass.no_source")),
            Self::Provider(_) => return Err(Error::field("proof", Refusal::new("pass.proof"))),
            Self::Demo => {}
        }
        let mut problems = Problems::default();
        let name = text::plain(name);
        let letters = name.chars().filter(|c| c.is_alphabetic() || is_private_use(*c)).count();
        let fits = letters >= SHORTEST_NAME && name.chars().count() <= LONGEST_NAME;
        problems.check(fits, "name", "resident.name");
        let resident = Resident::parse(number, today);
        let wrong = if Resident::is_void_form(number) { "resident.old" } else { "resident.number" };
        problems.check(resident.is_some(), "number", wrong);
        problems.finish()?;
        let resident = resident.ok_or_else(|| Error::field("number", Refusal::new("resident.number")))?;
        Ok(Person::Resident(resident))
    }
}

/// Whether a character is from a private area of Unicode. Older input methods write rare characters of names there.
fn is_private_use(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}')
}

impl Source {
    /// The claims that the provider has to deliver.
    #[must_use]
    pub fn wanted(&self) -> Vec<String> {
        self.settings.number_claim.iter().chain(&self.settings.kind_claim).cloned().collect()
    }

    /// The person whose identity the provider confirms.
    ///
    /// # Errors
    /// `pass.document` where the number is absent, cannot exist, or belongs to another kind of document.
    pub fn person(&self, vouched: VerifiedClaims, today: NaiveDate) -> Result<Person> {
        let Some(number) = &self.settings.number_claim else {
            return Ok(Person::Subject { issuer: vouched.issuer, subject: vouched.subject });
        };
        let is_right =
            |kind: &String| vouched.claims.texts(kind).iter().any(|kind| self.settings.kinds.iter().any(|k| k == kind));
        let number = match vouched.claims.texts(number).as_slice() {
            [one] => Resident::parse(one, today),
            _ => None,
        };
        number
            .filter(|_| self.settings.kind_claim.as_ref().is_none_or(is_right))
            .map(Person::Resident)
            .ok_or_else(|| Error::conflict("pass.document"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NUMBER: &str = "11010519491231002X";

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2018, 7, 7).unwrap()
    }

    fn fields(source: &IdentitySource, name: &str, number: &str) -> Vec<String> {
        match source.typed(name, number, today()) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
            Err(other) => vec![other.refusal().code.to_owned()],
        }
    }

    #[test]
    fn the_demo_asks_for_a_name_and_a_number_that_can_exist() {
        for name in ["王芳", "买买提·吐尔逊", "Anna Lee", " 王 芳 "] {
            assert!(fields(&IdentitySource::Demo, name, NUMBER).is_empty());
        }
        assert_eq!(fields(&IdentitySource::Demo, "王", NUMBER), ["name"]);
        assert_eq!(fields(&IdentitySource::Demo, "··", NUMBER), ["name"]);
        assert_eq!(fields(&IdentitySource::Demo, "王芳", "1101051949"), ["number"]);
        assert_eq!(fields(&IdentitySource::Demo, "", ""), ["name", "number"]);
    }

    #[test]
    fn a_site_without_a_source_says_so_before_it_looks_at_anything() {
        assert_eq!(fields(&IdentitySource::Absent, "王芳", NUMBER), ["pass.no_source"]);
    }

    fn source(number: bool) -> Source {
        let provider = Provider {
            issuer: "https://id.example".to_owned(),
            client_id: "shudu".to_owned(),
            secret_file: None,
            name_zh: "身份".to_owned(),
            name_en: "Identity".to_owned(),
            scopes: Vec::new(),
            acr: Vec::new(),
            amr: Vec::new(),
        };
        let back = "https://shudu.example/identity/return".to_owned();
        let party = Arc::new(RelyingParty::new(provider.clone(), None, back).unwrap());
        let settings = Settings {
            provider,
            number_claim: number.then(|| "id_number".to_owned()),
            kind_claim: number.then(|| "id_type".to_owned()),
            kinds: if number { vec!["01".to_owned(), "06".to_owned()] } else { Vec::new() },
        };
        Source { party, settings }
    }

    fn vouched(claims: serde_json::Value) -> VerifiedClaims {
        VerifiedClaims {
            issuer: "https://id.example".to_owned(),
            subject: "s-1".to_owned(),
            claims: serde_json::from_value(claims).unwrap(),
            proved_at: None,
        }
    }

    #[test]
    fn a_number_counts_with_the_right_kind_of_document_only() {
        let source = source(true);
        let person = |claims| source.person(vouched(claims), today());
        let card = person(json!({ "id_number": NUMBER, "id_type": "01" })).unwrap();
        let permit = person(json!({ "id_number": " 11010519491231002x", "id_type": "06" })).unwrap();
        assert_eq!(card, permit);
        for wrong in [
            json!({ "id_number": NUMBER, "id_type": "14" }),
            json!({ "id_number": NUMBER }),
            json!({ "id_number": [NUMBER, NUMBER], "id_type": "01" }),
            json!({ "id_number": "E12345678", "id_type": "01" }),
            json!({ "id_type": "01" }),
        ] {
            assert_eq!(person(wrong.clone()).unwrap_err().refusal().code, "pass.document", "{wrong}");
        }
    }

    #[test]
    fn without_a_number_the_providers_name_for_the_person_counts() {
        let person = source(false).person(vouched(json!({ "id_number": NUMBER })), today()).unwrap();
        assert_eq!(person.kind(), "subject https://id.example");
        let named = Person::Subject { issuer: "https://id.example".to_owned(), subject: "s-1".to_owned() };
        assert_eq!(person, named);
    }
}
