//! The page on which a stranger finds how to check a campaign, and the program beside the page.

use testing::{TestApp, given};

#[tokio::test]
async fn a_stranger_finds_the_page_the_program_and_the_command_for_each_log() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let anybody = app.nobody();
    assert!(anybody.get("/").await.text().contains("<a href=\"/verify\">自己核对</a>"), "linked from the foot");
    let program = anybody.get("/verify/verify.py").await.expect(200);
    assert_eq!(program.body, include_bytes!("../../verify/verify.py"));
    let page = anybody.get("/verify").await.expect(200).text();
    let english = anybody.get("/verify?lang=en").await.expect(200).text();
    let key = anybody.get("/log/t1/key").await.expect(200).text();
    for page in [&page, &english] {
        assert!(page.contains(shudu::verify::PROGRAM_HASH.as_str()));
        assert!(page.contains("python3 verify.py log http://localhost:0/log/t1/ --key"), "{page}");
        assert!(page.contains(key.trim_end()), "the key that signs");
        assert!(page.contains("NOT CHECKED"));
    }
    assert!(page.contains("从本站下载的程序证明不了本站清白"));
    assert!(english.contains("A program from this site proves nothing against this site"));
}
