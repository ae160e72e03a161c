use super::{Batch, Metric};
use crate::float::Scalar;
use crate::loss::Target;
use crate::{Error, Float, MeanAbsoluteError, MeanSquaredError};

macro_rules! errors {
    ($($metric:ident, $name:literal, |$error:ident| $each:expr;)*) => {$(
        impl Metric for $metric {
            fn name(&self) -> String {
                $name.to_owned()
            }

            fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
                batch.mean(|y_true, y_pred| {
                    let each = y_true.iter().zip(y_pred).map(|(t, p)| {
                        let $error = p.as_f64() - t.as_f64();
                        $each
                    });
                    each.sum::<f64>() / y_pred.len() as f64
                })
            }

            fn result(&self, sums: &[f64]) -> Float {
                Batch::mean_of(sums)
            }

            fn check(&self, target: &Target<'_>) -> Result<(), Error> {
                target.has_output_shape($name)
            }
        }
    )*};
}

errors! {
    MeanAbsoluteError, "mean_absolute_error", |error| error.abs();
    MeanSquaredError, "mean_squared_error", |error| error * error;
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::metric::measure;

    #[test]
    fn means_are_weighted() {
        let t = array![[1.0, 2.0], [0.0, 0.0]].into_dyn();
        let p = array![[2.0, 4.0], [-3.0, 1.0]].into_dyn();
        assert_eq!(measure(&MeanAbsoluteError, &t, &p, &[1.0, 1.0]), 1.75);
        assert_eq!(measure(&MeanSquaredError, &t, &p, &[1.0, 3.0]), (2.5 + 15.0) / 4.0);
    }
}
