//! Tests of the slice `report`, over HTTP.

mod evidence;
mod forms;
mod signing;
