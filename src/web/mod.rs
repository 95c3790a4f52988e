//! HTTP furniture: no word of the domain in here.
//!
//! Outermost first, a request passes [`guard`] (request id, a task of its own for unsafe methods, security headers on
//! every answer), [`kept`] (public pages as bytes), [`problem`] (errors in two shapes), [`origin`] (cross-site refusal),
//! [`bounded`] (bodies without files, up to a limit), then its handler.

pub mod assets;
pub mod bounded;
pub mod dates;
pub mod document;
pub mod form;
pub mod guard;
pub mod kept;
pub mod locale;
pub mod origin;
pub mod page;
pub mod preferences;
pub mod problem;
pub mod sheet;
