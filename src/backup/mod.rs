//! Copies of a running site, and the way back.
//!
//! # What a copy is
//! The three stores, the public logs with what they still hold back, and the evidence; never the keys, which are copied apart
//! ([`keys`]). `manifest.json` names every file with its hash. It is written last, so a copy without it is unfinished, and it is
//! sealed under the site's key, so nobody without that key can change a copy.
//!
//! # Why in this order
//! The server goes on meanwhile, and no transaction spans the stores. So each is copied after those that may not be ahead of it:
//!
//! 1. **Ballots.** The heads in it say where each log is cut.
//! 2. **Register.** Whoever cast under a real name in the copied ballots is in it. The other way round, somebody could vote twice.
//! 3. **Main.** Every campaign whose paper or log was copied is in it. It may have been counted in between: then the ballots are
//!    copied again, because a count stands on all of them.
//! 4. **Logs**, each at the size that the copied head names: the files of a tree never change, and larger trees keep them.
//! 5. **Evidence**, whose files are only ever added: whatever main names is there.
//!
//! # Why a restore asks for the published log
//! A log that goes on from a copy, where the world has already seen more, would sign two trees that exclude each other. The
//! copy cannot know what was published after it; so [`restoring`] asks somebody who does, and refuses a copy that is behind.

mod copying;
mod databases;
pub mod keys;
mod logs;
pub mod making;
pub mod manifest;
mod postgres;
pub mod published;
pub mod restoring;

pub use self::copying::Progress;
pub use self::logs::root_at;
