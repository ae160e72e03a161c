//! Parity with Keras: the cases of `tests/reference/data`, computed by Keras in `f64`
//! (`tests/reference/generate.py`), run through the public API.

pub(crate) mod args;
pub(crate) mod array;
mod functions;
mod layer;
pub(crate) mod layers;
mod loss;
mod metric;
mod optimizer;
pub(crate) mod probe;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

/// How far results may be from Keras's, relative to the largest number of an array.
pub const FORWARD: f64 = if cfg!(feature = "f64") { 1e-9 } else { 1e-5 };

/// How far gradients may be from Keras's, relative to the largest number of an array.
pub const GRADIENT: f64 = if cfg!(feature = "f64") { 1e-9 } else { 1e-4 };

/// How far a case is from Keras.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Errors {
    /// Of results: outputs, losses, metrics, weights after steps.
    pub forward: f64,
    /// Of gradients; `None` where there are none.
    pub gradient: Option<f64>,
}

impl Errors {
    /// The larger of the two.
    #[must_use]
    pub fn worse(self, other: Errors) -> Errors {
        Errors {
            forward: self.forward.max(other.forward),
            gradient: match (self.gradient, other.gradient) {
                (Some(one), Some(other)) => Some(one.max(other)),
                (one, other) => one.or(other),
            },
        }
    }
}

/// A case, and what came of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is called: a layer, loss, metric, optimizer or function, by Keras's name.
    pub name: String,
    /// Its arguments, as JSON.
    pub args: String,
    /// A tolerance of its own, where Keras is less exact; else 0.
    pub within: f64,
    /// How far it is from Keras, or why it could not run.
    pub result: Result<Errors, String>,
}

impl Case {
    /// Whether it ran and has kept to the tolerances.
    pub fn is_close(&self) -> bool {
        self.result.as_ref().is_ok_and(|errors| {
            errors.forward <= FORWARD.max(self.within)
                && errors.gradient.is_none_or(|gradient| gradient <= GRADIENT.max(self.within))
        })
    }
}

/// The cases of a file of the reference.
#[derive(Clone, Debug)]
pub struct Family {
    /// The file's name without its ending.
    pub name: String,
    /// Its cases in their order.
    pub cases: Vec<Case>,
}

impl Family {
    /// The worst errors of its cases that ran.
    pub fn worst(&self) -> Errors {
        let ran = self.cases.iter().filter_map(|case| case.result.as_ref().ok());
        ran.fold(Errors::default(), |worst, case| worst.worse(*case))
    }
}

/// Runs all cases of the reference.
///
/// # Errors
/// Files that cannot be read.
pub fn run() -> Result<Vec<Family>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/data");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    files.iter().map(|file| family(file)).collect()
}

fn family(file: &Path) -> Result<Family, String> {
    let wrong = |error: &dyn ToString| format!("{}: {}", file.display(), error.to_string());
    let text = fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let cases: Vec<Map<String, Json>> =
        serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Family { name, cases: cases.iter().map(case).collect() })
}

/// What each kind of case is called by, and what runs it.
const KINDS: [(&str, Run); 6] = [
    ("layer", layer::run),
    ("function", layer::run_function),
    ("loss", loss::run),
    ("metric", metric::run),
    ("optimizer", optimizer::run),
    ("schedule", optimizer::run_schedule),
];

type Run = fn(&str, &Map<String, Json>) -> Result<Errors, String>;

fn case(json: &Map<String, Json>) -> Case {
    let args = json.get("args").map(Json::to_string).unwrap_or_default();
    let within = json.get("within").and_then(Json::as_f64).unwrap_or(0.0);
    for (kind, run) in KINDS {
        if let Some(name) = json.get(kind).and_then(Json::as_str) {
            return Case { name: name.to_owned(), args, within, result: run(name, json) };
        }
    }
    let result = Err("no kind of case that tests/src/parity knows".to_owned());
    Case { name: String::new(), args, within, result }
}

/// The arguments of a case; none where it has no such list.
fn map<'a>(json: &'a Map<String, Json>, name: &str) -> &'a Map<String, Json> {
    static EMPTY: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    json.get(name).and_then(Json::as_object).unwrap_or(&EMPTY)
}

/// A list of arrays of a case.
fn arrays(json: &Map<String, Json>, name: &str) -> Result<Vec<array::Array>, String> {
    match json.get(name).and_then(Json::as_array) {
        Some(items) => items.iter().map(array::Array::from_json).collect(),
        None => Err(format!("the case has no {name}")),
    }
}
