//! The `model!` macro. Users take it from `model_runtime`, which re-exports it.

mod ast;
mod check;
mod errors;
mod eval;
mod expand;
mod graph;
mod parse;
mod print;
mod rules;
mod source;
mod suggest;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

// The reference stands where `model-runtime` exports the macro: its examples need the layers.
#[allow(missing_docs, reason = "documented where it is exported")]
#[proc_macro]
pub fn model(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    model_tokens(tokens.into()).into()
}

/// Parse, check, expand. The errors stand before the code, which is emitted all the same.
fn model_tokens(tokens: TokenStream) -> TokenStream {
    let mut errors = errors::Errors::default();
    let program = parse::parse(tokens, &mut errors);
    let program = check::check(program, &mut errors);
    let code = expand::expand(&program);
    print::print(&program, &code);
    errors.around(code, program.expression)
}
