//! Gradient checks of the recurrent ops, and their values against the formulas, written anew.

use model_spec::Shape;

use super::cell::{Cell, Counts};
use super::gated::Pieces;
use super::gru::GruStep;
use super::lstm::LstmStep;
use super::map::Map;
use super::recurrent::{Options, Recurrent};
use super::simple_rnn::SimpleRnnStep;
use crate::gradcheck::{check, random};
use crate::pool::{self, Buffer, Pooled};
use crate::tape::{Op, Slot, Step};
use crate::tensor::Tensor;

/// Samples, steps, features, units.
type Dims = [usize; 4];

fn lstm() -> LstmStep {
    LstmStep { activation: Map::Tanh, recurrent_activation: Map::Sigmoid }
}

fn gru(reset_after: bool) -> GruStep {
    GruStep { activation: Map::Tanh, recurrent_activation: Map::Sigmoid, reset_after }
}

/// All inputs: x, kernels, a bias with so many rows if any, all states.
fn inputs(cell: &dyn Cell<f64>, [n, t, f, u]: Dims, bias_rows: usize) -> Vec<Tensor<f64>> {
    let Counts { gates, states, .. } = cell.counts();
    let width = gates * u;
    let mut inputs = vec![random(&[n, t, f], 1), random(&[f, width], 2), random(&[u, width], 3)];
    match bias_rows {
        0 => {}
        1 => inputs.push(random(&[width], 4)),
        rows => inputs.push(random(&[rows, width], 4)),
    }
    inputs.extend((0..states).map(|state| random(&[n, u], 5 + state as u64)));
    inputs
}

/// A mask with gaps, a sample without any step, and one whose last steps do not count.
fn mask([n, t, ..]: Dims) -> Buffer<bool> {
    (0..n * t).map(|i| i / t != 1 && (i % t == 0 || i * 7 % 5 > 1) && i != t - 1).collect()
}

fn drops(count: usize, n: usize, width: usize) -> Vec<Buffer<f64>> {
    let number = |i: usize| if i.is_multiple_of(3) { 0.0 } else { 1.5 };
    (0..count).map(|m| (0..n * width).map(|i| number(m + i)).collect()).collect()
}

/// The options of every kind, for a cell with so many gates.
fn options(dims: Dims, gates: usize, use_bias: bool) -> Vec<Options<f64>> {
    let [n, _, f, u] = dims;
    let plain = Options { use_bias, ..Options::default() };
    let all = Options { return_sequences: true, return_state: true, ..plain.clone() };
    vec![
        plain.clone(),
        Options { return_sequences: true, ..plain.clone() },
        Options { return_state: true, ..plain.clone() },
        Options { go_backwards: true, ..all.clone() },
        Options { mask: mask(dims), ..plain.clone() },
        Options { mask: mask(dims), go_backwards: true, ..all.clone() },
        Options { mask: mask(dims), zero_output_for_mask: true, ..all.clone() },
        Options {
            mask: mask(dims),
            zero_output_for_mask: true,
            go_backwards: true,
            return_state: true,
            ..plain.clone()
        },
        Options { dropout: drops(1, n, f), ..plain },
        Options {
            dropout: drops(gates, n, f),
            recurrent_dropout: drops(gates, n, u),
            mask: mask(dims),
            ..all
        },
    ]
}

fn gradients_of<C: Cell<f64> + Copy + 'static>(cell: C, bias_rows: usize) {
    for dims in [[3, 4, 2, 3], [1, 1, 1, 1], [2, 3, 5, 1]] {
        for options in options(dims, cell.counts().gates, bias_rows > 0) {
            check(
                || Recurrent::new(Box::new(cell), options.clone()),
                &inputs(&cell, dims, bias_rows),
            );
        }
    }
    // Without states to start from.
    let from_zeros = inputs(&cell, [2, 3, 2, 2], 0);
    check(|| Recurrent::new(Box::new(cell), Options::default()), &from_zeros[..3]);
}

