//! The teams' checks, by API and by page.
