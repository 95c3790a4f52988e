//! JSON bodies: a text field accepts only a text, in every call of the API document.

use poem::http::Method;
use serde_json::{Map, Value, json};

use super::routes;
use testing::Desk;

/// A body whose types agree with the API document.
fn example(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return example(document, &document["components"]["schemas"][name.rsplit('/').next().unwrap()]);
    }
    for many in ["allOf", "anyOf", "oneOf"] {
        if let Some(parts) = schema[many].as_array() {
            let mut all = Map::new();
            for part in parts {
                match example(document, part) {
                    Value::Object(members) => all.extend(members),
                    other => return other,
                }
            }
            return Value::Object(all);
        }
    }
    if let Some(first) = schema["enum"].as_array() {
        return first[0].clone();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("object"), _) => {
            let members = schema["properties"].as_object().unwrap();
            Value::Object(members.iter().map(|(name, schema)| (name.clone(), example(document, schema))).collect())
        }
        (Some("array"), _) => json!([example(document, &schema["items"])]),
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("string"), Some("naive-date")) => json!("2018-04-09"),
        (Some("string"), Some("date-time")) => json!("2018-04-09T00:00:00Z"),
        (Some("string"), None | Some("password")) => json!("x"),
        (None, _) => json!({}),
        other => panic!("{other:?}: {schema}"),
    }
}

/// JSON pointers to the plain texts of a body, each with the name of its member.
fn texts(body: &Value, pointer: &str, name: &str) -> Vec<(String, String)> {
    match body {
        Value::String(text) if text == "x" => vec![(pointer.to_owned(), name.to_owned())],
        Value::Array(items) => texts(&items[0], &format!("{pointer}/0"), name),
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| texts(value, &format!("{pointer}/{name}"), name)).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_field_of_text_takes_no_number_and_no_truth_value() {
    let desk = Desk::new().await;
    let document: Value = serde_json::from_str(&shudu::router::api().spec()).unwrap();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json; charset=utf-8"]["schema"];
            if schema.is_null() {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let address = format!("/api/v1{}", routes::filled(&path.replace('{', ":").replace('}', "")));
            let body = example(&document, schema);
            for (pointer, name) in texts(&body, "", "request") {
                for other in [json!(false), json!(7)] {
                    let mut body = body.clone();
                    *body.pointer_mut(&pointer).unwrap() = other;
                    let answer = desk.organiser.send_json(method.clone(), &address, &body).await;
                    let problem = answer.expect(422).json();
                    let what = format!("{method} {address} {pointer}: {problem}");
                    assert_eq!(problem["errors"][0]["field"], json!(name), "{what}");
                    assert_eq!(problem["errors"][0]["code"], "not_text", "{what}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}
