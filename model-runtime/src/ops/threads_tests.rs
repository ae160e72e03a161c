//! What is cut for several threads has the same bits on any number of them, on each engine.

use std::sync::Arc;

use model_spec::{MAX_RANK, Padding, Shape, Window};

use super::additive_scores::AdditiveScores;
use super::binary::Binary;
use super::cell::{Cell, Counts};
use super::conv::ConvOp;
use super::conv_transpose::ConvTransposeOp;
use super::cross_entropy::{BinaryCrossEntropy, CrossEntropy};
use super::ctc::Ctc;
use super::dense::DenseOp;
use super::depthwise::DepthwiseOp;
use super::gather::{Gather, Scatter};
use super::gru::GruStep;
use super::lstm::LstmStep;
use super::map::Map;
use super::normalize::{self, Layout, Measure, Normalize};
use super::pool::{AveragePool, MaxPool};
use super::recurrent::{Options, Recurrent};
use super::reduce::{Reduce, Reduction};
use super::rows::Rows;
use super::simple_rnn::SimpleRnnStep;
use super::slide::{Axis, Slide};
use super::softmax::Softmax;
use crate::float::Scalar;
use crate::gradcheck::random;
use crate::kernels::engine::tests::on_each;
use crate::kernels::threads::set_threads;
use crate::kernels::unless_miri;
use crate::pool::{self, Buffer};
use crate::tape::{self, Op, Slot, Step};
use crate::tensor::Tensor;
use crate::{Mode, Var};

/// The bits of the output and of all gradients; where there is one already, and where not.
fn bits<T: Scalar>(op: &mut impl Op<T>, inputs: &[Tensor<T>]) -> Vec<u64> {
    let inputs: Vec<&Tensor<T>> = inputs.iter().collect();
    let output = op.forward(&inputs);
    let gradient = random::<T>(output.shape().dims(), 99);
    let mut all: Vec<u64> = output.data().iter().map(|y| y.as_f64().to_bits()).collect();
    for there in [false, true] {
        let slot = |input: &&Tensor<T>| match there {
            true => Slot::Some(pool::full(input.len(), T::of(0.3))),
            false => Slot::Empty,
        };
        let slots = inputs.iter().map(slot).collect();
        let mut step = Step::new(&inputs, &output, gradient.data(), slots);
        op.backward(&mut step);
        for slot in step.into_slots() {
            let Slot::Some(gradient) = slot else { continue };
            all.extend(gradient.iter().map(|d| d.as_f64().to_bits()));
        }
    }
    all
}

#[track_caller]
fn same<T: Scalar, O: Op<T>>(make: impl Fn() -> O, inputs: &[Tensor<T>]) {
    let name = std::any::type_name::<O>();
    for (engine, all) in on_each(|| {
        let bits = |&threads: &usize| {
            set_threads(threads);
            bits(&mut make(), inputs)
        };
        unless_miri([1, 2, 4, 8].as_slice(), &[1, 3]).iter().map(bits).collect::<Vec<_>>()
    }) {
        assert!(all.iter().all(|bits| bits == &all[0]), "{name} on {engine:?}");
    }
}

/// Sizes from which on all of these are cut, into parts that do not come out even.
const ROWS: usize = unless_miri(531, 39);
const WIDTH: usize = unless_miri(67, 7);

fn positive<T: Scalar>(seed: u64) -> Tensor<T> {
    let mut x = random::<T>(&[ROWS, WIDTH], seed);
    x.data_mut().iter_mut().for_each(|x| *x = x.abs());
    x
}

