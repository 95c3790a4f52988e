//! The frame around the pages of a site: its public address, and the operator's words. Every request carries the frame, so that
//! refusals and error pages have it too.

use super::operator::Operator;

/// The frame of a site.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Origin under which browsers see the site, without a slash at the end; empty where none is configured.
    pub origin: String,
    /// Operator of the site.
    pub operator: Operator,
}
