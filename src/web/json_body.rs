//! JSON bodies of API calls, with strict texts.
//!
//! The framework reads `true` and `7` into a text member. The API document says string, so [`JsonBody`] refuses such values.

use poem::{FromRequest, Request, RequestBody};
use poem_openapi::error::{ContentTypeError, ParseRequestPayloadError};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaRequest, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::json_shape;
use crate::base::error::{Error, Refusal};

/// A request body in JSON with strict texts.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T> std::ops::Deref for JsonBody<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'a, T: ParseFromJSON + ToJSON> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = <Json<T> as ApiExtractor<'a>>::TYPES;

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Json<T> as ApiExtractor<'a>>::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        <Json<T> as ApiExtractor<'a>>::request_meta()
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let media = request.content_type().ok_or(ContentTypeError::ExpectContentType)?;
        if !Json::<T>::check_content_type(media) {
            return Err(ContentTypeError::NotSupported { content_type: media.to_owned() }.into());
        }
        let bytes = <Vec<u8> as FromRequest>::from_request(request, body).await?;
        let malformed = |reason| poem::Error::from(ParseRequestPayloadError { reason });
        let sent = match bytes.as_slice() {
            [] => Value::Null,
            bytes => serde_json::from_slice::<UniqueKeys>(bytes).map_err(|error| malformed(error.to_string()))?.0,
        };
        if let Some(field) = field_with_nul(&sent, "request") {
            return Err(Error::field(field, Refusal::new("form.control_characters")).into());
        }
        // The text of the framework may contain sent values, so the refusal is made anew.
        let read = T::parse_from_json(Some(sent.clone())).map_err(|_| json_shape::refusal::<T>(&sent))?;
        match read.to_json().and_then(|read| field_that_is_no_text(&sent, &read, "request")) {
            Some(field) => Err(Error::field(field, Refusal::new("not_text")).into()),
            None => Ok(Self(read)),
        }
    }
}

/// A JSON value in which no object names a member twice: of two values one would be dropped in silence.
struct UniqueKeys(Value);

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor).map(Self)
    }
}

struct UniqueKeysVisitor;

impl<'de> Visitor<'de> for UniqueKeysVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(UniqueKeys(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, UniqueKeys(value))) = members.next_entry::<String, UniqueKeys>()? {
            if object.insert(key, value).is_some() {
                return Err(de::Error::custom("a member is named twice"));
            }
        }
        Ok(object.into())
    }
}

/// Name of the first member whose text contains NUL, which one of the two databases cannot store.
fn field_with_nul(sent: &Value, name: &str) -> Option<String> {
    match sent {
        Value::String(text) if text.contains('\0') => Some(name.to_owned()),
        Value::Array(items) => items.iter().find_map(|item| field_with_nul(item, name)),
        Value::Object(members) => members.iter().find_map(|(key, value)| field_with_nul(value, key)),
        _ => None,
    }
}

/// Name of the first member that was sent as a number or a boolean and read as a text.
fn field_that_is_no_text(sent: &Value, read: &Value, name: &str) -> Option<String> {
    match (sent, read) {
        (Value::Bool(_) | Value::Number(_), Value::String(_)) => Some(name.to_owned()),
        (Value::Array(sent), Value::Array(read)) => {
            sent.iter().zip(read).find_map(|(sent, read)| field_that_is_no_text(sent, read, name))
        }
        (Value::Object(sent), Value::Object(read)) => {
            sent.iter().find_map(|(key, sent)| field_that_is_no_text(sent, read.get(key)?, key))
        }
        _ => None,
    }
}
