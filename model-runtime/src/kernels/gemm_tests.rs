//! Products against the definition, on every engine that the machine has.

use super::engine::tests::on_each;
use super::gemm::{End, Matrix, Target, gemm, gemm_end};
use super::threads::set_threads;
use super::unless_miri;
use crate::float::Scalar;
use crate::seed::Generator;

/// What is drawn for a case.
#[derive(Debug)]
struct Case {
    m: usize,
    k: usize,
    n: usize,
    /// How many numbers further rows begin than they are long, and where the first begins.
    gaps: [usize; 3],
    starts: [usize; 3],
    turned: [bool; 2],
    add: bool,
    bias: bool,
    relu: bool,
    then: bool,
}

impl Case {
    /// Those that are rarely drawn: several blocks of the depth; A's rows so far apart that they
    /// are copied; B turned, for more rows and for more columns; four vectors of a single row.
    fn rare() -> [Case; 5] {
        let case = |m, k, n| Case {
            m,
            k,
            n,
            gaps: [0; 3],
            starts: [1, 0, 2],
            turned: [false; 2],
            add: true,
            bias: true,
            relu: true,
            then: true,
        };
        let turned = [false, true];
        [
            case(7, 530, 2),
            Case { gaps: [700, 0, 3], ..case(15, 3, 259) },
            Case { turned, ..case(17, 9, 11) },
            Case { turned, ..case(7, 10, 43) },
            case(1, 3, 64),
        ]
    }

    fn draw(random: &mut Generator) -> Case {
        let mut size = || match random.below(12) {
            0 => 0,
            1 => 1,
            2 => 30 + random.below(unless_miri(50, 5)),
            3 => 16 * random.below(unless_miri(5, 3)),
            _ => random.below(unless_miri(30, 12)),
        };
        let [m, k, n] = [size(), size(), size()];
        // Beyond the depth that is multiplied at once, and beyond the columns where A is copied.
        let k = if random.below(unless_miri(40, 1000)) == 0 { 250 + random.below(300) } else { k };
        let n = if random.below(unless_miri(40, 1000)) == 0 { 250 + random.below(60) } else { n };
        let mut chance = || random.below(2) == 0;
        let turned = [chance(), chance()];
        let [add, bias, relu, then] = [chance(), chance(), chance(), chance()];
        let starts = [0; 3].map(|_| random.below(5));
        let wide = if random.below(20) == 0 { 700 } else { 5 };
        let gaps = [0; 3].map(|_| random.below(wide));
        Case { m, k, n, gaps, starts, turned, add, bias, relu, then }
    }
}

/// Whole numbers from -4 to 4, which stand for themselves in sums of any order. Only where they
/// begin is drawn: to draw each would take Miri longer than to multiply them.
pub(super) fn numbers<T: Scalar>(count: usize, random: &mut Generator) -> Vec<T> {
    let first = random.below(1 << 20);
    (first..first + count).map(|i| T::of((i * 7919 % 65_537 % 9) as f64 - 4.0)).collect()
}

/// As many numbers as such a matrix spans.
fn span(rows: usize, cols: usize, distance: usize) -> usize {
    if rows == 0 || cols == 0 { 0 } else { (rows - 1) * distance + cols }
}

/// A matrix, and its number in a row and a column.
type Drawn<'a, T> = (Matrix<'a, T>, Box<dyn Fn(usize, usize) -> f64 + 'a>);

fn matrix<T: Scalar>(
    data: &[T],
    (rows, cols): (usize, usize),
    gap: usize,
    turned: bool,
) -> Drawn<'_, T> {
    if turned {
        let matrix = Matrix::apart(data, cols, rows, rows + gap).t();
        return (matrix, Box::new(move |r, c| data[c * (rows + gap) + r].as_f64()));
    }
    let matrix = Matrix::apart(data, rows, cols, cols + gap);
    (matrix, Box::new(move |r, c| data[r * (cols + gap) + c].as_f64()))
}

fn check<T: Scalar>(case: &Case, random: &mut Generator) {
    let &Case { m, k, n, gaps, starts, turned, .. } = case;
    let [a_size, b_size] = [(m, k, 0), (k, n, 1)].map(|(rows, cols, i)| {
        let (rows, cols) = if turned[i] { (cols, rows) } else { (rows, cols) };
        starts[i] + span(rows, cols, cols + gaps[i])
    });
    let (a, b) = (numbers::<T>(a_size, random), numbers::<T>(b_size, random));
    let (a, a_at) = matrix(&a[starts[0]..], (m, k), gaps[0], turned[0]);
    let (b, b_at) = matrix(&b[starts[1]..], (k, n), gaps[1], turned[1]);
    let bias = numbers::<T>(n, random);
    let distance = n + gaps[2];
    let before = numbers::<T>(starts[2] + m * distance, random);
    let then = |numbers: &mut [T]| numbers.iter_mut().for_each(|x| *x += T::of(100.0));
    let end = End {
        bias: case.bias.then_some(&bias),
        relu: case.relu,
        then: if case.then { Some(&then) } else { None },
    };
    let expected = before.iter().enumerate().map(|(i, before)| {
        if i < starts[2] || (i - starts[2]) % distance.max(1) >= n {
            return before.as_f64();
        }
        let (row, col) = ((i - starts[2]) / distance, (i - starts[2]) % distance);
        let mut sum: f64 = (0..k).map(|l| a_at(row, l) * b_at(l, col)).sum();
        sum += if case.add { before.as_f64() } else { 0.0 };
        sum += if case.bias { bias[col].as_f64() } else { 0.0 };
        sum = if case.relu { sum.max(0.0) } else { sum };
        sum + if case.then { 100.0 } else { 0.0 }
    });
    let expected: Vec<f64> = expected.collect();
    for (engine, c) in on_each(|| {
        let mut c = before.clone();
        gemm_end(a, b, Target::apart(&mut c[starts[2]..], distance, case.add), &end);
        c
    }) {
        for (i, (c, expected)) in c.iter().zip(&expected).enumerate() {
            assert_eq!(c.as_f64(), *expected, "number {i} by {engine:?} of {case:?}");
        }
    }
}

