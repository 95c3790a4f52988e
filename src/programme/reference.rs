//! The places, teams and words of the programme, for a store that has none yet.
//!
//! Codes and names of places follow GB/T 2260; the assignment of provinces to the eight teams is invented. Loaded reference
//! data are never overwritten, and no other part of the product writes them. Figures of past days show these names and count
//! by these teams. A version that makes reference data editable has to date them first, as [`super::calendar`] dates working
//! days.

use entity::stored::TermKind;
use entity::{place, team, term};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, PaginatorTrait};
use serde::Deserialize;

use crate::base::error::{Error, Result};

/// The reference data, as the text of one JSON object.
pub const REFERENCE: &str = include_str!("reference.json");

#[derive(Deserialize)]
struct Reference {
    provinces: Vec<Province>,
    supervision_teams: Vec<Named>,
    departments: Vec<Named>,
    domains: Vec<Named>,
    root_causes: Vec<Cause>,
    remedies: Vec<Remedy>,
}

#[derive(Deserialize)]
struct Province {
    code: String,
    name_zh: String,
    short_zh: String,
    name_en: String,
    short_en: String,
    pinyin: String,
    initials: String,
    region: String,
    team: String,
}

#[derive(Deserialize)]
struct Named {
    code: String,
    name_zh: String,
    name_en: String,
}

#[derive(Deserialize)]
struct Cause {
    code: String,
    name_zh: String,
    description_en: String,
}

#[derive(Deserialize)]
struct Remedy {
    code: String,
    name_zh: String,
    name_en: String,
    verification_zh: String,
    verification_en: String,
}

/// Places that ballots may name and to which campaigns do not dispatch. Each has its code, Chinese name, short Chinese name,
/// English name, short English name, pinyin and initials.
const OUTSIDE: [(&str, &str, &str, &str, &str, &str, &str); 4] = [
    ("660000", "新疆生产建设兵团", "兵团", "Xinjiang Corps", "XC", "bingtuan", "bt"),
    ("710000", "台湾省", "台湾", "Taiwan", "TW", "taiwan", "tw"),
    ("810000", "香港特别行政区", "香港", "Hong Kong", "HK", "xianggang", "xg"),
    ("820000", "澳门特别行政区", "澳门", "Macao", "MO", "aomen", "am"),
];

/// Fills a store that has no places yet with the reference data.
///
/// # Errors
/// A store that fails.
pub async fn fill(tx: &DatabaseTransaction) -> Result<()> {
    if place::Entity::find().count(tx).await? > 0 {
        return Ok(());
    }
    let reference: Reference =
        serde_json::from_str(REFERENCE).map_err(|e| Error::Internal(format!("reference.json: {e}")))?;
    let teams = reference.supervision_teams.into_iter().map(|t| team::ActiveModel {
        code: Set(t.code),
        name_zh: Set(t.name_zh),
        name_en: Set(t.name_en),
    });
    team::Entity::insert_many(teams).exec_without_returning(tx).await?;
    let places = (0..).zip(reference.provinces).map(|(position, p)| place::ActiveModel {
        code: Set(p.code),
        name_zh: Set(p.name_zh),
        short_zh: Set(p.short_zh),
        name_en: Set(p.name_en),
        short_en: Set(p.short_en),
        pinyin: Set(p.pinyin),
        initials: Set(p.initials),
        region: Set(p.region),
        team: Set(Some(p.team)),
        in_dispatch: Set(true),
        position: Set(position),
    });
    let outside = (100..).zip(OUTSIDE).map(|(position, p)| place::ActiveModel {
        code: Set(p.0.to_owned()),
        name_zh: Set(p.1.to_owned()),
        short_zh: Set(p.2.to_owned()),
        name_en: Set(p.3.to_owned()),
        short_en: Set(p.4.to_owned()),
        pinyin: Set(p.5.to_owned()),
        initials: Set(p.6.to_owned()),
        region: Set("outside".to_owned()),
        team: Set(None),
        in_dispatch: Set(false),
        position: Set(position),
    });
    place::Entity::insert_many(places.chain(outside)).exec_without_returning(tx).await?;
    let none = String::new;
    let named = |n: Named| (n.code, n.name_zh, n.name_en, none(), none());
    for (kind, words) in [
        (TermKind::Department, reference.departments.into_iter().map(named).collect::<Vec<_>>()),
        (TermKind::Domain, reference.domains.into_iter().map(named).collect()),
        (
            TermKind::RootCause,
            reference.root_causes.into_iter().map(|c| (c.code, c.name_zh, c.description_en, none(), none())).collect(),
        ),
        (
            TermKind::Remedy,
            reference
                .remedies
                .into_iter()
                .map(|r| (r.code, r.name_zh, r.name_en, r.verification_zh, r.verification_en))
                .collect(),
        ),
    ] {
        let rows = (0..).zip(words).map(|(position, word)| term::ActiveModel {
            kind: Set(kind),
            code: Set(word.0),
            name_zh: Set(word.1),
            name_en: Set(word.2),
            detail_zh: Set(word.3),
            detail_en: Set(word.4),
            position: Set(position),
        });
        term::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
