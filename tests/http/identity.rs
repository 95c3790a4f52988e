//! Tests of the slice `identity`, over HTTP.
