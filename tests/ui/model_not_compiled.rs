//! What a trainer does, asked of a model that has not been compiled.

use model_runtime::prelude::*;
use ndarray::{Array1, Array2};

model! {
    pub struct Net {
        x = Input(4);
        Dense(3, softmax)(x)
    }
}

fn train(x: Array2<f32>, y: Array1<u8>) -> Result<(), Error> {
    let net = Net::new(0);
    let history = net.fit(&x, &y, Fit::epochs(5).batch_size(32))?;
    println!("{:?}", history["loss"]);
    let logs = net.evaluate(&x, &y)?;
    println!("{}", logs["loss"]);
    let anonymous = model! { x = Input(4); Dense(3, softmax)(x) };
    anonymous.train_on_batch(&x, &y)?;
    Ok(())
}

fn any<M: Functional>(mut net: M, batches: Batches<'_, M>) -> Result<(), Error> {
    net.fit_batches(batches, Fit::epochs(5))?;
    Ok(())
}

// `compile` returns a `Result`, as rustc says.
fn forgotten(x: Array2<f32>, y: Array1<u8>) -> Result<(), Error> {
    let mut trainer = Net::new(0).compile("adam", "sparse_categorical_crossentropy");
    trainer.fit(&x, &y, Fit::epochs(5))?;
    Ok(())
}

fn main() {}
