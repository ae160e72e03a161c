//! The examples are in `examples/`; this crate only gives them a place and their data.