#[test]
fn gradients_of_a_simple_rnn() {
    gradients_of(SimpleRnnStep { activation: Map::Tanh }, 1);
    gradients_of(SimpleRnnStep { activation: Map::Silu }, 0);
}

#[test]
fn gradients_of_an_lstm() {
    gradients_of(lstm(), 1);
    gradients_of(lstm(), 0);
    let odd = LstmStep { activation: Map::Gelu, recurrent_activation: Map::Softsign };
    gradients_of(odd, 1);
    gradients_of(LstmStep { activation: Map::ELU, recurrent_activation: Map::Tanh }, 1);
}

#[test]
fn gradients_of_a_gru() {
    for (reset_after, rows) in [(true, 2), (true, 0), (false, 1), (false, 0)] {
        gradients_of(gru(reset_after), rows);
        let odd = GruStep { activation: Map::Mish, recurrent_activation: Map::Silu, reset_after };
        gradients_of(odd, rows);
    }
}

/// One row of `x · kernel + bias`, gate by gate, one number at a time.
fn project(x: &[f64], kernel: &Tensor<f64>, bias: &[f64]) -> Vec<f64> {
    let width = kernel.shape().dim(1);
    let sum = |j: usize| x.iter().enumerate().map(|(i, x)| x * kernel.data()[i * width + j]).sum();
    (0..width)
        .map(|j| {
            let sum: f64 = sum(j);
            sum + bias[j]
        })
        .collect()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The formulas of the step, one number at a time: what follows `[h, c]`.
fn step(cell: &str, xs: &[Tensor<f64>], x: &[f64], [h, c]: [Vec<f64>; 2]) -> [Vec<f64>; 2] {
    let (u, bias) = (h.len(), xs[3].data());
    let width = xs[1].shape().dim(1);
    let zeros = vec![0.0; width];
    let second = if bias.len() > width { &bias[width..] } else { &zeros };
    let (a, b) = (project(x, &xs[1], bias), project(&h, &xs[2], second));
    let each = |f: &dyn Fn(usize) -> f64| (0..u).map(f).collect::<Vec<f64>>();
    match cell {
        "simple_rnn" => [each(&|j| (a[j] + b[j]).tanh()), c],
        "lstm" => {
            let gate = |gate: usize, j: usize| sigmoid(a[gate * u + j] + b[gate * u + j]);
            let new = |j: usize| (a[2 * u + j] + b[2 * u + j]).tanh();
            let c = each(&|j| gate(1, j) * c[j] + gate(0, j) * new(j));
            [each(&|j| gate(3, j) * c[j].tanh()), c]
        }
        _ => {
            let gate = |gate: usize, j: usize| sigmoid(a[gate * u + j] + b[gate * u + j]);
            let reset = each(&|j| gate(1, j) * h[j]);
            let before = project(&reset, &xs[2], &zeros);
            let inner = |j: usize| match cell {
                "gru" => gate(1, j) * b[2 * u + j],
                _ => before[2 * u + j],
            };
            let new = |j: usize| (a[2 * u + j] + inner(j)).tanh();
            [each(&|j| gate(0, j) * h[j] + (1.0 - gate(0, j)) * new(j)), c]
        }
    }
}

/// The outputs of all steps and the last states, by the formulas.
fn expected(cell: &str, xs: &[Tensor<f64>], dims: Dims, options: &Options<f64>) -> Vec<f64> {
    let [n, t, f, u] = dims;
    let (mut outputs, mut states) = (Vec::new(), [Vec::new(), Vec::new()]);
    for sample in 0..n {
        let start =
            |i: usize| xs.get(4 + i).map_or(vec![], |s| s.data()[sample * u..][..u].to_vec());
        let mut now = [start(0), start(1)];
        for taken in 0..t {
            let at = sample * t + if options.go_backwards { t - 1 - taken } else { taken };
            let counts = options.mask.is_empty() || options.mask[at];
            if counts {
                now = step(cell, xs, &xs[0].data()[at * f..][..f], now);
            }
            let zero = options.zero_output_for_mask && !counts;
            outputs.extend(now[0].iter().map(|&h| if zero { 0.0 } else { h }));
        }
        (0..2).for_each(|i| states[i].extend(&now[i]));
    }
    outputs.into_iter().chain(states.concat()).collect()
}

fn agrees<C: Cell<f64> + Copy + 'static>(name: &str, cell: C, bias_rows: usize) {
    let dims = [3, 4, 2, 3];
    let inputs = inputs(&cell, dims, bias_rows);
    let refs: Vec<&Tensor<f64>> = inputs.iter().collect();
    for options in options(dims, cell.counts().gates, true) {
        if !options.dropout.is_empty() {
            continue;
        }
        let options = Options { return_sequences: true, return_state: true, ..options };
        let expected = expected(name, &inputs, dims, &options);
        let got = Recurrent::new(Box::new(cell), options.clone()).forward(&refs);
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.data().iter().zip(&expected) {
            assert!((got - expected).abs() < 1e-12, "{name} {options:?}: {got} for {expected}");
        }
        // What returns less returns the same.
        let states = got.data()[3 * 4 * 3..].to_vec();
        let last = Options { return_sequences: false, ..options.clone() };
        let packed = Recurrent::new(Box::new(cell), last).forward(&refs);
        let ends = (0..3).flat_map(|sample| &got.data()[(sample * 4 + 3) * 3..][..3]).copied();
        assert_eq!(packed.data(), ends.chain(states).collect::<Vec<f64>>());
        let sequence = Options { return_state: false, ..options };
        let sequence = Recurrent::new(Box::new(cell), sequence).forward(&refs);
        assert_eq!((sequence.shape().dims(), sequence.data()), (&[3, 4, 3][..], &got.data()[..36]));
    }
}

