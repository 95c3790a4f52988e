//! Completes the API document (OpenAPI) that the framework generates.
//!
//! The generated document says which members may be absent. In answers such members may also be `null`, which the document does
//! not say. A client generated from the document would then refuse valid answers.

use serde_json::{Map, Value, json};

/// The generated document, completed for publication.
#[must_use]
pub fn finished(generated: String) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(&generated) else {
        return generated;
    };
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.values_mut().for_each(let_absent_be_null);
    }
    format!("{document:#}")
}

fn let_absent_be_null(schema: &mut Value) {
    // An object that includes the members of another object is a list of parts.
    if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.iter_mut().for_each(let_absent_be_null);
    }
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let optional = members.iter_mut().filter(|(name, _)| !required.iter().any(|r| r == *name));
    optional.filter_map(|(_, member)| member.as_object_mut()).for_each(may_be_null);
}

fn may_be_null(member: &mut Map<String, Value>) {
    // OpenAPI ignores members beside a reference, so the reference moves into `allOf`.
    if let Some(reference) = member.remove("$ref") {
        member.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
    member.insert("nullable".to_owned(), Value::Bool(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_absent_may_be_null_and_nothing_else() {
        let generated = json!({ "components": { "schemas": { "A": {
            "type": "object", "required": ["a"],
            "properties": { "a": { "type": "string" }, "b": { "type": "string" }, "c": { "$ref": "#/components/schemas/A" } },
        } } } });
        let finished: Value = serde_json::from_str(&finished(generated.to_string())).unwrap();
        let members = &finished["components"]["schemas"]["A"]["properties"];
        assert_eq!(members["a"], json!({ "type": "string" }));
        assert_eq!(members["b"], json!({ "type": "string", "nullable": true }));
        assert_eq!(members["c"], json!({ "allOf": [{ "$ref": "#/components/schemas/A" }], "nullable": true }));
    }
}
