use model_spec::Shape;

use crate::kernels::sums::side_by_side;
use crate::ops::view::Reshape;
use crate::{Error, Float, Var, tape};

/// The targets of an output, to be checked by its loss and metrics before training starts.
///
/// A [`Loss`](super::Loss) or [`Metric`](crate::Metric) checks with it what it was given:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::loss::Target;
/// let output = Shape::new(&[2]);
/// let of = |shape, values| Target { data: "the target", shape, values, output };
/// let halves = of(output, &[0.5, 0.5]);
/// assert!(halves.has_output_shape("mine").is_ok());
/// assert!(halves.has_probabilities("mine").is_ok());
/// assert!(halves.is_at_least_0("mine").is_ok());
/// assert!(halves.is_made_of("halves", |value| value == 0.5, "mine").is_ok());
/// assert!(of(output, &[2.0, 0.0]).is_binary("mine").is_err());
/// // The last axis of the output is the classes, of which a label is one.
/// assert!(of(Shape::SCALAR, &[1.0]).has_labels("mine").is_ok());
/// assert!(of(Shape::SCALAR, &[2.0]).has_labels("mine").is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// What errors call it, such as `` the target of `predictions` ``.
    pub data: &'a str,
    /// The shape of one sample.
    pub shape: Shape,
    /// The numbers of all samples, in row-major order.
    pub values: &'a [Float],
    /// The shape of one sample of the output; a size may be [`Shape::ANY`].
    pub output: Shape,
}

impl Target<'_> {
    /// The sample that a number is of.
    fn row(&self, index: usize) -> usize {
        index / self.shape.size().unwrap_or(1).max(1)
    }

    /// Refuses a shape other than the output's. A last axis of size 1 may be missing, or be there
    /// in addition.
    ///
    /// # Errors
    /// [`Error::TargetShape`], in the name of the loss or metric that wants it.
    pub fn has_output_shape(&self, wanted_by: &str) -> Result<(), Error> {
        self.has_shape(self.output, wanted_by)
    }

    /// Refuses what is not a label for each position of the output, whose last axis is the classes.
    ///
    /// # Errors
    /// [`Error::TargetShape`], and [`Error::Label`] for what is not a whole number below the number
    /// of classes.
    pub fn has_labels(&self, wanted_by: &str) -> Result<(), Error> {
        self.has_labels_or(|_| false, wanted_by)
    }

    /// [`Target::has_labels`], where some numbers that are no labels are fine.
    pub(crate) fn has_labels_or(
        &self,
        fine: impl Fn(Float) -> bool,
        wanted_by: &str,
    ) -> Result<(), Error> {
        let classes = self.output.last();
        self.has_shape(without_last(&self.output), wanted_by)?;
        let wrong = |value: &Float| label(*value, classes).is_none() && !fine(*value);
        match self.values.iter().position(wrong) {
            Some(index) => {
                let (data, row) = (self.data.to_owned(), self.row(index));
                Err(Error::Label { data, row, value: self.values[index], classes })
            }
            None => Ok(()),
        }
    }

    /// Refuses rows over the last axis that are not probabilities: negative, or with a sum further
    /// than 1e-3 from 1.
    ///
    /// # Errors
    /// [`Error::TargetShape`] and [`Error::NotProbabilities`].
    pub fn has_probabilities(&self, wanted_by: &str) -> Result<(), Error> {
        self.has_output_shape(wanted_by)?;
        let classes = self.output.last();
        for (i, row) in self.values.chunks_exact(classes.max(1)).enumerate() {
            let sum = side_by_side(row);
            let is_negative = |value: &Float| *value < 0.0;
            let wrong = if row.iter().fold(false, |wrong, value| wrong | is_negative(value)) {
                row.iter().copied().find(is_negative)
            } else {
                ((sum - 1.0).abs() > 1e-3).then_some(sum)
            };
            if let Some(value) = wrong {
                let (data, row) = (self.data.to_owned(), self.row(i * classes));
                return Err(Error::NotProbabilities { data, row, value });
            }
        }
        Ok(())
    }

    /// Refuses numbers outside of 0 to 1.
    ///
    /// # Errors
    /// [`Error::TargetShape`] and [`Error::TargetValue`].
    pub fn is_binary(&self, wanted_by: &str) -> Result<(), Error> {
        self.has_output_shape(wanted_by)?;
        self.is_made_of("numbers from 0 to 1", |value| (0.0..=1.0).contains(&value), wanted_by)
    }

    /// Refuses numbers below 0.
    ///
    /// # Errors
    /// [`Error::TargetShape`] and [`Error::TargetValue`].
    pub fn is_at_least_0(&self, wanted_by: &str) -> Result<(), Error> {
        self.has_output_shape(wanted_by)?;
        self.is_made_of("numbers from 0 on", |value| value >= 0.0, wanted_by)
    }

    /// Refuses numbers that do not fit; `takes` says which do.
    ///
    /// # Errors
    /// [`Error::TargetValue`], in the name of the loss or metric that wants others.
    pub fn is_made_of(
        &self,
        takes: &'static str,
        fits: impl Fn(Float) -> bool,
        wanted_by: &str,
    ) -> Result<(), Error> {
        match first_other(self.values, fits) {
            Some(index) => {
                let (data, wanted_by) = (self.data.to_owned(), wanted_by.to_owned());
                let (row, value) = (self.row(index), self.values[index]);
                Err(Error::TargetValue { data, row, value, wanted_by, takes })
            }
            None => Ok(()),
        }
    }

    /// Refuses another shape of one sample than this one, but for a last axis of size 1.
    pub(crate) fn has_shape(&self, expected: Shape, wanted_by: &str) -> Result<(), Error> {
        if is_same(&self.shape, &expected) {
            return Ok(());
        }
        let (data, wanted_by) = (self.data.to_owned(), wanted_by.to_owned());
        let (got, output) = (self.shape, self.output);
        Err(Error::TargetShape { data, wanted_by, expected, got, output })
    }
}