#[test]
fn values_are_those_of_the_formulas() {
    agrees("simple_rnn", SimpleRnnStep { activation: Map::Tanh }, 1);
    agrees("lstm", lstm(), 1);
    agrees("gru", gru(true), 2);
    agrees("gru reset before", gru(false), 1);
}

#[test]
fn dropped_inputs_are_inputs_multiplied_by_the_mask() {
    let [n, t, f, u] = [3, 4, 2, 3];
    let inputs = inputs(&lstm(), [n, t, f, u], 1);
    let mask = drops(1, n, f).remove(0);
    let by_hand: Vec<f64> =
        (0..n * t * f).map(|i| inputs[0].data()[i] * mask[i / (t * f) * f + i % f]).collect();
    let mut dropped = inputs.clone();
    dropped[0] = Tensor::new(*inputs[0].shape(), by_hand);
    let run = |inputs: &[Tensor<f64>], dropout: Vec<Buffer<f64>>| {
        let options = Options { dropout, use_bias: true, ..Options::default() };
        let refs: Vec<&Tensor<f64>> = inputs.iter().collect();
        Recurrent::new(Box::new(lstm()), options).forward(&refs)
    };
    let expected = run(&dropped, Vec::new());
    for masks in [vec![mask.clone()], vec![mask; 4]] {
        let got = run(&inputs, masks);
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        assert!(got.data().iter().zip(expected.data()).all(near));
    }
}

#[test]
fn a_masked_step_that_is_no_number_disturbs_nothing() {
    let mut inputs = inputs(&lstm(), [1, 2, 1, 2], 1);
    inputs[0].data_mut()[1] = f64::NAN;
    let options = Options {
        mask: vec![true, false].into(),
        use_bias: true,
        return_sequences: true,
        ..Options::default()
    };
    let refs: Vec<&Tensor<f64>> = inputs.iter().collect();
    let got = Recurrent::new(Box::new(lstm()), options).forward(&refs);
    assert!(got.data()[..2].iter().all(|x| x.is_finite()));
    assert_eq!(got.data()[..2], got.data()[2..]);
}

