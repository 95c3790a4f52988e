//! Bodies: every unsafe address limits the size of a body, whatever its type and its claimed length.

use poem::http::{Method, header};
use poem::{Body, Request};

use super::routes;
use testing::{Answer, Desk, Person};

async fn send(person: &Person, method: Method, path: &str, media: &str, body: Body, claimed: Option<u64>) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path.parse().unwrap())
        .header(header::HOST, "shudu.test")
        .header(header::CONTENT_TYPE, media)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, format!("{}={}", shudu::web::session_cookie::COOKIE, person.token.as_ref().unwrap().1));
    if let Some(length) = claimed {
        request = request.header(header::CONTENT_LENGTH, length.to_string());
    }
    person.request(request.body(body)).await
}

#[tokio::test]
async fn no_unsafe_address_takes_a_body_that_does_not_end() {
    let desk = Desk::new().await;
    let mut tried = 0;
    for address in routes::all() {
        for method in address.methods.iter().filter(|method| !method.is_safe()) {
            for media in ["application/json", "application/x-www-form-urlencoded"] {
                // A body without a length, as a chunked body has none.
                let endless = Body::from_async_read(tokio::io::repeat(b'x'));
                let answer = send(&desk.handler, method.clone(), &address.path, media, endless, None).await;
                assert_eq!(answer.status.as_u16(), 413, "{method} {} {media}", address.path);
                tried += 1;
            }
            // A claimed length that is too large is refused before anything is read.
            let claim =
                send(&desk.handler, method.clone(), &address.path, "text/plain", Body::empty(), Some(1 << 30)).await;
            assert_eq!(claim.status.as_u16(), 413, "{method} {}", address.path);
        }
    }
    assert!(tried > 80, "{tried}");
}

#[tokio::test]
async fn the_refusal_says_the_limit() {
    let desk = Desk::new().await;
    let endless = || Body::from_async_read(tokio::io::repeat(b'x'));
    let form = "application/x-www-form-urlencoded";
    let small = send(&desk.handler, Method::POST, "/campaigns/t1/ballot", form, endless(), None).await.expect(413);
    assert!(small.text().contains("64 KB"), "{}", small.text());
    let desk_form = send(&desk.handler, Method::POST, "/desk/password", form, endless(), None).await.expect(413);
    assert!(desk_form.text().contains("1 MB"));
    let call =
        send(&desk.handler, Method::POST, "/api/v1/campaigns/t1/ballots", "application/json", endless(), None).await;
    assert_eq!(call.expect(413).code(), "too_large");
}

#[tokio::test]
async fn files_that_do_not_end_are_cut_too() {
    let desk = Desk::new().await;
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 ";
    for (path, limit) in [("/desk/campaigns/t1/options", "2 MB"), ("/sign-in", "64 KB"), ("/preferences", "64 KB")] {
        let body = tokio::io::AsyncReadExt::chain(head.as_bytes(), tokio::io::repeat(b'x'));
        let multipart = "multipart/form-data; boundary=x";
        let answer = send(&desk.organiser, Method::POST, path, multipart, Body::from_async_read(body), None).await;
        if answer.status.as_u16() == 413 {
            assert!(answer.text().contains(limit), "{path}");
        } else {
            // The request is refused without reading the body.
            assert!(answer.status.is_client_error(), "{path} {}", answer.status);
        }
    }
}
