//! Parts of a file, and other names.

use std::fs;

use super::*;
use crate::prelude::*;

model! {
    struct Old {
        x = Input(3);
        encoder = Dense(4)(x);
        head = Dense(2)(encoder);
    }
    struct Next {
        x = Input(3);
        backbone = Dense(4)(x);
        head = Dense(5)(backbone);
        extra = Dense(1)(head);
    }
}

/// A file of the weights of an `Old`, and a `Next` to load from it.
struct Case {
    path: std::path::PathBuf,
    old: Old,
    new: Next,
}

impl Case {
    fn new(name: &str) -> Case {
        let path = std::env::temp_dir().join(format!("parts-{name}-{}", std::process::id()));
        let old = Old::new(1);
        old.save_weights(&path).unwrap();
        Case { path, old, new: Next::new(2) }
    }

    fn load(&self, load: Load) -> Result<Mismatch, String> {
        self.new.load_weights_with(&self.path, &load).map_err(|error| error.to_string())
    }

    fn is_loaded(&self) -> bool {
        self.new.backbone.kernel.get() == self.old.encoder.kernel.get()
    }

    /// Loads what is refused, after which all is as it was.
    #[track_caller]
    fn refuses(&self, load: Load, expected: &str) {
        let before = numbers(&self.new);
        let text = self.load(load).unwrap_err();
        assert!(text.contains(expected), "{text}");
        assert_eq!(numbers(&self.new), before);
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn numbers(model: &impl Model) -> Vec<ndarray::ArrayD<Float>> {
    model.parameters().into_iter().map(|(_, weight)| weight.get()).collect()
}

#[test]
fn a_part_under_another_name() {
    let case = Case::new("only");
    let before = numbers(&case.new);
    let load = Load::default().only("backbone").rename("backbone", "encoder");
    assert_eq!(case.load(load), Ok(Mismatch::default()));
    assert!(case.is_loaded());
    assert_eq!(numbers(&case.new)[2..], before[2..]);
    // A part must be there as a whole, under the name that is said.
    case.refuses(Load::default().only("backbone"), "not in the file: `backbone.kernel` (3, 4)");
    case.refuses(
        Load::default().only("head"),
        "another shape: `head.kernel` is (4, 5) in the model, (4, 2) in the file",
    );
}

#[test]
fn what_does_not_fit_is_skipped_and_told() {
    let case = Case::new("skip");
    let before = numbers(&case.new);
    let load = Load::default().rename("backbone", "encoder");
    case.refuses(load.clone(), "another shape: `head.kernel`");
    let mismatch = case.load(load.skip_mismatch(true)).unwrap();
    assert!(case.is_loaded());
    assert_eq!(numbers(&case.new)[2..], before[2..]);
    let missing: Vec<&str> = mismatch.missing.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(missing, ["extra.kernel", "extra.bias"]);
    let shapes: Vec<&str> = mismatch.shapes.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(shapes, ["head.kernel", "head.bias"]);
    assert!(mismatch.unexpected.is_empty());
    // Nothing at all is no part.
    case.refuses(Load::default().skip_mismatch(true), "may be what the file calls `encoder`");
}

#[test]
fn one_weight_can_have_another_name() {
    let case = Case::new("one");
    let load = Load::default()
        .only("backbone")
        .rename("backbone.kernel", "encoder.kernel")
        .rename("backbone.bias", "encoder.bias");
    case.load(load).unwrap();
    assert!(case.is_loaded());
}

#[test]
fn a_rename_to_what_the_file_does_not_have_is_told_as_that() {
    let case = Case::new("renamed");
    let only = |part: &str, name: &str| Load::default().only(part).rename(part, name);
    case.refuses(only("backbone", "encode"), "not in the file: `encode.kernel` (3, 4), for `back");
    let load = Load::default().rename("head", "top");
    let expected = "\n  help: the file has `head.kernel` under this name: leave out its `rename`";
    let text = case.old.load_weights_with(&case.path, &load).unwrap_err().to_string();
    assert!(text.contains("file: `top.kernel` (4, 2), for `head.kernel`"), "{text}");
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn a_path_that_the_model_does_not_have() {
    let case = Case::new("unknown");
    let expected = "no weight or layer `bakbone`\n  help: did you mean `backbone`";
    case.refuses(Load::default().only("bakbone"), expected);
    case.refuses(Load::default().rename("bakbone", "encoder"), expected);
    case.refuses(Load::default().only("back"), "no weight or layer `back`");
}
