//! What the tests of the whole, which are in `tests/`, share.

pub mod bits;
pub mod catalogue;
pub mod conformance;
pub mod folder;
pub mod parity;
pub mod single;
