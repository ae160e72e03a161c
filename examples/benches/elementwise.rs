//! What elementwise work costs: layers and optimizers of the library against loops as one would
//! write them, with std's functions, compiled for the same target. Both are run in turn, and the
//! ratio is taken within a round: `cargo bench -p examples --bench elementwise`.

use std::hint::black_box;
use std::time::Instant;

use model_runtime::optimizer::Step;
use model_runtime::prelude::*;
use ndarray::Array2;

const ROWS: usize = 128;
const COLUMNS: usize = 128;
const ROUNDS: usize = 31;

/// Runs a model of four times the same layer, so that the way in and out counts less.
macro_rules! four {
    ($($layer:tt)*) => {{
        let net = model! {
            input = Input(COLUMNS);
            x = Identity()(input);
            x = $($layer)*(x);
            x = $($layer)*(x);
            x = $($layer)*(x);
            $($layer)*(x)
        };
        move |x: &Array2<Float>| {
            black_box(net.predict_with(x, ROWS).expect("the input fits"));
        }
    }};
}

fn main() {
    println!("{:<22}{:>10}{:>10}{:>8}", "", "plain ns", "ours ns", "ratio");
    layer("relu", four!(ReLU()), each(|x| x.max(0.0)));
    layer("exp", four!(exp), each(|x| (x - 1.0).exp()));
    layer("tanh", four!(tanh), each(Float::tanh));
    layer("sigmoid", four!(sigmoid), each(|x| 1.0 / (1.0 + (-x).exp())));
    layer("elu", four!(ELU()), each(|x| if x > 0.0 { x } else { x.exp_m1() }));
    layer("softplus", four!(softplus), each(|x| x.max(0.0) + (-x.abs()).exp().ln_1p()));
    layer("softmax", four!(Softmax()), softmax);
    layer("layer normalization", four!(LayerNormalization()), layer_norm);
    for parameters in [55_050, 669_706] {
        adam(parameters);
    }
}

fn each(f: impl Fn(Float) -> Float) -> impl Fn(&mut [Float]) {
    move |numbers| numbers.iter_mut().for_each(|x| *x = f(*x))
}

fn softmax(numbers: &mut [Float]) {
    for row in numbers.chunks_exact_mut(COLUMNS) {
        let most = row.iter().copied().fold(Float::NEG_INFINITY, Float::max);
        row.iter_mut().for_each(|x| *x = (*x - most).exp());
        let sum: Float = row.iter().sum();
        row.iter_mut().for_each(|x| *x /= sum);
    }
}

fn layer_norm(numbers: &mut [Float]) {
    for row in numbers.chunks_exact_mut(COLUMNS) {
        let mean = row.iter().sum::<Float>() / COLUMNS as Float;
        let variance =
            row.iter().map(|x| (x - mean) * (x - mean)).sum::<Float>() / COLUMNS as Float;
        let inv = 1.0 / (variance + 1e-3).sqrt();
        row.iter_mut().for_each(|x| *x = (*x - mean) * inv);
    }
}

/// Runs both in turn and prints the medians, in ns for each number and layer.
fn compare(name: &str, numbers: usize, mut plain: impl FnMut(), mut ours: impl FnMut()) {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..8).for_each(|_| run());
        start.elapsed().as_secs_f64() * 1e9 / 8.0 / numbers as f64
    };
    let rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| [time(&mut plain), time(&mut ours)]).collect();
    let median = |of: fn(&[f64; 2]) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[ROUNDS / 2]
    };
    let [plain, ours] = [median(|round| round[0]), median(|round| round[1])];
    let ratio = median(|round| round[0] / round[1]);
    println!("{name:<22}{plain:>10.3}{ours:>10.3}{ratio:>8.2}");
}

fn layer(name: &str, ours: impl Fn(&Array2<Float>), plain: impl Fn(&mut [Float])) {
    let x =
        Array2::from_shape_fn((ROWS, COLUMNS), |(i, j)| ((i * 31 + j * 17) as Float).sin() * 3.0);
    let by_hand = || {
        let mut values = x.iter().copied().collect::<Vec<_>>();
        for _ in 0..4 {
            // Each layer has an output of its own.
            values = values.to_vec();
            plain(&mut values);
        }
        black_box(values);
    };
    compare(name, 4 * ROWS * COLUMNS, by_hand, || ours(&x));
}

fn adam(parameters: usize) {
    let gradient: Vec<Float> = (0..parameters).map(|i| (i as Float).sin() * 0.01).collect();
    let start = || (vec![0.1; parameters], vec![0.0; parameters], vec![0.0; parameters]);
    let (mut w, mut m, mut v): (Vec<Float>, Vec<Float>, Vec<Float>) = start();
    let by_hand = || {
        for (i, g) in gradient.iter().enumerate() {
            m[i] += (g - m[i]) * 0.1;
            v[i] += (g * g - v[i]) * 0.001;
            w[i] -= 1e-3 * m[i] / (v[i].sqrt() + 1e-7);
        }
    };
    let (mut weight, mut mean, mut square) = start();
    let (optimizer, step) = (Adam::new(1e-3), Step::new(1000, 1e-3));
    let by_optimizer = || {
        optimizer.update(&step, &mut weight, &gradient, &mut [&mut mean, &mut square]);
    };
    compare(&format!("Adam of {parameters}"), parameters, by_hand, by_optimizer);
}