#[test]
fn no_samples_and_no_steps_are_no_mistake() {
    for (n, t) in [(0, 3), (2, 0), (0, 0)] {
        for return_sequences in [true, false] {
            let options = Options {
                return_sequences,
                return_state: true,
                use_bias: true,
                ..Options::default()
            };
            let inputs = inputs(&lstm(), [n, t, 2, 3], 1);
            check(|| Recurrent::new(Box::new(lstm()), options.clone()), &inputs);
        }
    }
}

/// The gradients by all inputs, from a gradient by the output.
fn pulled(
    op: &Recurrent<f64>,
    inputs: &[&Tensor<f64>],
    output: &Tensor<f64>,
    gradient: &[f64],
) -> Vec<Vec<f64>> {
    let slots = inputs.iter().map(|_| Slot::Empty).collect();
    let mut step = Step::new(inputs, output, gradient, slots);
    op.backward(&mut step);
    let numbers = |slot| if let Slot::Some(numbers) = slot { numbers.to_vec() } else { vec![] };
    step.into_slots().into_iter().map(numbers).collect()
}

/// The numbers of one of so many samples.
fn of_sample<T: Pooled>(all: &[T], sample: usize, samples: usize) -> Buffer<T> {
    let each = all.len() / samples;
    pool::copy(&all[sample * each..][..each])
}

#[track_caller]
fn near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-10 * expected.abs().max(1.0));
    }
}

/// Enough samples and work for several pieces, against each sample alone.
fn pieces_are_like_samples<C: Cell<f64> + Copy + 'static>(cell: C, bias_rows: usize, t: usize) {
    let dims @ [n, _, f, u] = [19, t, 33, 32];
    let inputs = inputs(&cell, dims, bias_rows);
    let refs: Vec<&Tensor<f64>> = inputs.iter().collect();
    assert!(Pieces::new(n, t, (f + u, cell.counts().gates * u)).count() > 1);
    for options in options(dims, cell.counts().gates, true) {
        let options = Options { return_state: false, ..options };
        let outputs = if options.return_sequences { t } else { 1 } * u;
        let gradient = random::<f64>(&[n * outputs], 8);
        let mut op = Recurrent::new(Box::new(cell), options.clone());
        let all = op.forward(&refs);
        let found = pulled(&op, &refs, &all, gradient.data());
        let mut sums = vec![vec![]; inputs.len()];
        for sample in 0..n {
            let alone = |masks: &[Buffer<f64>]| -> Vec<Buffer<f64>> {
                masks.iter().map(|mask| of_sample(mask, sample, n)).collect()
            };
            let options = Options {
                mask: of_sample(&options.mask, sample, n),
                dropout: alone(&options.dropout),
                recurrent_dropout: alone(&options.recurrent_dropout),
                ..options.clone()
            };
            let mut some = inputs.clone();
            some[0] = Tensor::of(Shape::new(&[1, t, f]), of_sample(some[0].data(), sample, n));
            for state in &mut some[4..] {
                *state = Tensor::of(Shape::new(&[1, u]), of_sample(state.data(), sample, n));
            }
            let refs: Vec<&Tensor<f64>> = some.iter().collect();
            let mut op = Recurrent::new(Box::new(cell), options);
            let one = op.forward(&refs);
            near(&of_sample(all.data(), sample, n), one.data());
            let gradients = pulled(&op, &refs, &one, &of_sample(gradient.data(), sample, n));
            for (i, (sum, gradient)) in sums.iter_mut().zip(gradients).enumerate() {
                if matches!(i, 1..4) && sample > 0 {
                    sum.iter_mut().zip(&gradient).for_each(|(sum, more)| *sum += more);
                } else {
                    sum.extend(gradient);
                }
            }
        }
        found.iter().zip(&sums).for_each(|(found, sum)| near(found, sum));
    }
}

#[test]
fn pieces_make_what_each_sample_makes_alone() {
    pieces_are_like_samples(lstm(), 1, 14);
    pieces_are_like_samples(gru(true), 2, 18);
    pieces_are_like_samples(gru(false), 1, 18);
    pieces_are_like_samples(SimpleRnnStep { activation: Map::Tanh }, 1, 54);
}
