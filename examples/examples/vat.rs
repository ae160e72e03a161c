//! Digits from 100 labels and many digits without: virtual adversarial training (Miyato, Maeda,
//! Koyama and Ishii, 2017, <https://arxiv.org/abs/1704.03976>) against training with the labels
//! alone: `cargo run --release --example vat`.

use examples::Digits;
use model_runtime::prelude::*;
use ndarray::{Array1, Axis, Ix2, concatenate};

const LABELS: usize = 100;
const VALIDATION: usize = 237;
const SEEDS: u64 = 5;
/// The length of the step that looks for a direction. The paper has 1e-6, with which nothing is
/// gained here: so small a change is close to the rounding of `f32`.
const XI: Float = 0.1;
/// How far a digit is changed: the better of 0.5 and 1 on the validation digits.
const EPSILON: Float = 0.5;

model! {
    /// Tells handwritten digits apart.
    pub struct Classifier {
        image = Input(64);
        x = Dense(128, relu)(image);
        x = Dense(128, relu)(x);
        predictions = Dense(10, softmax)(x);
    }
}

/// How much the predictions change: the divergence of those for `x` from those for `x + change`.
fn divergence(model: &Classifier, x: Var, predictions: Var, change: Var) -> Var {
    KLDivergence.per_sample(predictions.detach(), model.call(x + change)).mean()
}

/// The change of length `EPSILON` that changes the predictions most: one step of the power method
/// finds its direction from a random one.
fn worst(model: &Classifier, x: Var, predictions: Var) -> Var {
    let random = Var::random_normal(x.shape().dims(), 0.0, 1.0).normalize(-1);
    let [gradient] = tape::grad([random], |[d]| divergence(model, x, predictions, d * XI) / XI);
    gradient.normalize(-1) * EPSILON
}

/// Trains on digits of which the first have labels that count: the others weigh nothing in the
/// loss.
fn train(digits: &Digits, with_vat: bool, seed: u64) -> Result<Trainer<Classifier>, Error> {
    let loss = SparseCategoricalCrossentropy::new();
    let trainer = Classifier::new(seed).compile(Adam::new(2e-3), loss)?;
    let mut trainer = trainer.with_metrics(["accuracy"])?;
    if with_vat {
        trainer.add_loss("vat", |ctx| {
            let change = worst(ctx.model, ctx.inputs, ctx.outputs);
            divergence(ctx.model, ctx.inputs, ctx.outputs, change)
        })?;
    }
    let all = digits.labels.len();
    let weight = |i| if i < LABELS { all as Float / LABELS as Float } else { 0.0 };
    let weights = Array1::from_shape_fn(all, weight);
    let fit = Fit::epochs(100).batch_size(100).seed(seed).sample_weight(&weights).verbose(0);
    trainer.fit(&digits.images, &digits.labels, fit)?;
    Ok(trainer)
}

/// The digits to train with, of which each seed has others in front, and those to choose with.
fn split(digits: &Digits, seed: u64) -> (Digits, Digits) {
    let (from, size) = (seed as usize * LABELS, digits.labels.len());
    let order: Vec<usize> = (0..size).map(|i| (i + from) % size).collect();
    let part = |rows: &[usize]| Digits {
        images: digits.images.select(Axis(0), rows),
        labels: digits.labels.select(Axis(0), rows),
    };
    let (train, validation) = order.split_at(size - VALIDATION);
    (part(train), part(validation))
}

/// Writes a picture: ten digits, what changes their predictions most, and both together.
fn picture(model: &Classifier, digits: &Digits) -> Result<(), Error> {
    let x = digits.images.slice(s![..10, ..]);
    let change = tape::run(Mode::Inference, || {
        let x = Var::from_array(&x);
        worst(model, x, model.call(x)).to_array()
    })?;
    let change = change.into_dimensionality::<Ix2>().expect("a row for each digit");
    // Grey is no change.
    let rows = concatenate![Axis(0), x, &change + 0.5, &x + &change];
    let images = rows.to_shape((30, 8, 8)).expect("8×8 pixels");
    images::save_grid(examples::output("vat.png"), &images, 10)
}

fn main() -> Result<(), Error> {
    let (digits, test) = Digits::load();
    let mut means = [0.0; 2];
    for seed in 0..SEEDS {
        let (train_digits, validation) = split(&digits, seed);
        let mut line = format!("seed {seed}:");
        for (with_vat, mean) in [false, true].into_iter().zip(&mut means) {
            let trainer = train(&train_digits, with_vat, seed)?;
            let accuracy =
                |digits: &Digits| Ok(trainer.evaluate(&digits.images, &digits.labels)?["accuracy"]);
            let (chosen, tested): (Float, Float) = (accuracy(&validation)?, accuracy(&test)?);
            let name = if with_vat { "vat" } else { "baseline" };
            line += &format!(" {name} {tested:.3} (validation {chosen:.3})");
            *mean += tested / SEEDS as Float;
            if with_vat && seed == 0 {
                picture(trainer.model(), &test)?;
            }
        }
        println!("{line}");
    }
    println!("baseline {:.4} vat {:.4}", means[0], means[1]);
    Ok(())
}
