//! Tests of the slice `ballot`, over HTTP.
