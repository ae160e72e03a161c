//! The table of `docs/CATALOGUE.md`: what there is, and how far it is from Keras.

use std::collections::BTreeMap;
use std::fmt::Write;

use model_spec::{Arg, Entry, FUNCTIONS, Form, LAYERS};

use crate::conformance::{self, Counts};
use crate::parity::{Errors, Family};

/// Cases and worst errors of what has one name.
#[derive(Clone, Copy, Default)]
struct Parity {
    cases: usize,
    errors: Errors,
}

/// The page, for the cases of the reference that have run.
///
/// # Errors
/// A layer that does not do what the catalogue says.
pub fn page(families: &[Family]) -> Result<String, String> {
    let mut found: BTreeMap<&str, Parity> = BTreeMap::new();
    for case in families.iter().flat_map(|family| &family.cases) {
        let of_name = found.entry(&case.name).or_default();
        of_name.cases += 1;
        if let Ok(errors) = case.result {
            of_name.errors = of_name.errors.worse(errors);
        }
    }
    let cases: usize = found.values().map(|parity| parity.cases).sum();
    let mut page = String::from(HEAD);
    page.push_str("## Layers\n\n");
    page.push_str("| layer | arguments | drawn cases | Keras's cases | output | gradient |\n");
    page.push_str("|---|---|---|---|---|---|\n");
    let mut total = Counts::default();
    let drawn: Vec<&str> = conformance::layers().map(|entry| entry.name).collect();
    for entry in LAYERS.iter().filter(|entry| entry.form != Form::Input) {
        let counts = if drawn.contains(&entry.name) {
            conformance::check(entry)?
        } else {
            Counts::default()
        };
        total.accepted += counts.accepted;
        total.refused += counts.refused;
        let parity = found.remove(entry.name).unwrap_or_default();
        let drawn = counts.accepted + counts.refused;
        let drawn = if drawn == 0 { "-".to_owned() } else { drawn.to_string() };
        row(&mut page, entry.name, &arguments(entry), Some(&drawn), parity);
    }
    page.push_str("\n## Functions\n\n");
    page.push_str("| function | arguments | Keras's cases | output | gradient |\n");
    page.push_str("|---|---|---|---|---|\n");
    for entry in FUNCTIONS {
        let parity = found.remove(entry.name).unwrap_or_default();
        row(&mut page, entry.name, &arguments(entry), None, parity);
    }
    page.push_str("\n## Losses, metrics, optimizers, schedules and activations\n\n");
    page.push_str("| name | Keras's cases | result | gradient |\n|---|---|---|---|\n");
    for (name, parity) in found {
        let _ = writeln!(page, "| `{name}` | {} |{}", parity.cases, figures(parity));
    }
    let _ = write!(
        page,
        "\n{cases} cases of Keras, {} drawn cases that layers accept and {} that they refuse.\n",
        total.accepted, total.refused
    );
    Ok(page)
}

const HEAD: &str = "# Catalogue

What `model!` knows, and how far it is from Keras 3.15.1 in `f32`. Made from the catalogue itself
and from the tests by `UPDATE_CATALOGUE=1 cargo test -p tests --test catalogue`; a test fails where
it is out of date.

Keras's cases are those of `tests/reference`; errors are the largest difference, relative to the
largest number of an array. Drawn cases have random arguments and inputs: the shapes, masks and
mistakes of the running layer are those of the catalogue.

";

fn row(page: &mut String, name: &str, arguments: &str, drawn: Option<&str>, parity: Parity) {
    let drawn = drawn.map(|drawn| format!(" {drawn} |")).unwrap_or_default();
    let cases = if parity.cases == 0 { "-".to_owned() } else { parity.cases.to_string() };
    let _ = writeln!(page, "| `{name}` | {arguments} |{drawn} {cases} |{}", figures(parity));
}

fn figures(parity: Parity) -> String {
    if parity.cases == 0 {
        return " - | - |".to_owned();
    }
    let gradient = parity.errors.gradient.map_or("-".to_owned(), |error| format!("{error:.0e}"));
    format!(" {:.0e} | {gradient} |", parity.errors.forward)
}

fn arguments(entry: &Entry) -> String {
    let written = |arg: &Arg| {
        let name = if arg.at_call { format!("{} (call)", arg.name) } else { arg.name.to_owned() };
        if arg.default.is_none() { format!("**{name}**") } else { name }
    };
    let names: Vec<String> = entry.args.iter().map(written).collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}
