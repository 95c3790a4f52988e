//! Completes the API document (OpenAPI) that the framework generates.
//!
//! The generated document says which members may be absent. In answers such members may also be `null`, which the document does
//! not say. A client generated from the document would then refuse valid answers. Nor does the document say which calls need a
//! session.

use serde_json::{Map, Value, json};

/// Description of the security scheme.
const SESSION: &str = "A bearer token from `POST /sessions`, in the header `Authorization: Bearer …`. A sign-in with a second \
    factor takes one more call. Sensitive acts also need a proof of presence that is at most ten minutes old: `POST \
    /sessions/current/confirmation`.";

/// The generated document, completed for publication. `needs_session` tells whether a call needs a session, by method and path.
#[must_use]
pub fn finished(generated: String, needs_session: impl Fn(&str, &str) -> bool) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(&generated) else {
        return generated;
    };
    document["components"]["securitySchemes"] =
        json!({ "session": { "type": "http", "scheme": "bearer", "description": SESSION } });
    for (path, methods) in document["paths"].as_object_mut().into_iter().flatten() {
        let path = path.replace('{', ":").replace('}', "");
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            if needs_session(&method.to_uppercase(), &path) {
                operation["security"] = json!([{ "session": [] }]);
            }
        }
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.values_mut().for_each(let_absent_be_null);
    }
    format!("{document:#}")
}

fn let_absent_be_null(schema: &mut Value) {
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
        let finished: Value = serde_json::from_str(&finished(generated.to_string(), |_, _| false)).unwrap();
        let members = &finished["components"]["schemas"]["A"]["properties"];
        assert_eq!(members["a"], json!({ "type": "string" }));
        assert_eq!(members["b"], json!({ "type": "string", "nullable": true }));
        assert_eq!(members["c"], json!({ "allOf": [{ "$ref": "#/components/schemas/A" }], "nullable": true }));
    }

    #[test]
    fn calls_that_need_a_session_say_so() {
        let generated = json!({ "paths": { "/desk/{name}": { "get": {}, "post": {} } }, "components": {} });
        let finished = finished(generated.to_string(), |method, path| (method, path) == ("POST", "/desk/:name"));
        let finished: Value = serde_json::from_str(&finished).unwrap();
        assert_eq!(finished["components"]["securitySchemes"]["session"]["scheme"], "bearer");
        let path = &finished["paths"]["/desk/{name}"];
        assert_eq!((&path["get"], &path["post"]["security"]), (&json!({}), &json!([{ "session": [] }])));
    }
}
