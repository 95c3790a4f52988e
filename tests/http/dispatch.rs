//! Tests of the slice `dispatch`, over HTTP.
