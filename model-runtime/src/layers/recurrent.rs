//! What recurrent layers share: their arguments, and how they run.

use model_spec::{ArgValue, Config, Entry, Shape, ShapeError, Value, refuse_activation};

use super::samples;
use super::support::{check, generator};
use super::windows::{penalize, ready};
use crate::float::Scalar;
use crate::ops::cell::Cell;
use crate::ops::map::Map;
use crate::ops::recurrent::{Options, Recurrent};
use crate::ops::strided::strides;
use crate::ops::view::{Reshape, View};
use crate::pool::Buffer;
use crate::tensor::Tensor;
use crate::var::values;
use crate::{
    Activation, Constraint, Float, Initializer, Mode, Parameter, Regularizer, Seed, Var, Vars,
    Visitor, tape,
};

/// The most arguments that a recurrent layer has.
const MOST_ARGS: usize = 24;

/// The arguments of a layer, which are made for each call. Reads as a slice.
pub(super) struct Args {
    all: [ArgValue; MOST_ARGS],
    count: usize,
}

impl std::ops::Deref for Args {
    type Target = [ArgValue];

    fn deref(&self) -> &[ArgValue] {
        &self.all[..self.count]
    }
}

/// The arguments, with Keras's defaults.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub units: usize,
    pub activation: Activation,
    pub recurrent_activation: Activation,
    pub kernel_initializer: Initializer,
    pub recurrent_initializer: Initializer,
    pub bias_initializer: Initializer,
    pub unit_forget_bias: bool,
    pub kernel_regularizer: Option<Regularizer>,
    pub recurrent_regularizer: Option<Regularizer>,
    pub bias_regularizer: Option<Regularizer>,
    pub activity_regularizer: Option<Regularizer>,
    pub kernel_constraint: Option<Constraint>,
    pub recurrent_constraint: Option<Constraint>,
    pub bias_constraint: Option<Constraint>,
    pub dropout: Float,
    pub recurrent_dropout: Float,
    pub seed: Option<u64>,
    pub return_sequences: bool,
    pub return_state: bool,
    pub go_backwards: bool,
    pub reset_after: bool,
    pub zero_output_for_mask: bool,
}

impl Settings {
    pub fn new(units: usize) -> Settings {
        Settings {
            units,
            activation: Activation::Tanh,
            recurrent_activation: Activation::Sigmoid,
            kernel_initializer: Initializer::GlorotUniform,
            recurrent_initializer: Initializer::Orthogonal(1.0),
            bias_initializer: Initializer::Zeros,
            unit_forget_bias: false,
            kernel_regularizer: None,
            recurrent_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            kernel_constraint: None,
            recurrent_constraint: None,
            bias_constraint: None,
            dropout: 0.0,
            recurrent_dropout: 0.0,
            seed: None,
            return_sequences: false,
            return_state: false,
            go_backwards: false,
            reset_after: true,
            zero_output_for_mask: false,
        }
    }

    /// What the rules need to know of the arguments.
    pub fn args(&self, entry: &Entry, use_bias: bool) -> Args {
        let word = |a: &Activation| a.name().map_or(ArgValue::Rust, ArgValue::Word);
        let value = |name| match name {
            "units" => ArgValue::Int(self.units as i64),
            "activation" => word(&self.activation),
            "recurrent_activation" => word(&self.recurrent_activation),
            "use_bias" => ArgValue::Bool(use_bias),
            "dropout" => ArgValue::Float(self.dropout.as_f64()),
            "recurrent_dropout" => ArgValue::Float(self.recurrent_dropout.as_f64()),
            "return_sequences" => ArgValue::Bool(self.return_sequences),
            "return_state" => ArgValue::Bool(self.return_state),
            "reset_after" => ArgValue::Bool(self.reset_after),
            _ => ArgValue::Unset,
        };
        assert!(entry.args.len() <= MOST_ARGS, "there is room for the arguments");
        let mut args = Args { all: [ArgValue::Unset; MOST_ARGS], count: entry.args.len() };
        args.all.iter_mut().zip(entry.args).for_each(|(to, arg)| *to = value(arg.name));
        args
    }

    /// The function of an activation, which must work on each number alone.
    #[track_caller]
    fn map(&self, entry: &Entry, name: &str, activation: &Activation) -> Result<Map, Var> {
        activation.map().ok_or_else(|| {
            let word = activation.name().unwrap_or("a function of one's own");
            tape::fail_shape(refuse_activation(entry.name, name, word), &[])
        })
    }
}

