//! Every item and method of model-runtime that users write down is in an example that is run: in
//! its docs, the guide, the README or the folder of examples.

mod programs;
mod public;
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use public::Method;

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// What need not be in an example, and why.
const EXCEPTIONS: [(&str, &[&str]); 5] = [
    (
        "types whose values users get, as examples show, without a need to name them",
        &[
            "At",
            "CustomInitializer",
            "CustomRegularizer",
            "Mismatch",
            "Named",
            "Reduced",
            "SlotState",
            "StepContext",
            "Stopper",
            "TrainTestSplit",
            "TrainerState",
        ],
    ),
    ("what arguments may be", &["BothWays", "IntoBatch", "LambdaFn", "Number", "Numbers"]),
    (
        "what is done with arguments inside",
        &[
            "BothWays::both_ways",
            "BothWays::goes_backwards",
            "BothWays::returns_sequences",
            "BothWays::returns_state",
            "Functional::inputs_to_vec",
            "Functional::outputs_from_iter",
            "IntoBatch::into_batch",
            "IntoLoss::into_loss",
            "IntoMetric::into_metric",
            "IntoOptimizer::into_optimizer",
            "IntoMetrics::into_metrics",
            "IntoPorts::into_ports",
            "Number::floats",
            "Number::is_exact",
            "Number::owned",
        ],
    ),
    (
        "how rules of the catalogue say what is wrong, and go on after it",
        &[
            "Shape::is_poison",
            "ShapeError::help_of",
            "ShapeError::help_text",
            "ShapeError::of",
            "ShapeError::sentence",
            "Value::is_poison",
            "Values::is_poison",
        ],
    ),
    ("what expansions write of a graph", &["function", "port", "term", "updated"]),
];

fn is_exception(name: &str) -> bool {
    EXCEPTIONS.iter().any(|(_, names)| names.contains(&name))
}

#[test]
fn what_users_write_down_is_in_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let programs = programs::programs(&root);
    let public = public::public(&root.join("model-runtime/src"));
    // The runtime exports some types of model-spec: those that rules of layers are made of.
    let spec = public::public(&root.join("model-spec/src"));
    let of_spec = spec.methods.iter().filter(|method| public.items.contains(&method.owner));
    let all_methods = public.methods.iter().chain(of_spec);
    let items = public.items.iter().filter(|item| !programs.iter().any(|it| it.names(item)));
    let methods = all_methods.filter(|method| !programs.iter().any(|it| it.shows(method)));
    let name = |method: &Method| format!("{}::{}", method.owner, method.name);
    let missing: Vec<String> = items.cloned().chain(methods.map(name)).collect();
    let wrong: Vec<&str> =
        missing.iter().map(String::as_str).filter(|name| !is_exception(name)).collect();
    assert!(wrong.is_empty(), "without an example:\n{}", wrong.join("\n"));
    for name in EXCEPTIONS.iter().flat_map(|(_, names)| *names) {
        assert!(missing.iter().any(|missing| missing == name), "{name} is no exception any more");
    }
}

/// That the sources are read: items and methods that only macros and re-exports make.
#[test]
fn what_is_public_is_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let public = public::public(&root.join("model-runtime/src"));
    for item in ["Hinge", "Precision", "relu", "Fit", "axes", "Kind", "load_npz"] {
        assert!(public.items.contains(item), "{item}");
    }
    for item in ["DenseOp", "Tensor", "private", "__complete"] {
        assert!(!public.items.contains(item), "{item}");
    }
    let names = |owner: &str, name: &str| {
        public.methods.iter().any(|method| method.owner == owner && method.name == name)
    };
    for (owner, name) in [
        ("Attention", "seed"),
        ("LSTM", "unit_forget_bias"),
        ("LambdaCallback", "on_test_end"),
        ("Precision", "top_k"),
        ("SeparableConv2D", "pointwise_constraint"),
        ("Predict", "verbose"),
        ("Var", "logsumexp_axes"),
        ("Optimizer", "clipnorm"),
        ("Batch", "of_inputs"),
    ] {
        assert!(names(owner, name), "{owner}::{name}");
    }
    // Of a type inside that has the name of a metric; and what the crate keeps for itself.
    for (owner, name) in [("Sum", "add_terms"), ("Sum", "total"), ("Conv2D", "run"), ("Var", "id")]
    {
        assert!(!names(owner, name), "{owner}::{name}");
    }
}
