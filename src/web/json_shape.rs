//! The member of a JSON body that does not fit the schema of the API document. The framework says only that a body does not fit;
//! the search here names the member, after a refusal.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::{Number, Value};

use crate::base::error::{Error, Refusal};

/// The refusal of a body that is no value of a type, with the name of the first member that does not fit.
#[must_use]
pub fn refusal<T: Type>(sent: &Value) -> Error {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let schema = T::schema_ref();
    let misfit = misfit(&registry, &schema, sent, "request");
    let unknown = || Some((unknown(&registry, &schema, sent)?, "unknown_member"));
    let (field, code) = misfit.or_else(unknown).unwrap_or(("request", "malformed"));
    Error::field(field, Refusal::new(code))
}

/// The first member of an object that its schema does not have, where the schema lists members.
fn unknown<'a>(registry: &Registry, schema: &MetaSchemaRef, sent: &'a Value) -> Option<&'a str> {
    let schema = match schema {
        MetaSchemaRef::Inline(schema) => schema.as_ref(),
        MetaSchemaRef::Reference(known) => registry.schemas.get(known)?,
    };
    let known = |name: &str| schema.properties.iter().find(|(member, _)| *member == name);
    match sent {
        Value::Object(members) if !schema.properties.is_empty() => members.iter().find_map(|(name, value)| {
            let Some((_, schema)) = known(name) else { return Some(name.as_str()) };
            unknown(registry, schema, value)
        }),
        Value::Array(items) => {
            let schema = schema.items.as_deref()?;
            items.iter().find_map(|item| unknown(registry, schema, item))
        }
        _ => None,
    }
}

/// The first member that does not fit, with the code of the refusal.
fn misfit<'a>(
    registry: &'a Registry,
    schema: &MetaSchemaRef,
    sent: &'a Value,
    name: &'a str,
) -> Option<(&'a str, &'static str)> {
    match schema {
        MetaSchemaRef::Inline(schema) => misfit_of(registry, schema, sent, name),
        MetaSchemaRef::Reference(known) => misfit_of(registry, registry.schemas.get(known)?, sent, name),
    }
}

fn misfit_of<'a>(
    registry: &'a Registry,
    schema: &MetaSchema,
    sent: &'a Value,
    name: &'a str,
) -> Option<(&'a str, &'static str)> {
    if let Some(found) = schema.all_of.iter().find_map(|part| misfit(registry, part, sent, name)) {
        return Some(found);
    }
    let fits = match (schema.ty, sent) {
        ("object", Value::Object(members)) => {
            let missing = |member: &&&'static str| members.get(**member).is_none_or(Value::is_null);
            if let Some(member) = schema.required.iter().find(missing) {
                return Some((*member, "missing"));
            }
            return schema.properties.iter().find_map(|(member, schema)| {
                let value = members.get(*member).filter(|value| !value.is_null())?;
                misfit(registry, schema, value, member)
            });
        }
        ("array", Value::Array(items)) => {
            let schema = schema.items.as_deref()?;
            return items.iter().find_map(|item| misfit(registry, schema, item, name));
        }
        ("string", Value::String(text)) if schema.enum_items.is_empty() => is_of_format(schema.format, text),
        ("string", Value::String(_)) => schema.enum_items.contains(sent),
        ("integer", Value::Number(number)) => is_in_range(schema.format, number),
        ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) | ("", _) => true,
        // A number or a truth value in place of a text has a refusal of its own.
        ("string", Value::Number(_) | Value::Bool(_)) => schema.enum_items.is_empty(),
        _ => false,
    };
    (!fits).then_some((name, "malformed"))
}

/// Whether a text is a value of its format: a date, or an instant with its offset (RFC 3339). Any text fits other formats.
fn is_of_format(format: Option<&str>, text: &str) -> bool {
    match format {
        Some("naive-date") => text.parse::<NaiveDate>().is_ok(),
        Some("date-time") => text.parse::<DateTime<Utc>>().is_ok(),
        _ => true,
    }
}

/// Whether a number is an integer within the range of its format, and at most of 64 bits.
fn is_in_range(format: Option<&str>, number: &Number) -> bool {
    match format {
        Some("int32") => number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
        _ => number.is_i64(),
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::{Enum, Object};
    use serde_json::json;

    use super::*;

    #[derive(Enum)]
    enum Shade {
        Light,
        Dark,
    }

    #[derive(Object)]
    struct Inner {
        count: i32,
    }

    #[derive(Object)]
    struct Outer {
        shade: Shade,
        note: Option<String>,
        on: Option<NaiveDate>,
        at: Option<DateTime<Utc>>,
        list: Vec<Inner>,
    }

    fn found(sent: &Value) -> (String, &'static str) {
        match refusal::<Outer>(sent) {
            Error::Invalid(fields) => (fields[0].field.clone(), fields[0].refusal.code),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_member_that_does_not_fit_is_named() {
        let named = |field: &str, code| (field.to_owned(), code);
        assert_eq!(found(&json!({ "list": [] })), named("shade", "missing"));
        assert_eq!(found(&json!({ "shade": "Light" })), named("list", "missing"));
        assert_eq!(found(&json!({ "shade": "Green", "list": [] })), named("shade", "malformed"));
        assert_eq!(found(&json!({ "shade": "Dark", "list": {} })), named("list", "malformed"));
        assert_eq!(found(&json!({ "shade": "Dark", "list": [{ "count": 1 }, {}] })), named("count", "missing"));
        assert_eq!(found(&json!({ "shade": "Dark", "list": [{ "count": 1.5 }] })), named("count", "malformed"));
        assert_eq!(
            found(&json!({ "shade": "Dark", "list": [{ "count": 2_147_483_648_i64 }] })),
            named("count", "malformed")
        );
        assert_eq!(found(&json!({ "shade": "Dark", "list": [], "on": "2018-02-30" })), named("on", "malformed"));
        assert_eq!(found(&json!({ "shade": "Dark", "list": [], "at": "2018-04-01" })), named("at", "malformed"));
        let rest =
            json!({ "shade": "Dark", "list": [{ "count": 1 }], "on": "2018-04-01", "at": "2018-04-01T08:00:00Z" });
        assert_eq!(found(&rest), named("request", "malformed"));
        assert_eq!(found(&json!({ "shade": "Dark", "list": [], "liste": [] })), named("liste", "unknown_member"));
        assert_eq!(found(&json!([])), named("request", "malformed"));
        assert_eq!(found(&json!({ "shade": "Dark", "list": [] })), named("request", "malformed"));
    }
}
