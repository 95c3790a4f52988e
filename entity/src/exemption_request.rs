//! A province asks that a row be exempted; the organiser decides by the exemption move.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, ExemptionRequestId};
use crate::stored::ExemptionClass;

/// A province asks that a row be exempted; the organiser decides by the exemption move.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exemption_request")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: ExemptionRequestId,
    /// Which row.
    pub assignment_id: AssignmentId,
    /// When.
    pub at: DateTimeUtc,
    /// Why, by class.
    pub class: ExemptionClass,
    /// Why, in words.
    pub basis: String,
    /// Who.
    pub author_id: AccountId,
    /// In whose lent role, where it was one.
    pub author_for: Option<AccountId>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was refused; empty where it was granted or is open.
    pub refusal: String,
}

impl ActiveModelBehavior for ActiveModel {}
