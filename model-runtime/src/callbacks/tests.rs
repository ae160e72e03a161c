//! Tests of callbacks.
