//! Objects in a bucket of an S3 object store.
//!
//! Nothing here relies on conditional writes, which some object stores accept and ignore: an object never changes, so two writes of one
//! name write the same bytes. Every write carries its SHA-256, which the object store compares.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::runtime::Handle;
use url::{Host, Url};

use super::Listed;
use super::connection::Connections;
use crate::base::error::{Error, Result};

/// Longest time for reading one object, with all attempts.
const WHOLE: Duration = Duration::from_secs(60);
/// Number of concurrent writes.
const AT_ONCE: usize = 32;
/// Attempts after the first one, as far as they begin within [`RETRY_WITHIN`].
const RETRIES: usize = 3;
/// Time within which a failed request is tried again. A voter never waits for an object store; a province that uploads does.
const RETRY_WITHIN: Duration = Duration::from_secs(8);

/// Address of a bucket: `s3://bucket?endpoint=http://127.0.0.1:3900&region=garage`. The endpoint is on this machine: the object store
/// itself, or a proxy that carries requests to it over TLS (`deploy/haproxy.cfg`). The credentials stand in front of the bucket
/// (`s3://id:secret@bucket`) or in the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`).
#[derive(Clone, PartialEq, Eq)]
pub struct BucketAddress {
    bucket: String,
    endpoint: String,
    region: String,
    credentials: Option<(String, String)>,
}

impl BucketAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// A text that is no such address. The message does not repeat the text, which may hold a password.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = "objects: an absolute path is wanted, or s3://bucket?endpoint=http://127.0.0.1:3900&region=garage, whose endpoint is \
                     on this machine: the object store, or a proxy that carries requests to it over TLS";
        Self::read(text).ok_or_else(|| Error::Internal(wrong.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "s3" && matches!(url.path(), "" | "/"))?;
        let bucket = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().ok().map(String::from);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (id, Some(secret)) if !id.is_empty() => Some((decoded(id)?, decoded(secret)?)),
            _ => return None,
        };
        let (mut endpoint, mut region) = (None, "us-east-1".to_owned());
        for (name, value) in url.query_pairs() {
            match &*name {
                "endpoint" => endpoint = Some(local(&value)?),
                "region" => region = value.into_owned(),
                _ => return None,
            }
        }
        Some(Self { bucket, endpoint: endpoint?, region, credentials })
    }
}

/// The address of an endpoint, where the text is one on this machine.
fn local(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "http")?;
    let is_local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    is_local.then(|| text.trim_end_matches('/').to_owned())
}

impl fmt::Debug for BucketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}?endpoint={}&region={}", self.bucket, self.endpoint, self.region)
    }
}

/// A bucket. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    runtime: Handle,
}

impl Bucket {
    pub(super) fn open(address: &BucketAddress) -> Result<Self> {
        let from_environment =
            || Some((std::env::var("AWS_ACCESS_KEY_ID").ok()?, std::env::var("AWS_SECRET_ACCESS_KEY").ok()?));
        let (id, secret) = address.credentials.clone().or_else(from_environment).ok_or_else(|| {
            Error::Internal("objects: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned())
        })?;
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&address.bucket)
            .with_region(&address.region)
            .with_endpoint(&address.endpoint)
            .with_allow_http(true)
            .with_access_key_id(id)
            .with_secret_access_key(secret)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_disable_bulk_delete(true)
            .with_http_connector(Connections::new())
            .with_retry(RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_WITHIN, ..RetryConfig::default() });
        let store = builder.build().map_err(|e| Error::Internal(format!("objects: {e}")))?;
        let runtime = Handle::try_current().map_err(|e| Error::Internal(format!("objects: {e}")))?;
        Ok(Self { store: Arc::new(store), runtime })
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = Path::from(name);
        let read = async {
            match self.store.get(&path).await {
                Ok(found) => Ok(Some(found.bytes().await?)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(other) => Err(other),
            }
        };
        let in_time = async { tokio::time::timeout(WHOLE, read).await };
        let read = tokio::task::block_in_place(|| self.runtime.block_on(in_time));
        let read = read.map_err(|_| Error::Away(format!("objects: {name} was not read in time")))?;
        Ok(read.map_err(|e| failed(&e))?.map(Vec::from))
    }

    pub(super) fn put_all(&self, objects: Vec<(String, Vec<u8>)>) -> Result<()> {
        let puts = stream::iter(objects)
            .map(|(name, bytes)| async move { self.store.put(&Path::from(name), bytes.into()).await.map(|_| ()) });
        self.wait(puts.buffer_unordered(AT_ONCE).try_collect::<()>())
    }

    pub(super) fn list(&self, name: &str) -> Result<Vec<Listed>> {
        let listed = self.wait(self.store.list_with_delimiter(Some(&Path::from(name))))?;
        let last = |path: &Path| path.filename().unwrap_or_default().to_owned();
        let further = listed.common_prefixes.iter().map(|path| Listed { name: last(path), size: None, written: None });
        let objects = listed.objects.iter().map(|one| Listed {
            name: last(&one.location),
            size: Some(one.size),
            written: Some(SystemTime::from(one.last_modified)),
        });
        Ok(further.chain(objects).collect())
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let path = Path::from(name);
        let remove = async {
            self.store.delete(&path).await.or_else(absent)?;
            let below = self.store.list(Some(&path)).try_collect::<Vec<_>>().await?;
            let gone = stream::iter(below)
                .map(|one| async move { self.store.delete(&one.location).await.or_else(absent) })
                .buffer_unordered(AT_ONCE);
            gone.try_collect::<()>().await
        };
        self.wait(remove)
    }

    /// Waits on a thread that may block.
    fn wait<T>(&self, work: impl Future<Output = object_store::Result<T>>) -> Result<T> {
        tokio::task::block_in_place(|| self.runtime.block_on(work)).map_err(|e| failed(&e))
    }
}

/// Success where an object that is to be removed is not there.
fn absent(error: object_store::Error) -> object_store::Result<()> {
    if matches!(error, object_store::Error::NotFound { .. }) { Ok(()) } else { Err(error) }
}

/// The error of a request that did not succeed after all attempts: wrong settings stay wrong, everything else may pass.
fn failed(error: &object_store::Error) -> Error {
    use object_store::Error as E;
    let text = format!("objects: {error}");
    match error {
        E::PermissionDenied { .. } | E::Unauthenticated { .. } | E::InvalidPath { .. } | E::NotSupported { .. } => {
            Error::Internal(text)
        }
        _ => Error::Away(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_credentials_and_shows_none() {
        let read = BucketAddress::parse("s3://id:s%2Fcret@log?endpoint=http://127.0.0.1:3900/&region=garage").unwrap();
        assert_eq!((&*read.bucket, &*read.region, &*read.endpoint), ("log", "garage", "http://127.0.0.1:3900"));
        assert_eq!(read.credentials, Some(("id".to_owned(), "s/cret".to_owned())));
        assert!(!format!("{read:?}").contains("cret"));
        assert_eq!(BucketAddress::parse("s3://log?endpoint=http://localhost:1").unwrap().credentials, None);
        let local = "endpoint=http://127.0.0.1:3900";
        let wrong = [
            "",
            "log",
            "s3://log",
            "s3://log?endpoint=x",
            "s3://log?endpoint=https://127.0.0.1",
            "s3://log?endpoint=http://10.0.0.1",
        ];
        let wrong = wrong.map(str::to_owned).into_iter();
        let more = ["http://log?", "s3://?", "s3://log/below?", "s3://id@log?", "s3://log?other=1&"]
            .map(|text| format!("{text}{local}"));
        for wrong in wrong.chain(more) {
            assert!(BucketAddress::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
