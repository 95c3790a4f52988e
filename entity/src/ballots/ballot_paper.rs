//! What a campaign's ballots are checked against; lives beside them so that a ballot and the closing are in one order.

use sea_orm::entity::prelude::*;

use crate::codes::Codes;
use crate::stored::PaperState;

/// What a campaign's ballots are checked against; lives beside them so that a ballot and the closing are in one order.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_paper")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// SHA-256 of the published questionnaire.
    #[sea_orm(column_type = "Blob")]
    pub questionnaire: Vec<u8>,
    /// Option codes in the fixed order.
    pub options: Codes,
    /// Most options on one ballot.
    pub max_choices: i32,
    /// Tracks on which ballots are taken.
    pub tracks: Codes,
    /// Anonymous passes that an address gets a day.
    pub day_cap: i32,
    /// How long a phone computes for an anonymous pass at most, in seconds.
    pub work_seconds: i32,
    /// Whether a ballot names a place.
    pub places: bool,
    /// First instant.
    pub opens_at: DateTimeUtc,
    /// End, exclusive.
    pub closes_at: DateTimeUtc,
    /// Open, suspended or closed.
    pub state: PaperState,
    /// How passes and ballots of the campaign are made: a number that `ballot::paper::FORMAT` of the program has to equal while
    /// ballots may still come.
    pub format: i32,
    /// Fingerprint of the key under which serials of real-name passes are made; none where the campaign gives no such passes.
    pub pass_key: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
