//! Data and losses that are not what a model with several inputs and outputs takes.

use model_runtime::prelude::*;
use ndarray::Array2;

model! {
    pub struct Two {
        a = Input(4);
        b = Input(2);
        x = concatenate([a, b]);
        (p = Dense(1)(x), q = Dense(3)(x))
    }
}

fn losses() -> Result<(), Error> {
    let _ = Two::new(0).compile("adam", "mse")?;
    let q = |t: Var, p: Var| (t - p).square();
    let _ = Two::new(0).compile("adam", TwoOutputs { p: "mse", q })?;
    Ok(())
}

fn data(mut trainer: Trainer<Two>, a: Array2<f32>, b: Array2<u8>) -> Result<(), Error> {
    trainer.train_on_batch((&a, &b), TwoOutputs { p: &a, q: NoTarget })?;
    trainer.train_on_batch(TwoInputs { a: &a, b: vec![1] }, TwoOutputs { p: &a, q: NoTarget })?;
    Ok(())
}

fn main() {}
