//! HTTP furniture: no word of the domain in here.
//!
//! Outermost first, a request passes [`guard`] (request id, a task of its own for unsafe methods, security headers on
//! every answer), [`origin`] (cross-site refusal), [`kept`] (public pages as bytes), [`problem`] (errors in two shapes),
//! then its handler.

pub mod assets;
pub mod dates;
pub mod form;
pub mod guard;
pub mod kept;
pub mod locale;
pub mod origin;
pub mod page;
pub mod preferences;
pub mod problem;
pub mod sheet;
