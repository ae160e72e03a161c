//! Whole steps of six networks through the public API: `cargo bench -p examples`. The batches are
//! in memory and taken in turn, the optimizer is Adam. `scripts/peers.py` runs this beside other
//! libraries.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use model_runtime::prelude::*;
use model_runtime::{IntoPorts, Ports};
use ndarray::{ArrayD, ArrayViewD, Axis};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

model! {
    /// W1 with 64 units, W2 with 512.
    pub struct Mlp<const UNITS: usize> {
        image = Input(784);
        x = Dense(UNITS, relu)(image);
        x = Dense(UNITS, relu)(x);
        Dense(10, softmax)(x)
    }
}

model! {
    /// W3.
    pub struct Convnet {
        image = Input(28, 28, 1);
        x = MaxPooling2D(2)(Conv2D(32, 3, activation = relu)(image));
        x = MaxPooling2D(2)(Conv2D(64, 3, activation = relu)(x));
        x = Dense(128, relu)(Flatten()(x));
        Dense(10, softmax)(x)
    }
}

model! {
    const FILTERS: usize = 32;

    fn convolve(x, filters, strides) {
        Conv2D(filters, 3, strides = strides, padding = same, activation = elu)(x)
    }

    fn twice(x, filters, strides) {
        x = convolve(x, filters, strides);
        convolve(x, filters, 1)
    }

    /// W4: the discriminator of BEGAN (Berthelot et al., 2017).
    pub struct Autoencoder {
        image = Input(32, 32, 3);
        x = twice(image, FILTERS, 1);
        x = twice(x, 2 * FILTERS, 2);
        x = twice(x, 3 * FILTERS, 2);
        x = Dense(64)(Flatten()(x));
        x = Reshape(8, 8, FILTERS)(Dense(64 * FILTERS)(x));
        x = UpSampling2D(2)(twice(x, FILTERS, 1));
        x = UpSampling2D(2)(twice(x, FILTERS, 1));
        x = twice(x, FILTERS, 1);
        Conv2D(3, 3, padding = same)(x)
    }
}

model! {
    /// W5.
    pub struct Recurrent {
        steps = Input(32, 64);
        Dense(10, softmax)(LSTM(128)(steps))
    }
}

model! {
    const WIDTH: usize = 128;
    const HEADS: usize = 4;

    /// W6: one block of Vaswani et al., 2017.
    pub struct Transformer {
        tokens = Input(64, WIDTH);
        x = tokens + MultiHeadAttention(HEADS, WIDTH / HEADS)(tokens, tokens);
        x = LayerNormalization(epsilon = 1e-5)(x);
        x = x + Dense(WIDTH)(Dense(512, relu)(x));
        x = LayerNormalization(epsilon = 1e-5)(x);
        Dense(10, softmax)(GlobalAveragePooling1D()(x))
    }
}

/// How many batches are taken in turn.
const BATCHES: usize = 8;
/// Of each call of `fit`.
const EPOCHS: usize = 8;

const CLASSES: &str = "sparse_categorical_crossentropy";
const DIFFERENCE: &str = "mean_absolute_error";

fn main() {
    divan::main();
}

/// `BATCHES` batches for a model with one input: numbers with mean 0 and variance 1.
fn inputs(model: &impl Model, samples: usize) -> ArrayD<Float> {
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let shape = model.graph().inputs[0].value.shape.with_first(BATCHES * samples);
    let most = 3.0f64.sqrt();
    ArrayD::from_shape_simple_fn(shape.dims(), || random.random_range(-most..most) as Float)
}

/// The inputs again where the loss is their difference, else one of ten classes for each sample.
fn targets(inputs: &ArrayD<Float>, loss: &str) -> ArrayD<Float> {
    if loss == DIFFERENCE {
        return inputs.clone();
    }
    let mut random = ChaCha8Rng::seed_from_u64(1);
    ArrayD::from_shape_simple_fn(vec![inputs.shape()[0]], || random.random_range(0..10) as Float)
}

fn batches(all: &ArrayD<Float>, samples: usize) -> Vec<ArrayViewD<'_, Float>> {
    all.axis_chunks_iter(Axis(0), samples).collect()
}

