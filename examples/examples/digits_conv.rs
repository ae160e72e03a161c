//! Handwritten digits, told apart by a convolutional network:
//! `cargo run --release --example digits_conv`.

use examples::Digits;
use model_runtime::prelude::*;

model! {
    /// Two convolutions, then half the size.
    fn block(x, filters) {
        x = Conv2D(filters, 3, padding = same, activation = relu)(x);
        x = Conv2D(filters, 3, padding = same, activation = relu)(x);
        MaxPooling2D(2)(x)
    }

    /// Tells handwritten digits apart by what is where in them.
    pub struct Classifier {
        pixels = Input(64);
        x = Reshape(8, 8, 1)(pixels);
        x = block(x, 32);
        x = block(x, 64);
        x = Flatten()(x);
        x = Dropout(0.5)(x);
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
