//! Sessions of an account as a list, with their browsers in a few words.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::session;
use entity::stored::SessionStage;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::session::{Limits, close_others};
use crate::audit;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};

/// Marks in `User-Agent` texts, and the common names of the browsers. Browsers whose text also contains the mark of another
/// browser come first.
const BROWSERS: [(&str, &str); 14] = [
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Lark/", "Lark"),
    ("QQBrowser/", "QQ"),
    ("SamsungBrowser/", "Samsung"),
    ("HuaweiBrowser/", "Huawei"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: [(&str, &str); 9] = [
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("UOS", "UOS"),
    ("Linux", "Linux"),
];

/// The browser of a `User-Agent` text in a few words, such as `Chrome, Windows`. The words are enough to know one's own device,
/// and too few for a fingerprint. Empty where the browser is not known.
#[must_use]
pub fn browser_of(user_agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|n| n.1);
    let words: Vec<&str> = [known(&BROWSERS), known(&SYSTEMS)].into_iter().flatten().collect();
    words.join(", ")
}

/// Name of a session for its holder: the first 16 characters of the token's hash, which reveal nothing about the token.
#[must_use]
pub fn handle(session: &session::Model) -> &str {
    session.token_hash.get(..16).unwrap_or(&session.token_hash)
}

/// The sessions in which an account is signed in; the most recently used comes first.
///
/// # Errors
/// A store that fails.
pub async fn devices(
    db: &impl ConnectionTrait,
    account: AccountId,
    limits: Limits,
    system: DateTime<Utc>,
) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::COLUMN.account_id.eq(account))
        .filter(session::COLUMN.stage.eq(SessionStage::Complete))
        .filter(session::COLUMN.expires_at.gt(system))
        .filter(session::COLUMN.seen_at.gt(system - limits.idle))
        .order_by_desc(session::COLUMN.seen_at)
        .order_by_desc(session::COLUMN.created_at)
        .all(db)
        .await?)
}

/// Ends one of the caller's own sessions by its name.
///
/// # Errors
/// `NotFound` where none of the sessions has this name.
pub async fn revoke(tx: &DatabaseTransaction, ctx: &Ctx, name: &str) -> Result<()> {
    let staff = ctx.staff()?;
    let own = session::Entity::find().filter(session::COLUMN.account_id.eq(staff.id)).all(tx).await?;
    let found = own.iter().find(|s| handle(s) == name).ok_or(Error::NotFound("session"))?;
    session::Entity::delete_by_id(&found.token_hash).exec(tx).await?;
    audit::record(tx, ctx, "identity.revoke_session", &staff.login, serde_json::json!({ "sessions": 1 })).await
}

/// Ends all of the caller's own sessions except this one.
///
/// # Errors
/// `Unauthenticated`.
pub async fn revoke_others(tx: &DatabaseTransaction, ctx: &Ctx, this: &session::Model) -> Result<()> {
    let staff = ctx.staff()?;
    let count = close_others(tx, staff.id, &this.token_hash).await?;
    audit::record(tx, ctx, "identity.revoke_session", &staff.login, serde_json::json!({ "sessions": count })).await
}

#[cfg(test)]
mod tests {
    use super::browser_of;

    #[test]
    fn browsers_are_named_as_people_call_them_and_by_nothing_finer() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "Chrome, Windows",
            ),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; V2309A) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
                "WeChat, Android",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            ("curl/8.5.0", "curl"),
            ("", ""),
            ("<script>alert(1)</script>", ""),
        ] {
            assert_eq!(browser_of(agent), words);
        }
    }
}
