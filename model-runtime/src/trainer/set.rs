//! The data of a `fit` or `evaluate`, checked before anything runs.

use model_spec::Shape;

use super::{OnBatch, Output, TrainerCore};
use crate::float::Scalar;
use crate::graph::{Graph, Port};
use crate::loss::Target;
use crate::tensor::Tensor;
use crate::{Data, Error, Float};

/// Inputs, targets and weights of the same samples.
pub(super) struct Set<'a> {
    inputs: Vec<Data<'a>>,
    targets: Vec<Data<'a>>,
    pub sample_weight: Option<Data<'a>>,
    /// The weight of each sample by its class, which counts in training only.
    pub class_weight: Option<Vec<Float>>,
    pub samples: usize,
}

/// Some samples of a set.
pub(super) struct Batch {
    pub inputs: Vec<Tensor>,
    pub targets: Vec<Option<Tensor>>,
    pub weights: Option<Vec<Float>>,
    pub samples: usize,
}

impl Batch {
    /// All samples, in their order, checked as those of a set are.
    pub fn whole(
        core: &TrainerCore,
        inputs: Vec<Data<'_>>,
        targets: Vec<Data<'_>>,
        weights: OnBatch<'_>,
        training: bool,
    ) -> Result<Batch, Error> {
        let (samples, taken) = take_inputs(core.graph, &inputs)?;
        let mut set = Set::of(core, samples, inputs, targets, weights.sample_weight)?;
        set.weigh_classes(core, &weights.class_weight)?;
        Ok(set.part(samples, |i| i, taken, |data| data.all(), training))
    }
}