/// The weights of a layer, and the bias if there is one.
pub(super) type Weights = (Parameter, Parameter, Option<Parameter>);

/// A layer about to run.
pub(super) struct Run<'a> {
    pub entry: &'static Entry,
    pub settings: &'a Settings,
    pub kernel: &'a Parameter,
    pub recurrent_kernel: &'a Parameter,
    pub bias: Option<&'a Parameter>,
}

impl Run<'_> {
    /// Whether a cell takes the steps of this sequence, and these states, by its own rule.
    pub fn accepts_steps(&self, inputs: &[Var]) -> Result<(), ShapeError> {
        let args = self.settings.args(self.entry, self.bias.is_some());
        check(self.entry, &args)?;
        let given = model_spec::layers::rnn::rule(&Config::new(&[]), &values(inputs))?;
        (self.entry.rule)(&Config::new(&args), given.as_slice()).map(|_| ())
    }

    /// What comes out: the output, and the states if they are asked for.
    #[track_caller]
    pub fn call(&self, inputs: &[Var], cell: &dyn Fn(Map, Map) -> Box<dyn Cell<Float>>) -> Vars {
        let (entry, settings) = (self.entry, self.settings);
        let args = settings.args(entry, self.bias.is_some());
        let mut weights =
            vec![("kernel", self.kernel), ("recurrent_kernel", self.recurrent_kernel)];
        weights.extend(self.bias.map(|bias| ("bias", bias)));
        if let Err(poison) = ready(entry, &args, inputs, &weights) {
            return poison.into();
        }
        let activation = settings.map(entry, "activation", &settings.activation);
        let recurrent = settings.map(entry, "recurrent_activation", &settings.recurrent_activation);
        let (activation, recurrent) = match (activation, recurrent) {
            (Ok(activation), Ok(recurrent)) => (activation, recurrent),
            (Err(poison), _) | (_, Err(poison)) => return poison.into(),
        };
        let counts = inputs.iter().map(|input| samples(*input));
        let count = counts.into_iter().find(|&count| count != 1).unwrap_or(1);
        let mut values: Vec<Var> = inputs.iter().map(|input| stretch(*input, count)).collect();
        let is_step = inputs[0].shape().rank() == 2;
        if is_step {
            let shape = values[0].shape();
            let shape = Shape::new(&[shape.dim(0), 1, shape.dim(1)]);
            values[0] = tape::apply(Reshape(shape), &[values[0]]);
        }
        let shape = values[0].shape();
        values.splice(1..1, weights.iter().map(|(_, weight)| weight.var()));
        let mask = inputs[0].mask().map(|mask| stretch(mask, count));
        let cell = cell(activation, recurrent);
        let counts = cell.counts();
        let options = self.options(counts.gates, &shape, mask, is_step);
        let (sequences, states) = (options.return_sequences, options.return_state);
        let packed = tape::apply(Recurrent::new(cell, options), &values);
        let outputs = match states {
            true => unpack(packed, &shape, settings.units, sequences, counts.states),
            false => vec![packed],
        };
        if let (Some(mask), true) = (mask, sequences) {
            tape::set_mask(outputs[0], mask);
        }
        self.regularize(outputs[0]);
        outputs.into()
    }

    fn options(
        &self,
        gates: usize,
        shape: &Shape,
        mask: Option<Var>,
        is_step: bool,
    ) -> Options<Float> {
        let settings = self.settings;
        let (samples, steps, features) = (shape.dim(0), shape.dim(1), shape.dim(2));
        let (mut dropout, mut recurrent_dropout) = (Vec::new(), Vec::new());
        if tape::mode() == Mode::Training {
            // As in Keras: without drops of the state, all gates see the same input.
            let masks = if settings.recurrent_dropout > 0.0 { gates } else { 1 };
            let drop = |rate, width| drops(rate, settings.seed, masks, samples * width);
            dropout = drop(settings.dropout, features);
            recurrent_dropout = drop(settings.recurrent_dropout, settings.units);
        }
        Options {
            return_sequences: !is_step && settings.return_sequences,
            return_state: is_step || settings.return_state,
            go_backwards: settings.go_backwards,
            mask: mask.map(|mask| counting(mask, samples * steps)).unwrap_or_default(),
            zero_output_for_mask: settings.zero_output_for_mask,
            use_bias: self.bias.is_some(),
            dropout,
            recurrent_dropout,
        }
    }

    /// Adds the penalties to the step's loss.
    #[track_caller]
    fn regularize(&self, y: Var) {
        penalize(&self.settings.kernel_regularizer, self.kernel);
        penalize(&self.settings.recurrent_regularizer, self.recurrent_kernel);
        if let Some(bias) = self.bias {
            penalize(&self.settings.bias_regularizer, bias);
        }
        if let Some(regularizer) = &self.settings.activity_regularizer {
            let count = samples(y).max(1) as Float;
            tape::add_term(y.source(), || regularizer.penalty(y) / count);
        }
    }

    /// New weights; none where they would be more numbers than can be or their size is open, which
    /// `call` reports.
    pub fn init(&self, seed: &Seed, inputs: &[Value]) -> Option<Weights> {
        let args = self.settings.args(self.entry, self.bias.is_some());
        let weights = (self.entry.weights)(&Config::new(&args), inputs);
        if weights.size() > isize::MAX as usize / size_of::<Float>() {
            return None;
        }
        let settings = self.settings;
        let bias = self.bias.map(|_| {
            let (start, seed) = (&settings.bias_initializer, seed.child("bias"));
            if !settings.unit_forget_bias {
                return start.parameter(&seed, weights.get(2));
            }
            // The second quarter, of the forget gate, starts with 1.
            let units = settings.units;
            let gates = start.parameter(&seed, Shape::new(&[3 * units]));
            // A function of the user's may make something else, which does not fit either.
            if gates.shape() != Shape::new(&[3 * units]) {
                return gates;
            }
            let mut bias = gates.tensor().data().to_vec();
            bias.splice(units..units, std::iter::repeat_n(1.0, units));
            Parameter::new(Tensor::new(weights.get(2), bias))
        });
        Some((
            settings
                .kernel_initializer
                .parameter(&seed.child("kernel"), weights.get(0))
                .constrained(settings.kernel_constraint.as_ref()),
            settings
                .recurrent_initializer
                .parameter(&seed.child("recurrent_kernel"), weights.get(1))
                .constrained(settings.recurrent_constraint.as_ref()),
            bias.map(|bias| bias.constrained(settings.bias_constraint.as_ref())),
        ))
    }

    pub fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("kernel", self.kernel);
        visitor.parameter("recurrent_kernel", self.recurrent_kernel);
        if let Some(bias) = self.bias {
            visitor.parameter("bias", bias);
        }
    }
}

