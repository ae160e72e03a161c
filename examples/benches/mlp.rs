//! Whole steps of a 784-64-64-10 network, through the public API: `cargo bench -p examples`.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use model_runtime::prelude::*;
use ndarray::{Array1, Array2};

model! {
    /// The network.
    pub struct Mlp {
        image = Input(784);
        x = Dense(64, relu)(image);
        x = Dense(64, relu)(x);
        predictions = Dense(10, softmax)(x);
    }
}

fn main() {
    divan::main();
}

fn data(samples: usize) -> (Array2<Float>, Array1<u8>) {
    let pixel = |(i, j): (usize, usize)| ((i * 31 + j * 17) % 255) as Float / 255.0;
    let labels = (0..samples).map(|i| (i * 7 % 10) as u8).collect();
    (Array2::from_shape_fn((samples, 784), pixel), labels)
}

/// Forward, loss, backward and Adam.
#[divan::bench(args = [32, 128])]
fn train(bencher: Bencher<'_, '_>, batch: usize) {
    let (x, y) = data(batch);
    let mut trainer = Mlp::new(0)
        .compile(Adam::new(1e-3), "sparse_categorical_crossentropy")
        .expect("the loss and the optimizer have these names");
    bencher
        .counter(ItemsCount::new(batch))
        .bench_local(|| trainer.train_on_batch(black_box(&x), black_box(&y)).expect("a step"));
}

#[divan::bench(args = [1, 128])]
fn predict(bencher: Bencher<'_, '_>, batch: usize) {
    let (x, _) = data(batch);
    let net = Mlp::new(0);
    bencher
        .counter(ItemsCount::new(batch))
        .bench_local(|| net.predict_with(black_box(&x), batch).expect("a prediction"));
}
