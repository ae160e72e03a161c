//! Handwritten digits, told apart by a network of dense layers:
//! `cargo run --release --example digits`.

use examples::Digits;
use model_runtime::prelude::*;

model! {
    /// Tells handwritten digits apart.
    pub struct Classifier {
        image = Input(64);
        x = Dense(128, relu)(image);
        x = Dropout(0.2)(x);
        x = Dense(64, relu)(x);
        predictions = Dense(10, softmax)(x);
    }
}

fn main() -> Result<(), Error> {
    let (train, test) = Digits::load();
    let net = Classifier::new(0);
    println!("{}", net.summary());

    let loss = SparseCategoricalCrossentropy::new();
    let mut trainer = net.compile(Adam::new(2e-3), loss)?.with_metrics(["accuracy"])?;
    trainer.fit(&train.images, &train.labels, Fit::epochs(30).validation_split(0.1))?;

    let logs = trainer.evaluate(&test.images, &test.labels)?;
    println!("test accuracy {:.4}", logs["accuracy"]);
    Ok(())
}
