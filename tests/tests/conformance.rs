//! Every layer of the catalogue keeps what the catalogue says, and has all that a layer must have.

use std::fs;
use std::path::{Path, PathBuf};

use model_spec::{Entry, Form, LAYERS};
use tests::conformance::{self, Counts};

#[test]
fn layers_do_what_the_catalogue_says() {
    let mut wrong = Vec::new();
    let mut total = Counts::default();
    println!("{:24} {:>8} {:>8} {:>9} {:>6}", "layer", "accepted", "refused", "gradients", "saved");
    for entry in conformance::layers() {
        match conformance::check(entry) {
            Ok(Counts { accepted, refused, gradients, saved }) => {
                println!("{:24} {accepted:8} {refused:8} {gradients:9} {saved:6}", entry.name);
                total.accepted += accepted;
                total.refused += refused;
                total.gradients += gradients;
                total.saved += saved;
            }
            Err(error) => wrong.push(error),
        }
    }
    println!("{total:?}");
    assert!(wrong.is_empty(), "{} layers differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(total.accepted > 1000 && total.saved > 200, "{total:?}");
    assert!(!cfg!(feature = "f64") || total.gradients > 1000, "{total:?}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The parts of the template in CONTRIBUTING.md.
#[test]
fn every_layer_is_documented_with_an_example() {
    let mut wrong = Vec::new();
    for entry in written() {
        let file = root().join(format!("model-runtime/src/layers/{}.rs", entry.snake));
        let text = match (fs::read_to_string(&file), entry.name) {
            (Ok(text), _) => text,
            (Err(_), "Activation") => {
                fs::read_to_string(root().join("model-runtime/src/activation.rs")).unwrap()
            }
            (Err(error), _) => {
                wrong.push(format!("{}: {error}", file.display()));
                continue;
            }
        };
        for part in ["/// ```", "keras.io", "Input", "Output"] {
            let docs = text.lines().filter(|line| line.trim_start().starts_with("//"));
            if !docs.into_iter().any(|line| line.contains(part)) {
                wrong.push(format!("{}: its docs have no `{part}`", entry.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_has_a_mistake_with_an_expected_message() {
    let cases = fs::read_dir(root().join("tests/ui")).unwrap();
    let cases: Vec<String> = cases
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "stderr"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    // What is marked as wrong in some case, or named in its message.
    let named = |entry: &Entry| cases.iter().any(|case| case.contains(&format!("{}(", entry.name)));
    let missing: Vec<&str> = written().filter(|entry| !named(entry)).map(|e| e.name).collect();
    assert!(missing.is_empty(), "no case in tests/ui shows {missing:?}");
}

/// The layers with a file of their own in the runtime.
fn written() -> impl Iterator<Item = &'static Entry> {
    let made =
        |entry: &&Entry| !matches!(entry.form, Form::Input | Form::Sequential | Form::Container);
    LAYERS.iter().copied().filter(made)
}
