//! Gradient checks: an op's `backward` against central differences, in `f64`.

use std::any::type_name;

use model_spec::Shape;

use crate::float::Scalar;
use crate::pool::{self, Buffer};
use crate::seed::Generator;
use crate::tape::{Op, Slot, Step};
use crate::tensor::Tensor;

mod recorded;

/// A tensor of numbers in (-1, 1), none close to 0, where many functions have a kink.
pub(crate) fn random<T: Scalar>(dims: &[usize], seed: u64) -> Tensor<T> {
    let mut generator = Generator::new(seed);
    let shape = Shape::new(dims);
    let number = |_| {
        let x = generator.uniform() * 2.0 - 1.0;
        T::of(if x.abs() < 0.05 { x + 0.1 } else { x })
    };
    Tensor::new(shape, (0..shape.size().unwrap_or(0)).map(number).collect())
}

/// Compares the gradient of every input of an op with central differences of a random projection of
/// the output.
///
/// # Panics
/// If one differs by more than 1e-6 of the gradient's scale.
#[track_caller]
pub(crate) fn check<O: Op<f64> + 'static>(make: impl Fn() -> O, inputs: &[Tensor<f64>]) {
    let refs: Vec<&Tensor<f64>> = inputs.iter().collect();
    let mut op = make();
    let output = op.forward(&refs);
    let weights = random::<f64>(output.shape().dims(), 1_000_003);
    let slots = inputs.iter().map(|_| Slot::Empty).collect();
    let mut step = Step::new(&refs, &output, weights.data(), slots);
    op.backward(&mut step);
    let project = |inputs: &[Tensor<f64>]| -> f64 {
        let refs: Vec<&Tensor<f64>> = inputs.iter().collect();
        let output = make().forward(&refs);
        output.data().iter().zip(weights.data()).map(|(a, b)| a * b).sum()
    };
    for (i, slot) in step.into_slots().into_iter().enumerate() {
        let Slot::Some(gradient) = slot else {
            panic!("{}: input {i} got no gradient", type_name::<O>())
        };
        let scale = gradient.iter().fold(1e-3, |max: f64, g| max.max(g.abs()));
        for (k, found) in gradient.iter().enumerate() {
            let numeric = difference(&project, inputs, i, k);
            let error = (found - numeric).abs() / scale;
            assert!(
                error < 1e-6,
                "{}: input {i}, element {k}: {} by backward, {numeric} by differences",
                type_name::<O>(),
                found,
            );
        }
    }
    check_accumulation(&op, &refs, &output, weights.data());
    #[cfg(feature = "f64")]
    recorded::check_recorded(&make, inputs);
}

/// A fourth-order central difference, whose error at this step is far below the tolerance.
fn difference(
    project: &impl Fn(&[Tensor<f64>]) -> f64,
    inputs: &[Tensor<f64>],
    input: usize,
    element: usize,
) -> f64 {
    let step = 2e-5;
    let at = |offset: f64| {
        let mut moved = inputs.to_vec();
        moved[input].data_mut()[element] += offset * step;
        project(&moved)
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step)
}

/// Where a gradient is there already, `backward` must add to it.
#[track_caller]
fn check_accumulation<O: Op<f64>>(
    op: &O,
    inputs: &[&Tensor<f64>],
    output: &Tensor<f64>,
    gradient: &[f64],
) {
    let run = |start: Option<f64>| -> Vec<Buffer<f64>> {
        let slot = |input: &&Tensor<f64>| {
            start.map_or(Slot::Empty, |value| Slot::Some(pool::full(input.len(), value)))
        };
        let slots = inputs.iter().map(slot).collect();
        let mut step = Step::new(inputs, output, gradient, slots);
        op.backward(&mut step);
        step.into_slots()
            .into_iter()
            .map(|slot| if let Slot::Some(buffer) = slot { buffer } else { Buffer::default() })
            .collect()
    };
    for (fresh, added) in run(None).iter().zip(run(Some(2.0))) {
        for (a, b) in fresh.iter().zip(&added) {
            assert!((a + 2.0 - b).abs() < 1e-12, "{}: backward does not add", type_name::<O>());
        }
    }
}
