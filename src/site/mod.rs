//! A site as visitors and search engines look for it: pages about the site, icons, and the files that programs ask every site
//! for.

pub mod drawing;
pub mod pages;
