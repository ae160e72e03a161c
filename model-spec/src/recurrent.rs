//! What the rules of recurrent layers share.

use crate::catalogue::{Arg, ArgKind};
use crate::convolution::constraint;
use crate::rules::{any_poison, attempt, result, size};
use crate::words::{ACTIVATION, INITIALIZER, REGULARIZER};
use crate::{
    ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights, require_float, str_eq,
};

/// What a recurrent layer is, beside its arguments.
pub(crate) struct Kind {
    /// Its name.
    pub layer: &'static str,
    /// Its arguments.
    pub args: &'static [Arg],
    /// How many times the units its kernels have columns.
    pub gates: usize,
    /// How many states it goes on from.
    pub states: usize,
    /// Whether it goes over a sequence, and not one step.
    pub sequence: bool,
}

/// The argument `units`.
pub(crate) const UNITS: Arg = Arg::required("units", ArgKind::Size);
/// The argument `use_bias`.
pub(crate) const USE_BIAS: Arg = yes("use_bias");
/// The argument `activation`.
pub(crate) const ACTIVATION_ARG: Arg = activation("activation", "tanh");
/// The argument `recurrent_activation`.
pub(crate) const RECURRENT_ACTIVATION: Arg = activation("recurrent_activation", "sigmoid");
/// The argument `kernel_initializer`.
pub(crate) const KERNEL_INITIALIZER: Arg = initializer("kernel_initializer", "glorot_uniform");
/// The argument `recurrent_initializer`.
pub(crate) const RECURRENT_INITIALIZER: Arg = initializer("recurrent_initializer", "orthogonal");
/// The argument `bias_initializer`.
pub(crate) const BIAS_INITIALIZER: Arg = initializer("bias_initializer", "zeros");
/// The argument `kernel_regularizer`.
pub(crate) const KERNEL_REGULARIZER: Arg = regularizer("kernel_regularizer");
/// The argument `recurrent_regularizer`.
pub(crate) const RECURRENT_REGULARIZER: Arg = regularizer("recurrent_regularizer");
/// The argument `bias_regularizer`.
pub(crate) const BIAS_REGULARIZER: Arg = regularizer("bias_regularizer");
/// The argument `activity_regularizer`.
pub(crate) const ACTIVITY_REGULARIZER: Arg = regularizer("activity_regularizer");
/// The argument `kernel_constraint`.
pub(crate) const KERNEL_CONSTRAINT: Arg = constraint("kernel_constraint");
/// The argument `recurrent_constraint`.
pub(crate) const RECURRENT_CONSTRAINT: Arg = constraint("recurrent_constraint");
/// The argument `bias_constraint`.
pub(crate) const BIAS_CONSTRAINT: Arg = constraint("bias_constraint");
/// The argument `dropout`.
pub(crate) const DROPOUT: Arg =
    Arg::new("dropout", ArgKind::Float, ArgValue::Float(0.0)).check(check_dropout);
/// The argument `recurrent_dropout`.
pub(crate) const RECURRENT_DROPOUT: Arg =
    Arg::new("recurrent_dropout", ArgKind::Float, ArgValue::Float(0.0))
        .check(check_recurrent_dropout);
/// The argument `seed`.
pub(crate) const SEED: Arg = Arg::new("seed", ArgKind::Seed, ArgValue::Unset);
/// The argument `return_sequences`.
pub(crate) const RETURN_SEQUENCES: Arg = no("return_sequences");
/// The argument `return_state`.
pub(crate) const RETURN_STATE: Arg = no("return_state");
/// The argument `go_backwards`.
pub(crate) const GO_BACKWARDS: Arg = no("go_backwards");
/// The argument `zero_output_for_mask`.
pub(crate) const ZERO_OUTPUT_FOR_MASK: Arg = no("zero_output_for_mask");

/// An argument that is `true` unless it is said to be `false`.
pub(crate) const fn yes(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Bool, ArgValue::Bool(true))
}

const fn no(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Bool, ArgValue::Bool(false))
}

const fn activation(name: &'static str, word: &'static str) -> Arg {
    Arg::new(name, ArgKind::Word(&ACTIVATION), ArgValue::Word(word))
}

