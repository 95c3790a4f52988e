//! Tests of the slice `report`, over HTTP.

mod evidence;
mod forms;
mod pictures;
mod quota;
mod scanner;
mod signing;
