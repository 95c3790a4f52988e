//! Security rules that are checked against the source. An exception to a rule is written here, with its reason.

use std::collections::BTreeSet;

use regex::Regex;

use super::{files, read};

/// Lines of the product's code with their files, without comments and without the unit tests below the code.
fn code() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (file, text) in ["src", "entity", "ballot-log"].into_iter().flat_map(|folder| files(folder, ".rs")) {
        if file.ends_with("tests.rs") || file.contains("/tests/") {
            continue;
        }
        let text = text.split("#[cfg(test)]").next().unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        found.extend(lines.map(|line| (file.clone(), line.to_owned())));
    }
    found
}

/// Demands that only the named files or folders match a pattern, and that each of them still does.
#[track_caller]
fn only_in(pattern: &str, allowed: &[&str]) {
    let pattern = Regex::new(pattern).unwrap();
    let hits: Vec<(String, String)> = code().into_iter().filter(|(_, line)| pattern.is_match(line)).collect();
    let wrong: Vec<String> = hits
        .iter()
        .filter(|(file, _)| !allowed.iter().any(|allowed| file.starts_with(allowed)))
        .map(|(file, line)| format!("{file}: {}", line.trim()))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for allowed in allowed {
        assert!(hits.iter().any(|(file, _)| file.starts_with(allowed)), "{allowed} no longer needs its exception");
    }
}

