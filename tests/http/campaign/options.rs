//! The table of options: every error is named by line and column, and nothing is written before it was shown.

use entity::stored::Role;

use super::{form, option_count, revision, send, table};
use testing::{Person, TestApp, given};

async fn blank_draft(app: &TestApp) -> Person {
    let organiser = app.staff(Role::Organiser, "").await;
    send(&organiser, "/new", &form("t1")).await.expect(303);
    organiser
}

fn sent(text: &str, act: &str) -> [(&'static str, String); 3] {
    [("revision", "1".to_owned()), ("options", text.to_owned()), ("act", act.to_owned())]
}

#[tokio::test]
async fn wrong_cells_are_named_by_line_and_column_and_nothing_is_written() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    let wrong = table("t1")
        .replace("T1-2,2,", "T1-2,二,")
        .replace("麻烦事3", "一二三四五六七八九十一二三")
        .replace("Nuisance 4", "Nuisance of more than 26 letters")
        .replace("T1-5,5,", "T1-4,5,")
        .replace("T1-6,6,", "-,6,");
    for act in ["preview", "save"] {
        let page = send(&organiser, "/t1/options", &sent(&wrong, act)).await.expect(422).text();
        for said in [
            "第3行ballot_no：“二”要写1到9999的整数",
            "第4行short_zh：“一二三四五六七八九十一二三”有13个字，最多12个",
            "第5行short_en：“Nuisance of more than 26 lette”有32个字，最多26个",
            "第6行code：“T1-4”和第5行重复",
            // A lone dash is not a valid code: in the signed count, a dash stands for the ballots themselves.
            "第7行code",
            "有5处需要改，填的都还在",
            "T1-2,二,",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
    }
    assert_eq!(option_count(&app, "t1").await, 0);
    let english = organiser.clone().in_english();
    let page = send(&english, "/t1/options", &sent(&wrong, "save")).await.expect(422).text();
    assert!(page.contains("Line 3, ballot_no: “二” must be a whole number"), "{page}");
}

#[tokio::test]
async fn a_preview_writes_nothing_and_can_be_gone_back_from() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    let page = send(&organiser, "/t1/options", &sent(&table("t1"), "preview")).await.expect(200);
    assert!(page.text().contains("保存6个题目"));
    assert_eq!(option_count(&app, "t1").await, 0);
    let page = send(&organiser, "/t1/options", &sent(&table("t1"), "edit")).await.expect(200);
    assert!(page.text().contains("T1-6,6,第6件办起来很麻烦的事情"));
}

#[tokio::test]
async fn saving_replaces_the_list_and_the_download_gives_it_back() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    send(&organiser, "/t1/options", &sent(&table("t1"), "save")).await.expect(303);
    let file = organiser.get("/desk/campaigns/t1/options.csv").await.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"shudu-options-t1-")
    );
    assert_eq!(file.text(), format!("\u{feff}{}", table("t1")));

    // The downloaded file is sent back with one option fewer. The file takes precedence over the text.
    let shorter: String = file.text().lines().take(6).map(|l| format!("{l}\n")).collect();
    let page = organiser.get("/desk/campaigns/t1/options").await.expect(200).text();
    assert!(page.contains("T1-6,6,第6件办起来很麻烦的事情"), "prefilled: {page}");
    let revision = revision(&page);
    let fields = [("revision", revision.as_str()), ("options", "x"), ("act", "preview")];
    let preview = organiser
        .post_files("/desk/campaigns/t1/options", &fields, &[("file", "new.csv", shorter.as_bytes())])
        .await
        .expect(200)
        .text();
    assert!(preview.contains("读到5个题目，都没有错。保存后换掉原来的6个。"), "{preview}");
    let save = [("revision", revision.clone()), ("options", shorter), ("act", "save".to_owned())];
    send(&organiser, "/t1/options", &save).await.expect(303);
    assert_eq!(option_count(&app, "t1").await, 5);
}

#[tokio::test]
async fn files_of_spreadsheets_are_read_and_workbooks_refused_with_the_way_out() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    let fields = [("revision", "1"), ("options", "kept as typed"), ("act", "preview")];
    let text = table("t1");
    let wide: Vec<u8> = text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    for (name, bytes) in [("gb18030.csv", gb), ("unicode.txt", [&[0xff, 0xfe][..], &wide].concat())] {
        let files = [("file", name, bytes.as_slice())];
        let page = organiser.post_files("/desk/campaigns/t1/options", &fields, &files).await.expect(200).text();
        assert!(page.contains("读到6个题目") && page.contains("第6件办起来很麻烦的事情"), "{name}: {page}");
    }
    for (bytes, said) in [
        (&b"PK\x03\x04 and so on"[..], "“事项.xlsx”是工作簿文件"),
        (b"\xd0\xcf\x11\xe0", "“事项.xlsx”是工作簿文件"),
        (b"code,\xff\xff\xff", "“事项.xlsx”读不出文字"),
        (b"code\0", "“事项.xlsx”读不出文字"),
    ] {
        let files = [("file", "事项.xlsx", bytes)];
        let page = organiser.post_files("/desk/campaigns/t1/options", &fields, &files).await.expect(422).text();
        assert!(page.contains(said), "{said}: {page}");
        assert!(page.contains("kept as typed") && page.contains("href=\"#file\""), "{page}");
    }
    let large = vec![b'x'; (1 << 20) + 1];
    let page = organiser
        .post_files("/desk/campaigns/t1/options", &fields, &[("file", "big.csv", &large)])
        .await
        .expect(422)
        .text();
    assert!(page.contains("“big.csv”太大，题目表最多1MB"), "{page}");
}

