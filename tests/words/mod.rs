//! The words of the product: complete in both languages, and written by the rules for its texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with the given file extension, with their texts.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found.sort();
    found
}

/// Messages of a language: text by key.
fn messages(language: &str) -> BTreeMap<String, String> {
    let head = Regex::new(r"^([a-z][a-z0-9-]*) *=(.*)$").unwrap();
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in files(&format!("templates/locales/{language}"), "ftl") {
        let mut current = None;
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            if let Some(found) = head.captures(line) {
                let key = found[1].to_owned();
                assert!(!messages.contains_key(&key), "{}: {key} twice", path.display());
                messages.insert(key.clone(), found[2].trim().to_owned());
                current = Some(key);
            } else if let Some(text) = current.as_ref().and_then(|key| messages.get_mut(key)) {
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    assert!(messages.len() > 50);
    messages
}

fn values(text: &str) -> BTreeSet<String> {
    Regex::new(r"\$([a-z_]+)").unwrap().captures_iter(text).map(|c| c[1].to_owned()).collect()
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_values() {
    let (zh, en) = (messages("zh-CN"), messages("en"));
    let missing = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| -> Vec<String> {
        a.keys().filter(|k| !b.contains_key(*k)).cloned().collect()
    };
    assert_eq!((missing(&zh, &en), missing(&en, &zh)), (vec![], vec![]), "(only Chinese, only English)");
    // An English message may use a number in addition, for its plural.
    let plural = BTreeSet::from(["count".to_owned()]);
    let same = |zh: &str, en: &str| values(zh) == values(en) || values(zh) == &values(en) - &plural;
    let differ: Vec<&String> = zh.iter().filter(|(key, text)| !same(text, &en[*key])).map(|(key, _)| key).collect();
    assert!(differ.is_empty(), "values differ: {differ:?}");
}

#[test]
fn every_message_that_is_asked_for_is_there() {
    let zh = messages("zh-CN");
    let asked = Regex::new(r#"(?s)\b(?:t|tr|titled|text|message)\(\s*"([a-z][a-z0-9-]*-[a-z0-9-]+)"\s*[,)]"#).unwrap();
    let mut missing = BTreeSet::new();
    for (path, text) in files("templates", "html").into_iter().chain(files("src", "rs")) {
        for found in asked.captures_iter(&text) {
            if !zh.contains_key(&found[1]) {
                missing.insert(format!("{}: {}", path.strip_prefix(root()).unwrap().display(), &found[1]));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The lists `FIELDS` of forms give the message key of each label beside the name of the field.
#[test]
fn every_label_of_a_form_is_there() {
    let zh = messages("zh-CN");
    let pair = Regex::new(r#"\("[a-z_-]+", "([a-z]+(?:-[a-z]+)+)"\)"#).unwrap();
    let (mut missing, mut known) = (BTreeSet::new(), 0);
    for (path, text) in files("src", "rs") {
        for list in text.split("const FIELDS").skip(1) {
            for found in pair.captures_iter(list.split("];").next().unwrap()) {
                known += 1;
                if !zh.contains_key(&found[1]) {
                    missing.insert(format!("{}: {}", path.strip_prefix(root()).unwrap().display(), &found[1]));
                }
            }
        }
    }
    assert!(known > 40, "{known}");
    assert!(missing.is_empty(), "\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_refusal_has_its_sentence() {
    let zh = messages("zh-CN");
    let code = Regex::new(concat!(
        r#"(?s)(?:Refusal::new|Error::conflict)\(\s*"([a-z_]+(?:\.[a-z_]+)?)""#,
        r#"|\b(?:conflict|refuse)\(\s*"([a-z_]+\.[a-z_]+)"\s*\)"#,
        r#"|\.check\([^;]*?"([a-z_]+\.[a-z_]+)"\s*,?\s*\)"#
    ))
    .unwrap();
    let (mut missing, mut known) = (BTreeSet::new(), 0);
    for (path, text) in files("src", "rs") {
        let text = text.split("#[cfg(test)]").next().unwrap();
        for found in code.captures_iter(text) {
            let code = found.get(1).or(found.get(2)).or(found.get(3)).unwrap().as_str();
            known += 1;
            if !zh.contains_key(&format!("error-{}", code.replace(['.', '_'], "-"))) {
                missing.insert(format!("{}: {code}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(known > 60, "{known}");
    assert!(missing.is_empty(), "\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_page_with_a_form_keeps_what_was_typed() {
    // Secrets are never written into a page, and a part is no page.
    let without =
        Regex::new(r"/(sign_in/(sign_in|code|enrolment|factors|password)|accounts/invitation|[a-z]+/_[a-z]+)\.html$");
    let without = without.unwrap();
    let form = Regex::new(r#"<form [^>]*method="(post"|\{%)"#).unwrap();
    let field = Regex::new(r"form::(field|area|select|choice|file)\(|_fields\.html|table::tick|<textarea").unwrap();
    let mut lost = Vec::new();
    for (path, text) in files("templates", "html") {
        let path = path.display().to_string();
        let is_typed = form.is_match(&text) && field.is_match(&text);
        if is_typed && !path.contains("/macros/") && !without.is_match(&path) && !text.contains("{% block tools %}") {
            lost.push(path);
        }
    }
    assert!(lost.is_empty(), "no block `tools`: {lost:?}");
}

#[test]
fn every_act_on_record_has_its_words() {
    let zh = messages("zh-CN");
    let known: BTreeSet<String> = shudu::audit::acts::all().collect();
    let key = |act: &str| format!("audit-act-{}", act.replace(['.', '_'], "-"));
    let slice = |act: &str| format!("audit-acts-of-{}", act.split('.').next().unwrap());
    let silent: Vec<&String> =
        known.iter().filter(|act| !zh.contains_key(&key(act)) || !zh.contains_key(&slice(act))).collect();
    assert!(silent.is_empty(), "no message: {silent:?}");
    // Acts in the calls that record them: `slice.act`, alone in quotation marks.
    let call = Regex::new(r#"(?s)\b(?:record|enter|note|set_password)\((?:[^;{}]*?)"([a-z]+\.[a-z_-]+)""#).unwrap();
    let named = Regex::new(r#"\bact: "([a-z]+\.[a-z_-]+)""#).unwrap();
    let mut unknown = BTreeSet::new();
    let mut calls = 0;
    for (path, text) in files("src", "rs") {
        let text = text.split("#[cfg(test)]").next().unwrap();
        if !text.contains("audit") {
            continue;
        }
        for found in call.captures_iter(text).chain(named.captures_iter(text)) {
            calls += 1;
            if !known.contains(&found[1]) {
                unknown.insert(format!("{}: {}", path.strip_prefix(root()).unwrap().display(), &found[1]));
            }
        }
    }
    assert!(calls > 15, "{calls}");
    assert!(unknown.is_empty(), "not in audit::acts: {unknown:?}");
}

#[test]
fn chinese_keeps_to_full_width_punctuation_and_types_no_blanks_before_latin() {
    let wrong = Regex::new(r"\p{Han}[,;:?!()]|[,;:?!()]\p{Han}|\p{Han} +[A-Za-z0-9]|[A-Za-z0-9] +\p{Han}").unwrap();
    let placeable = Regex::new(r"\{[^{}]*\}").unwrap();
    let found: Vec<String> = messages("zh-CN")
        .into_iter()
        .filter(|(_, text)| wrong.is_match(&placeable.replace_all(text, "1")))
        .map(|(key, text)| format!("{key} = {text}"))
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_message_speaks_like_an_office() {
    let banned = ["相关", "系统异常", "非法", "敬请", "务必", "圆满", "显著成效", "请知悉", "抓紧"];
    // Each thing has one name. These are other names of 免办, 核验, 督导组, 佐证材料, 主办方, 交办, 反弹 and 整改方案.
    let others = ["豁免", "核查", "督查", "证明材料", "组织者", "主办人", "派发", "复发", "定计划", "台账"];
    let english = ["please note", "invalid", "oops", "Please"];
    let mut found = Vec::new();
    for (key, text) in messages("zh-CN") {
        let words = banned.iter().chain(&others);
        found.extend(words.filter(|word| text.contains(*word)).map(|word| format!("{key}: {word}")));
    }
    for (key, text) in messages("en") {
        found.extend(english.iter().filter(|word| text.contains(*word)).map(|word| format!("{key}: {word}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn templates_hold_no_words_of_their_own() {
    // The language switch names the other language in that language. Comments in macros are not shown.
    let comment = Regex::new(r"(?s)\{#.*?#\}").unwrap();
    let han = Regex::new(r"\p{Han}+").unwrap();
    let mut found = Vec::new();
    for (path, text) in files("templates", "html") {
        let text = comment.replace_all(&text, "");
        found.extend(
            han.find_iter(&text)
                .filter(|m| m.as_str() != "中文")
                .map(|m| format!("{}: {}", path.display(), m.as_str())),
        );
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// The style sheet shows line breaks in paragraphs and descriptions, because texts of people have them.
#[test]
fn no_template_breaks_a_line_inside_a_paragraph_or_a_description() {
    let element = Regex::new(r"(?s)<(?:p|dd)\b[^>]*>(.*?)</(?:p|dd)>").unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in files("templates", "html") {
        for found in element.captures_iter(&text) {
            seen += 1;
            // A tag with a dash takes the line break before it out.
            if found[1].replace("\n{%-", "{%-").replace("\n{{-", "{{-").contains('\n') {
                wrong.push(format!("{}: {}", path.display(), &found[0]));
            }
        }
    }
    assert!(seen > 300, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let css = std::fs::read_to_string(root().join("templates/assets/app.css")).unwrap();
    assert!(css.contains("\np, dd { white-space: pre-line; }"), "texts of people lose their lines");
}

/// Comments of a text: runs of lines of one kind, with the number of the first line. Kinds are `///`, `//!` and `//`.
fn comments(text: &str) -> Vec<(usize, &str, Vec<&str>)> {
    let mut found: Vec<(usize, &str, Vec<&str>)> = Vec::new();
    let mut before = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_start();
        let kind = ["///", "//!", "//"].into_iter().find(|kind| line.starts_with(kind));
        if let Some(kind) = kind {
            let said = line[kind.len()..].trim();
            match found.last_mut().filter(|_| before == Some(kind)) {
                Some((.., lines)) => lines.push(said),
                None => found.push((number, kind, vec![said])),
            }
        }
        before = kind;
    }
    found
}

/// The beginnings that make a clause the subject of a sentence, and docs that only repeat a name.
#[test]
fn comments_begin_with_a_noun_and_docs_say_more_than_a_word() {
    let clause = Regex::new(r"^[-*0-9. ]*(What|Who|Whose|Whom|Whoever|Whatever|Whichever)\b").unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    let folders = ["src", "entity/src", "ballot-log/src", "tests", "benches"];
    let sources = folders
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "node_modules"));
    for (path, text) in sources {
        let path = path.strip_prefix(root()).unwrap().display().to_string();
        for (number, kind, lines) in comments(&text) {
            seen += 1;
            for paragraph in lines.split(|line| line.is_empty()).filter_map(|lines| lines.first()) {
                if clause.is_match(paragraph) {
                    wrong.push(format!("{path}:{number}: begins with a clause: {paragraph}"));
                }
            }
            let words = lines.iter().flat_map(|line| line.split_whitespace()).count();
            if kind != "//" && words < 2 {
                wrong.push(format!("{path}:{number}: a doc of one word: {}", lines.join(" ")));
            }
        }
    }
    assert!(seen > 5000, "{seen}");
    assert!(wrong.is_empty(), "{} comments\n{}", wrong.len(), wrong.join("\n"));
}
