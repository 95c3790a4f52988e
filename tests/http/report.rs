//! Tests of the slice `report`, over HTTP.