#[tokio::test]
async fn broken_tables_are_told_apart() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    let header = table("t1").lines().next().unwrap().to_owned();
    let wider = |name: &str| -> String {
        let cell = |line: usize| if line == 0 { name } else { "很要紧" };
        table("t1").lines().enumerate().map(|(number, line)| format!("{line},{}\n", cell(number))).collect()
    };
    for (text, said) in [
        (String::new(), "第一行要写列名"),
        ("今天天气很好".to_owned(), "第一行要写列名"),
        (header.replace("title_en", "title_zh"), "有两列同名：title_zh"),
        (header.clone(), "表里没有题目"),
        (format!("{header}\nA,1\n"), "第2行读不出来"),
        (header.replace("theme_en", "theme"), "少了一列：theme_en"),
        (wider("remark"), "第2行有内容的“remark”不是题目表的列"),
        (wider(""), "第2行的第16列有内容，却没有列名"),
    ] {
        let page = send(&organiser, "/t1/options", &sent(&text, "preview")).await.expect(422);
        assert!(page.text().contains(said), "{said}");
    }
}

#[tokio::test]
async fn tables_are_taken_as_spreadsheets_hand_them_over() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    let text = table("t1");
    let blank = format!("{}\r\n", ",".repeat(14));
    let columns = |line: &str| line.split(',').rev().map(|cell| format!("{cell};")).collect::<String>();
    for (habit, sent_text) in [
        ("rows without text", format!("{}{blank}{blank}\n\n", text.replace('\n', "\r\n"))),
        ("blank rows at the beginning", format!("\n{blank}\u{3000}\n\"\",\"\"\n{text}")),
        ("blank cells copied at the beginning", format!("\t\t\n\t\t\n{}", text.replace(',', "\t"))),
        ("cells copied", text.replace(',', "\t")),
        ("a hint for the separator", format!("sep=;\n{}", text.replace(',', ";"))),
        ("blank rows after a hint", format!("sep=;\n;;;\n\n{}", text.replace(',', ";"))),
        ("a mark, capitals and wide letters in the header", format!("\u{feff}{}", text.replacen("code", " Ｃode", 1))),
        (
            "columns the other way round, one more at the end",
            text.lines().map(|l| format!("{}\n", columns(l))).collect(),
        ),
        ("wide digits", text.replace("T1-2,2,", "T1-2,２,")),
        ("marks that nobody sees", text.replace("T1-2,2,", "\u{200b}T1-2,2\u{202c},")),
    ] {
        let page = send(&organiser, "/t1/options", &sent(&sent_text, "preview")).await;
        assert_eq!(page.status, 200, "{habit}: {}", page.text());
        assert!(page.text().contains("读到6个题目"), "{habit}");
    }
}

#[tokio::test]
async fn options_that_look_the_same_are_refused() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    let text = table("t1");
    let (second, third) = ("第2件办起来很麻烦的事情", "第3件办起来很麻烦的事情");
    assert!(text.contains(second) && text.contains(third));
    for (twin, said) in [
        (second.to_owned(), "和第3行重复"),
        (format!("{second}\u{200b}"), "和第3行重复"), // the mark is taken out first
        (second.replace('2', "２"), "和第3行看上去一样"),
        (second.replace("第2件", "第2 件"), "和第3行看上去一样"),
        (second.replace('第', "第\u{fe00}"), "和第3行重复"),
    ] {
        let table = text.replace(third, &twin);
        let page = send(&organiser, "/t1/options", &sent(&table, "preview")).await.expect(422).text();
        assert!(page.contains("第4行title_zh") && page.contains(said), "{twin:?}: {page}");
    }
    // Equal texts in English are taken, and the approver is told.
    let table = text.replace("Nuisance 3", "\u{39d}uisance 2"); // a Greek letter
    send(&organiser, "/t1/options", &sent(&table, "save")).await.expect(303);
    let page = organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(page.contains("没有看上去一样的题目") && page.contains("英文和前面的题目看上去一样：T1-3"), "{page}");
}

#[tokio::test]
async fn a_code_belongs_to_one_campaign() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t0", |_| ()).await;
    send(&people.organiser, "/new", &form("t1")).await.expect(303);
    let stolen = table("t1").replace("T1-3", "T0-3");
    for act in ["preview", "save"] {
        let page = send(&people.organiser, "/t1/options", &sent(&stolen, act)).await.expect(422);
        assert!(page.text().contains("编号“T0-3”别的活动已经用了"));
    }
    assert_eq!(option_count(&app, "t1").await, 0);
}

#[tokio::test]
async fn a_table_over_a_newer_one_is_kept_beside_it() {
    let app = TestApp::new().await;
    let organiser = blank_draft(&app).await;
    send(&organiser, "/t1/options", &sent(&table("t1"), "save")).await.expect(303);
    let mine = table("t1").replace("很麻烦", "更麻烦");
    for act in ["preview", "save"] {
        let page = send(&organiser, "/t1/options", &sent(&mine, act)).await.expect(409).text();
        for said in ["打开之后，有人改过这个活动", "更麻烦", "很麻烦", "有人先改了："] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert_eq!(revision(&page), "2");
    }
    let again = super::with(sent(&mine, "save").to_vec(), "revision", "2");
    send(&organiser, "/t1/options", &again).await.expect(303);
}
