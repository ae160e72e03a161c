use std::fmt;
use std::panic::Location;
use std::path::PathBuf;

use model_spec::{Operand, Shape, ShapeError, Value};

use crate::Float;
use crate::weights::Mismatch;

/// What went wrong while a model ran or trained.
///
/// Data is named as in a sentence: `` the input `image` ``, `` the target of `predictions` ``. Rows
/// count from 0.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The shapes of a layer or an operation do not fit; the same words as the macro's.
    Shape {
        /// What is wrong.
        error: Box<ShapeError>,
        /// The shapes that came, without the sample axis.
        inputs: Vec<Shape>,
        /// The line that called it.
        location: &'static Location<'static>,
    },
    /// A weight was replaced by an array of another shape.
    WeightShape {
        /// The weight's shape.
        expected: Shape,
        /// The array's.
        got: Vec<usize>,
    },
    /// A layer returned another number of values than were taken from it.
    Outputs {
        /// How many were taken.
        expected: usize,
        /// How many it returned.
        got: usize,
        /// The line that took them.
        location: &'static Location<'static>,
    },
    /// A layer was called that has no weights yet.
    NotInitialized {
        /// Keras's name of the layer.
        layer: &'static str,
        /// The line that called it.
        location: &'static Location<'static>,
    },
    /// A loss, an optimizer, a metric or a value of that name does not exist.
    UnknownName {
        /// What it should be the name of.
        noun: &'static str,
        /// The name.
        name: String,
        /// What may have been meant.
        suggestion: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// An option has a value that makes no sense.
    Option {
        /// The option.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Data has other axes than the model's.
    DataShape {
        /// The data.
        data: String,
        /// The shape of one sample.
        expected: Shape,
        /// The shape that came, all samples included.
        got: Vec<usize>,
    },
    /// Two arrays have different numbers of samples.
    SampleCounts {
        /// The data of the one, and how many it has.
        first: (String, usize),
        /// The same of the other.
        second: (String, usize),
    },
    /// Data without a single sample.
    NoSamples {
        /// The data.
        data: String,
    },
    /// Data is needed and was not given.
    NoData {
        /// The data.
        data: String,
    },
    /// Data has a NaN or an infinity.
    NotFinite {
        /// The data.
        data: String,
        /// The sample.
        row: usize,
        /// What is there.
        value: Float,
    },
    /// An input of indices has a number that is none.
    NotAnIndex {
        /// The data.
        data: String,
        /// The sample.
        row: usize,
        /// What is there.
        value: Float,
    },
    /// An Embedding was given a number that is no row of its table.
    IndexOutOfRange {
        /// The sample in its batch.
        sample: usize,
        /// The number.
        value: Float,
        /// How many rows there are.
        rows: usize,
        /// The line that called it.
        location: &'static Location<'static>,
    },
    /// A target does not have the shape that the loss or metric wants.
    TargetShape {
        /// The data.
        data: String,
        /// What wants it: a loss or a metric.
        wanted_by: String,
        /// What it wants for one sample.
        expected: Shape,
        /// The shape of a sample of the target.
        got: Shape,
        /// The shape of a sample of the output.
        output: Shape,
    },
    /// A label that is not a whole number below the number of classes.
    Label {
        /// The data.
        data: String,
        /// The sample.
        row: usize,
        /// The label.
        value: Float,
        /// The number of classes.
        classes: usize,
    },
    /// A target of a categorical loss that is not one-hot, nor probabilities that sum to 1.
    NotProbabilities {
        /// The data.
        data: String,
        /// The sample.
        row: usize,
        /// The sum over the classes, or the negative number among them.
        value: Float,
    },
    /// A target has a number that the loss or metric does not take.
    TargetValue {
        /// The data.
        data: String,
        /// The sample.
        row: usize,
        /// What is there.
        value: Float,
        /// What takes others: a loss or a metric.
        wanted_by: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A sequence of labels that is too long for the steps of the output.
    LabelSequence {
        /// The data.
        data: String,
        /// The sample.
        row: usize,
        /// How many steps its labels need.
        needed: usize,
        /// How many steps the output has.
        steps: usize,
    },
    /// A loss or a loss term is not one number for each sample.
    NotPerSample {
        /// What it is the loss of, where that is known.
        loss: Option<String>,
        /// The shape it has, the samples' axis included.
        got: Vec<usize>,
        /// How many samples there are, where that is known.
        samples: Option<usize>,
        /// The line that made it, where that is known.
        location: Option<&'static Location<'static>>,
    },
    /// An output of a model does not have a row for each sample.
    OutputSamples {
        /// The output's name.
        output: String,
        /// The number of samples.
        samples: usize,
        /// The shape it has.
        got: Vec<usize>,
    },
    /// The loss of a batch is a NaN or an infinity. Nothing has changed.
    LossNotFinite {
        /// Which batch; `None` outside of `fit`.
        at: Option<At>,
        /// The loss.
        value: Float,
    },
    /// A gradient has a NaN or an infinity. Nothing has changed.
    GradientNotFinite {
        /// Which batch; `None` outside of `fit`.
        at: Option<At>,
        /// The path of the weight.
        weight: String,
    },
    /// The update of a weight makes a NaN or an infinity. Nothing has changed.
    WeightNotFinite {
        /// Which batch; `None` outside of `fit`.
        at: Option<At>,
        /// The path of the weight.
        weight: String,
    },
    /// A constraint that does not fit its weight.
    Constraint {
        /// The path of the weight.
        weight: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A variable was updated with a value of another shape.
    VariableShape {
        /// The variable's name.
        variable: String,
        /// Its shape.
        expected: Shape,
        /// The value's.
        got: Shape,
        /// The line that updated it.
        location: &'static Location<'static>,
    },
    /// The new value of a variable has a NaN or an infinity. Nothing has changed.
    VariableNotFinite {
        /// Which batch; `None` outside of `fit`.
        at: Option<At>,
        /// The variable's path or name.
        variable: String,
    },
    /// A step updated a variable of neither its model nor its losses. Nothing has changed.
    StrayVariable {
        /// The variable's name.
        variable: String,
    },
    /// There is no loss to train with.
    NoLoss,
    /// A file could not be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What was to be done: `read` or `write`.
        action: &'static str,
        /// Why it could not be done.
        why: String,
    },
    /// A file is not one of weights, or damaged. Nothing has changed.
    NotWeights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file has the weights of another model. Nothing has changed.
    OtherWeights {
        /// The file.
        path: PathBuf,
        /// The differences.
        mismatch: Box<Mismatch>,
    },
}

/// A batch of an epoch, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The epoch.
    pub epoch: usize,
    /// The batch in its epoch.
    pub batch: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Shape { error, inputs, location } => {
                let names: Vec<String> = (1..=inputs.len()).map(|i| format!("input {i}")).collect();
                let operands: Vec<Operand<'_>> = names
                    .iter()
                    .zip(inputs)
                    .map(|(name, shape)| Operand { name, value: Value::new(*shape), origin: "" })
                    .collect();
                write!(f, "{}\n  at {location}", error.message(&operands))
            }
            Error::WeightShape { expected, got } => {
                write!(f, "the weight has the shape {expected}, but the array has {got:?}")
            }
            Error::Outputs { expected, got, location } => write!(
                f,
                "a layer returned {got} values where {expected} are taken\n  at {location}"
            ),
            Error::NotInitialized { layer, location } => write!(
                f,
                "{layer} was called before it had weights\n  help: call its `init` first, as a \
                 model's `new` does\n  at {location}"
            ),
            Error::UnknownName { noun, name, suggestion, known } => {
                write!(f, "there is no {noun} `{name}`\n  help: ")?;
                match suggestion {
                    Some(suggestion) => write!(f, "did you mean `{suggestion}`?"),
                    None if known.is_empty() => f.write_str("there are none"),
                    None => write!(f, "there are `{}`", known.join("`, `")),
                }
            }
            Error::Option { name, value, expected } => {
                write!(f, "`{name}` is {value}, but must be {expected}")
            }
            Error::NoLoss => f.write_str(
                "no output has a loss, so there is nothing to train for\n  help: give at least \
                 one output a loss in `compile`",
            ),
            Error::NotPerSample { .. } => self.per_sample(f),
            Error::IndexOutOfRange { sample, value, rows, location } => write!(
                f,
                "Embedding has the rows 0 to {}, but got the index {value} in sample {sample}\n  \
                 help: `input_dim` is the largest index and 1 more\n  at {location}",
                rows.saturating_sub(1)
            ),
            Error::Constraint { weight, problem } => {
                write!(f, "the constraint of `{weight}` {problem}")
            }
            Error::VariableShape { variable, expected, got, location } => write!(
                f,
                "the variable `{variable}` has the shape {expected}, but was updated with {got}\n  \
                 help: an update keeps the shape; `mean()` makes one number of a value\n  at \
                 {location}"
            ),
            Error::StrayVariable { variable } => write!(
                f,
                "the variable `{variable}` was updated, but belongs neither to the model nor to a \
                 loss; nothing has changed\n  help: name it in the loss's `variables`, or show \
                 it in the layer's `visit`: `visitor.variable(\"{variable}\", &self.{variable})`"
            ),
            Error::LossNotFinite { .. }
            | Error::GradientNotFinite { .. }
            | Error::WeightNotFinite { .. }
            | Error::VariableNotFinite { .. } => self.step(f),
            Error::File { path, action, why } => {
                write!(f, "could not {action} `{}`: {why}", path.display())
            }
            Error::NotWeights { path, why } => write!(
                f,
                "`{}` is not a file of weights, or damaged: {why}\n  help: save the weights \
                 again with `save_weights`",
                path.display()
            ),
            Error::OtherWeights { path, mismatch } => write!(
                f,
                "the weights in `{}` are not those of this model, which stays as it is{mismatch}",
                path.display()
            ),
            _ => self.data(f),
        }
    }
}

