//! What expansions of `model!` name beside the public API. Not for users: it may change in any
//! release.

pub use ndarray::SliceInfoElem as Slice;

pub use crate::tape::Scope;

use model_spec::{Operand, Report, Shape, ShapeError, Text, Tuple, Value, Values, Weights};

use crate::kernels::engine::{Engine, engine};
use crate::kernels::gemm::{End, Matrix, Target, gemm_by};
use crate::{Error, Float, PerSample, Var, tape};

/// Short names for the parts of an expansion that hold no tokens of the user's.
pub mod short {
    pub use super::value;
    pub use crate::graph::Source::{Call, Input, Nothing};
    pub use crate::graph::{Graph, function, layer, model, port, term, updated};
    pub use crate::{Layer, Shape, Share, Value};
    pub use std::option::Option::{None, Some};
}

/// What a shape rule says.
pub type Outcome = Result<Values, ShapeError>;

/// A rule's result, or poison where an input is: one mistake is one error. An error if `layer`,
/// unless it is empty, loses a mask.
pub const fn outcome(layer: &str, inputs: &[Value], result: Outcome) -> Outcome {
    let mut i = 0;
    while i < inputs.len() {
        if inputs[i].is_poison() {
            return Ok(Values::POISON);
        }
        i += 1;
    }
    if layer.is_empty() { result } else { model_spec::keep_mask(layer, inputs, result) }
}

/// One of the values that came out; poison where none did.
pub const fn value(outcome: &Outcome, index: usize) -> Value {
    match outcome {
        Ok(values) => values.get(index),
        Err(_) => Value::POISON,
    }
}

/// Stops const evaluation with the error, if there is one, under the tokens of the caller.
#[track_caller]
pub const fn check(outcome: &Outcome, operands: &[Operand<'_>]) {
    check_in(outcome, operands, &[]);
}

/// [`check`] inside of these calls of templates.
#[track_caller]
pub const fn check_in(outcome: &Outcome, operands: &[Operand<'_>], calls: &[&str]) {
    if let Err(error) = outcome {
        panic!("{}", Report::in_calls(error, operands, calls).as_str())
    }
}

/// Refuses a layer that returns another number of values than the model takes from it.
pub const fn returns(outcome: Outcome, count: usize) -> Outcome {
    match outcome {
        Ok(values) if values.len() != count && !values.is_poison() => {
            let text = Text::new("this returns ").int(values.len() as i64);
            let text = text.str(if values.len() == 1 { " value, but " } else { " values, but " });
            let text = text.int(count as i64);
            let text = text.str(if count == 1 { " is taken" } else { " are taken" });
            Err(ShapeError::of(text).help("write as many names on the left as there are values"))
        }
        other => other,
    }
}

/// Refuses a second call of a layer on inputs for which its weights are not made.
pub const fn shared(layer: &str, weights: (bool, Weights, Weights)) -> Outcome {
    let (accepted, first, this) = weights;
    if !accepted {
        // The rule of the second call says what is wrong.
        return Ok(Values::POISON);
    }
    match this.accept(layer, first.as_slice()) {
        Ok(()) => Ok(Values::POISON),
        Err(error) => Err(error),
    }
}

/// What a model makes of its inputs where it is a layer of another.
pub const fn model_shape(
    model: &str,
    names: &[&str],
    expected: &[Value],
    inputs: &[Value],
    outputs: &[Value],
) -> Outcome {
    match model_spec::accept_inputs(model, names, expected, inputs) {
        Ok(()) => Ok(Values::new(outputs)),
        Err(error) => Err(error),
    }
}

/// The shape of the only input with the sample axis, as an `output_shape` function sees it.
pub const fn with_samples(inputs: &[Value]) -> Shape {
    if inputs.is_empty() { Shape::SCALAR } else { inputs[0].shape.with_first(Shape::ANY) }
}

/// What an `output_shape` function gave, as an argument.
pub const fn declared(sizes: &[usize]) -> model_spec::ArgValue {
    let mut numbers = [0; model_spec::MAX_RANK];
    let mut i = 0;
    while i < sizes.len() && i < numbers.len() {
        numbers[i] = sizes[i] as i64;
        i += 1;
    }
    model_spec::ArgValue::Tuple(Tuple::new(numbers.split_at(i).0))
}

/// A whole number of any type, as arguments take them.
pub fn int(number: impl Int) -> i64 {
    number.i64()
}

/// A whole number of any type, as slices take them.
pub fn position(number: impl Int) -> isize {
    isize::try_from(number.i64()).unwrap_or(isize::MAX)
}

/// A whole number.
#[diagnostic::on_unimplemented(
    message = "this argument takes a whole number, but got `{Self}`",
    label = "not a whole number"
)]
pub trait Int {
    /// The number; the nearest that there is, where it is too large.
    fn i64(self) -> i64;
}

