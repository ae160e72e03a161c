//! Gradients by values of the running step, in the midst of it.

use std::panic::Location;

use model_spec::{ShapeError, Text};

use super::backward::sweep;
use super::pending::Pending;
use super::{Tape, Var, fail_shape, poison, waiting, with};
use crate::tensor::Tensor;

/// The gradients of `f`, which returns one number, by `wrt`: values of the running step, which the
/// closure is given. In every mode, and without an effect on anything else: gradients of weights
/// are not computed, and loss terms of layers and updates of variables inside of the closure do not
/// count.
///
/// What is returned is constant, so no gradient goes through it. So is what the closure takes from
/// around it: only what it computes from the values that it is given counts. Where the number does
/// not depend on a value, the gradient is 0. [`grad_recorded`](super::grad_recorded) returns
/// gradients that have gradients.
///
/// A result that is not one number is the step's error.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let gradient = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![1.0, -2.0, 3.0]);
///     let [gradient] = tape::grad([x], |[x]| x.square().sum());
///     gradient.to_array()
/// })?;
/// assert_eq!(gradient, array![2.0, -4.0, 6.0].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// # Panics
/// If no step runs, and if a value is one of another step.
#[track_caller]
pub fn grad<const N: usize>(wrt: [Var; N], f: impl FnOnce([Var; N]) -> Var) -> [Var; N] {
    let location = Location::caller();
    if wrt.iter().any(|var| var.is_poison()) {
        return wrt.map(|_| poison());
    }
    waiting::finish(&wrt);
    let (first, before) = with(|tape| (tape.nodes.len(), Effects::of(tape)));
    let given = wrt.map(|var| {
        with(|tape| {
            let node = &tape.nodes[tape.index(var) as usize];
            let (value, mask) = (node.value.clone(), node.mask);
            let leaf = tape.leaf(value, true);
            tape.nodes[leaf.index as usize].mask = mask;
            leaf
        })
    });
    let result = f(given);
    with(|tape| {
        before.restore(tape);
        tape.location = location;
    });
    if result.is_poison() {
        return wrt.map(|_| poison());
    }
    if let Some(poison) = no_number("grad", result) {
        return wrt.map(|_| poison);
    }
    let leaf = |index: usize| (first..first + N).contains(&index);
    let mut gradients = sweep(result, first, leaf);
    given.map(|var| {
        let shape = var.shape();
        let value = match gradients.take_of(var) {
            Some(numbers) => Tensor::of(shape, numbers),
            None => Tensor::zeros(shape),
        };
        with(|tape| tape.leaf(value, false))
    })
}

/// The error of a closure that has not returned one number.
#[track_caller]
pub(super) fn no_number(function: &str, result: Var) -> Option<Var> {
    let shape = result.shape();
    if shape.size() == Some(1) {
        return None;
    }
    let text = Text::new(function).str(": the closure must return one number, but returned ");
    let error = ShapeError::of(text.shape(&shape).str(" with the sample axis"));
    Some(fail_shape(error.help("end it with `.mean()` or `.sum()`"), &[]))
}

/// What a step does beside computing values.
pub(super) struct Effects {
    pending: Vec<Pending>,
    terms: usize,
    added: usize,
}

impl Effects {
    /// What has been done so far.
    pub fn of(tape: &Tape) -> Effects {
        let pending = tape.pending.iter().map(Pending::share).collect();
        Effects { pending, terms: tape.terms.len(), added: tape.added.len() }
    }

    /// Forgets what has been done since.
    pub fn restore(self, tape: &mut Tape) {
        tape.pending = self.pending;
        tape.terms.truncate(self.terms);
        tape.added.truncate(self.added);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayD, array};

    use super::*;
    use crate::gradcheck::random;
    use crate::prelude::*;

    /// A small network with a hidden layer.
    fn net() -> impl Model {
        model! { x = Input(3); h = Dense(4, tanh)(x); Dense(2, softmax)(h) }
    }

    fn loss(net: &impl Model, x: Var, y: Var) -> Var {
        let p = Layer::call(net, &[x]).one();
        ((p * y).sum() + (x * y.sum()).exp().mean()).square()
    }

    fn differences(at: &Array2<Float>, f: impl Fn(&Array2<Float>) -> Float) -> Array2<Float> {
        let step: Float = if size_of::<Float>() == 8 { 1e-5 } else { 5e-3 };
        Array2::from_shape_fn(at.dim(), |index| {
            let moved = |by: Float| {
                let mut at = at.clone();
                at[index] += by * step;
                f(&at)
            };
            let (near, far) = (moved(1.0) - moved(-1.0), moved(2.0) - moved(-2.0));
            (8.0 * near - far) / (12.0 * step)
        })
    }

    fn array(dims: [usize; 2], seed: u64) -> Array2<Float> {
        let numbers = random::<Float>(&dims, seed).data().to_vec();
        Array2::from_shape_vec(dims, numbers).unwrap()
    }

