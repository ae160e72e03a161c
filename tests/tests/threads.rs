//! A training has the same bits on any number of threads, whatever it is made of.

use model_runtime::prelude::*;
use ndarray::ArrayD;

model! {
    pub struct Tables {
        numbers = Input(96);
        x = BatchNormalization()(Dense(128, tanh)(numbers));
        x = LayerNormalization()(Dropout(0.2)(x));
        Dense(5, softmax)(gelu(x * 0.5 + relu(x)))
    }

    pub struct Sequences {
        steps = Input(12, 24);
        x = Bidirectional(LSTM(24, return_sequences = true))(steps);
        x = GRU(24, return_sequences = true, reset_after = false)(x);
        Dense(5, softmax)(SimpleRNN(24)(GRU(24, return_sequences = true)(x)))
    }

    pub struct Words {
        words = Input(16, dtype = int32);
        x = Embedding(50, 32)(words);
        x = LayerNormalization()(x + MultiHeadAttention(2, 16)(x, x));
        Dense(5, softmax)(GlobalAveragePooling1D()(x))
    }
}

fn number(i: usize) -> Float {
    ((i * 37 % 101) as Float / 50.0) - 1.0
}

fn labels(samples: usize) -> ArrayD<Float> {
    ArrayD::from_shape_fn(vec![samples], |i| (i[0] * i[0] % 5) as Float)
}

/// The bits of all weights after some steps.
fn trained<M: Functional>(
    net: M,
    optimizer: impl Optimizer + 'static,
    x: &ArrayD<Float>,
) -> Result<Vec<u64>, Error> {
    let y = labels(x.shape()[0]);
    let loss = M::outputs_from_iter(["sparse_categorical_crossentropy"].into_iter());
    let mut trainer = net.compile(optimizer, loss.expect("there is one output"))?;
    for _ in 0..3 {
        let x = M::inputs_from_iter([x].into_iter()).expect("there is one input");
        let y = M::outputs_from_iter([&y].into_iter()).expect("there is one output");
        trainer.train_on_batch(x, y)?;
    }
    let weights = trainer.model().parameters();
    let numbers = weights.iter().flat_map(|(_, weight)| weight.get().into_raw_vec_and_offset().0);
    Ok(numbers.map(|w| w.to_bits().into()).collect())
}

fn same<M: Functional, O: Optimizer + 'static>(
    net: impl Fn() -> M,
    optimizer: impl Fn() -> O,
    x: &ArrayD<Float>,
) -> Result<(), Error> {
    let mut first = None;
    for threads in [1, 2, 4, 8] {
        model_runtime::set_threads(threads);
        let bits = trained(net(), optimizer(), x)?;
        assert!(*first.get_or_insert_with(|| bits.clone()) == bits, "{threads} threads");
    }
    Ok(())
}

#[test]
fn bits_are_the_same_from_any_number_of_threads() -> Result<(), Error> {
    let x = ArrayD::from_shape_fn(vec![400, 96], |i| number(i[0] * 96 + i[1]));
    same(|| Tables::new(0), || AdamW::new(1e-3).clipnorm(1e-3), &x)?;
    same(|| Tables::new(0), || SGD::new(0.1).global_clipnorm(0.1).use_ema(true), &x)?;
    same(|| Tables::new(0), || Adam::new(1e-3).clipvalue(1e-4), &x)?;
    let x = ArrayD::from_shape_fn(vec![32, 12, 24], |i| number(i[0] * 288 + i[1] * 24 + i[2]));
    same(|| Sequences::new(0), || Adam::new(1e-3), &x)?;
    let x = ArrayD::from_shape_fn(vec![64, 16], |i| ((i[0] * 5 + i[1] * 3) % 50) as Float);
    same(|| Words::new(0), || Nadam::new(1e-3), &x)
}
