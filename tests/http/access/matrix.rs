//! The access matrix: the answer to every address and every operation, for every kind of person, on own and other objects.
//!
//! The table is a snapshot with one row for an operation and object, and one column for a person. A new address adds a row that
//! somebody has to review. Further rules hold whatever the snapshot says: a refused request writes nothing, an object of others
//! looks like an absent object, administrators see no business content, and the auditor changes nothing.

use std::collections::HashMap;
use std::fmt::Write;

use poem::http::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use shudu::web::policy::Entry;

use super::world::{COLUMNS, World};
use testing::{Answer, Person};

/// One operation: a method on an address.
struct Operation {
    method: Method,
    /// Pattern of the address, with `:name` for its variable parts.
    pattern: String,
    /// Schema of the body, for an operation of the API.
    body: Option<Value>,
    is_api: bool,
}

/// Object of a request: its name in the table, and the values of the address.
type Object = (&'static str, Vec<(&'static str, String)>);

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(&shudu::router::api().spec()).unwrap();
    let mut operations = calls(&document);
    operations.extend(pages());
    operations.sort_by_key(|o| (o.is_api, o.pattern.clone(), o.method.to_string()));
    let mut table = String::new();
    writeln!(table, "{:<92} {:<8}{}", "", "object", COLUMNS.map(|c| format!("{c:>12}")).concat()).unwrap();
    let mut cells = 0;
    let mut wrong: Vec<String> = Vec::new();
    for operation in &operations {
        let mut refused: HashMap<(usize, &str), String> = HashMap::new();
        for (object, values) in objects(&world, &operation.pattern) {
            let path = values.iter().fold(operation.pattern.clone(), |path, (name, value)| path.replace(name, value));
            let name = format!("{:<6} {}", operation.method, operation.pattern);
            write!(table, "{name:<92} {object:<8}").unwrap();
            for (column, person) in world.people.iter().enumerate() {
                let before = state(&world).await;
                let answer = ask(&world, person, operation, &path, &document).await;
                cells += 1;
                // 429 says nothing about permission, so it counts as 422.
                let status = match answer.status.as_u16() {
                    429 => 422,
                    status => status,
                };
                let signs_in = status == 303 && answer.location().starts_with("/sign-in?next=");
                let shown = if signs_in { "sign-in".to_owned() } else { status.to_string() };
                write!(table, "{shown:>12}").unwrap();
                let who = format!("{} {name} {object}", COLUMNS[column]);
                wrong.extend((status >= 500).then(|| format!("{who}: {status}")));
                // A refused sign-in, a refused proof and the download of a file are on record as well.
                let reads = operation.method == Method::GET;
                let is_told = if reads { status < 300 && has_file(operation) } else { is_proof(operation) };
                let refuses = !is_told && (reads || status >= 400 || signs_in);
                if refuses && state(&world).await != before {
                    wrong.push(format!("{who}: {shown}, and yet something was written"));
                }
                if status == 404 && values.iter().any(|(name, _)| [":issue", ":slug", ":login"].contains(name)) {
                    refused.insert((column, object), plain(&answer, &path, &operation.pattern, &values));
                }
                wrong.extend(check(column, operation, status).map(|rule| format!("{who}: {status}, but {rule}")));
            }
            table.push('\n');
        }
        for ((column, object), body) in &refused {
            if let Some(absent) = refused.get(&(*column, "absent"))
                && body != absent
            {
                let at = body.bytes().zip(absent.bytes()).take_while(|(one, other)| one == other).count();
                let around = |text: &str| text.chars().skip(at.saturating_sub(60)).take(120).collect::<String>();
                wrong.push(format!(
                    "{} {object} {}: another's is told from what is absent:\n{}\n{}",
                    COLUMNS[*column],
                    operation.pattern,
                    around(body),
                    around(absent)
                ));
            }
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "." }, {
        insta::assert_snapshot!("expected", table);
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cells > 2000, "{cells} cells");
}

fn is_proof(operation: &Operation) -> bool {
    PROOFS.contains(&operation.pattern.as_str())
}

fn has_file(operation: &Operation) -> bool {
    operation.pattern.ends_with("/evidence/:sha256")
}

/// Addresses at which somebody proves who they are.
const PROOFS: [&str; 7] = [
    "/sign-in",
    "/desk/confirmation",
    "/desk/password",
    "/invitations/:token",
    "/api/v1/sessions",
    "/api/v1/account/password",
    "/api/v1/invitations/acceptance",
];

/// The rule that an answer breaks, among the rules that hold whatever the table says.
fn check(column: usize, operation: &Operation, status: u16) -> Option<&'static str> {
    let pattern = operation.pattern.trim_start_matches("/api/v1");
    let begins = |with: &[&str]| with.iter().any(|p| pattern.starts_with(p));
    let writes = operation.method != Method::GET;
    let is_business = begins(&["/desk/campaigns", "/desk/assignments", "/desk/rulings"])
        || (operation.is_api && writes && begins(&["/assignments"]));
    let is_staff = is_business || begins(&["/desk/accounts", "/accounts", "/desk/calendar"]);
    let person = COLUMNS[column];
    if is_business && ["sysadmin", "security", "no role"].contains(&person) && status != 404 {
        return Some("business does not exist for those without business");
    }
    if is_staff && ["nobody", "suspended"].contains(&person) && status != 401 && status != 303 {
        return Some("staff signs in first");
    }
    if is_staff && writes && person == "auditor" && status < 403 {
        return Some("an auditor writes nothing");
    }
    None
}

/// All operations of the API document.
fn calls(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                pattern: format!("/api/v1{}", path.replace('{', ":").replace('}', "")),
                body: content
                    .get("application/json; charset=utf-8")
                    .or(content.get("application/json"))
                    .map(|c| c["schema"].clone()),
                is_api: true,
            });
        }
    }
    found
}

