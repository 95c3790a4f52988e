//! Tests of access: every address and every operation for every kind of person, and the rules about persons.

mod delegations;
mod grants;
mod matrix;
mod row_security;
mod summaries;
mod two_people;
mod world;
