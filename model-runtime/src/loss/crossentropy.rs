use model_spec::Shape;

use super::{
    BinaryCrossentropy, CategoricalCrossentropy, Loss, PerSample, SparseCategoricalCrossentropy,
    Target,
};
use crate::{Error, Var};

/// The cross-entropy that fits, as Keras's `"crossentropy"`.
///
/// - [`BinaryCrossentropy`], if the last axis of the predictions has size 1;
/// - else [`SparseCategoricalCrossentropy`], if the targets are labels;
/// - else [`CategoricalCrossentropy`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossentropy;

/// Which of the kinds fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Binary,
    Sparse,
    Categorical,
}

impl Kind {
    /// For shapes of one sample.
    pub fn of(target: &[usize], output: &[usize]) -> Kind {
        let labels = target.len() < output.len() || target.last() == Some(&1);
        match output.last() {
            None | Some(1) => Kind::Binary,
            Some(_) if labels => Kind::Sparse,
            Some(_) => Kind::Categorical,
        }
    }

    fn loss(self) -> Box<dyn Loss> {
        match self {
            Kind::Binary => Box::new(BinaryCrossentropy::new()),
            Kind::Sparse => Box::new(SparseCategoricalCrossentropy::new()),
            Kind::Categorical => Box::new(CategoricalCrossentropy::new()),
        }
    }
}

impl Loss for Crossentropy {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let sample = |var: Var| -> Shape { var.shape().without_first() };
        let kind = Kind::of(sample(y_true).dims(), sample(y_pred).dims());
        kind.loss().per_sample(y_true, y_pred)
    }

    fn name(&self) -> String {
        "crossentropy".to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        Kind::of(target.shape.dims(), target.output.dims()).loss().check(target)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Float;
    use crate::loss::support::tests::{check, run};

    #[test]
    fn the_shapes_choose_the_kind() {
        let one: ArrayD<Float> = array![[0.25], [0.5]].into_dyn();
        let three: ArrayD<Float> = array![[0.25, 0.25, 0.5], [0.5, 0.5, 0.0]].into_dyn();
        let cases: [(ArrayD<Float>, &ArrayD<Float>, &dyn Loss); 4] = [
            (array![[1.0], [0.0]].into_dyn(), &one, &BinaryCrossentropy::new()),
            (array![1.0, 0.0].into_dyn(), &three, &SparseCategoricalCrossentropy::new()),
            (array![[1.0], [0.0]].into_dyn(), &three, &SparseCategoricalCrossentropy::new()),
            (
                array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]].into_dyn(),
                &three,
                &CategoricalCrossentropy::new(),
            ),
        ];
        for (t, p, loss) in cases {
            assert_eq!(run(&Crossentropy, &t, p), run(loss, &t, p));
        }
        let text = check(&Crossentropy, &[], &[3.0], &[3]).unwrap_err();
        assert!(text.contains("the label 3 in sample 0"), "{text}");
    }
}