/// What to do about a target of another shape than this loss or metric takes.
pub(crate) fn target_help(wanted_by: &str) -> &'static str {
    match wanted_by {
        "sparse_categorical_crossentropy" => {
            "give one label for each sample; for one-hot rows, use `categorical_crossentropy`"
        }
        "sparse_categorical_accuracy" => {
            "give one label for each sample; for one-hot rows, use `categorical_accuracy`"
        }
        "categorical_crossentropy" => {
            "give one one-hot row for each sample; for labels, use \
             `sparse_categorical_crossentropy`"
        }
        "categorical_accuracy" => {
            "give one one-hot row for each sample; for labels, use `sparse_categorical_accuracy`"
        }
        "sparse_top_k_categorical_accuracy" => {
            "give one label for each sample; for one-hot rows, use `top_k_categorical_accuracy`"
        }
        "top_k_categorical_accuracy" => {
            "give one one-hot row for each sample; for labels, use \
             `sparse_top_k_categorical_accuracy`"
        }
        "ctc" => "give each sample its labels in one row, with zeros after them",
        _ => "give the target the shape of the output, or the model an output of the target's",
    }
}

/// What to do where the target is for each sample what the output is at each position of an image
/// or sequence: one row, or one number.
pub(crate) fn kept_axes_help(target: &Shape, output: &Shape) -> Option<String> {
    let target =
        if target.rank() > 0 && target.last() == 1 { without_last(target) } else { *target };
    let positions = without_last(output);
    let is_row = target.rank() == 1 && target.last() == output.last();
    if positions.rank() == 0 || !(target.rank() == 0 || is_row) {
        return None;
    }
    let (what, pooling) = match positions.rank() {
        1 => ("a sequence", " or `x = GlobalAveragePooling1D()(x)`"),
        2 => ("an image", " or `x = GlobalAveragePooling2D()(x)`"),
        _ => ("several axes", ""),
    };
    Some(format!(
        "a Dense on {what} keeps the axes and makes a row at each position; for one row a sample, \
         put `x = Flatten()(x)`{pooling} before it"
    ))
}

/// Where the first number stands that does not fit. Some are looked at together, so that no single
/// one decides how to go on.
pub(super) fn first_other(values: &[Float], fits: impl Fn(Float) -> bool) -> Option<usize> {
    const SOME: usize = 64;
    let other = |some: &[Float]| some.iter().fold(false, |other, &value| other | !fits(value));
    let part = values.chunks(SOME).position(other)? * SOME;
    Some(part + values[part..].iter().position(|&value| !fits(value))?)
}

/// The class of a label, if it is one of this many.
pub(crate) fn label(value: Float, classes: usize) -> Option<usize> {
    let is_label = value >= 0.0 && value.fract() == 0.0 && value < classes as Float;
    is_label.then_some(value as usize)
}

