//! The API document (OpenAPI) as a page for readers: the calls that everybody may make first, the calls of staff after them, then
//! the objects that calls take and answer. The document is read once per process.

use serde_json::Value;

/// The API document in the order of the page.
#[derive(Debug, Default)]
pub struct ApiGuide {
    /// Calls for everybody, by subject.
    pub public: Vec<ApiSubject>,
    /// Calls of staff, by subject.
    pub staff: Vec<ApiSubject>,
    /// Objects that calls take and answer, by name.
    pub objects: Vec<ApiObject>,
    /// Sentence that says how a call of staff proves its session.
    pub security: String,
}

/// Calls about one subject.
#[derive(Debug)]
pub struct ApiSubject {
    /// Anchor of the subject on the page.
    pub id: String,
    /// Name of the subject.
    pub name: String,
    /// Sentence about the subject.
    pub text: String,
    /// Calls about the subject.
    pub calls: Vec<ApiCall>,
}

/// One call.
#[derive(Debug)]
pub struct ApiCall {
    /// HTTP method.
    pub method: String,
    /// Path below the root of the API.
    pub path: String,
    /// The act of the call in a few words.
    pub summary: String,
    /// Paragraphs about the call.
    pub text: Vec<String>,
    /// Values in the path and in the query.
    pub parameters: Vec<ApiMember>,
    /// Kind of the body; empty where the call takes none.
    pub body: ApiKind,
    /// Answers by status.
    pub answers: Vec<ApiAnswer>,
}

/// An answer of a call.
#[derive(Debug)]
pub struct ApiAnswer {
    /// HTTP status.
    pub status: String,
    /// The answer in a few words.
    pub text: String,
    /// Kind of the answer's body; empty where there is none.
    pub kind: ApiKind,
}

/// An object with its members, or a set of words.
#[derive(Debug)]
pub struct ApiObject {
    /// Name of the object, the anchor on the page.
    pub name: String,
    /// Sentences about the object.
    pub text: String,
    /// Members of the object.
    pub members: Vec<ApiMember>,
    /// Words of the set; empty for an object.
    pub words: String,
}

/// A named value.
#[derive(Debug)]
pub struct ApiMember {
    /// Name of the value.
    pub name: String,
    /// Kind of the value.
    pub kind: ApiKind,
    /// Whether the value may be absent.
    pub is_optional: bool,
    /// Sentences about the value.
    pub text: String,
}

/// Kind of a value: words before the name of an object, and that name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ApiKind {
    /// Words such as `string` or `list of`.
    pub words: String,
    /// Name of the object; empty for a plain value.
    pub object: String,
}

impl ApiKind {
    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.object.is_empty()
    }

    fn of(schema: &Value) -> Self {
        if let Some(reference) = schema["$ref"].as_str() {
            let object = reference.rsplit('/').next().unwrap_or_default().to_owned();
            return Self { words: String::new(), object };
        }
        // A reference with a description of its own.
        if let Some(part) = schema["allOf"].get(0) {
            return Self::of(part);
        }
        if let Some(items) = schema.get("items") {
            let Self { words, object } = Self::of(items);
            let list = if words.is_empty() { "list of".to_owned() } else { format!("list of {words}") };
            return Self { words: list, object };
        }
        let words = match (schema["enum"].as_array(), schema["format"].as_str(), schema["type"].as_str()) {
            (Some(words), ..) => listed(words),
            (_, Some("naive-date"), _) => "date".to_owned(),
            (_, Some("date-time"), _) => "instant".to_owned(),
            (_, Some("binary"), _) => "file".to_owned(),
            (_, _, Some(kind)) => kind.to_owned(),
            _ => String::new(),
        };
        Self { words, object: String::new() }
    }
}

impl ApiGuide {
    /// Reads a document. `is_staff` tells whether a call belongs to the part of staff, by method and path.
    #[must_use]
    pub fn of(document: &Value, is_staff: impl Fn(&str, &str) -> bool) -> Self {
        let security = text(&document["components"]["securitySchemes"]["session"], "description");
        let mut guide = Self { security, ..Self::default() };
        for (path, methods) in members(&document["paths"]) {
            for (method, operation) in members(methods) {
                let (method, call) = (method.to_uppercase(), path.replace('{', ":").replace('}', ""));
                let part = if is_staff(&method, &call) { "staff" } else { "public" };
                let subjects = if part == "staff" { &mut guide.staff } else { &mut guide.public };
                let name = operation["tags"][0].as_str().unwrap_or_default();
                let at = subjects.iter().position(|subject| subject.name == name).unwrap_or_else(|| {
                    subjects.push(ApiSubject::of(document, part, name));
                    subjects.len() - 1
                });
                subjects[at].calls.push(ApiCall::of(method, call, operation));
            }
        }
        let schemas = members(&document["components"]["schemas"]);
        guide.objects = schemas.map(|(name, schema)| ApiObject::of(name, schema)).collect();
        guide
    }
}

