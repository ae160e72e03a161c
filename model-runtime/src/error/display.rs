//! What errors say: the sentence, and where it helps what to do.

use std::fmt;

use model_spec::{MAX_RANK, Operand, Shape, Value};

use super::{At, Error};

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
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
                }?;
                let of_validation = |name: &str| name.starts_with("val_");
                if of_validation(name) && !known.iter().any(|name| of_validation(name)) {
                    f.write_str(
                        "; for one of a validation, give `validation_split` or \
                         `validation_data`",
                    )?;
                }
                Ok(())
            }
            Error::Option { name, value, expected } => {
                write!(f, "`{name}` is {value}, but must be {expected}")
            }
            Error::NoLoss => f.write_str(
                "no output has a loss, so there is nothing to train for\n  help: give at least \
                 one output a loss in `compile`",
            ),
            Error::NoGradient => f.write_str(
                "the loss of this step depends on no weight that its trainer changes, so nothing \
                 has changed\n  help: compute it with `ctx.model`, not with a copy or another \
                 model; see that not everything is frozen",
            ),
            Error::Weights { problem, help } => {
                write!(f, "{problem}; nothing has changed\n  help: {help}")
            }
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
                 loss; nothing has changed\n  help: name it in the `variables` of the loss or \
                 loss term, show it in the layer's `visit`: `visitor.variable(\"{variable}\", \
                 &self.{variable})`, or give it to `trainer.add_variable`"
            ),
            Error::LossNotFinite { .. }
            | Error::GradientNotFinite { .. }
            | Error::WeightNotFinite { .. }
            | Error::VariableNotFinite { .. } => self.step(f),
            Error::File { path, action, why } => {
                write!(f, "could not {action} `{}`: {why}", path.display())
            }
            Error::Cell { line, column, text } => {
                let got = if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
                write!(
                    f,
                    "line {line}, column `{column}`: there is no number, but {got}\n  help: \
                     `pop_categories` makes labels of text, `drop_column` leaves a column out"
                )
            }
            Error::InBatch { batch, error } => {
                write!(f, "batch {} of the iterator: {error}", batch + 1)
            }
            Error::Batches { why } => write!(f, "there are no more batches: {why}"),
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
            Error::OtherState { path, why } => write!(
                f,
                "the training state in `{}` cannot go on here: {why}; nothing has changed\n  help: \
                 compile the model as it was compiled when the state was saved",
                path.display()
            ),
            Error::Callback { why } => write!(f, "a callback has ended the training: {why}"),
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
                    "{data} has samples of the shape {}, but the model takes {expected}\n  \
                     help: {}",
                    tuple(sample),
                    shape_help(expected, got)
                ),
            },
            Error::SampleCounts { first, second } => write!(
                f,
                "{} has {} samples, but {} has {}\n  help: give both the same number",
                first.0, first.1, second.0, second.1
            ),
            Error::NoSamples { data } => {
                write!(f, "{data} has no samples\n  help: its first axis is that of the samples")
            }
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

/// How an array of this shape, samples first, becomes samples of the expected one.
fn shape_help(expected: &Shape, got: &[usize]) -> String {
    let fits = |dims: &[usize]| dims.len() <= MAX_RANK && Shape::new(dims).fits(expected);
    let sample = &got[1..];
    if fits(&[sample, &[1]].concat()) {
        return format!("add the axis of the channels: `.insert_axis(Axis({}))`", got.len());
    }
    if fits(got) {
        return "add the axis of the samples, for a single one: `.insert_axis(Axis(0))`".to_owned();
    }
    if let &[channels, height, width] = sample
        && fits(&[height, width, channels])
    {
        return "put the channels last: `.permuted_axes([0, 2, 3, 1])`".to_owned();
    }
    "the first axis is that of the samples, which is not shown".to_owned()
}

/// A shape of any rank, as shapes are written.
pub(crate) fn tuple(dims: &[usize]) -> String {
    let dims: Vec<String> = dims.iter().map(usize::to_string).collect();
    format!("({})", dims.join(", "))
}