fn input<'a, M: Functional>(x: impl Into<Data<'a>>) -> Ports<M::Inputs<Data<'a>>> {
    Ports(M::inputs_from_iter([x.into()].into_iter()).expect("the model has one input"))
}

fn output<M: Functional, T>(y: impl IntoPorts<T>) -> Ports<M::Outputs<T>> {
    let output = M::outputs_from_iter([y.into_ports()].into_iter());
    Ports(output.expect("the model has one output"))
}

fn compiled<M: Functional>(net: M, loss: &str) -> Trainer<M> {
    net.compile(Adam::new(1e-3), output::<M, _>(loss)).expect("the loss is known")
}

/// Forward, loss, backward and Adam.
fn train<M: Functional>(bencher: Bencher<'_, '_>, net: M, loss: &str, samples: usize) {
    let x = inputs(&net, samples);
    let y = targets(&x, loss);
    let mut batches = batches(&x, samples).into_iter().zip(batches(&y, samples)).cycle();
    let mut trainer = compiled(net, loss);
    bencher.counter(ItemsCount::new(samples)).bench_local(|| {
        let (x, y) = batches.next().expect("a cycle has no end");
        trainer.train_on_batch(input::<M>(&x), output::<M, _>(&y)).expect("a step")
    });
}

fn predict<M: Functional>(bencher: Bencher<'_, '_>, net: M, samples: usize) {
    let x = inputs(&net, samples);
    let mut batches = batches(&x, samples).into_iter().cycle();
    let trainer = compiled(net, DIFFERENCE);
    bencher.counter(ItemsCount::new(samples)).bench_local(|| {
        let x = batches.next().expect("a cycle has no end");
        black_box(trainer.predict_on_batch(input::<M>(&x)).expect("a prediction"));
    });
}

/// As `train`, through `fit`: `EPOCHS` times over the batches.
fn fit<M: Functional>(bencher: Bencher<'_, '_>, net: M, loss: &str, samples: usize) {
    let x = inputs(&net, samples);
    let y = targets(&x, loss);
    let mut trainer = compiled(net, loss);
    bencher.counter(ItemsCount::new(x.shape()[0] * EPOCHS)).bench_local(|| {
        let options = Fit::epochs(EPOCHS).batch_size(samples).verbose(0);
        trainer.fit(input::<M>(&x), output::<M, _>(&y), options).expect("a training")
    });
}

macro_rules! workloads {
    ($($name:ident: $net:expr, $loss:expr, train $train:tt, predict $predict:tt;)*) => {$(
        mod $name {
            use super::*;

            #[divan::bench(args = $train, max_time = 2)]
            fn train(bencher: Bencher<'_, '_>, samples: usize) {
                super::train(bencher, $net, $loss, samples);
            }

            #[divan::bench(args = $predict, max_time = 2)]
            fn predict(bencher: Bencher<'_, '_>, samples: usize) {
                super::predict(bencher, $net, samples);
            }

            #[divan::bench(args = $train, max_time = 2)]
            fn fit(bencher: Bencher<'_, '_>, samples: usize) {
                super::fit(bencher, $net, $loss, samples);
            }
        }
    )*};
}

workloads! {
    w1: Mlp::<64>::new(0), CLASSES, train [32, 128], predict [1, 128];
    w2: Mlp::<512>::new(0), CLASSES, train [128], predict [1, 128];
    w3: Convnet::new(0), CLASSES, train [64], predict [1, 64];
    w4: Autoencoder::new(0), DIFFERENCE, train [16], predict [16];
    w5: Recurrent::new(0), CLASSES, train [32], predict [32];
    w6: Transformer::new(0), CLASSES, train [16], predict [16];
}

/// Products of matrices of 512 rows and columns: what the machine can do.
#[divan::bench(max_time = 2)]
fn products(bencher: Bencher<'_, '_>) {
    const PRODUCTS: usize = 2;
    let factor = ArrayD::<Float>::ones(vec![512, 512]);
    bencher.counter(ItemsCount::new(PRODUCTS)).bench_local(|| {
        tape::run(Mode::Inference, || {
            let factor = Var::from_array(&factor);
            (0..PRODUCTS).for_each(|_| {
                black_box(factor.matmul(factor));
            });
        })
    });
}
