//! The number of sunspots a year from now, from the months before, by gated recurrent units:
//! `cargo run --release --example sequence`.

use std::ops::Range;

use model_runtime::prelude::*;
use ndarray::{Array2, Array3, Axis};

const MONTHS: usize = 72;
const AHEAD: usize = 12;

model! {
    /// Foretells a number from those before it.
    pub struct Forecast {
        months = Input(MONTHS, 1);
        x = GRU(24)(months);
        change = Dense(1)(x);
        months[-1] + change
    }
}

/// What is foretold in these years, and the months that it is foretold from. A number is the square
/// root of that of the sunspots, a tenth of it, so that busy years do not drown the others.
fn windows(numbers: &[Float], years: Range<usize>) -> (Array3<Float>, Array2<Float>) {
    let first = ((years.start - 1749) * 12).max(MONTHS + AHEAD - 1);
    let last = (years.end - 1749) * 12;
    let scaled = |month: usize| numbers[month].sqrt() / 10.0;
    let x = Array3::from_shape_fn((last - first, MONTHS, 1), |(i, month, _)| {
        scaled(first + i + month + 1 - AHEAD - MONTHS)
    });
    (x, Array2::from_shape_fn((last - first, 1), |(i, _)| scaled(first + i)))
}

/// How far the sunspots are from the true ones in the mean.
fn error<'a>(foretold: impl IntoIterator<Item = &'a Float>, y: &Array2<Float>) -> Float {
    let sunspots = |number: Float| (number * 10.0).powi(2);
    let errors = foretold.into_iter().zip(y).map(|(&a, &b)| (sunspots(a) - sunspots(b)).abs());
    errors.sum::<Float>() / y.len() as Float
}

fn main() -> Result<(), Error> {
    let numbers = examples::sunspots();
    let (x, y) = windows(&numbers, 1749..1930);
    let (val_x, val_y) = windows(&numbers, 1930..1960);
    let (test_x, test_y) = windows(&numbers, 1960..2009);
    let net = Forecast::new(0);
    println!("{}", net.summary());

    let mut trainer = net.compile(Adam::new(4e-3), "mean_absolute_error")?;
    trainer.fit(&x, &y, Fit::epochs(15).validation_data(&val_x, &val_y))?;

    let foretold = trainer.predict(&test_x)?;
    // That nothing changes in a year.
    let persistence = test_x.index_axis(Axis(1), MONTHS - 1);
    let (ours, naive) = (error(&foretold, &test_y), error(persistence, &test_y));
    println!("test mae {ours:.1} (persistence {naive:.1})");
    Ok(())
}
