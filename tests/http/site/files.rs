//! Icons, manifest, rules for crawlers, the site map and the contact for security.

use testing::{TestApp, given};
use url::Url;

#[tokio::test]
async fn icons_and_the_card_are_pictures_and_the_manifest_names_them() {
    let app = TestApp::new().await;
    for (path, media, begins) in [
        ("/favicon.ico", "image/x-icon", &b"\0\0\x01\0"[..]),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
        ("/icon-192.png", "image/png", b"\x89PNG"),
        ("/icon-512.png", "image/png", b"\x89PNG"),
        ("/card.png", "image/png", b"\x89PNG"),
    ] {
        let answer = app.nobody().get(path).await.expect(200);
        assert_eq!(answer.headers["content-type"], media, "{path}");
        assert_eq!(answer.headers["cache-control"], "public, max-age=86400", "{path}");
        assert!(answer.body.starts_with(begins) && answer.body.len() < 40_000, "{path}");
    }
    let manifest = app.nobody().get("/manifest.webmanifest").await.expect(200);
    assert_eq!(manifest.headers["content-type"], "application/manifest+json");
    let manifest = manifest.json();
    assert_eq!(manifest["name"], "疏堵");
    for icon in manifest["icons"].as_array().unwrap() {
        app.nobody().get(icon["src"].as_str().unwrap()).await.expect(200);
    }
    let english = app.nobody().get("/manifest.webmanifest?lang=en").await.expect(200).json();
    assert_eq!((&english["lang"], &english["start_url"]), (&"en".into(), &"/?lang=en".into()));
    let policy = app.nobody().get("/").await.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("manifest-src 'self'"), "{policy}");
}

#[tokio::test]
async fn crawlers_are_led_to_public_pages_and_away_from_staff_and_persons() {
    let app = TestApp::with_config(|config| config.address = Some(Url::parse("https://shudu.example").unwrap())).await;
    let robots = app.nobody().get("/robots.txt").await.expect(200);
    assert_eq!(robots.headers["content-type"], "text/plain; charset=utf-8");
    let robots = robots.text();
    for path in ["/desk", "/receipts/", "/api/v1/sessions", "/sign-in", "/invitations/"] {
        assert!(robots.contains(&format!("\nDisallow: {path}\n")), "{path}: {robots}");
    }
    assert!(robots.starts_with("User-agent: *\n") && robots.contains("\nAllow: /\n"), "{robots}");
    assert!(robots.ends_with("\nSitemap: https://shudu.example/sitemap.xml\n"), "{robots}");
}

#[tokio::test]
async fn the_site_map_has_every_public_page_in_both_languages_with_the_day_of_its_change() {
    let app = TestApp::with_config(|config| config.address = Some(Url::parse("https://shudu.example").unwrap())).await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    let map = app.nobody().get("/sitemap.xml").await.expect(200);
    assert_eq!(map.headers["content-type"], "application/xml; charset=utf-8");
    let map = map.text();
    let locations: Vec<&str> = map.split("<loc>").skip(1).map(|rest| rest.split("</loc>").next().unwrap()).collect();
    for path in [
        "/",
        "/about",
        "/issues",
        "/campaigns/t1/results",
        "/issues/T1-1",
        "/issues/T1-6?lang=en",
        "/provinces/320000?lang=en",
        "/issues/T1-2/provinces/610000",
    ] {
        assert!(locations.contains(&&*format!("https://shudu.example{path}")), "{path}");
    }
    for location in locations {
        let path = location.strip_prefix("https://shudu.example").unwrap();
        let page = app.nobody().get(path).await.expect(200);
        let is_log = path.starts_with("/log/");
        assert!(is_log || page.text().contains(&format!("<link rel=\"canonical\" href=\"{location}\">")), "{path}");
    }
    assert!(map.contains("<loc>https://shudu.example/issues/T1-1</loc><lastmod>2018-04-10</lastmod>"), "{map}");
    assert!(map.contains("<loc>https://shudu.example/issues/T1-6</loc><xhtml:link"), "no day where none is known");
}

#[tokio::test]
async fn a_contact_for_security_is_there_where_one_is_set_and_runs_out() {
    let without = TestApp::new().await;
    without.nobody().get("/.well-known/security.txt").await.expect(404);
    let app = TestApp::with_config(|config| {
        config.operator.told.security = "mailto:security@shudu.example".to_owned();
        config.address = Some(Url::parse("https://shudu.example").unwrap());
    })
    .await;
    let answer = app.nobody().get("/.well-known/security.txt").await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("Contact: mailto:security@shudu.example\nExpires: "), "{text}");
    assert!(text.contains("\nCanonical: https://shudu.example/.well-known/security.txt\n"), "{text}");
    let until = text.split("Expires: ").nth(1).unwrap().lines().next().unwrap();
    let left = until.parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.clock.system();
    assert!((150..365).contains(&left.num_days()), "{until}");
}