    #[track_caller]
    fn close(found: &ArrayD<Float>, expected: &Array2<Float>) {
        let tolerance = if size_of::<Float>() == 8 { 1e-7 } else { 2e-3 };
        let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, Float::max);
        assert!(worst < tolerance, "{found} by grad, {expected} by differences");
    }

    #[test]
    fn gradients_are_those_of_differences_in_every_mode() {
        let (net, x, y) = (net(), array([2, 3], 1), array([2, 2], 2));
        let value = |x: &Array2<Float>, y: &Array2<Float>| {
            let step = || loss(&net, Var::from_array(x), Var::from_array(y)).to_array().sum();
            tape::run(Mode::Inference, step).unwrap()
        };
        let expected = [differences(&x, |x| value(x, &y)), differences(&y, |y| value(&x, y))];
        for mode in [Mode::Inference, Mode::Training] {
            let found = tape::run(mode, || {
                let (x, y) = (Var::from_array(&x), Var::from_array(&y));
                tape::grad([x, y], |[x, y]| loss(&net, x, y)).map(Var::to_array)
            });
            for (found, expected) in found.unwrap().iter().zip(&expected) {
                close(found, expected);
            }
        }
    }

    #[test]
    fn what_is_around_the_closure_and_what_comes_out_is_constant() {
        tape::run(Mode::Training, || {
            let x = tape::variable(Tensor::scalar(3.0));
            let y = x * x;
            let [gradient] = tape::grad([x], |[inside]| inside * y * x.detach());
            // y is 9 and x is 3, whatever they come from.
            assert_eq!(gradient.to_array().sum(), 27.0);
            let gradients = tape::backward(gradient * x);
            assert_eq!(gradients.of(x), Some([27.0].as_slice()));
        })
        .unwrap();
    }

    #[test]
    fn gradients_of_weights_are_as_without_it() {
        let net = model! { x = Input(3); Dense(2, kernel_regularizer = l2(0.1))(x) };
        let gradient = |with_grad: bool| {
            tape::run(Mode::Training, || {
                let x = Var::from_array(&array([2, 3], 1));
                if with_grad {
                    tape::grad([x], |[x]| net.call(x).square().sum());
                }
                let total = net.call(x).square().sum() + tape::terms()[0].value;
                assert_eq!(tape::terms().len(), 1);
                tape::backward(total).take(&net.dense.kernel).unwrap()
            })
        };
        assert_eq!(gradient(true), gradient(false));
    }

    #[test]
    fn updates_of_variables_inside_do_not_count() {
        let v = Variable::scalar("v", 1.0);
        tape::run(Mode::Training, || {
            v.update(v.read() + 1);
            let [gradient] = tape::grad([Var::scalar(5.0)], |[x]| {
                v.update(v.read() * 10);
                x * v.read()
            });
            assert_eq!(gradient.to_array().sum(), 20.0);
            assert_eq!(v.read().to_array().sum(), 2.0);
            assert_eq!(tape::updates().len(), 1);
        })
        .unwrap();
    }

    #[test]
    fn a_number_that_depends_on_nothing_has_no_slope() {
        let found = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[1.0, 2.0]]);
            let nothing = tape::grad([x], |_| Var::scalar(3.0));
            let detached = tape::grad([x, x], |[x, y]| (x.detach() * y).sum());
            [nothing[0], detached[0], detached[1]].map(Var::to_array)
        });
        let [zeros, x] = [array![[0.0, 0.0]].into_dyn(), array![[1.0, 2.0]].into_dyn()];
        assert_eq!(found, Ok([zeros.clone(), zeros, x]));
    }

    #[test]
    fn gradients_may_be_nested() {
        let found = tape::run(Mode::Inference, || {
            // The inner gradient, 2x, is constant: the outer one is that of x · 6 at 3.
            let [outer] = tape::grad([Var::scalar(3.0)], |[x]| {
                let [inner] = tape::grad([x], |[x]| x * x);
                x * inner
            });
            outer.to_array().sum()
        });
        assert_eq!(found, Ok(6.0));
    }

    #[test]
    fn what_is_not_one_number_is_an_error_with_the_line() {
        let result = tape::run(Mode::Inference, || {
            tape::grad([Var::from_array(&array![[1.0, 2.0]])], |[x]| x * 2).map(Var::to_array)
        });
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("grad: the closure must return one number, but returned"));
        assert!(text.contains(".mean()") && text.contains("grad.rs"), "{text}");
        // An error inside comes first.
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[1.0, 2.0]]);
            tape::grad([x], |[x]| x.reshape(&[7])).map(Var::to_array)
        });
        assert!(result.unwrap_err().to_string().starts_with("reshape([7]) needs"));
    }

    #[test]
    #[should_panic(expected = "no step is running")]
    fn outside_of_a_step_there_is_nothing_to_do() {
        tape::grad([], |[]| unreachable!("no step runs"));
    }
}
