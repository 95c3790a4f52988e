//! Tests of the slice `dispatch`, over HTTP.

mod bulk;
mod buttons;
mod desks;
mod life;
mod pages;
mod refusals;
mod rulings;
mod sending;
