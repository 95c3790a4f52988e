//! The head of every page: description, main address, languages, cards of shared links; nothing of the kind for staff.

use regex::Regex;
use testing::{Desk, TestApp, given};
use url::Url;

/// Public pages of a site with the dispatched campaign `t1`.
const PUBLIC: [&str; 22] = [
    "/",
    "/campaigns",
    "/campaigns/t1",
    "/campaigns/t1/results",
    "/issues",
    "/issues/T1-1",
    "/issues/T1-6",
    "/issues/T1-1/provinces/320000",
    "/provinces",
    "/provinces/320000",
    "/provinces/710000",
    "/dashboard",
    "/dashboard/matrix",
    "/definitions",
    "/verify",
    "/receipts",
    "/privacy",
    "/incidents",
    "/about",
    "/accessibility",
    "/terms",
    "/search",
];

/// The content of a meta element or the address of a link.
fn value(page: &str, begin: &str) -> String {
    let found = Regex::new(&format!("<{begin} (?:content|href)=\"([^\"]*)\">")).unwrap();
    found.captures(page).unwrap_or_else(|| panic!("{begin} in {}", &page[..3000.min(page.len())]))[1].to_owned()
}

#[tokio::test]
async fn every_public_page_describes_itself_in_both_languages() {
    let app = TestApp::with_config(|config| config.address = Some(Url::parse("https://shudu.example").unwrap())).await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    let mut descriptions = std::collections::BTreeSet::new();
    for path in PUBLIC {
        for (language, locale) in [("zh-CN", "zh_CN"), ("en", "en_GB")] {
            let address = if language == "en" { format!("{path}?lang=en") } else { path.to_owned() };
            let page = app.nobody().get(&address).await.expect(200).text();
            let main = format!("https://shudu.example{address}");
            assert_eq!(value(&page, "link rel=\"canonical\""), main, "{address}");
            assert_eq!(value(&page, "meta property=\"og:url\""), main, "{address}");
            assert_eq!(
                value(&page, "link rel=\"alternate\" hreflang=\"en\""),
                format!("https://shudu.example{path}?lang=en")
            );
            assert_eq!(
                value(&page, "link rel=\"alternate\" hreflang=\"zh-CN\""),
                format!("https://shudu.example{path}")
            );
            assert_eq!(value(&page, "meta property=\"og:image\""), "https://shudu.example/card.png");
            assert_eq!(value(&page, "meta property=\"og:locale\""), locale, "{address}");
            assert_eq!(value(&page, "meta name=\"twitter:card\""), "summary");
            assert!(!value(&page, "meta property=\"og:title\"").is_empty(), "{address}");
            let description = value(&page, "meta name=\"description\"");
            assert!((8..=400).contains(&description.chars().count()), "{address}: {description}");
            assert!(descriptions.insert(description.clone()), "{address}: said of another page too: {description}");
            assert!(!page.contains("noindex"), "{address}");
            assert!(page.contains("<link rel=\"manifest\""), "{address}");
        }
    }
}

#[tokio::test]
async fn a_stray_parameter_a_past_day_and_another_wish_lead_to_the_main_address() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    for (asked, main) in [
        ("/issues/T1-1?as_of=2018-04-10&from=singlemessage", "/issues/T1-1"),
        ("/issues?theme=%E7%AA%97%E5%8F%A3", "/issues"),
        ("/dashboard?campaign=t1&as_of=2018-04-10", "/dashboard?campaign=t1"),
        ("/campaigns/t1/results?from=singlemessage", "/campaigns/t1/results"),
    ] {
        let page = app.nobody().get(asked).await.expect(200).text();
        assert_eq!(
            value(&page, "link rel=\"canonical\""),
            main,
            "{asked}: without a configured address, without a host"
        );
    }
    let english = app.nobody().in_english().get("/about").await.text();
    assert_eq!(value(&english, "link rel=\"canonical\""), "/about?lang=en", "by the wish of the browser");
}

#[tokio::test]
async fn pages_of_staff_of_sign_in_and_of_refusals_are_not_listed() {
    let desk = Desk::new().await;
    let noindex = "<meta name=\"robots\" content=\"noindex\">";
    for path in ["/desk", "/desk/assignments"] {
        let page = desk.organiser.get(path).await.expect(200).text();
        assert!(page.contains(noindex) && !page.contains("og:title") && !page.contains("canonical"), "{path}");
    }
    for path in ["/sign-in", "/nowhere", "/search?q=x"] {
        let page = desk.app.nobody().get(path).await.text();
        assert!(page.contains(noindex) && !page.contains("og:title"), "{path}");
    }
}
