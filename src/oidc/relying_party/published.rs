//! Metadata that a provider publishes about itself: addresses and keys (OpenID Connect Discovery).

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthType, ClientId, ClientSecret, DiscoveryError, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, ProviderMetadata, RedirectUrl,
    StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};

use super::{Failure, RelyingParty};
use crate::oidc::http::Silent;
use crate::oidc::verified_claims::Claims;

/// Time for which published metadata are used.
const DOCUMENT_LIFETIME: Duration = Duration::from_secs(3600);
/// Metadata of a provider that the library does not read itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct More {
    /// Whether every answer names the issuer (RFC 9207).
    pub authorization_response_iss_parameter_supported: bool,
    /// Address at which sessions end.
    pub end_session_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for More {}

pub(super) type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(super) type Tokens = StandardTokenResponse<
    IdTokenFields<
        Claims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

pub(super) type Client = openidconnect::Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl RelyingParty {
    /// Metadata of the provider. Where the provider is away, the metadata that it published before stay in use.
    pub(super) fn metadata(&self) -> std::result::Result<Metadata, Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((metadata, since)) = &known
            && since.elapsed() < DOCUMENT_LIFETIME
        {
            return Ok(metadata.clone());
        }
        match (self.discover(), known) {
            (Ok(metadata), _) => {
                self.learn(&metadata);
                Ok(metadata)
            }
            (Err(Failure::Away(why)), Some((metadata, _))) => {
                tracing::warn!(issuer = self.provider.issuer, why, "what the provider published goes on");
                Ok(metadata)
            }
            (Err(failure), _) => Err(failure),
        }
    }

    fn discover(&self) -> std::result::Result<Metadata, Failure> {
        let issuer = IssuerUrl::new(self.provider.issuer.clone()).map_err(|e| Failure::Wrong(e.to_string()))?;
        Metadata::discover(&issuer, &self.http).map_err(|error| unpublished(&error))
    }

    pub(super) fn learn(&self, metadata: &Metadata) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((metadata.clone(), Instant::now()));
    }

    pub(super) fn client(&self, metadata: Metadata) -> std::result::Result<Client, Failure> {
        let back = RedirectUrl::new(self.back.clone()).map_err(|e| Failure::Wrong(e.to_string()))?;
        let methods = metadata.token_endpoint_auth_methods_supported().cloned().unwrap_or_default();
        let in_body = methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
        let secret = self.secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let client = ClientId::new(self.provider.client_id.clone());
        let way = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        Ok(Client::from_provider_metadata(metadata, client, secret).set_redirect_uri(back).set_auth_type(way))
    }
}

/// Reason why the metadata of a provider are unknown.
pub(super) fn unpublished(error: &DiscoveryError<Silent>) -> Failure {
    match error {
        DiscoveryError::Request(error) => Failure::Away(error.to_string()),
        DiscoveryError::Response(status, ..) if status.is_server_error() => Failure::Away(status.to_string()),
        other => Failure::Wrong(format!("what it publishes: {other}")),
    }
}
