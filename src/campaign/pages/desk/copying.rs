//! A new campaign after an earlier one: the rules fill the form, and the options are copied with codes of their own on request.

use entity::campaign;
use sea_orm::ConnectionTrait;

use crate::base::error::Result;
use crate::campaign::options::{NewOption, check_list};
use crate::campaign::queries;
use crate::web::form::Sent;
use crate::web::page::Page;

/// The earlier campaign that a new one follows.
pub struct Earlier {
    /// Slug of the earlier campaign.
    pub slug: String,
    /// Name of the earlier campaign.
    pub name: String,
    /// Number of its options.
    pub options: u64,
    /// Whether the options are copied as well.
    pub with_options: bool,
}

/// Number of earlier campaigns that the form of a new one offers, the latest opening first.
const OFFERED: usize = 3;

/// Earlier campaigns that select issues: address of the filled form, and name.
pub async fn copies(p: &Page, db: &impl ConnectionTrait) -> Result<Vec<(String, String)>> {
    let link = |c: campaign::Model| {
        (p.href(&format!("/desk/campaigns/new?from={}", c.slug)), p.pick(&c.name_zh, &c.name_en).to_owned())
    };
    Ok(queries::all(db).await?.into_iter().filter(|c| c.top_n > 0).take(OFFERED).map(link).collect())
}

/// The earlier campaign that a form names; none where the form names none.
///
/// # Errors
/// `NotFound` for an unknown campaign.
pub async fn earlier(p: &Page, db: &impl ConnectionTrait, sent: &Sent) -> Result<Option<Earlier>> {
    match sent.get("from") {
        "" => Ok(None),
        slug => {
            let found = queries::campaign(db, slug).await?;
            of(p, db, &found, !sent.get("copy_options").is_empty()).await.map(Some)
        }
    }
}

/// An earlier campaign as the form of a new one shows it.
pub async fn of(p: &Page, db: &impl ConnectionTrait, found: &campaign::Model, with_options: bool) -> Result<Earlier> {
    Ok(Earlier {
        slug: found.slug.clone(),
        name: p.pick(&found.name_zh, &found.name_en).to_owned(),
        options: queries::option_count(db, found.id).await?,
        with_options,
    })
}

/// The options of an earlier campaign for a new one. The slug at the beginning of a code becomes the new slug.
///
/// # Errors
/// `Invalid` for codes that become too long; `NotFound`.
pub async fn options(db: &impl ConnectionTrait, earlier: &str, slug: &str) -> Result<Vec<NewOption>> {
    let found = queries::campaign(db, earlier).await?;
    let (old, new) = (earlier.to_uppercase(), slug.to_uppercase());
    let renamed = |code: &str| match code.strip_prefix(&*old) {
        Some(rest) => format!("{new}{rest}"),
        None => format!("{new}-{code}"),
    };
    let list: Vec<NewOption> = queries::options(db, found.id)
        .await?
        .iter()
        .map(|option| NewOption { code: renamed(&option.code), ..queries::as_written(option) })
        .collect();
    check_list(&list, &queries::vocabulary(db).await?)
}
