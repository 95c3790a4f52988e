//! Pages about the site, and what search engines and telephones ask every site for.

mod about;
mod files;
mod sitemap;

use crate::site::drawing::PATHS;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    let route = route
        .get("/about", Policy::READING, about::about)
        .get("/accessibility", Policy::READING, about::accessibility)
        .get("/terms", Policy::READING, about::terms)
        .get("/manifest.webmanifest", Policy::READING, files::manifest)
        .get("/robots.txt", Policy::FILES, files::robots)
        .get("/.well-known/security.txt", Policy::FILES, files::security)
        .get("/sitemap.xml", Policy::READING, sitemap::sitemap);
    PATHS.into_iter().fold(route, |route, path| route.get(path, Policy::FILES, files::picture))
}
