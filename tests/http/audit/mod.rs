//! Tests of the audit trail.

mod adopting;
mod chain;
mod cost;
mod reading;
mod tamper;

use entity::audit_entry;
use public_log::note::Verifier;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use shudu::audit;
use shudu::audit::publishing::{public_file, published};
use shudu::audit::verifying::{Flaw, Kept, Verified, verify};
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;
use shudu::base::objects::Objects;

use testing::TestApp;

/// Adds `count` entries; every tenth entry names an account.
async fn add_entries(app: &TestApp, count: usize) {
    let ctx = Ctx::system("test", &app.clock);
    app.app
        .stores
        .main
        .write(Changes::Public, async |tx| {
            for n in 0..count {
                let (act, object) =
                    if n % 10 == 0 { ("identity.sign_out", "somebody") } else { ("campaign.edit", "t1") };
                audit::record(tx, &ctx, act, object, json!({ "n": n })).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

async fn entries(app: &TestApp) -> Vec<audit_entry::Model> {
    let all = audit_entry::Entity::find().order_by_asc(audit_entry::COLUMN.number);
    all.all(app.app.stores.main.db()).await.unwrap()
}

/// Names of the acts after an entry, oldest first.
async fn acts_since(app: &TestApp, number: i64) -> Vec<String> {
    entries(app).await.into_iter().filter(|e| e.number.0 > number).map(|e| e.act).collect()
}

async fn size(app: &TestApp) -> i64 {
    audit::head(app.app.stores.main.db()).await.unwrap().size
}

/// Signs and publishes the current end of the trail.
async fn publish(app: &TestApp) -> Result<Verified, Flaw> {
    app.app.trail.publish(&app.app.stores.main, app.clock.system()).await.unwrap()
}

/// All published checkpoints.
fn published_checkpoints(app: &TestApp) -> Vec<Kept> {
    let objects = Objects::of(&app.app.config.data);
    let Some(key) = public_file(&objects, "key").unwrap() else {
        return Vec::new();
    };
    let key = Verifier::parse(String::from_utf8(key).unwrap().trim()).unwrap();
    published(&objects, &key).unwrap().unwrap()
}

/// Verifies the trail against the published checkpoints.
async fn verify_trail(app: &TestApp) -> Result<Verified, Flaw> {
    verify(app.app.stores.main.db(), &published_checkpoints(app)).await.unwrap()
}
