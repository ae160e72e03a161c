use model_spec::{Shape, ShapeError};

use super::{Loss, PerSample, Target};
use crate::ops::ctc::Ctc;
use crate::{Error, Float, Var, tape};

const NAME: &str = "ctc";

/// `-ln` of the probability that a sequence of predictions spells the labels, whichever step each
/// label falls on ([Graves et al., 2006](https://doi.org/10.1145/1143844.1143891));
/// [Keras's
/// `CTC`](https://keras.io/api/losses/probabilistic_losses/).
///
/// Predictions are logits, `(samples, steps, classes)`; a softmax is applied to them. Class 0 is
/// the blank, that no label is on a step. Targets are labels, `(samples, most labels)`: those of a
/// sample from 1 on, in order, then zeros. Labels need as many steps as there are, and one more
/// between two that are the same.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let steps = tape::run(Mode::Inference, || {
///     let logits = Var::from_array(&array![[[0.0, 9.0, 0.0], [9.0, 0.0, 0.0], [0.0, 0.0, 9.0]]]);
///     let labels = Var::from_array(&array![[1.0, 2.0, 0.0]]);
///     CTC.per_sample(labels, logits).mean().to_array().sum()
/// });
/// assert!(steps? < 0.01);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CTC;

impl Target<'_> {
    /// The labels of each sample, without the zeros after them.
    fn sequences(&self, steps: usize, classes: usize) -> Result<Vec<Vec<usize>>, Error> {
        self.is_made_of(
            "labels: whole numbers below the number of classes",
            |value| super::target::label(value, classes).is_some(),
            NAME,
        )?;
        let rows = self.values.chunks_exact(self.shape.last().max(1));
        rows.enumerate().map(|(row, values)| self.sequence(row, values, steps)).collect()
    }

    fn sequence(&self, row: usize, values: &[Float], steps: usize) -> Result<Vec<usize>, Error> {
        let count = values.iter().position(|value| *value == 0.0).unwrap_or(values.len());
        let data = self.data.to_owned();
        if let Some(value) = values[count..].iter().find(|value| **value != 0.0) {
            let (wanted_by, value) = (NAME.to_owned(), *value);
            let takes = "zeros only after the labels";
            return Err(Error::TargetValue { data, row, value, wanted_by, takes });
        }
        let labels: Vec<usize> = values[..count].iter().map(|value| *value as usize).collect();
        let needed = count + labels.windows(2).filter(|pair| pair[0] == pair[1]).count();
        if needed > steps {
            return Err(Error::LabelSequence { data, row, needed, steps });
        }
        Ok(labels)
    }
}

impl Loss for CTC {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        if let Some(poison) = [y_true, y_pred].into_iter().find(|var| var.is_poison()) {
            return PerSample::new(poison);
        }
        let shape = y_pred.shape();
        if shape.rank() != 3 || shape.dim(1) == 0 || shape.dim(2) == 0 {
            let error = ShapeError::new("ctc takes predictions of the shape (steps, classes)")
                .help("end the model in a layer that gives each step the logits of the classes");
            return PerSample::new(tape::fail_shape(error, &[y_pred]));
        }
        let targets = y_true.tensor();
        let (got, values) = (y_true.shape().without_first(), targets.data());
        let output = shape.without_first();
        let target = Target { data: "the target", shape: got, values, output };
        let labels = target.has_shape(Shape::new(&[Shape::ANY]), NAME).and_then(|()| {
            let labels = target.sequences(shape.dim(1), shape.dim(2))?;
            let (first, second) = ("the prediction".to_owned(), "the target".to_owned());
            if labels.len() == shape.dim(0) {
                return Ok(labels);
            }
            Err(Error::SampleCounts {
                first: (first, shape.dim(0)),
                second: (second, labels.len()),
            })
        });
        match labels {
            Ok(labels) => PerSample::new(tape::apply(Ctc::new(&labels), &[y_pred.log_softmax()])),
            Err(error) => PerSample::new(tape::fail(error)),
        }
    }

    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_shape(Shape::new(&[Shape::ANY]), NAME)?;
        target.sequences(target.output.dim(0), target.output.last()).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::loss::support::tests::{check, close, gradient, run};

    /// Two samples of three steps and three classes.
    fn logits() -> ArrayD<Float> {
        array![
            [[0.5, 1.0, -1.0], [0.0, 2.0, 0.3], [1.0, -0.5, 0.2]],
            [[0.1, 0.2, 0.3], [1.0, 0.0, -1.0], [0.4, 0.1, 0.9]]
        ]
        .into_dyn()
    }

    /// The probabilities of a step.
    fn softmax(logits: [f64; 3]) -> [f64; 3] {
        let sum: f64 = logits.iter().map(|z| z.exp()).sum();
        logits.map(|z| z.exp() / sum)
    }

    #[test]
    fn labels_end_at_the_zeros() {
        let [a, b, c] = [[0.5, 1.0, -1.0], [0.0, 2.0, 0.3], [1.0, -0.5, 0.2]].map(softmax);
        let [d, e, f] = [[0.1, 0.2, 0.3], [1.0, 0.0, -1.0], [0.4, 0.1, 0.9]].map(softmax);
        // 1, 2 in three steps: 112, 122, 012, 102, 120.
        let one = a[1] * b[1] * c[2]
            + a[1] * b[2] * c[2]
            + a[0] * b[1] * c[2]
            + a[1] * b[0] * c[2]
            + a[1] * b[2] * c[0];
        // 2, 2 needs the blank between.
        let two = d[2] * e[0] * f[2];
        let labels = array![[1.0, 2.0, 0.0], [2.0, 2.0, 0.0]].into_dyn();
        close(&CTC, &labels, &logits(), &[-one.ln(), -two.ln()]);
        let none = array![[0.0], [0.0]].into_dyn();
        close(&CTC, &none, &logits(), &[-(a[0] * b[0] * c[0]).ln(), -(d[0] * e[0] * f[0]).ln()]);
        gradient(&CTC, &labels, &logits());
    }

    #[test]
    fn targets_are_checked() {
        assert_eq!(check(&CTC, &[3], &[1.0, 2.0, 0.0], &[3, 3]), Ok(()));
        let text = check(&CTC, &[3], &[1.0, 0.0, 2.0], &[3, 3]).unwrap_err();
        assert!(text.contains("has 2 in sample 0, but `ctc` takes zeros only after"), "{text}");
        let text = check(&CTC, &[2], &[1.0, 0.0, 3.0, 0.0], &[3, 3]).unwrap_err();
        assert!(text.contains("has 3 in sample 1, but `ctc` takes labels"), "{text}");
        let text = check(&CTC, &[2], &[1.0, 0.0, 2.0, 2.0], &[2, 3]).unwrap_err();
        assert!(
            text.contains("labels in sample 1 that need 3 steps, but the output has 2"),
            "{text}"
        );
        let text = check(&CTC, &[2, 2], &[0.0; 4], &[2, 3]).unwrap_err();
        assert!(text.contains("but `ctc` takes (_)"), "{text}");
    }

    #[test]
    fn a_prediction_without_steps_and_other_samples_are_errors() {
        let labels = array![[1.0], [1.0]].into_dyn();
        let text = run(&CTC, &labels, &array![[0.0, 1.0]].into_dyn()).unwrap_err().to_string();
        assert!(text.starts_with("ctc takes predictions of the shape (steps, classes)"), "{text}");
        let one = array![[1.0]].into_dyn();
        assert!(run(&CTC, &one, &logits()).is_err());
    }
}
