//! `shudu import`: real ballots from elsewhere, as a campaign.

pub mod pabulib;
