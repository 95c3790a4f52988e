//! Who may do what: every address and every operation by every kind of person, and the rules about persons.

mod delegations;
mod grants;
mod matrix;
mod two_people;
mod wall;
mod world;
