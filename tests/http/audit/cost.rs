//! The cost of an entry: printed for a reader, never asserted.

use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;
use serde_json::json;
use shudu::audit;
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;

use testing::TestApp;

/// Number of moves that the demo makes.
const MOVES: usize = 3_800;

#[tokio::test]
#[ignore = "prints figures for a person: cargo test --test http audit::cost -- --ignored --nocapture"]
async fn an_entry_beside_a_plain_row() {
    let app = TestApp::new().await;
    let store = &app.app.stores.main;
    let ctx = Ctx::system("test", &app.clock);
    store.db().execute_unprepared("CREATE TABLE plain (id integer, act text, object text, detail text)").await.unwrap();
    let mut took = [Duration::ZERO; 2];
    for _ in 0..MOVES / 20 {
        for (n, took) in took.iter_mut().enumerate() {
            let began = Instant::now();
            store
                .write(Changes::Internal, async |tx| {
                    for m in 0..20 {
                        if n == 0 {
                            let row = format!("INSERT INTO plain VALUES ({m}, 'campaign.edit', 't1', '{{}}')");
                            tx.execute_unprepared(&row).await?;
                        } else {
                            audit::record(tx, &ctx, "campaign.edit", "t1", json!({ "n": m })).await?;
                        }
                    }
                    Ok(())
                })
                .await
                .unwrap();
            *took += began.elapsed();
        }
    }
    println!("{MOVES} in transactions of 20: plain rows {:?}, entries {:?}", took[0], took[1]);
}