const fn initializer(name: &'static str, word: &'static str) -> Arg {
    Arg::new(name, ArgKind::Word(&INITIALIZER), ArgValue::Word(word))
}

const fn regularizer(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Word(&REGULARIZER), ArgValue::Unset)
}

fn check_dropout(value: ArgValue) -> Result<(), ShapeError> {
    check_rate("dropout", value)
}

fn check_recurrent_dropout(value: ArgValue) -> Result<(), ShapeError> {
    check_rate("recurrent_dropout", value)
}

fn check_rate(argument: &str, value: ArgValue) -> Result<(), ShapeError> {
    match value.number() {
        Some(rate) if !(0.0..1.0).contains(&rate) => Err(ShapeError::of(
            Text::new(argument).str(" must lie in [0, 1), but is ").str(&rate.to_string()),
        )
        .help("it is the share that is dropped: 0.5 drops half")),
        _ => Ok(()),
    }
}

impl Kind {
    /// The value of the argument of this name.
    const fn get(&self, config: &Config<'_>, name: &str) -> ArgValue {
        let mut i = 0;
        while i < self.args.len() {
            if str_eq(self.args[i].name, name) {
                return config.get(i);
            }
            i += 1;
        }
        ArgValue::Unset
    }

    const fn is(&self, config: &Config<'_>, name: &str) -> bool {
        matches!(self.get(config, name), ArgValue::Bool(true))
    }

    /// How many values come out.
    pub const fn outputs(&self, config: &Config<'_>) -> usize {
        if !self.sequence || self.is(config, "return_state") { 1 + self.states } else { 1 }
    }

    /// The output, of each step or the last, and the states if they are asked for.
    pub const fn rule(&self, config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
        if any_poison(inputs) {
            return Ok(Values::POISON);
        }
        attempt!(self.count(inputs));
        let input = inputs[0];
        if let Err(error) = require_float(self.layer, &input) {
            return Err(error.help("put an Embedding before it: Embedding(1000, 32)(x)"));
        }
        attempt!(self.check_shape(&input.shape));
        let units = attempt!(size(self.layer, "units", config, 0));
        attempt!(self.check_activation(config, "activation"));
        attempt!(self.check_activation(config, "recurrent_activation"));
        attempt!(self.check_states(units, inputs));
        let shape = Shape::new(&[units]);
        let sequences = self.sequence && self.is(config, "return_sequences");
        let output = if sequences { shape.with_first(input.shape.dim(0)) } else { shape };
        let mut value = Value::new(output);
        value.mask = sequences && input.mask;
        let values = attempt!(result(self.layer, value));
        if self.outputs(config) == 1 {
            return Ok(values);
        }
        let mut all = [Value::new(shape); 3];
        all[0] = value;
        Ok(Values::new(all.split_at(1 + self.states).0))
    }

    /// The kernels, and a bias unless there is none.
    pub const fn weights(
        &self,
        config: &Config<'_>,
        inputs: &[Value],
        bias_rows: usize,
    ) -> Weights {
        let units = config.int(0) as usize;
        let columns = units.saturating_mul(self.gates);
        let features = if inputs.is_empty() { 0 } else { inputs[0].shape.last() };
        let weights = Weights::NONE
            .and("kernel", Shape::new(&[features, columns]))
            .and("recurrent_kernel", Shape::new(&[units, columns]));
        if !self.is(config, "use_bias") {
            return weights;
        }
        let bias = Shape::new(&[columns]);
        weights.and("bias", if bias_rows > 1 { bias.with_first(bias_rows) } else { bias })
    }

    /// Refuses a number of states that is not none or all.
    const fn count(&self, inputs: &[Value]) -> Result<(), ShapeError> {
        if inputs.len() == 1 || inputs.len() == 1 + self.states {
            return Ok(());
        }
        if inputs.is_empty() {
            return crate::rules::count(self.layer, inputs, 1, 1 + self.states);
        }
        let text = Text::new(self.layer).str(if self.states == 1 {
            " goes on from one state, h, but got "
        } else {
            " goes on from two states, h and c, but got "
        });
        Err(ShapeError::of(text.int(inputs.len() as i64 - 1)).help(
            match (self.sequence, self.states) {
                (true, 1) => "write initial_state = h, or leave it out to start from zeros",
                (true, _) => "write initial_state = [h, c], or leave it out to start from zeros",
                (false, 1) => "write states = h, or leave it out to start from zeros",
                (false, _) => "write states = [h, c], or leave it out to start from zeros",
            },
        ))
    }