fn of_rows<T: Scalar>() {
    let x = || random::<T>(&[ROWS, WIDTH], 1);
    for map in [Map::Tanh, Map::Relu, Map::Gelu, Map::ELU] {
        same::<T, _>(|| map, &[x()]);
        let inputs = [x(), random(&[WIDTH, 31], 2), random(&[31], 3)];
        same::<T, _>(|| DenseOp::new(map), &inputs);
    }
    for op in [Binary::Add, Binary::Div] {
        same::<T, _>(|| op, &[x(), positive(2)]);
    }
    for log in [false, true] {
        same::<T, _>(|| Softmax::new(1, 2, log), &[x()]);
        let across = [random(&[9, unless_miri(59, 5), WIDTH], 1)];
        same::<T, _>(|| Softmax::new(1, 3, log), &across);
        same::<T, _>(|| CrossEntropy::new(log, 0.1), &[positive(1), positive(2)]);
        same::<T, _>(|| BinaryCrossEntropy::new(log, 0.1), &[positive(1), positive(2)]);
        let labels = || (0..ROWS).map(|i| i * 7 % WIDTH).collect::<Vec<_>>();
        same::<T, _>(|| CrossEntropy::sparse(log, labels()), &[positive(1)]);
    }
    let each_column = [random(&[1, WIDTH], 2), random(&[ROWS, 1], 3), random(&[], 4)];
    for other in each_column {
        for op in [Binary::Sub, Binary::Mul, Binary::Maximum] {
            same::<T, _>(|| op, &[x(), Tensor::of(*other.shape(), pool::copy(other.data()))]);
        }
    }
    let places: Buffer<usize> = (0..ROWS * WIDTH).map(|i| i * i % (ROWS * WIDTH)).collect();
    let shape = Shape::new(&[ROWS, WIDTH]);
    same::<T, _>(|| Gather::new(shape, places.clone()), &[x()]);
    let scatter = || Scatter { shape, places: Arc::new(places.clone()) };
    same::<T, _>(scatter, &[x()]);
    let axes =
        [Axis::new(&Window { stride: 2, ..Window::new(3) }, 15), Axis::new(&Window::new(2), 16)];
    let (samples, channels) = unless_miri((9, 32), (3, 2));
    let (slide, images) = (Slide::new(&axes), [random(&[samples, 15, 16, channels], 5)]);
    let output = Shape::new(&[samples, axes[0].output, axes[1].output, channels]);
    same::<T, _>(|| MaxPool::new(slide, output), &images);
    same::<T, _>(|| AveragePool { slide, output }, &images);
    let rows = || Rows {
        indices: (0..ROWS).map(|i| i * i % 50).collect(),
        output: Shape::new(&[ROWS, WIDTH]),
    };
    same::<T, _>(rows, &[random(&[50, WIDTH], 4)]);
    let [samples, steps] = unless_miri([37, 29], [5, 4]);
    let labels: Vec<Vec<usize>> =
        (0..samples).map(|i| (0..i % 5).map(|k| k * i % 6).collect()).collect();
    same::<T, _>(|| Ctc::new(&labels), &[random(&[samples, steps, 7], 6)]);
    let sequences = || random(&[samples, steps, 33], 7);
    same::<T, _>(|| AdditiveScores, &[sequences(), sequences(), random(&[33], 8)]);
}

fn of_sums<T: Scalar>() {
    use Reduction::{LogSumExp, Max, Mean, Min, Prod, Sum};
    for reduction in [Sum, Mean, Max, Min, Prod, LogSumExp] {
        for reduced in [&[0][..], &[1], &[0, 1], &[2], &[0, 2]] {
            let axes: [bool; MAX_RANK] = std::array::from_fn(|axis| reduced.contains(&axis));
            let op = || Reduce { reduction, axes, keepdims: false };
            same::<T, _>(op, &[random(&[9, unless_miri(59, 5), WIDTH], 1)]);
        }
    }
    for by_row in [true, false] {
        for measure in [Measure::Deviation, Measure::RootMeanSquare] {
            let axis = |size, apart, weighted| normalize::Axis { size, apart, weighted };
            let axes = [axis(ROWS, by_row, false), axis(WIDTH, !by_row, true)];
            let op = || Normalize::new(Layout::new(&axes), measure, 1e-3).weighted(true, true);
            let inputs = [random(&[ROWS, WIDTH], 1), random(&[WIDTH], 2), random(&[WIDTH], 3)];
            same::<T, _>(op, &inputs);
            let some: Buffer<bool> = (0..ROWS * WIDTH).map(|i| i * i % 7 < 4).collect();
            same::<T, _>(|| op().counted(Some(some.clone())), &inputs);
        }
    }
}

