//! Tests of the built program as a process: commands, servers that crash or are attacked, backups, witnesses, verification. Many
//! tests wait most of the time, so all of them run beside each other in one program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backup;
mod cli;
mod cluster;
mod crash;
mod demo;
mod edge;
mod mirror;
mod real_ballots;
mod verify;
mod witness;
