//! Are two handwritten digits the same? One tower looks at both:
//! `cargo run --release --example siamese`.

use examples::Digits;
use model_runtime::prelude::*;
use ndarray::{Array1, Array2, Axis};

model! {
    /// Compares two handwritten digits.
    pub struct Siamese {
        left = Input(64);
        right = Input(64);
        tower = Container(|image| {
            x = Dense(128, relu)(image);
            x = Dropout(0.2)(x);
            features = Dense(32, relu)(x);
            features
        });
        a = tower(left);
        b = tower(right);
        distance = square(a - b);
        same = Dense(1, sigmoid)(distance);
    }
}

/// Pairs of digits: each with the next five of its kind, and with the next five of others.
fn pairs(digits: &Digits) -> (SiameseInputs<Array2<Float>>, Array1<u8>) {
    let (mut left, mut right, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (i, label) in digits.labels.iter().enumerate() {
        for is_same in [true, false] {
            let fits = |j: &usize| (digits.labels[*j] == *label) == is_same;
            for other in (i + 1..digits.labels.len()).filter(fits).take(5) {
                left.push(i);
                right.push(other);
                same.push(u8::from(is_same));
            }
        }
    }
    let rows = |rows: &[usize]| digits.images.select(Axis(0), rows);
    (SiameseInputs { left: rows(&left), right: rows(&right) }, Array1::from(same))
}

fn main() -> Result<(), Error> {
    let (train, test) = Digits::load();
    let net = Siamese::new(0);
    println!("{}", net.summary());

    let mut trainer = net.compile(Adam::new(1e-3), "binary_crossentropy")?;
    trainer = trainer.with_metrics(["accuracy"])?;
    let (x, same) = pairs(&train);
    trainer.fit(x, &same, Fit::epochs(20).batch_size(64))?;

    let (x, same) = pairs(&test);
    let logs = trainer.evaluate(x, &same)?;
    println!("test accuracy {:.4}", logs["accuracy"]);
    Ok(())
}
