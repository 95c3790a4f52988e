//! `shudu demo`: the programme of 2018, played in through the ordinary commands.

pub mod acceptance;
pub mod ballots;
pub mod data;
pub mod pdf;
pub mod prng;
pub mod timeline;
