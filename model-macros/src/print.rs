//! `MODEL_EXPAND=folder`: writes what a macro call becomes into a file, for people to read.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use proc_macro2::TokenStream;

use crate::graph::Program;

/// The variable that names the folder.
const FOLDER: &str = "MODEL_EXPAND";

/// Writes the expansion, if that is asked for, into a file with the name of the first model. A file
/// that cannot be written is told on standard error: the program is none the worse for it.
pub(crate) fn print(program: &Program, code: &TokenStream) {
    let Some(folder) = std::env::var_os(FOLDER).filter(|folder| !folder.is_empty()) else {
        return;
    };
    let Some(model) = program.models.first() else { return };
    let path = Path::new(&folder).join(format!("{}.rs", model.name));
    if let Err(why) = write(&path, code) {
        eprintln!("{FOLDER}: `{}` cannot be written: {why}", path.display());
    }
}

fn write(path: &Path, code: &TokenStream) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, code.to_string())?;
    // Without rustfmt, the tokens stand in one line; with it, they can be read.
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024"]).arg(path).stderr(Stdio::null());
    if rustfmt.status().is_ok_and(|status| status.success()) {
        fs::write(path, with_comments(&fs::read_to_string(path)?))?;
    }
    Ok(())
}

/// The code with `#[doc = " text"]` as `/// text`.
fn with_comments(code: &str) -> String {
    let line = |line: &str| {
        let text = line.trim_start();
        let indent = &line[..line.len() - text.len()];
        let doc = text.strip_prefix("#[doc = ").and_then(|rest| rest.strip_suffix(']'));
        match doc.and_then(|doc| syn::parse_str::<syn::LitStr>(doc).ok()) {
            Some(doc) => format!("{indent}///{}\n", doc.value()),
            None => format!("{line}\n"),
        }
    };
    code.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_become_comments() {
        let code = "    #[doc = \" `a`: \\\"b\\\"\"]\n    pub a: A,\n";
        assert_eq!(with_comments(code), "    /// `a`: \"b\"\n    pub a: A,\n");
    }

    #[test]
    fn the_file_is_rust() {
        let path = std::env::temp_dir().join(format!("expansion-{}/Net.rs", std::process::id()));
        write(
            &path,
            &quote::quote!(
                #[doc = " A net."]
                struct Net {
                    a: u8,
                }
            ),
        )
        .unwrap();
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
        let file = syn::parse_file(&text).unwrap();
        assert_eq!(file.items.len(), 1);
    }
}