fn of_convolutions<T: Scalar>() {
    let window = Window { kernel: 3, stride: 1, dilation: 1, padding: Padding::Same };
    let [few, many] = unless_miri([16, 24], [2, 4]);
    // Narrow images, of which several are multiplied at once, and wide ones.
    for (samples, size) in unless_miri([(40, 5), (3, 19)], [(7, 3), (2, 8)]) {
        let slide = Slide::new(&[Axis::new(&window, size), Axis::new(&window, size)]);
        let shape = |channels: usize| Shape::new(&[samples, size, size, channels]);
        let x = |channels: usize| random::<T>(shape(channels).dims(), 1);
        for groups in [1, 2] {
            let inputs = [x(few), random(&[3, 3, few / groups, many], 2), random(&[many], 3)];
            same::<T, _>(|| ConvOp::new(slide, groups, shape(many), Map::Tanh), &inputs);
        }
        let inputs = [x(many), random(&[3, 3, few, many], 2), random(&[few], 3)];
        same::<T, _>(|| ConvTransposeOp::new(slide, shape(few), Map::Relu), &inputs);
        for times in [1, 3] {
            let inputs = [x(few), random(&[3, 3, few, times], 2), random(&[few * times], 3)];
            same::<T, _>(|| DepthwiseOp::new(slide, shape(few * times), Map::Relu), &inputs);
        }
    }
}

fn of_recurrent<T: Scalar, C: Cell<T> + Copy + 'static>(cell: C, bias_rows: usize) {
    let [n, t, f, u] = unless_miri([40, 36, 24, 24], [9, 4, 3, 3]);
    let Counts { gates, states, .. } = cell.counts();
    let width = gates * u;
    let mut inputs = vec![
        random(&[n, t, f], 1),
        random(&[f, width], 2),
        random(&[u, width], 3),
        random(&[bias_rows, width], 4),
    ];
    inputs.extend((0..states).map(|state| random(&[n, u], 5 + state as u64)));
    let options = Options {
        return_sequences: true,
        return_state: true,
        use_bias: true,
        mask: (0..n * t).map(|i| i % 5 > 0).collect(),
        ..Options::default()
    };
    same::<T, _>(|| Recurrent::new(Box::new(cell), options.clone()), &inputs);
}

fn of_all_recurrent<T: Scalar>() {
    let (activation, recurrent_activation) = (Map::Tanh, Map::Sigmoid);
    of_recurrent::<T, _>(LstmStep { activation, recurrent_activation }, 1);
    for reset_after in [true, false] {
        let cell = GruStep { activation, recurrent_activation, reset_after };
        of_recurrent::<T, _>(cell, if reset_after { 2 } else { 1 });
    }
    of_recurrent::<T, _>(SimpleRnnStep { activation }, 1);
}

#[test]
fn rows_have_the_same_bits_from_any_number_of_threads() {
    of_rows::<f32>();
    of_rows::<f64>();
}

#[test]
fn what_is_drawn_sorted_and_found_does_not_depend_on_the_number_of_threads() {
    let step = || {
        let x = Var::random_normal(&[ROWS, WIDTH], 0.0, 1.0);
        let [largest, places] = x.top_k(5);
        let uniform = Var::random_uniform(&[ROWS, WIDTH], -1.0, 2.0);
        let coins = Var::bernoulli(&[ROWS, WIDTH], 0.3);
        let found = [x.argmax(0, false), x.argmin(1, false), x.argsort(0), x.sort(1)];
        let all = [x, uniform, coins, largest, places].into_iter().chain(found);
        all.flat_map(|var| var.to_array()).map(|number| number.to_bits()).collect::<Vec<_>>()
    };
    for (engine, all) in on_each(|| {
        [1, 2, 4, 8].map(|threads| {
            set_threads(threads);
            tape::run_seeded(Mode::Training, 3, step).expect("nothing is wrong")
        })
    }) {
        assert!(
            all[0].len() > 5 * ROWS * WIDTH && all.iter().all(|bits| bits == &all[0]),
            "{engine:?}"
        );
    }
}

#[test]
fn convolutions_have_the_same_bits_from_any_number_of_threads() {
    of_convolutions::<f32>();
    of_convolutions::<f64>();
}

#[test]
fn sums_have_the_same_bits_from_any_number_of_threads() {
    of_sums::<f32>();
    of_sums::<f64>();
}

#[test]
fn recurrent_layers_have_the_same_bits_from_any_number_of_threads() {
    of_all_recurrent::<f32>();
    of_all_recurrent::<f64>();
}
