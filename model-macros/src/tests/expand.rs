//! What the macro expands to, for a person to read: `golden/name.rs` is written by hand,
//! `golden/name.expanded.rs` is its expansion. `UPDATE_GOLDEN=1 cargo test -p model-macros golden`
//! writes the expansions anew.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;

use crate::model_tokens;

/// The models in the folder of golden files.
fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = files
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| !path.to_string_lossy().ends_with(".expanded.rs"))
        .collect();
    files.sort();
    files
}

/// The tokens as a file that reads well; an expression as the value of a function.
fn pretty(tokens: TokenStream, expression: bool) -> String {
    let tokens = if expression {
        quote::quote!(fn expression() -> impl ::model_runtime::Model { #tokens })
    } else {
        tokens
    };
    match syn::parse2(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("the expansion does not parse: {error}\n{tokens}"),
    }
}

#[test]
fn golden_expansions() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    let inputs = inputs();
    assert!(inputs.len() >= 16, "{inputs:?}");
    for path in inputs {
        let source = fs::read_to_string(&path).expect("the file can be read");
        let tokens: TokenStream = source.parse().unwrap_or_else(|_| panic!("{}", path.display()));
        let expansion = pretty(model_tokens(tokens), !source.contains("struct"));
        let golden = path.with_extension("expanded.rs");
        if update {
            fs::write(&golden, expansion).expect("the file can be written");
        } else if fs::read_to_string(&golden).unwrap_or_default() != expansion {
            wrong.push(golden.display().to_string());
        }
    }
    assert!(
        wrong.is_empty(),
        "other than before; read the difference after UPDATE_GOLDEN=1: {wrong:#?}"
    );
}
