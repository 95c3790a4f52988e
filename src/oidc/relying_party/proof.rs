//! Exchange of a code for a person, with all checks of the ID token.

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, IdTokenClaims, Nonce, OAuth2TokenResponse,
    PkceCodeVerifier, RequestTokenError, SignatureVerificationError, StandardErrorResponse, TokenResponse,
    UserInfoError,
};

use super::published::{Client, Metadata, Tokens, unpublished};
use super::{Failure, RelyingParty};
use crate::oidc::auth_request::{Nonces, REQUEST_LIFETIME};
use crate::oidc::http::Silent;
use crate::oidc::settings::Provider;
use crate::oidc::verified_claims::{Claims, VerifiedClaims};

/// Largest difference between our clock and the provider's.
const LEEWAY: TimeDelta = TimeDelta::minutes(1);

/// Signature algorithms that are accepted: only those with which nobody but the provider can sign.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl RelyingParty {
    /// Redeems a code for a person at the token endpoint.
    pub(super) fn redeem(
        &self,
        metadata: Metadata,
        secrets: Nonces,
        code: String,
        wanted: &[String],
        system: DateTime<Utc>,
    ) -> std::result::Result<VerifiedClaims, Failure> {
        if code.is_empty() {
            return Err(Failure::Wrong("no code".to_owned()));
        }
        let client = self.client(metadata.clone())?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|e| Failure::Wrong(e.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()))
            .request(&self.http)
            .map_err(|error| unredeemed(&error))?;
        match self.read(&client, &tokens, &secrets, wanted, system) {
            Err(Failure::UnknownKey(_)) => {
                let keys = CoreJsonWebKeySet::fetch(metadata.jwks_uri(), &self.http).map_err(|e| unpublished(&e))?;
                let metadata = metadata.set_jwks(keys);
                self.learn(&metadata);
                self.read(&self.client(metadata)?, &tokens, &secrets, wanted, system)
            }
            read => read,
        }
    }

    fn read(
        &self,
        client: &Client,
        tokens: &Tokens,
        secrets: &Nonces,
        wanted: &[String],
        system: DateTime<Utc>,
    ) -> std::result::Result<VerifiedClaims, Failure> {
        let wrong = |why: &str| Failure::Wrong(why.to_owned());
        let token = tokens.id_token().ok_or_else(|| wrong("no token"))?;
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || system - LEEWAY);
        let claims = token.claims(&verifier, &Nonce::new(secrets.nonce.clone())).map_err(|error| match &error {
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                Failure::UnknownKey(told(&error))
            }
            error => Failure::Wrong(told(error)),
        })?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.provider.client_id) {
            return Err(wrong("the token was made for another party"));
        }
        if let Some(hash) = claims.access_token_hash() {
            let made =
                token.signing_alg().ok().zip(token.signing_key(&verifier).ok()).and_then(|(algorithm, key)| {
                    AccessTokenHash::from_token(tokens.access_token(), algorithm, key).ok()
                });
            if made.as_ref() != Some(hash) {
                return Err(wrong("the access token is another's"));
            }
        }
        self.strong(claims, secrets.anew, system)?;
        let mut found = claims.additional_claims().clone();
        let lacks = wanted.iter().any(|name| name != "sub" && found.get(name).is_none());
        if lacks && client.user_info_url().is_some() {
            found.join(self.ask_more(client, tokens, claims)?);
        }
        let subject = claims.subject().as_str().to_owned();
        if subject.is_empty() {
            return Err(wrong("the subject has no name"));
        }
        let proved_at = claims.auth_time().map(|at| at.min(system));
        Ok(VerifiedClaims { issuer: self.provider.issuer.clone(), subject, claims: found, proved_at })
    }

    /// Checks that the proof is as strong and as fresh as the settings and the request ask for.
    fn strong(
        &self,
        claims: &IdTokenClaims<Claims, CoreGenderClaim>,
        anew: bool,
        system: DateTime<Utc>,
    ) -> std::result::Result<(), Failure> {
        let Provider { acr, amr, .. } = &self.provider;
        let level = claims.auth_context_ref().map(|level| level.as_str());
        if !acr.is_empty() && !level.is_some_and(|level| acr.iter().any(|asked| asked == level)) {
            return Err(Failure::Weak(format!("acr {level:?}")));
        }
        let means: Vec<&str> = claims.auth_method_refs().into_iter().flatten().map(|means| means.as_str()).collect();
        if !amr.is_empty() && !means.iter().any(|means| amr.iter().any(|asked| asked == means)) {
            return Err(Failure::Weak(format!("amr {means:?}")));
        }
        let old = |at: DateTime<Utc>| system - at > REQUEST_LIFETIME + LEEWAY;
        if anew && claims.auth_time().is_some_and(old) {
            return Err(Failure::Weak("proven too long ago".to_owned()));
        }
        Ok(())
    }

    /// Asks the userinfo endpoint for claims that the token does not contain. The answer must be about the same person.
    fn ask_more(
        &self,
        client: &Client,
        tokens: &Tokens,
        claims: &IdTokenClaims<Claims, CoreGenderClaim>,
    ) -> std::result::Result<Claims, Failure> {
        let subject = Some(claims.subject().clone());
        let asked =
            client.user_info(tokens.access_token().clone(), subject).map_err(|e| Failure::Wrong(e.to_string()))?;
        let more: openidconnect::UserInfoClaims<Claims, CoreGenderClaim> =
            asked.request(&self.http).map_err(|error| match error {
                UserInfoError::Request(error) => Failure::Away(error.to_string()),
                UserInfoError::Response(status, ..) => Failure::Wrong(format!("claims: {status}")),
                UserInfoError::ClaimsVerification(error) => Failure::Wrong(format!("claims: {}", told(&error))),
                _ => Failure::Wrong("claims that cannot be read".to_owned()),
            })?;
        Ok(more.additional_claims().clone())
    }
}

/// Reason for the log why a token is not valid. The text contains nothing of the token.
fn told(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::Expired(_) => "expired".to_owned(),
        ClaimsVerificationError::InvalidAudience(_) => "made for another audience".to_owned(),
        ClaimsVerificationError::InvalidIssuer(_) => "made by another issuer".to_owned(),
        ClaimsVerificationError::InvalidNonce(_) => "made for another trip".to_owned(),
        ClaimsVerificationError::SignatureVerification(error) => format!("signature: {error}"),
        _ => "malformed".to_owned(),
    }
}

fn unredeemed(error: &RequestTokenError<Silent, StandardErrorResponse<CoreErrorResponseType>>) -> Failure {
    match error {
        RequestTokenError::Request(error) => Failure::Away(error.to_string()),
        RequestTokenError::ServerResponse(told) => Failure::Wrong(format!("code: {}", told.error())),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Failure::Wrong("an answer that cannot be read".to_owned())
        }
    }
}