/// Demands that no file in a folder matches a pattern.
#[track_caller]
fn nowhere(folder: &str, ending: &str, pattern: &str) {
    let pattern = Regex::new(pattern).unwrap();
    let wrong: Vec<String> = files(folder, ending)
        .iter()
        .flat_map(|(file, text)| pattern.find_iter(text).map(move |hit| format!("{file}: {}", hit.as_str())))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn our_code_is_safe_rust() {
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
    for manifest in ["Cargo.toml", "entity/Cargo.toml", "migration/Cargo.toml"] {
        assert!(read(manifest).contains("[lints]\nworkspace = true"), "{manifest} takes the lints of the workspace");
    }
    only_in(r"\bunsafe\s*(\{|fn|impl|extern)", &[]);
}

#[test]
fn answers_are_json_and_nothing_else() {
    // The XML and YAML payloads of the framework use parsers with known flaws.
    only_in(r"payload::\{?[^;]*\b(Xml|Yaml)\b|\b(Xml|Yaml)<|quick_xml|serde_yaml", &[]);
}

#[test]
fn no_statement_is_put_together_from_text() {
    // Files with SQL statements as text. Each of these statements binds its values, or inserts only names of tables and the path
    // of a copy.
    only_in(
        r"execute_unprepared|Statement::from_|Expr::cust|query_(one|all)_raw|execute_raw|from_raw_sql",
        &[
            "src/ballot/ballot_box.rs",
            "src/ballot/many_rows.rs",
            "src/ballot_log/commit_batch.rs",
            "src/base/connections.rs",
            "src/base/nodes.rs",
            "src/base/schema.rs",
            "src/base/store.rs",
            "src/backup/databases.rs",
            "src/base/rate_limit.rs",
            "src/retention/subject.rs",
        ],
    );
}

#[test]
fn programs_are_started_by_the_backup_alone() {
    only_in(r"Command::new", &["src/backup/postgres.rs"]);
}

#[test]
fn the_server_asks_addresses_of_its_settings_only() {
    // The addresses of witnesses, identity providers, the virus scanner, the object store and the log of a restore are settings. `verify` is a
    // separate command.
    only_in(
        r"\bureq::|hyper_util::client|TcpStream::connect|UnixStream::connect|reqwest",
        &[
            "src/log/witnesses.rs",
            "src/backup/published.rs",
            "ballot-log/src/verify/site.rs",
            "src/oidc/http.rs",
            "src/report/evidence/scanner.rs",
            "src/base/objects/connection.rs",
        ],
    );
    only_in(r"danger_accept|disable_verification|with_root_certs_none", &[]);
}

#[test]
fn only_the_policy_of_an_address_opens_answers_to_other_origins() {
    let files = ["src/web/request_context.rs", "src/web/security_headers.rs"];
    only_in(r"(?i)access.control.allow|\bcors\b", &files);
    only_in(r"(?i)access.control.allow.(credentials|headers)|access.control.expose", &[]);
}

#[test]
fn the_product_serves_no_folder() {
    only_in(r"StaticFilesEndpoint|StaticFileEndpoint|EmbeddedFilesEndpoint|EmbeddedFileEndpoint|ServeDir", &[]);
}

#[test]
fn chance_comes_from_the_system() {
    only_in(r"getrandom::", &["src/base/keys.rs", "ballot-log/src/promise.rs"]);
    only_in(r"\brand::|thread_rng|fastrand|SmallRng|SystemRandom", &[]);
}

#[test]
fn cryptography_comes_from_known_libraries() {
    let manifest = read("Cargo.toml");
    for known in ["ring", "sha2", "hmac", "argon2", "subtle", "getrandom", "totp-rs", "webauthn-rs", "openidconnect"] {
        assert!(manifest.contains(&format!("\n{known} = ")), "{known}");
    }
    only_in(r"\b(md5|Md5|sha1|Sha1|Rc4|Des|Ecb|Pkcs1v15)\b", &[]);
}

#[test]
fn rows_are_not_sent_as_they_are() {
    let sent = Regex::new(r"derive\([^)]*\b(Serialize|Deserialize|Object)\b").unwrap();
    for (file, text) in files("entity/src", ".rs") {
        let row = text.find("DeriveEntityModel").map(|at| &text[text[..at].rfind("#[derive").unwrap()..at]);
        assert!(!row.is_some_and(|row| sent.is_match(row)), "{file}: a row goes through an object of the API");
    }
    only_in(r"Json<[^>]*::Model", &[]);
}

#[test]
fn no_template_puts_a_value_into_a_script() {
    nowhere("templates", ".html", r"<script(?:[^>]*>\s*[^<\s]|[^>]*type=)");
    // Some parts of pages are marked as safe: templates of their own have rendered and escaped them, or the start of the site has
    // checked them (the head and foot of the operator).
    let raw = Regex::new(r"\{\{ ([\w.]+)\|\s*safe\b").unwrap();
    let templates = files("templates", ".html");
    let names: Vec<&str> = templates
        .iter()
        .flat_map(|(_, text)| raw.captures_iter(text))
        .map(|hit| hit.get(1).unwrap().as_str())
        .collect();
    let checked = ["ballot", "link", "offer", "p.frame.operator.foot", "p.frame.operator.head"];
    assert!(names.iter().all(|name| checked.contains(name)), "{names:?}");
    nowhere("templates", ".html", r"\|\s+safe\b|[^{]\{[^{][^}]*\|safe|\)\s*\|safe");
    nowhere("templates", ".html", r#"\son[a-z]+\s*=\s*["']"#);
    nowhere("templates", ".html", r#"\sstyle\s*=\s*["']|<style"#);
}

#[test]
fn scripts_evaluate_nothing() {
    nowhere(
        "templates/assets",
        ".js",
        r"\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|__proto__",
    );
    nowhere("templates/assets", ".js", r#"set(Timeout|Interval)\(\s*["'`]"#);
}

#[test]
fn scripts_keep_no_secret() {
    // Values that the browser keeps: the place that was chosen last, the day of a cast, the campaign of a cast until the next page,
    // and the focus and the tab of a page.
    let script = read("templates/assets/app.js");
    let kept = Regex::new(r"\b(store|session)\.set\((\w+)").unwrap();
    let names: BTreeSet<String> = kept.captures_iter(&script).map(|c| format!("{} {}", &c[1], &c[2])).collect();
    let expected =
        ["session castKey", "session focusKey", "session key", "store key", "store voted"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from(expected));
}

#[test]
fn pages_ask_no_other_host() {
    for ending in [".html", ".css", ".js"] {
        nowhere("templates", ending, r#"(src|action|url\(|import|fetch\(|link[^>]*href)\s*=?\s*["'(]*\s*(https?:)?//"#);
    }
}

#[test]
fn password_fields_hide_and_can_be_filled_by_a_manager() {
    let field = Regex::new(r#"form::field\("[^"]+", "(password|old|new|again)"[^}]*"#).unwrap();
    let mut seen = 0;
    for (file, text) in files("templates", ".html") {
        for found in field.find_iter(&text) {
            let found = found.as_str();
            seen += 1;
            assert!(found.contains("kind = \"password\""), "{file}: {found}");
            assert!(found.contains("-password\""), "{file}: managers are told what it is: {found}");
        }
    }
    assert!(seen >= 4, "{seen}");
    nowhere("templates/assets", ".js", r#""paste""#);
}

#[test]
fn parts_of_others_come_from_the_registry() {
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let mut ours = Vec::new();
    for package in read("Cargo.lock").split("[[package]]").skip(1) {
        let member = |name: &str| Some(package.split_once(&format!("\n{name} = \""))?.1.split_once('"')?.0.to_owned());
        match member("source") {
            Some(source) => {
                assert_eq!(source, registry, "{package}");
                assert_eq!(member("checksum").map_or(0, |sum| sum.len()), 64, "{package}");
            }
            None => ours.push(member("name").unwrap()),
        }
    }
    ours.sort();
    assert_eq!(ours, ["ballot-log", "entity", "migration", "shudu", "testing"]);
}

#[test]
fn every_part_of_others_has_its_reason() {
    let manifest = read("Cargo.toml");
    let mut section = "";
    let mut wrong = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if matches!(section, "[dependencies]" | "[dev-dependencies]") && line.contains(" = ") {
            let is_told = line.contains(" # ") || line.contains("workspace = true") || line.contains("path = ");
            // A second entry of a crate only adds features for the tests.
            let is_again = manifest.matches(&format!("\n{} ", line.split(' ').next().unwrap())).count() > 1;
            if !is_told && !is_again {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "say in a few words what for:\n{}", wrong.join("\n"));
}
