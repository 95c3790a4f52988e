//! The authorization response: the query with which a browser comes back.

/// Authorization response, read from the query of the address.
#[derive(Debug, Default)]
pub struct Answer {
    pub(super) code: String,
    pub(super) state: String,
    pub(super) issuer: Option<String>,
    pub(super) error: Option<String>,
}

impl Answer {
    /// Reads the query. None where a parameter occurs twice or is too long: no provider sends such a query.
    #[must_use]
    pub fn parse(query: &str) -> Option<Self> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query.trim_start_matches('?')).ok()?;
        let mut answer = Self::default();
        let (mut code, mut state) = (None, None);
        for (name, value) in pairs {
            let place = match name.as_str() {
                "code" => &mut code,
                "state" => &mut state,
                "iss" => &mut answer.issuer,
                "error" => &mut answer.error,
                _ => continue,
            };
            if value.len() > 4096 || place.replace(value).is_some() {
                return None;
            }
        }
        answer.code = code.unwrap_or_default();
        answer.state = state.unwrap_or_default();
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_which_something_stands_twice_is_none() {
        let answer = Answer::parse("code=a%20b&state=s&session_state=x&iss=https%3A%2F%2Fid.example").unwrap();
        assert_eq!((answer.code.as_str(), answer.state.as_str()), ("a b", "s"));
        assert_eq!(answer.issuer.as_deref(), Some("https://id.example"));
        assert!(Answer::parse("code=a&code=b&state=s").is_none());
        assert!(Answer::parse("code=a&state=s&state=s").is_none());
        assert!(Answer::parse(&format!("code={}", "a".repeat(5000))).is_none());
    }
}
