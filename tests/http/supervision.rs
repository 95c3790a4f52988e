//! Tests of the slice `supervision`, over HTTP.
