//! Every address of the product with example values in it.

use std::collections::BTreeMap;

use poem::http::Method;

/// An address and how it may be asked.
#[derive(Clone, Debug)]
pub struct Address {
    /// With example values in it.
    pub path: String,
    /// Methods that the address takes.
    pub methods: Vec<Method>,
}

/// Every call and every page.
pub fn all() -> Vec<Address> {
    let mut found: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for (method, pattern, _) in shudu::router::entries() {
        found.entry(filled(&pattern)).or_default().push(method);
    }
    assert!(found.len() > 140, "{}", found.len());
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
