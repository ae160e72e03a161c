//! The `model!` macro. Users take it from `model_runtime`, which re-exports it.

mod ast;
mod errors;
mod parse;
