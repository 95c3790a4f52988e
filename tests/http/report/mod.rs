//! Tests of the slice `report`, over HTTP.

mod evidence;
mod forms;
mod pictures;
mod room;
mod scanner;
mod signing;