/// Whether two shapes are the same but for a last axis of size 1.
fn is_same(a: &Shape, b: &Shape) -> bool {
    a.fits(b) || a.push_one().is_some_and(|a| a.fits(b)) || b.push_one().is_some_and(|b| a.fits(&b))
}

trait PushOne {
    fn push_one(&self) -> Option<Shape>;
}

impl PushOne for Shape {
    /// With a last axis of size 1, if there is room for it.
    fn push_one(&self) -> Option<Shape> {
        (self.rank() < model_spec::MAX_RANK).then(|| self.push(1))
    }
}

pub(crate) fn without_last(shape: &Shape) -> Shape {
    Shape::new(&shape.dims()[..shape.rank().saturating_sub(1)])
}

/// The target in the shape of the prediction, from which it may differ by a last axis of size 1.
/// Anything else is the step's error, in the name of the loss.
#[track_caller]
pub(super) fn align(y_true: Var, y_pred: Var, loss: &str) -> Result<Var, Var> {
    fit(y_true, y_pred, y_pred.shape(), loss)
}

/// [`align`] for labels: the prediction has the classes as an axis more.
#[track_caller]
pub(super) fn align_labels(y_true: Var, y_pred: Var, loss: &str) -> Result<Var, Var> {
    fit(y_true, y_pred, without_last(&y_pred.shape()), loss)
}

#[track_caller]
fn fit(y_true: Var, y_pred: Var, expected: Shape, loss: &str) -> Result<Var, Var> {
    if let Some(poison) = [y_true, y_pred].into_iter().find(|var| var.is_poison()) {
        return Err(poison);
    }
    let got = y_true.shape();
    if got == expected {
        return Ok(y_true);
    }
    if got.rank() > 0 && is_same(&got, &expected) {
        return Ok(tape::apply(Reshape(expected), &[y_true]));
    }
    Err(tape::fail(Error::TargetShape {
        data: "the target".to_owned(),
        wanted_by: loss.to_owned(),
        expected: expected.without_first(),
        got: got.without_first(),
        output: y_pred.shape().without_first(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a check of a target says for shapes of one sample.
    fn says(
        shape: &[usize],
        output: &[usize],
        check: fn(&Target<'_>) -> Result<(), Error>,
    ) -> String {
        let (shape, output) = (Shape::new(shape), Shape::new(output));
        let target = Target { data: "the target of `y`", shape, values: &[], output };
        check(&target).expect_err("the shapes differ").to_string()
    }

    #[test]
    fn a_dense_on_an_image_keeps_its_axes() {
        let labels = |target: &Target<'_>| target.has_labels("sparse_categorical_crossentropy");
        let image = "a Dense on an image keeps the axes and makes a row at each position; for one \
                     row a sample, put `x = Flatten()(x)` or `x = GlobalAveragePooling2D()(x)` \
                     before it";
        let expected = format!(
            "the target of `y` has samples of the shape (), but `sparse_categorical_crossentropy` \
             takes (26, 26), as the output is (26, 26, 10)\n  help: {image}"
        );
        assert_eq!(says(&[], &[26, 26, 10], labels), expected);
        assert!(says(&[1], &[26, 26, 10], labels).ends_with(image));
        let rows = |target: &Target<'_>| target.has_probabilities("categorical_accuracy");
        assert!(says(&[10], &[26, 26, 10], rows).ends_with(image));
        let numbers = |target: &Target<'_>| target.has_output_shape("mean_squared_error");
        assert!(says(&[1], &[26, 26, 1], numbers).ends_with(image));
        let sequence = says(&[], &[7, 1], numbers);
        assert!(sequence.contains("takes (7, 1), as the output is (7, 1)"), "{sequence}");
        assert!(sequence.contains("help: a Dense on a sequence keeps"), "{sequence}");
        assert!(sequence.contains("GlobalAveragePooling1D"), "{sequence}");
        let more = says(&[], &[2, 3, 4, 5], labels);
        assert!(more.ends_with("a sample, put `x = Flatten()(x)` before it"), "{more}");
    }

    #[test]
    fn other_targets_have_the_help_of_the_loss() {
        let numbers = |target: &Target<'_>| target.has_output_shape("mean_squared_error");
        for (target, output) in [(&[784][..], &[28, 28][..]), (&[2], &[1]), (&[], &[3])] {
            let text = says(target, output, numbers);
            assert!(text.contains("help: give the target the shape of the output"), "{text}");
        }
    }
}