/// Checks inputs, and returns how many samples there are.
pub(super) fn check_inputs(graph: &Graph, inputs: &[Data<'_>]) -> Result<usize, Error> {
    each_input(graph, inputs, |input, port| input.check_input(port))
}

/// [`check_inputs`], with all of their numbers.
pub(super) fn take_inputs(
    graph: &Graph,
    inputs: &[Data<'_>],
) -> Result<(usize, Vec<Tensor>), Error> {
    let mut taken = Vec::with_capacity(inputs.len());
    let samples = each_input(graph, inputs, |input, port| {
        taken.push(input.input(port)?);
        Ok(())
    })?;
    Ok((samples, taken))
}

fn each_input(
    graph: &Graph,
    inputs: &[Data<'_>],
    mut check: impl FnMut(&Data<'_>, &Port) -> Result<(), Error>,
) -> Result<usize, Error> {
    for (input, port) in inputs.iter().zip(graph.inputs) {
        check(input, port)?;
    }
    let samples = inputs.first().map_or(0, Data::samples);
    for (input, port) in inputs.iter().zip(graph.inputs) {
        let name = || format!("the input `{}`", port.name);
        same_samples(graph, samples, name, input)?;
    }
    Ok(samples)
}

/// Refuses data with another number of samples than the first input.
fn same_samples(
    graph: &Graph,
    samples: usize,
    data: impl FnOnce() -> String,
    got: &Data<'_>,
) -> Result<(), Error> {
    if got.samples() == samples {
        return Ok(());
    }
    let first = graph.inputs.first().map_or("", |port| port.name);
    Err(Error::SampleCounts {
        first: (format!("the input `{first}`"), samples),
        second: (data(), got.samples()),
    })
}

impl<'a> Set<'a> {
    pub fn new(
        core: &TrainerCore,
        inputs: Vec<Data<'a>>,
        targets: Vec<Data<'a>>,
        sample_weight: Option<Data<'a>>,
    ) -> Result<Set<'a>, Error> {
        let samples = check_inputs(core.graph, &inputs)?;
        Set::of(core, samples, inputs, targets, sample_weight)
    }

    /// A set of inputs that have been checked.
    fn of(
        core: &TrainerCore,
        samples: usize,
        inputs: Vec<Data<'a>>,
        targets: Vec<Data<'a>>,
        sample_weight: Option<Data<'a>>,
    ) -> Result<Set<'a>, Error> {
        let graph = core.graph;
        for ((target, output), port) in targets.iter().zip(&core.outputs).zip(graph.outputs) {
            let data = output.target_name();
            if target.is_absent() {
                if output.needs_target() {
                    return Err(Error::NoData { data });
                }
                continue;
            }
            let Some(shape) = target.sample_shape() else {
                let (expected, got) = (port.value.shape, target.shape().to_vec());
                return Err(Error::DataShape { data, expected, got });
            };
            same_samples(graph, samples, || data.clone(), target)?;
            if output.is_measured() {
                target.check_finite(&|| data.clone())?;
                let (values, output_shape) = (target.values(), port.value.shape);
                check_target(output, &data, shape, values, output_shape)?;
            }
        }
        if let Some(weight) = &sample_weight {
            check_weights(graph, samples, weight)?;
        }
        Ok(Set { inputs, targets, sample_weight, class_weight: None, samples })
    }

    /// Gives each sample the weight of its class; 1 to those of classes that are not named. Does
    /// nothing where none is.
    ///
    /// # Errors
    /// Weights below 0, several outputs, targets that are not one class for each sample, and
    /// classes that such a target cannot have.
    pub fn weigh_classes(
        &mut self,
        core: &TrainerCore,
        weights: &[(usize, Float)],
    ) -> Result<(), Error> {
        if weights.is_empty() {
            return Ok(());
        }
        let output = core.graph.outputs.first().map_or(Shape::SCALAR, |port| port.value.shape);
        if let Some((_, wrong)) = weights.iter().find(|(_, w)| !w.is_finite() || *w < 0.0) {
            return Err(weight_error("class_weight", *wrong));
        }
        let [target] = self.targets.as_slice() else {
            return Err(no_class("left out where a model has several outputs; use sample_weight"));
        };
        if target.is_absent() {
            return Err(Error::NoData { data: "the target that class_weight is of".to_owned() });
        }
        // The classes of a one-hot target; 1 for a label.
        let width = match target.shape() {
            &[_] | &[_, 1] => 1,
            &[_, classes] if output.fits(&Shape::new(&[classes])) => classes,
            _ => 0,
        };
        let classes = match width {
            0 => None,
            width => target.values().chunks_exact(width).map(class).collect::<Option<Vec<usize>>>(),
        };
        let Some(classes) = classes.filter(|classes| classes.len() == self.samples) else {
            return Err(no_class(
                "left out where a target is not one label or one one-hot row for each sample; use \
                 sample_weight",
            ));
        };
        if let Some((class, _)) =
            weights.iter().find(|(class, _)| !self.can_be(core, *class, width))
        {
            let value = format!("given for the class {class}");
            let expected = "of classes that a target can have, which count from 0";
            return Err(Error::Option { name: "class_weight", value, expected });
        }
        let weight = |class: usize| {
            weights.iter().find(|(known, _)| *known == class).map_or(1.0, |(_, weight)| *weight)
        };
        self.class_weight = Some(classes.into_iter().map(weight).collect());
        Ok(())
    }

    /// Whether a sample of the only target can be of a class: of one that a one-hot row has, or
    /// that loss and metrics take as a label.
    fn can_be(&self, core: &TrainerCore, class: usize, width: usize) -> bool {
        let (Some(output), Some(port)) = (core.outputs.first(), core.graph.outputs.first()) else {
            return false;
        };
        let Some(shape) = self.targets.first().and_then(Data::sample_shape) else { return false };
        if width > 1 {
            return class < width;
        }
        check_target(output, "", shape, &[Float::of(class as f64)], port.value.shape).is_ok()
    }

    /// Some samples, in this order.
    pub fn batch(&self, rows: &[usize], training: bool) -> Batch {
        let numbers = |data: &Data<'_>| data.rows(rows);
        let inputs = self.inputs.iter().map(numbers).collect();
        self.part(rows.len(), |i| rows[i], inputs, numbers, training)
    }

    /// So many samples, of which number i is `row(i)`; `numbers` takes theirs from targets.
    fn part(
        &self,
        samples: usize,
        row: impl Fn(usize) -> usize,
        inputs: Vec<Tensor>,
        numbers: impl Fn(&Data<'_>) -> Tensor,
        training: bool,
    ) -> Batch {
        let given = self.sample_weight.as_ref().map(Data::values);
        let of_class = self.class_weight.as_ref().filter(|_| training);
        let weight = |i: usize| {
            let weight = given.map_or(1.0, |given| given[row(i)]);
            of_class.map_or(weight, |of_class| weight * of_class[row(i)])
        };
        let weighted = given.is_some() || of_class.is_some();
        let target = |data: &Data<'_>| (!data.is_absent()).then(|| numbers(data));
        Batch {
            inputs,
            targets: self.targets.iter().map(target).collect(),
            weights: weighted.then(|| (0..samples).map(weight).collect()),
            samples,
        }
    }
}

/// The class of a label or a one-hot row; `None` for a number that is no label.
fn class(row: &[Float]) -> Option<usize> {
    match row {
        [label] => (*label >= 0.0 && label.fract() == 0.0).then_some(*label as usize),
        one_hot => {
            let larger = |best: usize, i: usize| if row[i] > row[best] { i } else { best };
            Some((0..one_hot.len()).fold(0, larger))
        }
    }
}

fn no_class(expected: &'static str) -> Error {
    Error::Option { name: "class_weight", value: "given".to_owned(), expected }
}

fn check_target(
    output: &Output,
    data: &str,
    shape: Shape,
    values: &[Float],
    output_shape: Shape,
) -> Result<(), Error> {
    let target = Target { data, shape, values, output: output_shape };
    if let Some(loss) = &output.loss {
        loss.check(&target)?;
    }
    output.metrics.iter().try_for_each(|metric| metric.metric.check(&target))
}

fn check_weights(graph: &Graph, samples: usize, weight: &Data<'_>) -> Result<(), Error> {
    let data = "the array of sample weights".to_owned();
    match weight.shape() {
        [_] | [_, 1] => {}
        _ => {
            let got = weight.shape().to_vec();
            return Err(Error::DataShape { data, expected: Shape::SCALAR, got });
        }
    }
    same_samples(graph, samples, || data.clone(), weight)?;
    weight.check_finite(&|| data.clone())?;
    match weight.values().iter().find(|weight| **weight < 0.0) {
        Some(negative) => Err(weight_error("sample_weight", *negative)),
        None => Ok(()),
    }
}

fn weight_error(name: &'static str, value: Float) -> Error {
    Error::Option { name, value: value.to_string(), expected: "made of finite numbers from 0 on" }
}
