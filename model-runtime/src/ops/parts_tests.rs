//! What is cut into parts is what the definition says: operations beside loops over all indices, on
//! drawn shapes, some of which are large enough for several parts.

use std::sync::Arc;

use model_spec::{MAX_RANK, Shape};

use super::binary::{Binary, common};
use super::gather::{Gather, NOWHERE, Scatter};
use super::reduce::{Reduce, Reduction};
use super::rows::Rows;
use crate::gradcheck::random;
use crate::kernels::threads::set_threads;
use crate::kernels::unless_miri;
use crate::pool::{self, Buffer};
use crate::seed::Generator;
use crate::tape::{Op, Slot, Step};
use crate::tensor::Tensor;

/// Sizes with 0, 1, and, if it is `large`, more numbers than stay in one part.
fn draw(random: &mut Generator, rank: usize, large: bool) -> Vec<usize> {
    let most = unless_miri([0, 40_000, 300, 50], [0, 600, 24, 9])[rank];
    let size = |random: &mut Generator| match random.below(8) {
        _ if large => most + random.below(most / 4),
        0 => 0,
        1 | 2 => 1,
        _ => 1 + random.below(6),
    };
    (0..rank).map(|_| size(random)).collect()
}

/// The index of each number.
fn indices(dims: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let size: usize = dims.iter().product();
    (0..size).map(|mut at| {
        let mut index = vec![0; dims.len()];
        for axis in (0..dims.len()).rev() {
            index[axis] = at % dims[axis];
            at /= dims[axis];
        }
        index
    })
}

/// The place of an index in a value that is stretched: along an axis of size 1 it is read again.
fn place(index: &[usize], dims: &[usize]) -> usize {
    let along = dims.iter().zip(index);
    along.fold(0, |at, (&size, &i)| at * size + if size == 1 { 0 } else { i })
}

/// The gradients that an op gives its inputs, added to 0.25.
fn gradients(op: &impl Op<f64>, inputs: &[&Tensor<f64>], y: &Tensor<f64>) -> Vec<Vec<f64>> {
    let dy = random::<f64>(y.shape().dims(), 77);
    let slots = inputs.iter().map(|x| Slot::Some(pool::full(x.len(), 0.25))).collect();
    let mut step = Step::new(inputs, y, dy.data(), slots);
    op.backward(&mut step);
    let taken = |slot| match slot {
        Slot::Some(gradient) => Vec::from(&gradient[..]),
        _ => Vec::new(),
    };
    step.into_slots().into_iter().map(taken).collect()
}

#[track_caller]
fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
        assert!(near || found == expected, "number {i}: {found}, not {expected}");
    }
}

/// Calls `run` with drawn shapes; every sixth is large.
fn cases(count: usize, mut run: impl FnMut(&mut Generator, Vec<usize>)) {
    set_threads(4);
    let mut random = Generator::new(5);
    for case in 0..unless_miri(count, 7) {
        let rank = 1 + random.below(3);
        let dims = draw(&mut random, rank, case % 6 == 0);
        run(&mut random, dims);
    }
}

#[test]
fn stretched_values_are_read_again_and_their_gradients_summed() {
    cases(60, |generator, dims| {
        let mut stretched = || -> Vec<usize> {
            dims.iter().map(|&size| if generator.below(2) == 0 { 1 } else { size }).collect()
        };
        let (a_dims, b_dims) = (stretched(), stretched());
        let (a, b) = (random::<f64>(&a_dims, 1), random::<f64>(&b_dims, 2));
        let dims = common(a.shape(), b.shape());
        let dims = dims.dims();
        let mut op = Binary::Mul;
        let y = op.forward(&[&a, &b]);
        let dy = random::<f64>(y.shape().dims(), 77);
        let mut expected = Vec::new();
        let (mut da, mut db) = (vec![0.25; a.len()], vec![0.25; b.len()]);
        for (at, index) in indices(dims).enumerate() {
            let (i, j) = (place(&index, &a_dims), place(&index, &b_dims));
            expected.push(a.data()[i] * b.data()[j]);
            da[i] += dy.data()[at] * b.data()[j];
            db[j] += dy.data()[at] * a.data()[i];
        }
        assert_eq!((y.shape().dims(), y.data()), (dims, &expected[..]));
        let found = gradients(&op, &[&a, &b], &y);
        close(&found[0], &da);
        close(&found[1], &db);
    });
}

