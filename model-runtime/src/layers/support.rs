//! What the layers share.

use std::panic::Location;

use model_spec::{
    ArgValue, Config, Entry, Kind, MAX_RANK, Shape, ShapeError, Tuple, Value, Values, resolve_axes,
};
use smallvec::SmallVec;

use crate::ops::normalize::{Axis, Layout};
use crate::seed::Generator;
use crate::var::{same_samples, value};
use crate::{Error, Var, tape};

/// Checks the arguments and inputs of a layer or function by its entry in the catalogue.
///
/// Returns what comes out, without the sample axis. After an error, which is recorded, or where an
/// input comes from one, returns the value that stands for it.
#[track_caller]
pub(crate) fn accepts(entry: &Entry, args: &[ArgValue], inputs: &[Var]) -> Result<Values, Var> {
    ready(entry, args, inputs, &[])
}

/// Checks arguments, inputs, and that the weights, in the order of the rule, are those for them.
/// After an error, returns the value that stands for what comes out.
#[track_caller]
pub(super) fn ready(
    entry: &Entry,
    args: &[ArgValue],
    inputs: &[Var],
    has: &[(&'static str, Shape)],
) -> Result<Values, Var> {
    ready_for(Kind::Float, entry, args, inputs, has)
}

/// [`ready`] for inputs of this kind, which a value does not know of itself. A layer without
/// weights has none.
#[track_caller]
pub(super) fn ready_for(
    kind: Kind,
    entry: &Entry,
    args: &[ArgValue],
    inputs: &[Var],
    has: &[(&'static str, Shape)],
) -> Result<Values, Var> {
    let (mut values, mut counts) = (SmallVec::<[Value; 1]>::new(), SmallVec::<[usize; 4]>::new());
    tape::look(inputs, |shape, mask| {
        values.push(Value { kind, ..value(shape, mask) });
        counts.extend(shape.dims().first().copied());
    })?;
    if let Err(error) = check(entry, args) {
        return Err(tape::fail_shape(error, inputs));
    }
    let config = Config::new(args);
    let keeps_mask = !entry.uses_mask && entry.wraps.is_none();
    // What comes out is large, and so is an error: neither is moved before the end.
    let outcome = if keeps_mask && values.iter().any(|value| value.mask) {
        model_spec::keep_mask(entry.name, &values, (entry.rule)(&config, &values))
    } else {
        (entry.rule)(&config, &values)
    };
    let outputs = match &outcome {
        Ok(outputs) => outputs,
        Err(error) => return Err(tape::fail_shape(*error, inputs)),
    };
    if let Err(error) = same_samples(counts).and_then(|()| has_room(outputs)) {
        return Err(tape::fail_shape(error, inputs));
    }
    if has.iter().any(|(_, shape)| shape.size() == Some(0)) {
        let location = Location::caller();
        return Err(tape::fail(Error::NotInitialized { layer: entry.name, location }));
    }
    if !has.is_empty() {
        let needed = (entry.weights)(&config, &values);
        if let Err(error) = needed.accept(entry.name, has) {
            return Err(tape::fail_shape(error, inputs));
        }
    }
    Ok(*outputs)
}

/// Checks the arguments that need no input to be checked.
pub(super) fn check(entry: &Entry, args: &[ArgValue]) -> Result<(), ShapeError> {
    entry.args.iter().zip(args).try_for_each(|(arg, value)| match arg.check {
        Some(check) => check(*value),
        None => Ok(()),
    })
}

/// Refuses values that have no room for the sample axis.
fn has_room(outputs: &Values) -> Result<(), ShapeError> {
    match outputs.as_slice().iter().find(|value| value.shape.rank() >= MAX_RANK) {
        Some(_) => Err(ShapeError::new("while a model runs, a sample has at most 7 axes")
            .help("put some of them together with Reshape")),
        None => Ok(()),
    }
}

/// The argument of a list of numbers. A list that is too long is cut off: no value has as many
/// axes, so every rule refuses it still.
pub(crate) fn tuple(numbers: &[i64]) -> ArgValue {
    ArgValue::Tuple(Tuple::new(&numbers[..numbers.len().min(MAX_RANK)]))
}

/// The same, where an empty list means that nothing is given.
pub(crate) fn list(numbers: &[i64]) -> ArgValue {
    if numbers.is_empty() { ArgValue::Unset } else { tuple(numbers) }
}

/// The number of samples; 1 for a value without a sample axis.
#[track_caller]
pub(crate) fn samples(x: Var) -> usize {
    let shape = x.shape();
    if shape.rank() == 0 { 1 } else { shape.dim(0) }
}

/// The values with as many samples each: one sample, as that of a constant, is stretched to those
/// of the others. The rule has accepted them.
#[track_caller]
pub(crate) fn together<T: AsMut<[Var]>>(mut values: T) -> T {
    let all = values.as_mut();
    let count = all.iter().map(|x| samples(*x)).find(|&count| count != 1).unwrap_or(1);
    for x in all {
        let shape = x.shape();
        if shape.rank() == 0 || shape.dim(0) != count {
            let stretched =
                |x: Var| x.broadcast_to(x.shape().without_first().with_first(count).dims());
            let mask = x.mask();
            *x = stretched(x.drop_mask());
            if let Some(mask) = mask {
                *x = x.with_mask(stretched(mask));
            }
        }
    }
    values
}

/// The random numbers of one call of a layer: the step's, mixed with a seed of the layer's own.
#[track_caller]
pub(super) fn generator(seed: Option<u64>) -> Generator {
    let mut generator = tape::generator();
    match seed {
        Some(seed) => Generator::stream(seed, generator.below(usize::MAX) as u64),
        None => generator,
    }
}

/// An order of axes that counts from 1, with the sample axis at its place, as `transpose` wants it.
pub(crate) fn with_samples(order: &[i64]) -> Vec<isize> {
    std::iter::once(0).chain(order.iter().map(|&axis| axis as isize)).collect()
}

/// The chosen axes of each sample together, with weights for each of their positions. The rule has
/// accepted them.
pub(super) fn within_samples(shape: &Shape, axes: &[i64]) -> Layout {
    let chosen = resolve_axes("", axes, &shape.without_first()).unwrap_or([false; MAX_RANK]);
    let axis = |(axis, &size): (usize, &usize)| {
        let together = axis > 0 && chosen[axis - 1];
        Axis { size, apart: !together, weighted: together }
    };
    Layout::new(&shape.dims().iter().enumerate().map(axis).collect::<Vec<_>>())
}

/// The argument `seed` of a layer that draws random numbers while training.
macro_rules! seed_argument {
    ($layer:ident) => {
        impl $layer {
            /// A seed of its own, mixed with the step's.
            pub fn seed(mut self, seed: u64) -> $layer {
                self.seed = Some(seed);
                self
            }
        }
    };
}
pub(super) use seed_argument;

/// The arguments `dropout` and `seed` of a layer of attention.
macro_rules! dropout_arguments {
    ($layer:ident) => {
        $crate::layers::support::seed_argument!($layer);

        impl $layer {
            /// The share of the weights of the mean that is dropped while training, in [0, 1);
            /// none by default.
            pub fn dropout(mut self, dropout: $crate::Float) -> $layer {
                self.dropout = dropout;
                self
            }
        }
    };
}
pub(super) use dropout_arguments;

/// The two ways to call a layer with one input, both of which end in its `run`.
macro_rules! one_input {
    ($layer:ident) => {
        impl $layer {
            /// The output for `x`.
            #[track_caller]
            pub fn call(&self, x: crate::Var) -> crate::Var {
                self.run(&[x])
            }
        }

        impl crate::Layer for $layer {
            #[track_caller]
            fn call(&self, inputs: &[crate::Var]) -> crate::Vars {
                self.run(inputs).into()
            }
        }
    };
}
pub(super) use one_input;

/// The two ways to call a layer with several inputs, both of which end in its `run`.
macro_rules! several_inputs {
    ($layer:ident) => {
        impl $layer {
            /// The output for these inputs.
            #[track_caller]
            pub fn call(&self, inputs: &[crate::Var]) -> crate::Var {
                self.run(inputs)
            }
        }

        impl crate::Layer for $layer {
            #[track_caller]
            fn call(&self, inputs: &[crate::Var]) -> crate::Vars {
                self.run(inputs).into()
            }
        }
    };
}
pub(super) use several_inputs;

/// The first two inputs and all others, one after the other: `op(op(a, b), c)`.
#[track_caller]
pub(super) fn fold(entry: &Entry, op: crate::ops::binary::Binary, inputs: &[Var]) -> Var {
    if let Err(poison) = accepts(entry, &[], inputs) {
        return poison;
    }
    let mut result = inputs[0];
    for &input in &inputs[1..] {
        result = tape::apply(op, &[result, input]);
    }
    result
}
