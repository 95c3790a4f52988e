//! Fingerprints of the keys with which the stores were made: each store remembers one of the site key and one of the log key.
//!
//! Keys are made only for a new site, which has three stores without fingerprints. Under another site key everybody could vote
//! twice. Under another log key the site would sign a second log.

use std::collections::HashMap;
use std::path::Path;

use entity::{campaign, store_key};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};

use crate::base::error::{Error, Result};
use crate::base::keys::Keys;
use crate::base::store::{Store, Stores};

/// Names of the fingerprints in a store. The register may also hold fingerprints of earlier versions.
const SITE: &str = "site";
const LOG: &str = "log";

/// Reads the keys of a data directory and compares them with the fingerprints in the stores. A new site gets keys. After an
/// interrupted first start, a store without fingerprints beside other empty stores gets the fingerprints as well.
///
/// # Errors
/// A key that was lost, or that differs from the key with which the stores were made. A new store beside stores that hold a site:
/// the earlier store was lost. A store or disk that fails.
pub async fn open(data: &Path, stores: &Stores) -> Result<Keys> {
    let all = [("main", stores.main.store()), ("ballots", &stores.ballots), ("register", &stores.register)];
    let mut known = Vec::with_capacity(all.len());
    for (name, store) in all {
        known.push((name, store, remembered(store).await?));
    }
    let is_new = known.iter().all(|(.., names)| !names.contains_key(SITE));
    let keys = if is_new { Keys::make(data)? } else { Keys::read(data)? };
    let is_used = !is_new && holds_a_site(stores).await?;
    for (name, store, names) in known {
        if is_used && !names.contains_key(SITE) {
            return Err(Error::Internal(format!(
                "the {name} store is new beside others that are not: it was lost. Put back the newest copy of it (shudu restore); \
                 an empty one in its place would lose or double votes"
            )));
        }
        for (key, fingerprint) in [(SITE, keys.site.fingerprint()), (LOG, keys.log.fingerprint())] {
            match names.get(key) {
                Some(known) if *known == fingerprint => {}
                Some(_) => {
                    return Err(Error::Internal(format!(
                        "the {name} store was made with other keys than those in the data directory: keys/{key}.key is another one"
                    )));
                }
                None => remember(store, key, fingerprint).await?,
            }
        }
    }
    Ok(keys)
}

async fn remembered(store: &Store) -> Result<HashMap<String, String>> {
    let rows = store_key::Entity::find().all(store.db()).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.fingerprint)).collect())
}

async fn remember(store: &Store, name: &str, fingerprint: String) -> Result<()> {
    let row = store_key::ActiveModel { name: Set(name.to_owned()), fingerprint: Set(fingerprint) };
    store.write(async |tx| Ok(store_key::Entity::insert(row).exec_without_returning(tx).await.map(drop)?)).await
}

/// Whether the site holds any data: a campaign, a ballot paper, an entry of the register, an account.
async fn holds_a_site(stores: &Stores) -> Result<bool> {
    use entity::{account, ballots::ballot_paper, register::nullifier};
    Ok(campaign::Entity::find().limit(1).one(stores.main.db()).await?.is_some()
        || account::Entity::find().limit(1).one(stores.main.db()).await?.is_some()
        || ballot_paper::Entity::find().limit(1).one(stores.ballots.db()).await?.is_some()
        || nullifier::Entity::find().limit(1).one(stores.register.db()).await?.is_some())
}
