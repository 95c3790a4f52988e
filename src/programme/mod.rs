//! The ground that everything stands on: places, supervision teams, departments, remedies, and the working-day calendar.
//!
//! It is data, never constants in code: how many provinces there are, who checks whom and which days are worked are rows.
//! [`mod@reference`] fills an empty store with the programme's own; an administrator loads the calendar year by year.

pub mod api;
pub mod calendar;
pub mod commands;
pub mod offices;
pub mod pages;
pub mod queries;
pub mod reference;
