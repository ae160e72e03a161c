//! Weights that are saved and loaded give the same outputs.

use model_runtime::prelude::*;
use model_spec::Entry;
use ndarray::ArrayD;

use super::draw::Draw;
use super::{Case, array, vars};

/// Saves the weights of a case's layer and loads them into one that was made from another seed.
/// Returns how many files were written: none for a layer without weights.
///
/// # Errors
/// That the outputs differ.
pub(super) fn check(entry: &Entry, case: &Case, draw: &mut Draw) -> Result<usize, String> {
    let made = |seed| -> Result<Alone, String> {
        let mut layer = case.layer(entry)?;
        layer.init(Seed::new(seed), &case.inputs);
        Ok(Alone(layer))
    };
    let (first, second) = (made(5)?, made(6)?);
    if first.parameters().is_empty() && first.variables().is_empty() {
        return Ok(0);
    }
    let arrays: Vec<ArrayD<Float>> = case.inputs.iter().map(|value| array(value, draw)).collect();
    let outputs = |layer: &Alone| -> Result<Vec<ArrayD<Float>>, String> {
        tape::run(Mode::Inference, || {
            layer.call(&vars(case, &arrays)).iter().map(|var| var.to_array()).collect()
        })
        .map_err(|error| error.to_string())
    };
    let file = std::env::temp_dir().join(format!(
        "model-conformance-{}-{}.safetensors",
        entry.snake,
        std::process::id()
    ));
    let expected = outputs(&first)?;
    let saved = first.save_weights(&file).and_then(|()| second.load_weights(&file));
    let _ = std::fs::remove_file(&file);
    saved.map_err(|error| format!("{}: {error}", case.told(entry)))?;
    // Numbers that have exploded are equal, too.
    let same = |(a, b): (&Float, &Float)| a == b || a.is_nan() && b.is_nan();
    let loaded = outputs(&second)?;
    if loaded.iter().flatten().zip(expected.iter().flatten()).all(same) {
        Ok(1)
    } else {
        Err(format!("{}: other outputs after loading", case.told(entry)))
    }
}

/// A layer as a model, so that it can be saved.
struct Alone(Box<dyn Layer>);

impl Layer for Alone {
    fn call(&self, inputs: &[Var]) -> Vars {
        self.0.call(inputs)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("layer", self.0.as_ref());
    }
}

impl Model for Alone {
    fn graph(&self) -> &'static Graph {
        const NONE: &Graph = &Graph { name: "Alone", inputs: &[], outputs: &[], calls: &[] };
        NONE
    }
}
