//! The ballot paper: the rules against which a campaign's ballots are checked. The paper is in the same store as the ballots, so
//! that a ballot and the closing of the campaign are in one order.

use sea_orm::entity::prelude::*;

use crate::codes::Codes;
use crate::stored::PaperState;

/// The ballot paper: the rules against which a campaign's ballots are checked. The paper is in the same store as the ballots, so
/// that a ballot and the closing of the campaign are in one order.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_paper")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// SHA-256 of the published questionnaire, 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub questionnaire: Vec<u8>,
    /// Codes of the options, in the fixed order.
    pub options: Codes,
    /// Maximum number of options on one ballot.
    pub max_choices: i32,
    /// Tracks on which ballots are accepted.
    pub tracks: Codes,
    /// Maximum number of anonymous passes for one network address in a day.
    pub day_cap: i32,
    /// Longest time that a phone computes for the puzzle of an anonymous pass, in seconds.
    pub work_seconds: i32,
    /// Whether a ballot names a place.
    pub places: bool,
    /// First instant of voting, programme time.
    pub opens_at: DateTimeUtc,
    /// End of voting, exclusive, programme time.
    pub closes_at: DateTimeUtc,
    /// State of the paper: open, suspended or closed.
    pub state: PaperState,
    /// Format in which passes and ballots of the campaign are made. `pass::paper::FORMAT` of the program has to equal this number
    /// while ballots may still come.
    pub format: i32,
    /// Fingerprint of the pass key, under which serials of real-name passes are made; none where no track has identities.
    pub pass_key: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
