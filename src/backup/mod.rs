//! Copies of a running site, and their restoration.
//!
//! # Content of a copy
//! A copy contains the three stores and the objects: the public logs with the entries that are not public yet, and the evidence. The
//! keys are never part of the copy; they are copied apart ([`keys`]). `manifest.json` names every file with its hash. The manifest is
//! written last, so a copy without it is unfinished. The manifest is sealed with an HMAC under the site key, so nobody without
//! that key can change a copy.
//!
//! # Why in this order
//! The server continues during the copy, and no transaction spans the stores. So the state of each store is fixed after those
//! that must not be ahead of it:
//!
//! 1. **Ballots.** The heads of the logs in this store say where each log is cut.
//! 2. **Register.** The register includes everybody who cast a ballot of the copied store under a real name. In the other order
//!    somebody could vote twice.
//! 3. **Main.** The store includes every campaign whose paper or log was copied. A campaign may have been counted in between.
//!    Then all three states are fixed again, because a count is based on all ballots.
//! 4. **Logs.** Each log is copied at the size that the copied head names: the objects of a tree never change, and larger trees
//!    keep them.
//! 5. **Evidence.** Files of evidence are only ever added, so every file that the main store names exists.
//!
//! # Why a restore asks for the published log
//! A log that continues from a copy, although more of the log is already published, would sign two trees that contradict each
//! other. The copy cannot tell what was published after it was made. So [`restoring`] asks places that know the published log,
//! and refuses a copy that is behind.

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