#[test]
fn products_are_those_of_the_definition() {
    let mut random = Generator::new(7);
    let mut drawing = Generator::new(8);
    let drawn = (0..unless_miri(2000, 4)).map(|_| Case::draw(&mut drawing));
    for case in Case::rare().into_iter().chain(drawn) {
        check::<f32>(&case, &mut random);
        check::<f64>(&case, &mut random);
    }
}

/// Numbers whose sums depend on their order.
fn odd<T: Scalar>(count: usize, seed: u64) -> Vec<T> {
    let mut random = Generator::new(seed);
    (0..count).map(|_| T::of(random.normal())).collect()
}

fn bits<T: Scalar>(numbers: &[T]) -> Vec<u64> {
    numbers.iter().map(|x| x.as_f64().to_bits()).collect()
}

fn same_from_any_number_of_threads<T: Scalar>() {
    // More rows, more columns; large enough to be divided.
    let all =
        [(301, 70, 65), (37, 300, 333), (130, 600, 90), (260, 70, 250), (1, 1500, 1400)].as_slice();
    let few = [(41, 9, 10), (10, 9, 70), (1, 30, 70)].as_slice();
    for &(m, k, n) in unless_miri(all, few) {
        let (a, b) = (odd::<T>(m * k, 1), odd::<T>(k * n, 2));
        let turned: Vec<T> = (0..n * k).map(|i| b[i % k * n + i / k]).collect();
        let all = on_each(|| {
            let mut all = Vec::new();
            for threads in [1, 2, 4, 8] {
                set_threads(threads);
                for b in [Matrix::new(&b, k, n), Matrix::new(&turned, n, k).t()] {
                    let mut c = vec![T::zero(); m * n];
                    gemm(Matrix::new(&a, m, k), b, &mut c, false);
                    all.push(bits(&c));
                }
            }
            all
        });
        for (engine, all) in all {
            assert!(all.iter().all(|bits| bits == &all[0]), "{engine:?}: {m} × {k} × {n}");
        }
    }
}

#[test]
fn bits_are_the_same_from_any_number_of_threads() {
    same_from_any_number_of_threads::<f32>();
    same_from_any_number_of_threads::<f64>();
}

#[test]
fn bits_of_a_row_do_not_depend_on_the_rows_around_it() {
    let (m, k, n) = unless_miri((45, 530, 77), (8, 520, 18));
    let (a, b) = (odd::<f32>(m * k, 3), odd::<f32>(k * n, 4));
    let each = on_each(|| {
        let mut all = vec![0.0; m * n];
        gemm(Matrix::new(&a, m, k), Matrix::new(&b, k, n), &mut all, false);
        let mut one_by_one = vec![0.0; m * n];
        for (row, c) in one_by_one.chunks_exact_mut(n).enumerate() {
            gemm(Matrix::new(&a[row * k..][..k], 1, k), Matrix::new(&b, k, n), c, false);
        }
        (bits(&all), bits(&one_by_one))
    });
    for (engine, (all, one_by_one)) in each {
        assert!(all == one_by_one, "{engine:?}");
    }
}

#[test]
fn a_nan_is_not_lost_and_infinity_stays_where_it_is() {
    for (engine, c) in on_each(|| {
        let a = [f32::NAN, 1.0, f32::INFINITY, -1.0, 0.0];
        let mut c = [0.0; 5];
        let end = End { relu: true, ..End::default() };
        let target = Target::apart(&mut c, 1, false);
        gemm_end(Matrix::new(&a, 5, 1), Matrix::new(&[2.0], 1, 1), target, &end);
        c
    }) {
        assert!(c[0].is_nan(), "{engine:?}");
        assert_eq!(c[1..], [2.0, f32::INFINITY, 0.0, 0.0], "{engine:?}");
    }
}

#[test]
#[should_panic(expected = "assertion failed")]
fn a_matrix_that_is_too_small_is_refused() {
    Matrix::apart(&[0.0; 11], 3, 4, 4);
}

#[test]
#[should_panic(expected = "assertion failed")]
fn a_target_that_is_too_small_is_refused() {
    let (a, b, mut c) = ([0.0; 12], [0.0; 8], [0.0; 10]);
    let target = Target::apart(&mut c, 5, false);
    gemm_end(Matrix::new(&a, 3, 4), Matrix::new(&b, 4, 2), target, &End::default());
}
