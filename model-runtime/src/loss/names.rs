use super::*;
use crate::names;

type Make = fn() -> Box<dyn Loss>;

/// Keras's names of each loss: its class, its function, and what is short for them.
const NAMES: [(&[&str], Make); 20] = [
    (&["MeanSquaredError", "mean_squared_error", "mse", "MSE"], || Box::new(MeanSquaredError)),
    (&["MeanAbsoluteError", "mean_absolute_error", "mae", "MAE"], || Box::new(MeanAbsoluteError)),
    (&["MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE"], || {
        Box::new(MeanAbsolutePercentageError)
    }),
    (&["MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE"], || {
        Box::new(MeanSquaredLogarithmicError)
    }),
    (&["Huber", "huber"], || Box::new(Huber::new())),
    (&["LogCosh", "log_cosh"], || Box::new(LogCosh)),
    (&["CosineSimilarity", "cosine_similarity"], || Box::new(CosineSimilarity::new())),
    (&["Crossentropy", "crossentropy", "ce", "CE"], || Box::new(Crossentropy)),
    (&["BinaryCrossentropy", "binary_crossentropy", "bce", "BCE"], || {
        Box::new(BinaryCrossentropy::new())
    }),
    (&["BinaryFocalCrossentropy", "binary_focal_crossentropy"], || {
        Box::new(BinaryFocalCrossentropy::new())
    }),
    (&["CategoricalCrossentropy", "categorical_crossentropy"], || {
        Box::new(CategoricalCrossentropy::new())
    }),
    (&["CategoricalFocalCrossentropy", "categorical_focal_crossentropy"], || {
        Box::new(CategoricalFocalCrossentropy::new())
    }),
    (&["SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"], || {
        Box::new(SparseCategoricalCrossentropy::new())
    }),
    (&["KLDivergence", "kl_divergence", "kld", "KLD"], || Box::new(KLDivergence)),
    (&["Poisson", "poisson"], || Box::new(Poisson)),
    (&["Hinge", "hinge"], || Box::new(Hinge)),
    (&["SquaredHinge", "squared_hinge"], || Box::new(SquaredHinge)),
    (&["CategoricalHinge", "categorical_hinge"], || Box::new(CategoricalHinge)),
    (&["Dice", "dice"], || Box::new(Dice::new())),
    (&["CTC", "ctc"], || Box::new(CTC)),
];

/// The names that are suggested: not those of classes, which stand for the same.
pub(crate) fn suggested() -> impl Iterator<Item = &'static str> {
    let is_word = |name: &&str| !name.contains(char::is_uppercase);
    NAMES.iter().flat_map(|(names, _)| names.iter().copied()).filter(is_word)
}

/// The loss of a name, with its defaults.
pub(crate) fn find(name: &str) -> Option<Box<dyn Loss>> {
    NAMES.iter().find(|(names, _)| names.contains(&name)).map(|(_, make)| make())
}

impl IntoLoss for &str {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        match find(self) {
            Some(loss) => Ok(Some(loss)),
            None => Err(names::unknown("loss", self, suggested())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_loss_that_bears_it() {
        for (names, make) in NAMES {
            assert!(names.contains(&make().name().as_str()), "{names:?}");
            for name in names {
                assert_eq!(name.into_loss().unwrap().unwrap().name(), make().name());
            }
        }
        for (wrong, meant) in [
            ("mean_square_error", "mean_squared_error"),
            ("catgorical_focal_crossentropy", "categorical_focal_crossentropy"),
            ("Hubber", "huber"),
        ] {
            let error = wrong.into_loss().map(|_| ()).unwrap_err();
            assert!(error.to_string().contains(&format!("did you mean `{meant}`?")), "{error}");
        }
        let error = "".into_loss().map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("there are `mean_squared_error`, `mse`, "), "{error}");
    }
}
