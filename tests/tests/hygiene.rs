//! Models between hostile names: what a user calls things must not change what a model is.

mod hygiene {
    mod functions;
    mod macros;
    mod names;
    mod values;
}
