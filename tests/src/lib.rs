//! The tests of the whole are in `tests/`.
