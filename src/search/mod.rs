//! Finding issues, ballot options and provinces by words. Some hundred rows are read and compared in memory; no index is kept.

pub mod matching;
pub mod pages;
pub mod queries;
