//! The pages of the first two steps are the same bytes for everybody.

use poem::Request;
use poem::http::header;

use super::voting::{self, BALLOT_PAGE, OPTIONS};

#[tokio::test]
async fn the_steps_are_kept_with_a_tag_and_without_a_cookie() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    for address in [BALLOT_PAGE, OPTIONS, "/receipts", "/privacy"] {
        let page = citizen.get(address).await.expect(200);
        assert!(!page.headers.contains_key(header::SET_COOKIE), "{address}");
        let vary = page.headers[header::VARY].to_str().unwrap();
        assert!(vary.contains("Accept-Language"), "{address}: {vary}");
        let cache = page.headers[header::CACHE_CONTROL].to_str().unwrap();
        assert!(cache.starts_with("public"), "{address}: {cache}");
        let again = Request::builder()
            .uri(address.parse().unwrap())
            .header(header::ACCEPT_LANGUAGE, "zh-CN")
            .header(header::IF_NONE_MATCH, &page.headers[header::ETAG])
            .finish();
        assert_eq!(citizen.request(again).await.status.as_u16(), 304);
    }
}

#[tokio::test]
async fn the_page_of_options_does_not_know_the_place_and_its_form_keeps_it() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let of = async |place: &str| {
        let address = format!("/campaigns/t1/ballot?o=17&step=options&my-place={place}");
        citizen.get(&address).await.expect(200)
    };
    let (jiangsu, shaanxi) = (of("320000").await, of("610000").await);
    assert_eq!(jiangsu.body, shaanxi.body);
    assert_eq!(jiangsu.headers[header::ETAG], shaanxi.headers[header::ETAG]);
    let html = jiangsu.text();
    assert!(!html.contains("320000") && !html.contains("江苏"));
    let form = html.split("<form ").find(|f| f.contains("data-ballot")).unwrap();
    assert!(!form.split('>').next().unwrap().contains("action"));
    // Only a request without any place gets another page.
    let without = citizen.get("/campaigns/t1/ballot?o=17&step=options").await;
    assert!(without.expect(422).text().contains("请选择您办事的地方"));
    assert!(of("320000").await.body == jiangsu.body);
}

#[tokio::test]
async fn what_a_citizen_entered_is_on_no_kept_page() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check_with_pass(&citizen, &["T1-1"]).await.expect(200);
    assert_eq!(check.headers[header::CACHE_CONTROL], "private, max-age=900", "the browser alone, for the way back");
    let receipt = voting::receipt_of(&voting::press(&citizen, &check).await);
    let page = citizen.get(&receipt).await.expect(200);
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert!(!page.headers.contains_key(header::SET_COOKIE));
}
