//! What a model adds to the loss of a step by name, and what it measures on the way.

use model_spec::Value;

use super::{Var, fail_shape, with};
use crate::Float;

/// A number by name that a model has added.
#[derive(Clone, Debug)]
pub(crate) struct Added {
    /// The path of the model and the name: `shared.kl`.
    pub name: String,
    pub purpose: Purpose,
    /// One number, or one for each sample, whose mean counts.
    pub value: Var,
    /// How much it counts in the total; logs have the value without it.
    pub weight: Float,
}

/// What a number is added for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    Loss,
    Metric,
}

/// Adds a value to the loss that the running step minimises, under a name: one number, or one for
/// each sample, whose mean counts. In `model!` it is a statement, `add_loss("kl", x);`; a layer of
/// one's own may call it too.
///
/// Logs have it under its name, behind those of the models that it stands in (`shared.kl`), and
/// `loss` with it. Where it is called several times in a step, the sum counts. Sample weights do
/// not, as in [Keras](https://keras.io/api/losses/#the-addloss-api); `evaluate` does.
///
/// ```
/// use model_runtime::prelude::*;
///
/// model! {
///     pub struct Net {
///         x = Input(3);
///         h = Dense(2)(x);
///         add_loss("size", sum(h * h) * 0.1);
///         add_metric("mean", mean(h));
///         Dense(1)(h)
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let mut trainer = Net::new(0).compile(SGD::new(0.1), "mean_squared_error")?;
/// let (x, y) = (ndarray::Array2::<Float>::ones((4, 3)), ndarray::Array2::<Float>::ones((4, 1)));
/// let logs = trainer.train_on_batch(&x, &y)?;
/// assert!(logs["loss"] > logs["size"] && logs.get("mean").is_some());
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// If no step runs; see [`tape::run`](crate::tape::run).
#[track_caller]
pub fn add_loss(name: &str, value: Var) {
    add("add_loss", Purpose::Loss, name, value);
}

/// Measures a value under a name: as [`add_loss`], but it counts in no loss, and where it is called
/// several times in a step, it is their mean.
///
/// # Panics
/// If no step runs; see [`tape::run`](crate::tape::run).
#[track_caller]
pub fn add_metric(name: &str, value: Var) {
    add("add_metric", Purpose::Metric, name, value);
}

#[track_caller]
fn add(function: &str, purpose: Purpose, name: &str, value: Var) {
    if value.is_poison() {
        return;
    }
    if value.shape().rank() > 1 {
        let shape = Value::float(value.shape().without_first().dims());
        if let Err(error) = model_spec::term(function, &[shape]) {
            fail_shape(error, &[value]);
        }
        return;
    }
    with(|tape| {
        let name = format!("{}{name}", tape.path);
        tape.added.push(Added { name, purpose, value, weight: 1.0 });
    });
}

/// Calls a part of a model: what it adds and measures is named after it as well.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut trainer = model! { x = Input(1); Dense(1)(x) }.compile("sgd", NoLoss)?;
/// let logs = trainer.step(|ctx| {
///     let y = ctx.model.call(ctx.inputs(&ndarray::array![[2.0]]));
///     tape::within("head", || tape::add_metric("size", Var::scalar(2.0)));
///     y.mean()
/// })?;
/// assert_eq!(logs["head.size"], 2.0);
/// # Ok::<(), Error>(())
/// ```
///
/// # Panics
/// If no step runs; see [`tape::run`](crate::tape::run).
#[track_caller]
pub fn within<R>(part: &str, call: impl FnOnce() -> R) -> R {
    let before = with(|tape| {
        let before = tape.path.len();
        tape.path.push_str(part);
        tape.path.push('.');
        before
    });
    let result = call();
    with(|tape| tape.path.truncate(before));
    result
}

/// Calls layers and models without what they add: their regularizers, what they measure, and their
/// terms do not count in the running step. For a model that a
/// [step of one's own](crate::Trainer::step) calls and does not train.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let judge = model! { x = Input(1); Dense(1, kernel_regularizer = l2(1e9))(x) };
/// let mut trainer = model! { x = Input(1); Dense(1)(x) }.compile("sgd", NoLoss)?;
/// let logs = trainer.step(|ctx| {
///     let y = ctx.model.call(ctx.inputs(&array![[2.0]]));
///     tape::without_terms(|| judge.call(y)).square().mean()
/// })?;
/// assert!(logs["loss"] < 1e3); // without the penalty on the weights of the judge
/// # Ok::<(), Error>(())
/// ```
///
/// # Panics
/// If no step runs; see [`tape::run`](crate::tape::run).
#[track_caller]
pub fn without_terms<R>(call: impl FnOnce() -> R) -> R {
    let (terms, added) = with(|tape| (tape.terms.len(), tape.added.len()));
    let result = call();
    with(|tape| {
        tape.terms.truncate(terms);
        tape.added.truncate(added);
    });
    result
}

/// What has been added so far; afterwards there is nothing.
#[track_caller]
pub(crate) fn take_added() -> Vec<Added> {
    with(|tape| std::mem::take(&mut tape.added))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::{Mode, tape};

    #[test]
    fn names_begin_with_the_part_that_is_called() {
        let names = tape::run(Mode::Training, || {
            add_loss("outer", Var::scalar(1.0));
            within("a", || within("b", || add_metric("inner", Var::scalar(2.0))));
            within("c", || add_loss("kl", Var::from_array(&array![1.0, 2.0])));
            take_added().into_iter().map(|added| added.name).collect::<Vec<_>>()
        });
        assert_eq!(names.unwrap(), ["outer", "a.b.inner", "c.kl"]);
    }

    #[test]
    fn several_numbers_for_a_sample_are_the_steps_error() {
        let result = tape::run(Mode::Training, || {
            add_loss("kl", Var::from_array(&array![[1.0, 2.0]]));
            take_added().len()
        });
        let text = result.unwrap_err().to_string();
        assert!(
            text.starts_with("add_loss takes one number for each sample, but got (2)"),
            "{text}"
        );
    }
}