impl ApiSubject {
    fn of(document: &Value, part: &str, name: &str) -> Self {
        let tags = document["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
        let text = tags.iter().find(|tag| tag["name"] == *name).map(|tag| text(tag, "description"));
        let id = format!("{part}-{}", name.to_lowercase());
        Self { id, name: name.to_owned(), text: text.unwrap_or_default(), calls: Vec::new() }
    }
}

impl ApiCall {
    fn of(method: String, path: String, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let parameter = |value: &Value| ApiMember {
            name: text(value, "name"),
            kind: ApiKind::of(&value["schema"]),
            is_optional: value["required"] != true,
            text: text(value, "description"),
        };
        let answer = |(status, answer): (&String, &Value)| ApiAnswer {
            status: status.clone(),
            text: text(answer, "description"),
            kind: content(answer),
        };
        // Every call may answer with a problem, which the page says once.
        let answers = members(&operation["responses"]).filter(|(status, _)| *status != "default").map(answer).collect();
        Self {
            method,
            path,
            summary: text(operation, "summary"),
            text: text(operation, "description").split("\n\n").filter(|t| !t.is_empty()).map(str::to_owned).collect(),
            parameters: parameters.iter().map(parameter).collect(),
            body: content(&operation["requestBody"]),
            answers,
        }
    }
}

impl ApiObject {
    fn of(name: &str, schema: &Value) -> Self {
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        let member = |(name, schema): (&String, &Value)| ApiMember {
            name: name.clone(),
            kind: ApiKind::of(schema),
            is_optional: !required.iter().any(|r| r == name),
            text: text(schema, "description"),
        };
        Self {
            name: name.to_owned(),
            text: text(schema, "description"),
            members: members(&schema["properties"]).map(member).collect(),
            words: schema["enum"].as_array().map(|words| listed(words)).unwrap_or_default(),
        }
    }
}

/// Kind of a body, whatever its media type.
fn content(holder: &Value) -> ApiKind {
    members(&holder["content"]).next().map(|(_, media)| ApiKind::of(&media["schema"])).unwrap_or_default()
}

fn listed(words: &[Value]) -> String {
    words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" · ")
}

fn text(holder: &Value, member: &str) -> String {
    holder[member].as_str().unwrap_or_default().to_owned()
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_for_everybody_and_calls_of_staff_are_parts_of_their_own() {
        let document = json!({
            "tags": [{ "name": "Tally", "description": "Counts." }],
            "paths": { "/campaigns/{slug}/tally": {
                "get": { "tags": ["Tally"], "summary": "The count", "responses": {
                    "200": { "description": "", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Sum" } } } } },
                    "default": { "description": "Problem" } } },
                "post": { "tags": ["Tally"], "responses": {} } } },
            "components": { "schemas": { "Sum": { "required": ["n"], "properties": {
                "n": { "type": "integer" }, "at": { "type": "string", "format": "date-time" } } } } },
        });
        let guide = ApiGuide::of(&document, |method, _| method == "POST");
        assert_eq!((guide.public.len(), guide.staff.len()), (1, 1));
        let call = &guide.public[0].calls[0];
        assert_eq!((call.method.as_str(), call.path.as_str()), ("GET", "/campaigns/:slug/tally"));
        assert_eq!((call.answers.len(), guide.public[0].text.as_str()), (1, "Counts."));
        assert_eq!(call.answers[0].kind, ApiKind { words: "list of".to_owned(), object: "Sum".to_owned() });
        let sum = &guide.objects[0];
        assert_eq!((sum.members[0].name.as_str(), sum.members[0].is_optional), ("at", true));
        assert_eq!((sum.members[1].name.as_str(), sum.members[1].is_optional), ("n", false));
        assert_eq!(sum.members[0].kind.words, "instant");
    }
}
