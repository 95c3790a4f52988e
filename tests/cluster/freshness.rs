//! Pages of a node after a change that another process made.

use std::time::{Duration, Instant};

use entity::campaign;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryFilter};
use shudu::base::clock::stamp;
use shudu::base::main_store::{Changes, Main};
use testing::topology::Topology;

use super::nodes::Pair;
use crate::crash::load::client;
use crate::crash::site::{CAMPAIGN, STORES};

/// Longest age of a page: the nodes look every second. The machine of a test may be busy with others.
const LONGEST: Duration = Duration::from_secs(3);
/// Period of the clock, in milliseconds, after which a page is rendered anew in any case.
const PERIOD: i64 = 5_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn a_change_by_one_process_is_soon_on_the_pages_of_all_others() {
    let mut pair = Pair::on(&Topology::given(), 0).await;
    pair.start();
    let pages = pair.servers().map(|server| format!("{}/campaigns/{CAMPAIGN}", server.address));
    let client = client();
    let main = Main::connect(&pair.third_data(), Some(pair.site.setting(STORES[0]))).await.unwrap();
    begin_of_period().await;
    for page in &pages {
        assert_eq!(client.get(page).send().await.unwrap().status(), 200);
    }
    main.write(Changes::Public, async |tx| {
        campaign::Entity::update_many()
            .col_expr(campaign::Column::NameZh, Expr::value("改过的名称"))
            .filter(campaign::COLUMN.slug.eq(CAMPAIGN))
            .exec(tx)
            .await?;
        Ok(())
    })
    .await
    .unwrap();
    let since = Instant::now();
    for page in &pages {
        while !client.get(page).send().await.unwrap().text().await.unwrap().contains("改过的名称") {
            assert!(since.elapsed() < LONGEST, "{page} is older than {LONGEST:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    testing::proof::figure(&format!(
        "a change was on the pages of both nodes after {:.2} s",
        since.elapsed().as_secs_f64()
    ));
    pair.stop();
}

/// Waits until a period has just begun: the clock does not renew pages for a while.
async fn begin_of_period() {
    while stamp().timestamp_millis().rem_euclid(PERIOD) > PERIOD / 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
