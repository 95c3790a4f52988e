//! What is kept, how long, and what happens then: one table that names everything the product stores, a round of the clockwork
//! that keeps to it, and what becomes of a member of staff who left.

pub mod pages;
pub mod rounds;
pub mod subject;
pub mod table;
