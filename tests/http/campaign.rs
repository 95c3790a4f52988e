//! Tests of the slice `campaign`, over HTTP.
