//! Metrics by route pattern and an access log of the same requests. Refusals are logged with the account that was refused.
//! Neither metrics nor logs contain a requested address, a query, a body, a token, a number or a choice: only route patterns from
//! the source.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use poem::http::Method;
use poem::{Endpoint, Middleware, PathPattern, Request, Response};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::web::log_context;
use crate::web::policy::{Class, Policy};
use crate::web::problem::StoreFailed;
use crate::web::request_context::REQUEST_ID;

/// Labels of a finished request: its route, method and class of status.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    route: Arc<str>,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    route: Arc<str>,
    method: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClassLabel {
    class: Class,
}

impl EncodeLabelValue for Class {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        EncodeLabelValue::encode(&self.name(), encoder)
    }
}

/// Label of a campaign in the public log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Log {
    campaign: String,
}

/// All metrics of a process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    ended: Family<Ended, Counter>,
    seconds: Family<Timed, Histogram, fn() -> Histogram>,
    in_flight: Family<ClassLabel, Gauge>,
    shed: Family<ClassLabel, Counter>,
    limited: Family<ClassLabel, Counter>,
    store_failures: Counter,
    queue: Gauge,
    clock_jumps: Counter,
    sealed: Family<Log, Gauge<u64, AtomicU64>>,
    registry: Arc<Registry>,
    nowhere: Arc<str>,
}

/// Values that are read when somebody requests the metrics, instead of being counted with the requests.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// Number of ballots that wait to be written.
    pub queue: usize,
    /// Number of jumps of the clock since the start.
    pub clock_jumps: u64,
    /// Campaign and number of entries of every public log.
    pub sealed: Vec<(String, u64)>,
}

fn histogram() -> Histogram {
    Histogram::new([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut watch = Self {
            ended: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            in_flight: Family::default(),
            shed: Family::default(),
            limited: Family::default(),
            store_failures: Counter::default(),
            queue: Gauge::default(),
            clock_jumps: Counter::default(),
            sealed: Family::default(),
            registry: Arc::default(),
            nowhere: "none".into(),
        };
        let mut registry = Registry::with_prefix("shudu");
        registry.register("requests", "Requests that were answered", watch.ended.clone());
        registry.register("request_duration_seconds", "Seconds until the answer began", watch.seconds.clone());
        registry.register("requests_in_flight", "Requests in progress", watch.in_flight.clone());
        let help = "Requests answered with 503: overload, or a store or scanner that is away";
        registry.register("requests_shed", help, watch.shed.clone());
        let help = "Requests answered with 429: rate limits, lockouts, used-up quotas";
        registry.register("requests_rate_limited", help, watch.limited.clone());
        registry.register("store_failures", "Requests that failed in a store", watch.store_failures.clone());
        registry.register("ballot_queue_length", "Ballots that wait for the writer", watch.queue.clone());
        registry.register("clock_jumps", "Jumps of the clock since the start", watch.clock_jumps.clone());
        registry.register("ballot_log_entries", "Entries of the public ballot log", watch.sealed.clone());
        watch.registry = Arc::new(registry);
        watch
    }
}

impl Metrics {
    /// All metrics, in the text format of Prometheus.
    ///
    /// # Errors
    /// A value that cannot be written.
    pub fn text(&self, standing: Readings) -> Result<String, std::fmt::Error> {
        self.queue.set(i64::try_from(standing.queue).unwrap_or(i64::MAX));
        self.clock_jumps.inner().store(standing.clock_jumps, Ordering::Relaxed);
        for (campaign, entries) in standing.sealed {
            self.sealed.get_or_create(&Log { campaign }).set(entries);
        }
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }

    fn note(&self, class: Class, method: &'static str, response: &Response, asker: Option<&str>, since: Instant) {
        let route = response.data::<PathPattern>().map_or_else(|| Arc::clone(&self.nowhere), |p| Arc::clone(&p.0));
        let status = response.status().as_u16();
        let taken = since.elapsed();
        let id = response.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or("");
        tracing::debug!(
            target: "shudu::access", request = id, route = &*route, method, status = status_class(status),
            micros = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX)
        );
        if is_refusal(status, asker) {
            tracing::info!(request = id, route = &*route, method, status, account = asker, "refused");
        }
        if status == 429 {
            self.limited.get_or_create(&ClassLabel { class }).inc();
        }
        if status == 503 {
            self.shed.get_or_create(&ClassLabel { class }).inc();
        }
        if response.data::<StoreFailed>().is_some() {
            self.store_failures.inc();
        }
        self.seconds.get_or_create(&Timed { route: Arc::clone(&route), method }).observe(taken.as_secs_f64());
        self.ended.get_or_create(&Ended { route, method, status: status_class(status) }).inc();
    }
}

/// Whether an answer gets a line of its own in the log: missing permissions, limits, rejected input, moves out of turn. An answer
/// to somebody who is not signed in yet, or who mistypes an address, is no refusal. An object that does not exist for a member of
/// staff is one.
fn is_refusal(status: u16, asker: Option<&str>) -> bool {
    (400..500).contains(&status) && status != 401 && (status != 404 || asker.is_some())
}

const fn status_class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// Name of a method for labels. All unknown methods share one name, because clients can invent methods.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|name| method.as_str() == *name).unwrap_or("other")
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Metrics {
    type Output = MetricsEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        MetricsEndpoint { endpoint, watch: self.clone() }
    }
}

/// Endpoint of the middleware [`Metrics`].
pub struct MetricsEndpoint<E> {
    endpoint: E,
    watch: Metrics,
}

/// One request in flight, until the value is dropped: also where a client hangs up.
struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for MetricsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let since = Instant::now();
        let (class, method) = (Policy::of(&request).class, known(request.method()));
        let gauge = self.watch.in_flight.get_or_create(&ClassLabel { class }).clone();
        gauge.inc();
        let in_flight = InFlight(gauge);
        let (response, asker) = log_context::of(pin!(self.endpoint.get_response(request))).await;
        drop(in_flight);
        self.watch.note(class, method, &response, asker.as_deref(), since);
        Ok(response)
    }
}
