//! A request of a province that an assignment be exempted. The organiser grants the request by the exemption move, or refuses it.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, ExemptionRequestId};
use crate::stored::ExemptionClass;

/// A request of a province that an assignment be exempted. The organiser grants the request by the exemption move, or refuses it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exemption_request")]
pub struct Model {
    /// Key of the request.
    #[sea_orm(primary_key)]
    pub id: ExemptionRequestId,
    /// Assignment that is to be exempted.
    pub assignment_id: AssignmentId,
    /// Instant of the request, programme time.
    pub at: DateTimeUtc,
    /// Reason of the request, by class.
    pub class: ExemptionClass,
    /// Reason of the request, in words.
    pub basis: String,
    /// Account that made the request.
    pub author_id: AccountId,
    /// Account that lent the author its role; none without a lent role.
    pub author_for: Option<AccountId>,
    /// Instant of the decision, programme time; none while the request is open.
    pub decided_at: Option<DateTimeUtc>,
    /// Reason of the refusal; empty where the request was granted or is open.
    pub refusal: String,
}

impl ActiveModelBehavior for ActiveModel {}