macro_rules! ints {
    ($($int:ty)*) => {$(
        impl Int for $int {
            fn i64(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )*};
}

ints! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize }

/// The inputs of a model that is called by position.
#[track_caller]
pub fn inputs<const N: usize>(model: &'static str, inputs: &[Var]) -> [Var; N] {
    match <[Var; N]>::try_from(inputs) {
        Ok(inputs) => inputs,
        Err(_) => {
            let names = [""; N];
            let values = |count| vec![Value::POISON; count];
            let error = model_spec::accept_inputs(model, &names, &values(N), &values(inputs.len()));
            let error = error.expect_err("the counts differ");
            let location = std::panic::Location::caller();
            [tape::fail(Error::Shape { error: Box::new(error), inputs: Vec::new(), location }); N]
        }
    }
}

/// The body of what could not be generated, because the macro has reported errors: such a program
/// does not compile.
pub fn broken<T>() -> T {
    unreachable!("a model with errors does not compile")
}

/// Gives an editor a place to complete the statements of a model with errors. Never expanded by
/// rustc.
#[doc(hidden)]
#[macro_export]
macro_rules! __complete {
    ($($statements:tt)*) => {
        const _: () = {
            #[allow(unused, reason = "only an editor reads it")]
            fn complete() {
                $($statements)*
            }
        };
    };
}

/// For the bench of the kernels: `c = a · b` of sizes `rows × depth × columns`, where `turned` says
/// of which one the columns stand one after the other; by the portable engine, or the best.
pub fn product(
    a: &[Float],
    b: &[Float],
    c: &mut [Float],
    [m, k, n]: [usize; 3],
    turned: [bool; 2],
    portable: bool,
) {
    let a = if turned[0] { Matrix::new(a, k, m).t() } else { Matrix::new(a, m, k) };
    let b = if turned[1] { Matrix::new(b, n, k).t() } else { Matrix::new(b, k, n) };
    let engine = if portable { Engine::Portable } else { engine() };
    gemm_by(engine, a, b, Target::apart(c, n, false), &End::default());
}

/// What `History::plot` takes without the feature that draws: nothing that there is.
#[cfg(not(feature = "plot"))]
#[diagnostic::on_unimplemented(
    message = "`History::plot` takes the feature `plot` of model-runtime",
    label = "the feature is off",
    note = "in Cargo.toml: `features = [\"plot\"]` for model-runtime"
)]
pub trait Plotted {
    /// What `plot` returns.
    fn plotted(self) -> Result<(), crate::Error>;
}

/// What no model is: what would train and evaluate itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not compiled: a model is trained and evaluated by the trainer that \
               `compile` returns",
    label = "a trainer does this",
    note = "call `.compile(Adam::new(1e-3), \"mse\")?` first, with an optimizer and a loss of \
            yours, and this on what it returns"
)]
pub trait Compiled {
    /// What its method returns.
    fn compiled<A, R>(&mut self, arguments: A) -> R;
}

/// A function that is a loss: a trait of ours, so that rustc says in our words what is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss",
    label = "this is not a loss",
    note = "a closure or function that is a loss returns a `PerSample`, one number for each \
            sample, which `.mean_per_sample()` makes of a `Var`; no mean over all, and no \
            `Result`, since what fails inside of it is the step's error",
    note = "for example `|t: Var, p: Var| (t - p).abs().mean_per_sample()`"
)]
pub trait LossFunction {
    /// The loss of each sample.
    fn of(&self, y_true: Var, y_pred: Var) -> PerSample;
}

#[diagnostic::do_not_recommend]
impl<F: Fn(Var, Var) -> PerSample> LossFunction for F {
    fn of(&self, y_true: Var, y_pred: Var) -> PerSample {
        self(y_true, y_pred)
    }
}