/// The same for each of so many samples.
#[track_caller]
fn stretch(x: Var, samples: usize) -> Var {
    let shape = x.shape();
    if shape.dim(0) == samples {
        return x;
    }
    let mut strides = strides(&shape);
    strides[0] = 0;
    tape::apply(View { shape: shape.with(0, samples), start: 0, strides }, &[x])
}

/// Which steps of which samples count. One counts where one of its numbers does.
#[track_caller]
fn counting(mask: Var, steps: usize) -> Buffer<bool> {
    let mask = mask.tensor();
    if mask.len() < steps {
        // One for each sample.
        let times = (steps / mask.len().max(1)).max(1);
        return (0..mask.len() * times).map(|i| mask.data()[i / times] != 0.0).collect();
    }
    let each = mask.len() / steps.max(1);
    mask.data().chunks(each.max(1)).map(|step| step.iter().any(|&m| m != 0.0)).collect()
}

/// So many masks that drop a share of so many numbers and let the rest grow; none if nothing drops.
#[track_caller]
fn drops(rate: Float, seed: Option<u64>, masks: usize, numbers: usize) -> Vec<Buffer<Float>> {
    if rate == 0.0 {
        return Vec::new();
    }
    let mut generator = generator(seed);
    (0..masks).map(|_| generator.drops(numbers, rate.as_f64())).collect()
}

/// The output and the states out of one value that holds them one after the other.
#[track_caller]
fn unpack(packed: Var, x: &Shape, units: usize, sequences: bool, states: usize) -> Vec<Var> {
    let (samples, steps) = (x.dim(0), x.dim(1));
    let state = Shape::new(&[samples, units]);
    let output = if sequences { Shape::new(&[samples, steps, units]) } else { state };
    let mut start = 0;
    let mut part = |shape: Shape| {
        let view = View { shape, start, strides: strides(&shape) };
        start += shape.size().unwrap_or(0) as isize;
        tape::apply(view, &[packed])
    };
    std::iter::once(output).chain(std::iter::repeat_n(state, states)).map(&mut part).collect()
}