/// All addresses outside the API, with the methods that they accept.
fn pages() -> Vec<Operation> {
    let page = |(method, pattern, _): &Entry| Operation {
        method: method.clone(),
        pattern: pattern.clone(),
        body: None,
        is_api: false,
    };
    shudu::router::pages().entries().iter().map(page).collect()
}

/// Objects for which an address is requested.
fn objects(world: &World, pattern: &str) -> Vec<Object> {
    let words: Vec<&str> = pattern.split('/').collect();
    let has = |name: &str| words.contains(&name);
    let noun = words.iter().rfind(|w| !w.starts_with(':')).copied().unwrap_or_default();
    let row = World::row_for(if has(":sha256") { "verification" } else { noun });
    let at = |issue: &str, province: &str, hash: &str| {
        vec![
            (":sha256", hash.to_owned()),
            (":issue", issue.to_owned()),
            (":province", province.to_owned()),
            (":code", issue.to_owned()),
        ]
    };
    if has(":province") {
        return vec![
            ("own", at(row, "320000", &world.sha256)),
            ("other", at(row, "610000", &world.sha256)),
            ("closed", at("T2-2", "320000", &world.sha256)),
            ("absent", at("T9-9", "320000", &world.sha256)),
        ];
    }
    if has(":slug") {
        let of = |slug: &str| vec![(":slug", slug.to_owned()), (":number", "1".to_owned())];
        return vec![("done", of("t1")), ("draft", of("d1")), ("absent", of("t9"))];
    }
    if has(":login") {
        let of = |login: &str| vec![(":login", login.to_owned()), (":number", "1".to_owned())];
        return vec![("known", of("somebody")), ("absent", of("nobody-at-all"))];
    }
    // There are two loans to end: one by the page and one by the call.
    let loan = if has("delegations") && has("end") { "2" } else { "3" };
    let number = if has("delegations") { loan } else { "1" };
    let place = if has("provinces") { "320000" } else { "T1-1" };
    let of = |code: &str, other: &str| {
        vec![
            (":code", code.to_owned()),
            (":number", other.to_owned()),
            (":hash", other.to_owned()),
            (":year", "2018".to_owned()),
            (":file", other.to_owned()),
            ("*path", other.to_owned()),
        ]
    };
    if pattern.contains(':') && !has(":year") {
        return vec![("known", of(place, number)), ("absent", of("999999", "999"))];
    }
    vec![("", of(place, "1"))]
}

async fn ask(world: &World, person: &Person, operation: &Operation, path: &str, document: &Value) -> Answer {
    // A request that ends a session uses a session of its own.
    let ends = ["/sign-out", "/sessions/current"].iter().any(|end| path.ends_with(end));
    let person = match &person.token {
        Some(_) if ends && person.login != "suspended" => world.app.sign_in_again(person).await,
        _ => person.clone(),
    };
    let method = operation.method.clone();
    match &operation.body {
        Some(schema) => person.send_json(method, path, &made(schema, document)).await,
        None if path.ends_with("/evidence") => {
            person.send(method, path, Some("application/octet-stream"), b"no file that is taken".to_vec()).await
        }
        None if operation.is_api || method == Method::GET => person.send(method, path, None, Vec::new()).await,
        None => person.send(method, path, Some("application/x-www-form-urlencoded"), Vec::new()).await,
    }
}

/// A body that is well-formed and empty: a permitted person is told which values are missing.
fn made(schema: &Value, document: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return made(&document["components"]["schemas"][name.rsplit('/').next().unwrap()], document);
    }
    if let Some(all) = schema["allOf"].as_array() {
        let parts = all.iter().map(|part| made(part, document));
        return parts.into_iter().next().unwrap();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("string") if schema["format"].as_str().is_some_and(|f| f.ends_with("date")) => json!("2018-04-01"),
        Some("string") => json!(""),
        Some("integer" | "number") => json!(0),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().map(|name| {
                let name = name.as_str().unwrap();
                (name.to_owned(), made(&schema["properties"][name], document))
            });
            Value::Object(fields.collect())
        }
    }
}

/// The text of an answer, without the values of the address.
fn plain(answer: &Answer, path: &str, pattern: &str, values: &[(&str, String)]) -> String {
    let said = values.iter().filter(|(_, value)| value.len() > 3);
    let text =
        said.fold(answer.text().replace(path, pattern), |text, (name, value)| text.replace(value.as_str(), name));
    // Every answer has its own request number, which is removed.
    match text.split_once("\"request\":\"") {
        Some((head, tail)) => format!("{head}{}", tail.split_once('"').unwrap().1),
        None => text,
    }
}

/// Number of rows in each table to which people write.
async fn state(world: &World) -> Vec<i64> {
    const COUNTED: [&str; 21] = [
        "access_change",
        "account",
        "role_grant",
        "role_proposal",
        "delegation",
        "audit_entry",
        "campaign",
        "campaign_event",
        "campaign_option",
        "tally",
        "selection",
        "issue",
        "invalidation",
        "dispatch",
        "assignment",
        "assignment_event",
        "plan",
        "report",
        "evidence",
        "verification",
        "exemption_request",
    ];
    let counts = COUNTED.map(|table| format!("(SELECT count(*) FROM {table})"));
    let sums =
        "(SELECT CAST(sum(moves) AS bigint) FROM assignment), (SELECT CAST(sum(revision) AS bigint) FROM campaign)";
    let db = world.app.app.stores.main.db();
    let sql = format!("SELECT {}, {sums}", counts.join(", "));
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    (0..COUNTED.len() + 2).map(|n| row.try_get_by_index::<i64>(n).unwrap()).collect()
}