impl Error {
    /// What is wrong with data.
    fn data(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::DataShape { data, expected, got } => match got.as_slice() {
                [] => write!(
                    f,
                    "{data} is a single number, but its first axis is that of the samples\n  \
                     help: give it one sample of the shape {expected} after the other"
                ),
                [_, sample @ ..] => write!(
                    f,
                    "{data} has samples of the shape {}, but the model takes {expected}\n  help: \
                     the first axis is that of the samples, which is not shown",
                    tuple(sample)
                ),
            },
            Error::SampleCounts { first, second } => write!(
                f,
                "{} has {} samples, but {} has {}\n  help: give both the same number",
                first.0, first.1, second.0, second.1
            ),
            Error::NoSamples { data } => write!(f, "{data} has no samples"),
            Error::NoData { data } => {
                write!(f, "{data} was not given, but it is needed\n  help: give an array for it")
            }
            Error::NotFinite { data, row, value } => write!(
                f,
                "{data} has {value} in sample {row}\n  help: remove the sample, or give it a value"
            ),
            Error::NotAnIndex { data, row, value } => write!(
                f,
                "{data} has {value} in sample {row}, but it takes whole numbers from 0 that are \
                 represented exactly"
            ),
            Error::TargetShape { data, wanted_by, expected, got, output } => {
                write!(
                    f,
                    "{data} has samples of the shape {got}, but `{wanted_by}` takes {expected}"
                )?;
                match crate::loss::kept_axes_help(got, output) {
                    Some(help) => write!(f, ", as the output is {output}\n  help: {help}"),
                    None => write!(f, "\n  help: {}", crate::loss::target_help(wanted_by)),
                }
            }
            Error::Label { data, row, value, classes } => write!(
                f,
                "{data} has the label {value} in sample {row}, but there are {classes} classes\n  \
                 help: labels are the whole numbers from 0 to {}",
                classes.saturating_sub(1)
            ),
            Error::NotProbabilities { data, row, value } if *value < 0.0 => write!(
                f,
                "{data} has {value} in sample {row}, but the target of a class is its \
                 probability\n  help: give a 1 for the true class and 0 for the others"
            ),
            Error::NotProbabilities { data, row, value } => write!(
                f,
                "{data} sums to {value} over the classes in sample {row}, not to 1\n  help: give \
                 a 1 for the true class and 0 for the others; for labels, use \
                 `sparse_categorical_crossentropy`; for several true classes, \
                 `binary_crossentropy`"
            ),
            Error::TargetValue { data, row, value, wanted_by, takes } => {
                write!(f, "{data} has {value} in sample {row}, but `{wanted_by}` takes {takes}")
            }
            Error::LabelSequence { data, row, needed, steps } => write!(
                f,
                "{data} has labels in sample {row} that need {needed} steps, but the output has \
                 {steps}\n  help: give the output more steps, or the sample fewer labels; between \
                 two labels that are the same, a step is needed too"
            ),
            Error::OutputSamples { output, samples, got } => match got.first() {
                Some(rows) => write!(
                    f,
                    "the output `{output}` has {rows} rows for {samples} samples\n  help: keep \
                     the first axis, which is that of the samples"
                ),
                None => write!(
                    f,
                    "the output `{output}` is one number for {samples} samples\n  help: keep the \
                     first axis, which is that of the samples"
                ),
            },
            _ => Ok(()),
        }
    }

    fn per_sample(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Error::NotPerSample { loss, got, samples, location } = self else { return Ok(()) };
        match loss {
            Some(loss) => write!(f, "`{loss}` is not one number for each sample")?,
            None => f.write_str("the loss is not one number for each sample")?,
        }
        match (got.as_slice(), samples) {
            ([], _) => f.write_str(", but one number for all\n")?,
            (&[got], Some(samples)) => {
                writeln!(f, ": there are {got} numbers for {samples} samples")?;
            }
            ([_, sample @ ..], _) => {
                writeln!(f, ": a sample has numbers of the shape {}", tuple(sample))?;
            }
        }
        f.write_str("  help: end it with `.mean_per_sample()` or `.sum_per_sample()`")?;
        location.map_or(Ok(()), |location| write!(f, "\n  at {location}"))
    }

    /// What went wrong in a step of training.
    fn step(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = match self {
            Error::LossNotFinite { at, value } => {
                write!(f, "the loss is {value}")?;
                at
            }
            Error::GradientNotFinite { at, weight } => {
                write!(f, "the gradient of `{weight}` is not finite")?;
                at
            }
            Error::WeightNotFinite { at, weight } => {
                write!(f, "the update of `{weight}` is not finite")?;
                at
            }
            Error::VariableNotFinite { at, variable } => {
                write!(f, "the new value of the variable `{variable}` is not finite")?;
                at
            }
            _ => return Ok(()),
        };
        if let Some(At { epoch, batch }) = at {
            write!(f, " in epoch {} at batch {}", epoch + 1, batch + 1)?;
        }
        f.write_str(
            "; the weights are as they were before this batch\n  help: a smaller learning rate \
             often helps; look for a division by 0, or the logarithm or root of 0",
        )
    }
}

/// A shape of any rank, as shapes are written.
pub(crate) fn tuple(dims: &[usize]) -> String {
    let dims: Vec<String> = dims.iter().map(usize::to_string).collect();
    format!("({})", dims.join(", "))
}

impl std::error::Error for Error {}
