//! What rustc prints for mistakes in models, each under the user's own tokens.
//!
//! `TRYBUILD=overwrite cargo test -p tests --test ui` writes the `.stderr` files again: read what
//! changed.

#[test]
fn mistakes_and_their_messages() {
    let cases = trybuild::TestCases::new();
    // With a case that passes, trybuild builds to the end, which const generics need to be checked.
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/*.rs");
}
