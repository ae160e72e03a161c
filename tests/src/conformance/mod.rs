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

/// The layers that a case can be drawn for: all but what is made of closures and lists of layers.
pub fn layers() -> impl Iterator<Item = &'static Entry> {
    LAYERS.iter().copied().filter(|entry| entry.form == Form::Layer)
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
    /// For a layer around another one.
    inner: Option<Inner>,
}

/// A layer inside of another.
struct Inner {
    entry: &'static Entry,
    config: Vec<ArgValue>,
}

/// What is inside of a layer that takes any other.
const INSIDE: &[&str] = &["Dense", "Conv1D", "Flatten", "MaxPooling1D", "LayerNormalization"];

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
        let Some(inner) = &self.inner else { return outcome(entry, &self.config, &self.inputs) };
        let config = Config::new(&self.config);
        let given = (entry.rule)(&config, &self.inputs)?;
        if let Some(check) = entry.wraps.and_then(|wraps| wraps.check) {
            check(inner.entry, &Config::new(&inner.config))?;
        }
        let inside = outcome(inner.entry, &inner.config, given.as_slice())?;
        let rule = entry.wraps.map(|wraps| wraps.rule).expect("there is a layer inside");
        let outside = rule(&config, &self.inputs, inside.as_slice());
        if entry.uses_mask { outside } else { keep_mask(entry.name, &self.inputs, outside) }
    }
}

/// What the catalogue says of a layer.
fn outcome(entry: &Entry, config: &[ArgValue], inputs: &[Value]) -> Result<Values, ShapeError> {
    for (arg, value) in entry.args.iter().zip(config) {
        if let Some(check) = arg.check {
            check(*value)?;
        }
    }
    let outcome = (entry.rule)(&Config::new(config), inputs);
    if entry.uses_mask { outcome } else { keep_mask(entry.name, inputs, outcome) }
}

/// Compares a layer with the catalogue.
///
/// # Errors
/// The first case in which they differ, or that there are too few cases.
pub fn check(entry: &'static Entry) -> Result<Counts, String> {
    let mut draw = Draw::new(
        entry
            .name
            .bytes()
            .fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))),
    );
    let mut counts = Counts::default();
    let drawn = |draw: &mut Draw| {
        let (mut json, config) = draw.arguments(entry);
        let inner = entry.wraps.map(|wraps| {
            let names = if wraps.layers.is_empty() { INSIDE } else { wraps.layers };
            let name: &&str = draw.one_of(names);
            let entry = model_spec::find(name).expect("a layer of the catalogue");
            let (args, config) = draw.arguments(entry);
            json.insert("layer".into(), serde_json::json!({ "layer": entry.name, "args": args }));
            Inner { entry, config }
        });
        Case { json, config, inputs: draw.inputs(entry), inner }
    };
    let wants = |entry: &'static Entry| {
        let mut draw = Draw::new(1);
        (0..500).any(|_| takes_indices(entry, &mut draw)).then_some(entry.name)
    };
    let inside = entry.wraps.map_or(&[] as &[&str], |wraps| wraps.layers);
    let inside = inside.iter().filter_map(|name| model_spec::find(name));
    let indices: Vec<&str> = std::iter::once(entry).chain(inside).filter_map(wants).collect();
    for _ in 0..20_000 {
        let mut case = drawn(&mut draw);
        let first = case.inner.as_ref().map_or(entry.name, |inner| inner.entry.name);
        if indices.contains(&first) {
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

/// Whether a layer takes indices where it does not take numbers, with arguments that are drawn.
fn takes_indices(entry: &Entry, draw: &mut Draw) -> bool {
    let (_, config) = draw.arguments(entry);
    let (config, mut inputs) = (Config::new(&config), draw.inputs(entry));
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