    const fn check_shape(&self, shape: &Shape) -> Result<(), ShapeError> {
        let rank = if self.sequence { 2 } else { 1 };
        if shape.rank() != rank {
            let takes = if self.sequence {
                " takes a sequence (steps, features), but the input is "
            } else {
                " takes one step (features), but the input is "
            };
            let text = Text::new(self.layer).str(takes).shape(shape);
            return Err(ShapeError::of(text).help_of(self.help_of_shape(shape)));
        }
        match shape.last() {
            Shape::ANY => Err(ShapeError::of(
                Text::new(self.layer)
                    .str(" needs to know the number of features, and it is `_` in ")
                    .shape(shape),
            )
            .help("write a number for the last axis of the Input")),
            0 => Err(ShapeError::of(
                Text::new(self.layer).str(" needs features, and there are none in ").shape(shape),
            )
            .help("the last axis is the features, at least 1")),
            _ => Ok(()),
        }
    }

    const fn help_of_shape(&self, shape: &Shape) -> Text {
        if !self.sequence {
            return if shape.rank() == 2 {
                // `GRUCell` without `Cell`.
                let layer = self.layer.split_at(self.layer.len() - "Cell".len()).0;
                Text::new("for a whole sequence, write ").str(layer).str("(…)")
            } else {
                Text::new("give it 1 axis, as Input(8) has")
            };
        }
        match shape.rank() {
            1 => {
                let text = Text::new(
                    "a recurrent layer before it needs return_sequences = true; one number for \
                     each step is Input",
                );
                let text = text.shape(&shape.push(1));
                let text = if shape.is_known() {
                    text.str(" or Reshape").shape(&shape.push(1))
                } else {
                    text
                };
                text.str(", one vector for all steps RepeatVector(n)")
            }
            0 => Text::new("give it 2 axes, as Input(100, 8) has"),
            _ => {
                let flat = Shape::new(&[shape.dim(0)]);
                match shape.without_first().size() {
                    Some(features) => Text::new("make one axis of the features: Reshape")
                        .shape(&flat.push(features))
                        .str(" before it"),
                    None => Text::new("give it 2 axes, as Input(100, 8) has"),
                }
            }
        }
    }

    /// Refuses activations that look at more than one number.
    const fn check_activation(&self, config: &Config<'_>, name: &str) -> Result<(), ShapeError> {
        match self.get(config, name) {
            ArgValue::Word(word) if str_eq(word, "softmax") || str_eq(word, "log_softmax") => {
                Err(refuse_activation(self.layer, name, word))
            }
            _ => Ok(()),
        }
    }

    const fn check_states(&self, units: usize, inputs: &[Value]) -> Result<(), ShapeError> {
        let mut i = 1;
        while i < inputs.len() {
            attempt!(require_float(self.layer, &inputs[i]));
            let shape = Shape::new(&[units]);
            if !inputs[i].shape.fits(&shape) {
                return Err(ShapeError::of(
                    Text::new(self.layer)
                        .str(" goes on from states ")
                        .shape(&shape)
                        .str(", but got one of ")
                        .shape(&inputs[i].shape),
                )
                .help_of(
                    Text::new("give it as many numbers as there are units: Dense(")
                        .int(units as i64)
                        .str(")"),
                ));
            }
            i += 1;
        }
        Ok(())
    }
}

/// What is wrong with an activation that a recurrent layer cannot apply in its loop.
pub const fn refuse_activation(layer: &str, argument: &str, activation: &str) -> ShapeError {
    ShapeError::of(
        Text::new(layer)
            .str(": ")
            .str(argument)
            .str(" must work on each number alone, and ")
            .str(activation)
            .str(" does not"),
    )
    .help("write tanh, sigmoid, relu or the like, and apply the other to what comes out")
}
