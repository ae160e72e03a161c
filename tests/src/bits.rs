//! Trainings whose numbers must have the same bits whatever computes them.

use model_runtime::prelude::*;
use ndarray::{ArrayD, Axis, IxDyn};

use crate::single::{given, input, output};

model! {
    pub struct Wide {
        x = Input(96);
        x = Dropout(0.2)(Dense(512, gelu, kernel_regularizer = l2(1e-4))(x));
        x = LayerNormalization()(Dense(512, tanh)(x) + x);
        Dense(10, softmax)(BatchNormalization()(x))
    }

    pub struct Convnet {
        image = Input(16, 16, 3);
        x = MaxPooling2D(2)(Conv2D(24, 3, padding = same, activation = relu)(image));
        x = AveragePooling2D(2)(Conv2D(32, 3, strides = 2, activation = elu)(UpSampling2D(2)(x)));
        x = DepthwiseConv2D(3, padding = same)(GroupNormalization(groups = 8)(x));
        Dense(10, softmax)(Flatten()(Conv2DTranspose(8, 3, strides = 2)(x)))
    }

    pub struct Recurrent {
        words = Input(12, dtype = int32);
        x = Embedding(50, 48, mask_zero = true)(words);
        x = Bidirectional(LSTM(64, return_sequences = true))(x);
        x = GRU(64, return_sequences = true, reset_after = false)(x);
        Dense(10, softmax)(SimpleRNN(96)(GRU(64, return_sequences = true)(x)))
    }

    pub struct Transformer {
        x = Input(24, 64);
        x = LayerNormalization()(x + MultiHeadAttention(4, 16)(x, x, use_causal_mask = true));
        x = RMSNormalization()(x + Dense(64)(Dense(256, silu)(x)));
        Dense(10, softmax)(GlobalAveragePooling1D()(x))
    }
}

/// A line for each network and optimizer: what the bits of its weights, its losses and its
/// predictions come to after some steps.
pub fn lines() -> Result<Vec<String>, Error> {
    Ok(vec![
        line("wide adam", Wide::new(1), Adam::new(1e-2).global_clipnorm(1.0))?,
        line("wide adamw", Wide::new(1), AdamW::new(1e-3).clipnorm(1e-3))?,
        line("wide adam by value", Wide::new(1), Adam::new(1e-3).clipvalue(1e-4))?,
        line("wide sgd", Wide::new(2), SGD::new(1e-2).momentum(0.9).nesterov(true))?,
        line("convnet rmsprop", Convnet::new(3), RMSprop::new(1e-3))?,
        line("convnet lion", Convnet::new(4), Lion::new(1e-3).weight_decay(1e-2))?,
        line("recurrent nadam", Recurrent::new(5), Nadam::new(1e-2))?,
        line("transformer adamw", Transformer::new(6), AdamW::new(1e-3).use_ema(true))?,
    ])
}

fn line<M: Functional>(
    name: &str,
    net: M,
    optimizer: impl Optimizer + 'static,
) -> Result<String, Error> {
    const SAMPLES: usize = 150;
    let port = &net.graph().inputs[0];
    let words = port.value.shape.rank() == 1 && port.value.shape.dim(0) == 12;
    let mut state = 1_u32;
    let x =
        ArrayD::from_shape_simple_fn(IxDyn(port.value.shape.with_first(SAMPLES).dims()), || {
            // Numerical Recipes' generator.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = state >> 16;
            if words { (number % 50) as Float } else { number as Float / 32_768.0 - 1.0 }
        });
    let y = ArrayD::from_shape_fn(IxDyn(&[SAMPLES]), |i| (i[0] * 7 % 10) as Float);
    let mut trainer = net.compile(optimizer, given::<M, _>("sparse_categorical_crossentropy"))?;
    let mut sum = Sum(0xcbf2_9ce4_8422_2325);
    // The last batch is smaller.
    for (x, y) in x.axis_chunks_iter(Axis(0), 64).zip(y.axis_chunks_iter(Axis(0), 64)) {
        let logs = trainer.train_on_batch(input::<M>(x), given::<M, _>(y))?;
        sum.add([logs["loss"]].iter());
    }
    let mut found = ArrayD::default(IxDyn(&[0]));
    trainer.predict_on_batch_into(input::<M>(&x), output::<M, _>(&mut found))?;
    sum.add(found.iter());
    for weight in trainer.model().get_weights() {
        sum.add(weight.iter());
    }
    let logs = trainer.evaluate(input::<M>(&x), given::<M, _>(&y))?;
    Ok(format!("{name} {:016x} loss {}", sum.0, logs["loss"]))
}

/// The FNV-1a hash of bits (http://www.isthe.com/chongo/tech/comp/fnv/).
struct Sum(u64);

impl Sum {
    fn add<'a>(&mut self, numbers: impl Iterator<Item = &'a Float>) {
        for byte in numbers.flat_map(|number| number.to_bits().to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