#[test]
fn reductions_are_those_of_the_definitions() {
    cases(60, |generator, dims| {
        let axes: [bool; MAX_RANK] = std::array::from_fn(|_| generator.below(2) == 0);
        let kept: Vec<usize> =
            dims.iter().zip(axes).map(|(&size, is)| if is { 1 } else { size }).collect();
        let mut x = random::<f64>(&dims, 1);
        let results: usize = kept.iter().product();
        // Products of many numbers stay numbers; some have a factor of 0.
        let count = (x.len() / results.max(1)).max(1) as f64;
        let factors = x.data_mut().iter_mut().enumerate();
        factors.for_each(|(i, x)| *x = if i % 5003 == 7 { 0.0 } else { 1.0 + *x / count });
        let mut groups = vec![Vec::new(); results];
        for (at, index) in indices(&dims).enumerate() {
            groups[place(&index, &kept)].push(at);
        }
        for reduction in [Reduction::Max, Reduction::Min, Reduction::Prod, Reduction::LogSumExp] {
            let mut op = Reduce { reduction, axes, keepdims: true };
            let y = op.forward(&[&x]);
            let numbers =
                |group: &Vec<usize>| -> Vec<f64> { group.iter().map(|&at| x.data()[at]).collect() };
            let expected: Vec<f64> = groups
                .iter()
                .map(|group| match (reduction, numbers(group)) {
                    (Reduction::Max, x) => x.into_iter().fold(f64::NEG_INFINITY, f64::max),
                    (Reduction::Min, x) => x.into_iter().fold(f64::INFINITY, f64::min),
                    (Reduction::Prod, x) => x.into_iter().product(),
                    (_, x) => libm::log(x.into_iter().map(libm::exp).sum::<f64>()),
                })
                .collect();
            close(y.data(), &expected);
            let dy = random::<f64>(y.shape().dims(), 77);
            let mut dx = vec![0.25; x.len()];
            for (to, group) in groups.iter().enumerate() {
                let zeros = group.iter().filter(|&&at| x.data()[at] == 0.0).count();
                let rest: f64 = numbers(group).into_iter().filter(|&x| x != 0.0).product();
                let ties = group.iter().filter(|&&at| x.data()[at] == expected[to]).count();
                for &at in group {
                    let number = x.data()[at];
                    dx[at] += dy.data()[to]
                        * match (reduction, zeros) {
                            (Reduction::LogSumExp, _) => libm::exp(number - expected[to]),
                            (Reduction::Prod, 0) => rest / number,
                            (Reduction::Prod, 1) if number == 0.0 => rest,
                            (Reduction::Prod, _) => 0.0,
                            _ if number == expected[to] => 1.0 / ties as f64,
                            _ => 0.0,
                        };
                }
            }
            close(&gradients(&op, &[&x], &y)[0], &dx);
        }
    });
}

#[test]
fn numbers_and_rows_are_taken_from_and_put_to_places() {
    cases(60, |generator, dims| {
        let (x, shape) = (random::<f64>(&dims, 1), Shape::new(&dims));
        let count = if x.len() == 0 { 0 } else { 1 + generator.below(2 * x.len()) };
        let places: Buffer<usize> = (0..count)
            .map(|_| if generator.below(9) == 0 { NOWHERE } else { generator.below(x.len()) })
            .collect();
        let there = || places.iter().enumerate().filter(|(_, place)| **place != NOWHERE);
        let taken = Shape::new(&[count]);
        let mut gather = Gather { shape: taken, places: Arc::new(places.clone()), fill: 7.0 };
        let y = gather.forward(&[&x]);
        let dy = random::<f64>(&[count], 77);
        let (mut expected, mut dx) = (vec![7.0; count], vec![0.25; x.len()]);
        there().for_each(|(i, &place)| expected[i] = x.data()[place]);
        there().for_each(|(i, &place)| dx[place] += dy.data()[i]);
        assert_eq!(y.data(), expected);
        close(&gradients(&gather, &[&x], &y)[0], &dx);
        let mut scatter = Scatter { shape, places: Arc::new(places.clone()) };
        let (from, mut expected) = (random::<f64>(&[count], 3), vec![0.0; x.len()]);
        there().for_each(|(i, &place)| expected[place] += from.data()[i]);
        let y = scatter.forward(&[&from]);
        close(y.data(), &expected);
        let dy = random::<f64>(y.shape().dims(), 77);
        let mut dx = vec![0.25; count];
        there().for_each(|(i, &place)| dx[i] += dy.data()[place]);
        close(&gradients(&scatter, &[&from], &y)[0], &dx);
        // Rows of a table.
        let [rows, row] = unless_miri([400, 90], [40, 9]).map(|most| 1 + generator.below(most));
        let x = random::<f64>(&[rows, row], 1);
        let indices: Buffer<usize> =
            (0..generator.below(unless_miri(500, 50))).map(|_| generator.below(rows)).collect();
        let output = Shape::new(&[indices.len(), row]);
        let mut op = Rows { indices: indices.clone(), output };
        let y = op.forward(&[&x]);
        let dy = random::<f64>(output.dims(), 77);
        let mut dx = vec![0.25; x.len()];
        for (i, &index) in indices.iter().enumerate() {
            for column in 0..row {
                assert_eq!(y.data()[i * row + column], x.data()[index * row + column]);
                dx[index * row + column] += dy.data()[i * row + column];
            }
        }
        close(&gradients(&op, &[&x], &y)[0], &dx);
    });
}
