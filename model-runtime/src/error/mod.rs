mod display;
pub(crate) use display::tuple;

use std::panic::Location;
use std::path::PathBuf;

use model_spec::{Shape, ShapeError};

use crate::Float;
use crate::weights::Mismatch;

/// What went wrong while a model ran or trained.
///
/// Data is named as in a sentence: `` the input `image` ``, `` the target of `predictions` ``. Rows
/// count from 0.
///
/// `{:?}` writes the sentence as `{}` does, since that is how a `main` that returns an error, and
/// `unwrap`, show it.
#[derive(Clone, PartialEq)]
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
    /// The loss of a step of one's own depends on nothing that its trainer changes. Nothing has
    /// changed.
    NoGradient,
    /// Weights cannot be copied, set or tied as they are. Nothing has changed.
    Weights {
        /// What is wrong, as a sentence.
        problem: String,
        /// What to do.
        help: String,
    },
    /// A file could not be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What was to be done: `read` or `write`.
        action: &'static str,
        /// Why it could not be done.
        why: String,
    },
    /// A cell of a table has no number.
    Cell {
        /// The line in the file, counted from 1; the first blank one, where some are before it.
        line: u64,
        /// The name of its column.
        column: String,
        /// What is there.
        text: String,
    },
    /// A batch of an iterator does not fit the model. The batches before it have been used.
    InBatch {
        /// Which one of the iterator, counted from 0.
        batch: usize,
        /// What is wrong with it.
        error: Box<Error>,
    },
    /// What makes batches has failed. The weights are those after the last batch.
    Batches {
        /// Why, as a sentence.
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
    /// A file has the training state of another trainer, or none. Nothing has changed.
    OtherState {
        /// The file.
        path: PathBuf,
        /// How it differs.
        why: String,
    },
    /// A callback has ended the training.
    Callback {
        /// Why.
        why: String,
    },
}

/// A batch of an epoch, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The epoch.
    pub epoch: usize,
    /// The batch in its epoch.
    pub batch: usize,
}

impl Error {
    /// The error of a callback of one's own: [`Error::Callback`].
    pub fn callback(why: impl std::fmt::Display) -> Error {
        Error::Callback { why: why.to_string() }
    }
}

impl std::error::Error for Error {}
