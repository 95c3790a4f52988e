//! Tests of the slice `tally`, over HTTP.
