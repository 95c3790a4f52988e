//! The reference data of the programme: places, supervision teams, departments, remedies, and the working-day calendar.
//!
//! Reference data are rows, never constants in code: the number of provinces, the team that checks a province, and the
//! working days. [`mod@reference`] fills an empty store with the data of the programme. An administrator loads the calendar
//! year by year.

pub mod api;
pub mod calendar;
pub mod cities;
pub mod commands;
pub mod notice;
pub mod offices;
pub mod pages;
pub mod queries;
pub mod reference;
