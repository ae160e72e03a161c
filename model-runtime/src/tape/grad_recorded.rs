//! Gradients that have gradients.

use super::grad::{Effects, no_number};
use super::recorded::{follow, joined};
use super::{Var, poison, recording, with};
use crate::tensor::Tensor;

/// The gradients of `f`, which returns one number, by `wrt`, as [`grad`](super::grad) finds them,
/// but as values that depend on all that `f` depends on: the weights of the layers that it calls,
/// the values that it is given and those that it takes from around it. So a loss may contain them:
/// a gradient penalty, for example.
///
/// Also in their numbers they are those of [`grad`](super::grad): only what `f` computes from the
/// values that it is given counts. Loss terms of layers and updates of variables inside of the
/// closure do not count. In inference the gradients of weights are not recorded, so the results are
/// constants there, unless it is in the closure of another gradient.
///
/// All functions of values can do this, and all layers and losses but `LSTM`, `GRU`, `SimpleRNN`,
/// their cells and `CTC`: these are the step's error, as a result that is not one
/// number is. The derivative of a function with kinks, such as `relu`, has the derivative 0.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
///
/// model! {
///     struct Critic {
///         x = Input(2);
///         h = Dense(8, activation = tanh)(x);
///         Dense(1)(h)
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// // -1 for what is real, 1 for what is not.
/// let wasserstein = |y_true: Var, y_pred: Var| (y_pred * y_true).mean_per_sample();
/// let mut trainer = Critic::new(0).compile(Adam::new(0.01), wasserstein)?;
/// // How far the critic's slope is from 1, squared.
/// trainer.add_loss("penalty", |ctx| {
///     let [slope] = tape::grad_recorded([ctx.inputs], |[x]| ctx.model.call(x).sum());
///     let norm = (slope.square().sum_axes(&[1], false) + 1e-12).sqrt();
///     10 * (norm - 1).square().mean()
/// })?;
/// let logs = trainer.train_on_batch(&array![[0.0, 1.0], [1.0, 0.5]], &array![[-1.0], [1.0]])?;
/// assert!(logs["penalty"] > 0.0);
/// # Ok(())
/// # }
/// ```
///
/// The method of the penalty: [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028).
///
/// # Panics
/// If no step runs, and if a value is one of another step.
#[track_caller]
pub fn grad_recorded<const N: usize>(wrt: [Var; N], f: impl FnOnce([Var; N]) -> Var) -> [Var; N] {
    if wrt.iter().any(|var| var.is_poison()) {
        return wrt.map(|_| poison());
    }
    let (first, before) = with(|tape| (tape.nodes.len(), Effects::of(tape)));
    let given = wrt.map(|var| joined(var));
    let result = recording(false, || f(given));
    with(|tape| before.restore(tape));
    if result.is_poison() {
        return wrt.map(|_| poison());
    }
    if let Some(poison) = no_number("grad_recorded", result) {
        return wrt.map(|_| poison);
    }
    let found = recording(true, || {
        let one = super::constant(Tensor::full(result.shape(), 1.0));
        follow(result, one, first, &given)
    });
    let Some(found) = found else { return wrt.map(|_| poison()) };
    let mut found = found.into_iter();
    let gradients = given.map(|var| {
        let zeros = || super::constant(Tensor::zeros(var.shape()));
        found.next().flatten().unwrap_or_else(zeros)
    });
    settle(first);
    gradients
}

/// Forgets how to find gradients that nobody wants: the values given to the closure wanted them
/// for its sake only.
#[track_caller]
fn settle(first: usize) {
    with(|tape| {
        for index in first..tape.nodes.len() {
            let inputs = &tape.nodes[index].inputs;
            let needs = inputs.iter().any(|&input| tape.nodes[input as usize].needs_gradient);
            let node = &mut tape.nodes[index];
            if node.op.is_some() && !needs {
                (node.op, node.needs_gradient) = (None, false);
            }
        }
    });
}
