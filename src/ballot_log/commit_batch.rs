//! Changes of a batch in the store: the head, the marks on its ballots, and the log's own count. One transaction makes all of
//! them.

use entity::ballots::{ballot, log_batch, log_head, sealed_count, sealed_rule};
use sea_orm::sea_query::{ArrayType, Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    QueryFilter, Statement, Value,
};

use super::batch::Batch;
use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};
use crate::base::group_commit::MAX_BATCH;

/// Moves the head from the size before the batch to the size after it (compare-and-set), and records the batch, or fails.
pub(super) async fn append(tx: &DatabaseTransaction, campaign: &str, batch: &Batch) -> Result<()> {
    let size = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let (to, root) = (size(batch.edge.size()), batch.edge.root().to_vec());
    let moved = log_head::Entity::update_many()
        .set(log_head::ActiveModel {
            size: Set(to),
            batches: Set(batch.number + 1),
            root: Set(root.clone()),
            edge: Set(batch.edge.peaks().as_flattened().to_vec()),
            ..Default::default()
        })
        .filter(log_head::COLUMN.campaign.eq(campaign))
        .filter(log_head::COLUMN.size.eq(size(batch.from)))
        .filter(log_head::COLUMN.batches.eq(batch.number))
        .exec(tx)
        .await?;
    if moved.rows_affected != 1 {
        return Err(Error::Internal(format!("another process appended to the log of {campaign} at the same time")));
    }
    let row = log_batch::ActiveModel {
        campaign: Set(campaign.to_owned()),
        number: Set(batch.number),
        size: Set(to),
        root: Set(root),
        rule: Set(batch.rule),
        is_signed: Set(false),
    };
    log_batch::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Shows the signed checkpoint after a batch, and the signed count with it where there is one. Nothing is done where another process
/// did the same before.
pub(super) async fn show(
    tx: &DatabaseTransaction,
    campaign: &str,
    batch: i32,
    note: String,
    tally: Option<String>,
) -> Result<()> {
    let signed = log_batch::Entity::update_many()
        .col_expr(log_batch::Column::IsSigned, Expr::value(true))
        .filter(log_batch::COLUMN.campaign.eq(campaign))
        .filter(log_batch::COLUMN.number.eq(batch))
        .filter(log_batch::COLUMN.is_signed.eq(false))
        .exec(tx)
        .await?;
    if signed.rows_affected == 0 {
        return Ok(());
    }
    let mut shown = log_head::Entity::update_many()
        .col_expr(log_head::Column::Checkpoint, Expr::value(note))
        .filter(log_head::COLUMN.campaign.eq(campaign));
    if let Some(tally) = tally {
        shown = shown.col_expr(log_head::Column::Tally, Expr::value(tally));
    }
    shown.exec(tx).await?;
    Ok(())
}

/// Marks the ballots of a batch. Each of them has to be waiting; otherwise the transaction fails and nothing is marked.
pub(super) async fn mark(tx: &DatabaseTransaction, campaign: &str, batch: i32, serials: &[Vec<u8>]) -> Result<()> {
    let marked = match tx.get_database_backend() {
        DbBackend::Postgres => mark_at_once(tx, campaign, batch, serials).await?,
        _ => mark_in_parts(tx, campaign, batch, serials).await?,
    };
    if marked == serials.len() as u64 {
        Ok(())
    } else {
        Err(Error::Internal(format!("of {} staged ballots of {campaign} {marked} were waiting", serials.len())))
    }
}

/// PostgreSQL: one statement that joins the set of serials. Without statistics, the plan for an `IN` list scans every waiting row
/// again and again.
async fn mark_at_once(tx: &DatabaseTransaction, campaign: &str, batch: i32, serials: &[Vec<u8>]) -> Result<u64> {
    let sql = "UPDATE ballot SET batch = $1 FROM unnest($2::bytea[]) AS batched (serial) \
               WHERE ballot.campaign = $3 AND ballot.serial = batched.serial AND ballot.batch IS NULL";
    let all = serials.iter().map(|serial| serial.clone().into()).collect();
    let values: [Value; 3] = [batch.into(), Value::Array(ArrayType::Bytes, Some(Box::new(all))), campaign.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected())
}

/// SQLite: the primary key is looked up for every serial of a list.
async fn mark_in_parts(tx: &DatabaseTransaction, campaign: &str, batch: i32, serials: &[Vec<u8>]) -> Result<u64> {
    let mut marked = 0;
    for chunk in serials.chunks(MAX_BATCH) {
        let done = ballot::Entity::update_many()
            .col_expr(ballot::Column::Batch, Expr::value(batch))
            .filter(ballot::COLUMN.campaign.eq(campaign))
            .filter(ballot::Column::Serial.is_in(chunk.iter().cloned()))
            .filter(ballot::COLUMN.batch.is_null())
            .exec(tx)
            .await?;
        marked += done.rows_affected;
    }
    Ok(marked)
}

/// Marks a rule as applied.
pub(super) async fn rule(tx: &DatabaseTransaction, campaign: &str, rule: i32, batch: i32, ballots: i64) -> Result<()> {
    let row = sealed_rule::ActiveModel {
        campaign: Set(campaign.to_owned()),
        rule: Set(rule),
        batch: Set(batch),
        ballots: Set(ballots),
    };
    sealed_rule::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Adds numbers to the log's own count. Negative numbers subtract.
pub(super) async fn add(tx: &DatabaseTransaction, campaign: &str, counts: Counts) -> Result<()> {
    use sealed_count::{ActiveModel, Column, Entity};
    let rows: Vec<ActiveModel> = counts
        .into_iter()
        .map(|((option, province, track), n)| ActiveModel {
            campaign: Set(campaign.to_owned()),
            track: Set(track),
            province: Set(province),
            option: Set(option),
            n: Set(n),
        })
        .collect();
    let sum = Expr::col((Entity, Column::N)).add(Expr::col(("excluded", Column::N)));
    let key = [Column::Campaign, Column::Track, Column::Province, Column::Option];
    for chunk in rows.chunks(MAX_BATCH) {
        Entity::insert_many(chunk.iter().cloned())
            .on_conflict(OnConflict::columns(key).value(Column::N, sum.clone()).to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
