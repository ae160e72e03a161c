//! What the catalogue says of a layer is what the running layer does: shapes, masks, mistakes,
//! gradients, and weights that are saved and loaded.

mod draw;
mod gradient;
mod saved;

use model_runtime::prelude::*;
use model_spec::{ArgValue, Config, Entry, Form, LAYERS, ShapeError, Values, keep_mask};
use ndarray::{ArrayD, IxDyn};
use serde_json::{Map, Value as Json};

use self::draw::Draw;
use crate::parity::args::Args;
use crate::parity::layers::layer;

/// How many cases of each kind a layer must have.
const LEAST: usize = 12;

/// How many cases that a layer accepts are run.
const ACCEPTED: usize = 40;

/// How many cases that a layer refuses are run.
const REFUSED: usize = 20;

const SAMPLES: usize = 2;

/// The layers that a case can be drawn for: all but what is made of closures and other layers,
/// which have tests of their own.
pub fn layers() -> impl Iterator<Item = &'static Entry> {
    LAYERS.iter().copied().filter(|entry| entry.form == Form::Layer && entry.wraps.is_none())
}

/// What was done for a layer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Cases whose shapes were compared.
    pub accepted: usize,
    /// Mistakes whose sentences were compared.
    pub refused: usize,
    /// Cases whose gradients were compared with differences.
    pub gradients: usize,
    /// Cases whose weights were saved and loaded.
    pub saved: usize,
}

/// A drawn case of a layer.
struct Case {
    json: Map<String, Json>,
    config: Vec<ArgValue>,
    inputs: Vec<Value>,
}

impl Case {
    fn layer(&self, entry: &Entry) -> Result<Box<dyn Layer>, String> {
        layer(entry.name, &Args::new(&self.json), &Args::new(&Map::new()))
    }

    fn told(&self, entry: &Entry) -> String {
        let json = Json::Object(self.json.clone());
        format!("{} {json} on {:?}", entry.name, self.inputs)
    }

    /// What the catalogue says of the case.
    fn expected(&self, entry: &Entry) -> Result<Values, ShapeError> {
        let checks = entry.args.iter().zip(&self.config);
        for (arg, value) in checks {
            if let Some(check) = arg.check {
                check(*value)?;
            }
        }
        let outcome = (entry.rule)(&Config::new(&self.config), &self.inputs);
        if entry.uses_mask { outcome } else { keep_mask(entry.name, &self.inputs, outcome) }
    }
}

/// Compares a layer with the catalogue.
///
/// # Errors
/// The first case in which they differ, or that there are too few cases.
pub fn check(entry: &Entry) -> Result<Counts, String> {
    let mut draw = Draw::new(
        entry
            .name
            .bytes()
            .fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))),
    );
    let mut counts = Counts::default();
    let drawn = |draw: &mut Draw| {
        let (json, config) = draw.arguments(entry);
        Case { json, config, inputs: draw.inputs(entry) }
    };
    let indices = (0..500).any(|_| takes_indices(entry, &drawn(&mut draw)));
    for _ in 0..20_000 {
        let mut case = drawn(&mut draw);
        if indices {
            case.inputs[0].kind = Kind::Index;
        }
        if draw.chance(25) && case.inputs[0].shape.rank() > 1 {
            case.inputs[0].mask = true;
        }
        match case.expected(entry) {
            Ok(values) if counts.accepted < ACCEPTED => {
                counts.accepted += 1;
                accepted(entry, &case, &values, &mut draw)?;
                if !case.inputs[0].mask {
                    counts.gradients += gradient::check(entry, &case, &mut draw)?;
                    counts.saved += saved::check(entry, &case, &mut draw)?;
                }
            }
            Err(error) if counts.refused < REFUSED => {
                counts.refused += 1;
                refused(entry, &case, &error, &mut draw)?;
            }
            _ if counts.accepted >= ACCEPTED && counts.refused >= REFUSED => break,
            _ => {}
        }
    }
    if counts.accepted < LEAST {
        return Err(format!("{} has too few cases: {counts:?}", entry.name));
    }
    Ok(counts)
}

/// Whether a layer takes indices where it does not take numbers.
fn takes_indices(entry: &Entry, case: &Case) -> bool {
    let config = Config::new(&case.config);
    let mut inputs = case.inputs.clone();
    let refuses = (entry.rule)(&config, &inputs).is_err();
    inputs[0].kind = Kind::Index;
    refuses && (entry.rule)(&config, &inputs).is_ok()
}

fn array(value: &Value, draw: &mut Draw) -> ArrayD<Float> {
    let mut dims = vec![SAMPLES];
    dims.extend(value.shape.dims());
    let number = || if value.kind == Kind::Index { 0.0 } else { draw.number() };
    ArrayD::from_shape_simple_fn(IxDyn(&dims), number)
}

/// The inputs of a case, the first with a mask if it says so.
fn vars(case: &Case, arrays: &[ArrayD<Float>]) -> Vec<Var> {
    let var = |(value, array): (&Value, &ArrayD<Float>)| {
        let var = Var::from_array(array);
        if !value.mask {
            return var;
        }
        let steps = value.shape.dim(0);
        let mask = ArrayD::from_shape_fn(IxDyn(&[SAMPLES, steps]), |at| {
            if at[1] + at[0] < steps { 1.0 } else { 0.0 }
        });
        var.with_mask(Var::from_array(&mask))
    };
    case.inputs.iter().zip(arrays).map(var).collect()
}

/// Shapes and masks are those of the rule, in both modes.
fn accepted(entry: &Entry, case: &Case, values: &Values, draw: &mut Draw) -> Result<(), String> {
    let told = || case.told(entry);
    let mut layer = case.layer(entry).map_err(|error| format!("{}: {error}", told()))?;
    layer.init(Seed::new(1), &case.inputs);
    let arrays: Vec<ArrayD<Float>> = case.inputs.iter().map(|value| array(value, draw)).collect();
    for mode in [Mode::Inference, Mode::Training] {
        let got = tape::run(mode, || {
            let outputs = layer.call(&vars(case, &arrays));
            outputs.iter().map(|var| (var.shape(), var.mask().is_some())).collect::<Vec<_>>()
        });
        let got = got.map_err(|error| format!("{}: {error}", told()))?;
        let expected: Vec<(Shape, bool)> = values
            .as_slice()
            .iter()
            .map(|value| (value.shape.with_first(SAMPLES), value.mask))
            .collect();
        if got != expected {
            return Err(format!("{}: {got:?}, but the rule says {expected:?}", told()));
        }
    }
    Ok(())
}

/// A mistake is told in the words of the rule.
fn refused(entry: &Entry, case: &Case, error: &ShapeError, draw: &mut Draw) -> Result<(), String> {
    let told = || case.told(entry);
    let Ok(mut layer) = case.layer(entry) else { return Ok(()) };
    layer.init(Seed::new(1), &case.inputs);
    let arrays: Vec<ArrayD<Float>> = case.inputs.iter().map(|value| array(value, draw)).collect();
    let got = tape::run(Mode::Inference, || layer.call(&vars(case, &arrays)).len());
    match got {
        Err(Error::Shape { error: got, .. }) if *got == *error => Ok(()),
        other => Err(format!("{}: {other:?}, but the rule says: {error}", told())),
    }
}
