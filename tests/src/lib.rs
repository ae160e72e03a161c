//! What the tests of the whole, which are in `tests/`, share.

pub mod conformance;
pub mod parity;
