//! Every address of the product: calls from the API document, pages from the source, as nothing else lists them.

use std::collections::BTreeMap;
use std::path::Path;

use poem::http::Method;
use serde_json::Value;

/// An address and how it may be asked.
#[derive(Clone, Debug)]
pub struct Address {
    /// With example values in it.
    pub path: String,
    /// Methods that the document or the source names.
    pub methods: Vec<Method>,
}

/// Every call and every page.
pub fn all() -> Vec<Address> {
    let found: Vec<Address> = calls().into_iter().chain(pages()).collect();
    assert!(found.len() > 90, "{}", found.len());
    found
}

fn calls() -> Vec<Address> {
    let document: Value = serde_json::from_str(&shudu::server::api().spec()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let call = |(path, operations): (&String, &Value)| Address {
        path: format!("/api/v1{}", filled(&path.replace('{', ":").replace('}', ""))),
        methods: operations.as_object().unwrap().keys().map(|m| m.to_uppercase().parse().unwrap()).collect(),
    };
    paths.iter().map(call).collect()
}

fn pages() -> Vec<Address> {
    let at =
        regex::Regex::new(r#"(?s)\.at\(\s*(?:"(/[^"]*)"|&?format!\("([^"]*)"\))\s*,(.*?)(?:\.at\(|\.nest\(|;|\n\}|$)"#)
            .unwrap();
    let method = regex::Regex::new(r"\b(get|post|put|delete|patch)\(").unwrap();
    let mut found: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("src/witness") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let mut rest = text.split("#[cfg(test)]").next().unwrap();
                while let Some(one) = at.captures(rest) {
                    let handlers = one.get(3).unwrap();
                    let methods = method.captures_iter(handlers.as_str()).map(|m| m[1].to_uppercase().parse().unwrap());
                    let pattern = one.get(1).map_or("", |m| m.as_str());
                    if !pattern.is_empty() && pattern != "/metrics" {
                        found.entry(filled(pattern)).or_default().extend(methods);
                    }
                    rest = &rest[handlers.start()..];
                }
            }
        }
    }
    found.into_iter().map(|(path, methods)| Address { path, methods }).collect()
}

/// A pattern with values that fit: a campaign `t1`, dispatched, its first issue in Jiangsu.
pub fn filled(pattern: &str) -> String {
    let value = |part: &str| match part {
        ":slug" | ":campaign" => "t1".to_owned(),
        ":issue" | ":code" if !pattern.starts_with("/provinces") => "T1-1".to_owned(),
        ":province" | ":code" => "320000".to_owned(),
        ":login" => "organiser".to_owned(),
        ":year" => "2018".to_owned(),
        "*path" => "t1/checkpoint".to_owned(),
        part if part.starts_with([':', '*']) => "1".to_owned(),
        part => part.to_owned(),
    };
    pattern.split('/').map(value).collect::<Vec<_>>().join("/")
}
