//! Products of matrices on the shapes of networks, ours beside matrixmultiply's, in turn:
//! `cargo bench -p model-runtime --bench gemm [threads] [RxKxC …]`.
//!
//! For `m × k × n`: `y = x · w`, and the gradients `dx = dy · wᵀ` and `dw = xᵀ · dy`. Each line has
//! our median of GFLOP/s, and the median of the ratios between neighbours in time, which are what
//! counts on a machine that does other things as well.

use std::hint::black_box;
use std::time::Instant;

use model_runtime::Float;
use model_runtime::private::product;

/// A dense network's, an LSTM's, a transformer's, convolutions written as matrices, and square ones.
const SHAPES: [[usize; 3]; 18] = [
    [1, 784, 64],
    [1, 784, 512],
    [1, 512, 512],
    [32, 64, 64],
    [32, 784, 64],
    [128, 64, 64],
    [128, 784, 64],
    [128, 784, 512],
    [128, 512, 512],
    [128, 512, 10],
    [32, 128, 512],
    [1024, 128, 512],
    [43264, 9, 32],
    [7744, 288, 64],
    [64, 1600, 128],
    [512, 512, 512],
    [1024, 1024, 1024],
    [2048, 2048, 2048],
];

fn main() {
    // Cargo adds words of its own, such as `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|w| !w.starts_with('-')).collect();
    let threads = words.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    model_runtime::set_threads(threads);
    let wanted: Vec<[usize; 3]> = words.iter().filter_map(|word| shape(word)).collect();
    println!("{threads} thread(s); GFLOP/s, and how many times matrixmultiply's");
    for shape in if wanted.is_empty() { &SHAPES } else { &wanted[..] } {
        let [forward, dx, dw] = [0, 1, 2].map(|which| measure(*shape, which));
        let [m, k, n] = shape;
        println!(
            "{:>16}  y {:6.1} {:5.2}  dx {:6.1} {:5.2}  dw {:6.1} {:5.2}",
            format!("{m}x{k}x{n}"),
            forward.0,
            forward.1,
            dx.0,
            dx.1,
            dw.0,
            dw.1
        );
    }
}

fn shape(word: &str) -> Option<[usize; 3]> {
    let sizes: Result<Vec<usize>, _> = word.split('x').map(str::parse).collect();
    sizes.ok()?.try_into().ok()
}

/// GFLOP/s, and the ratio.
fn measure([m, k, n]: [usize; 3], which: usize) -> (f64, f64) {
    // As rows × depth × columns, and which matrix is read by columns.
    let (sizes, turned) = match which {
        0 => ([m, k, n], [false, false]),
        1 => ([m, n, k], [false, true]),
        _ => ([k, m, n], [true, false]),
    };
    let [rows, depth, cols] = sizes;
    let (a, b) = (numbers(rows * depth), numbers(depth * cols));
    let mut c = vec![0.0; rows * cols];
    let work = 2.0 * (rows * depth * cols) as f64;
    // About 50 µs at a time, 0.1 s in all.
    let repeated = (50e-6 * 1e11 / work).ceil() as usize;
    let rounds = (0.1 * 5e10 / (work * repeated as f64)).clamp(5.0, 1000.0) as usize;
    let mut ours = Vec::new();
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let [own, other] = [false, true].map(|portable| {
            time(repeated, || product(&a, &b, black_box(&mut c), sizes, turned, portable))
        });
        ours.push(work / own / 1e9);
        ratios.push(other / own);
    }
    (median(ours), median(ratios))
}

/// Seconds for one call.
fn time(repeated: usize, mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..repeated).for_each(|_| work());
    start.elapsed().as_secs_f64() / repeated as f64
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn numbers(count: usize) -> Vec<Float> {
    (0..count).map(|i| (i % 61) as Float / 61.0 - 0.5).collect()
}
