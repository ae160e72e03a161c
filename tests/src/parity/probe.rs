//! A model around the layer of a case whose inputs are weights, so that training finds their
//! gradients. All by the public API.

use model_runtime::Optimizer;
use model_runtime::Source;
use model_runtime::graph::Port;
use model_runtime::optimizer::{Options, Slot, Step};
use model_runtime::prelude::*;
use ndarray::{Array2, ArrayD};

use super::array::Array;

/// A layer, and what it is called on.
pub struct Probe {
    layer: Box<dyn Layer>,
    inputs: Vec<Input>,
    graph: &'static Graph,
}

/// An input as a weight of its own. Only layers make weights, so it is the kernel of a Dense.
struct Input {
    weight: Dense,
    shape: Vec<isize>,
    index: bool,
    mask: Option<ArrayD<Float>>,
}

impl Input {
    fn new(array: &Array) -> Result<Input, String> {
        let mut weight = Dense::new(array.values.len()).use_bias(false);
        weight.init(Seed::new(0), &[Value::float(&[1])]);
        let values: Vec<Float> = array.floats().into_iter().collect();
        let values = Array2::from_shape_vec((1, values.len()), values);
        let values = values.map_err(|error| error.to_string())?;
        weight.kernel.set(&values).map_err(|error| error.to_string())?;
        let shape = array.shape.iter().map(|n| *n as isize).collect();
        Ok(Input { weight, shape, index: array.index, mask: None })
    }

    fn var(&self) -> Var {
        let var = self.weight.kernel.var().reshape(&self.shape);
        let var = if self.index { var.detach() } else { var };
        match &self.mask {
            Some(mask) => var.with_mask(Var::from_array(mask)),
            None => var,
        }
    }
}

impl Probe {
    /// A model whose outputs have these shapes, sample axis first.
    pub fn new(
        layer: Box<dyn Layer>,
        inputs: &[Array],
        outputs: &[Vec<usize>],
    ) -> Result<Probe, String> {
        let inputs = inputs.iter().map(Input::new).collect::<Result<_, _>>()?;
        Ok(Probe { layer, inputs, graph: graph(Value::float(&[]), outputs) })
    }

    /// The same with masks of its inputs.
    pub fn masked(mut self, masks: &[Option<Array>]) -> Probe {
        for (input, mask) in self.inputs.iter_mut().zip(masks) {
            input.mask = mask.as_ref().map(Array::floats);
        }
        self
    }

    /// A model without weights that returns its input, which is like this one.
    pub fn through(like: &Array) -> Result<Probe, String> {
        let graph = graph(like.value(), std::slice::from_ref(&like.shape));
        Ok(Probe { layer: Box::new(Identity::new()), inputs: Vec::new(), graph })
    }

    /// Freezes the layer, but not the inputs.
    pub fn freeze(&self) {
        self.layer.set_trainable(false);
    }

    /// Handles of the inputs.
    pub fn inputs(&self) -> Vec<(Parameter, Vec<usize>)> {
        let of = |input: &Input| {
            let shape = input.shape.iter().map(|n| *n as usize).collect();
            (input.weight.kernel.share(), shape)
        };
        self.inputs.iter().map(of).collect()
    }

    /// Handles of the layer's weights, with their paths.
    pub fn weights(&self) -> Vec<(String, Parameter)> {
        let mut weights = Vec::new();
        self.layer.visit(&mut Visitor::new(&mut |path, parameter| {
            weights.push((path.to_owned(), parameter.share()));
        }));
        weights
    }

    /// Handles of the layer's variables, with their paths.
    pub fn variables(&self) -> Vec<(String, Variable)> {
        let mut variables = Vec::new();
        self.layer.visit(&mut Visitor::of_variables(&mut |path, variable| {
            variables.push((path.to_owned(), variable.share()));
        }));
        variables
    }

    /// What the layer makes of its inputs.
    pub fn outputs(&self, mode: Mode) -> Result<Vec<ArrayD<Float>>, String> {
        tape::run(mode, || self.call(&[]).iter().map(|var| var.to_array()).collect())
            .map_err(|error| error.to_string())
    }
}

/// The graph of a model lives as long as the program.
fn graph(input: Value, outputs: &[Vec<usize>]) -> &'static Graph {
    let port = |name: &'static str, value| Port { name, value, source: Source::Nothing };
    let output = |(i, shape): (usize, &Vec<usize>)| {
        let value = Value::float(shape.get(1..).unwrap_or_default());
        port(format!("output_{i}").leak(), value)
    };
    let outputs: Vec<Port> = outputs.iter().enumerate().map(output).collect();
    Box::leak(Box::new(Graph {
        name: "Probe",
        inputs: vec![port("samples", input)].leak(),
        outputs: outputs.leak(),
        calls: &[],
    }))
}

impl Layer for Probe {
    fn call(&self, samples: &[Var]) -> Vars {
        if self.inputs.is_empty() {
            return self.layer.call(samples);
        }
        let inputs: Vec<Var> = self.inputs.iter().map(Input::var).collect();
        // Losses leave out what a mask leaves out, but the reference has all positions.
        let outputs = self.layer.call(&inputs);
        outputs.iter().map(|output| output.drop_mask()).collect::<Vec<Var>>().into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        for (i, input) in self.inputs.iter().enumerate() {
            visitor.child(&format!("input_{i}"), &input.weight);
        }
        visitor.child("layer", self.layer.as_ref());
    }
}

impl Model for Probe {
    fn graph(&self) -> &'static Graph {
        self.graph
    }
}

impl Functional for Probe {
    type Inputs<T> = T;
    type Outputs<T> = Vec<T>;

    fn inputs_to_vec<T>(inputs: T) -> Vec<T> {
        vec![inputs]
    }

    fn outputs_to_vec<T>(outputs: Vec<T>) -> Vec<T> {
        outputs
    }

    fn inputs_from_iter<T>(mut inputs: impl Iterator<Item = T>) -> Option<T> {
        inputs.next()
    }

    fn outputs_from_iter<T>(outputs: impl Iterator<Item = T>) -> Option<Vec<T>> {
        Some(outputs.collect())
    }
}

/// A layer that returns what it is given.
pub struct Several;

impl Layer for Several {
    fn call(&self, inputs: &[Var]) -> Vars {
        inputs.to_vec().into()
    }
}

/// An optimizer that puts the gradient in the place of the weight.
pub struct Take(Options);

impl Take {
    pub fn new() -> Take {
        Take(Options::new(1.0_f64))
    }
}

impl Optimizer for Take {
    fn name(&self) -> &'static str {
        "take"
    }

    fn options(&self) -> &Options {
        &self.0
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.0
    }

    fn slots(&self) -> Vec<Slot> {
        Vec::new()
    }

    fn update(
        &self,
        _step: &Step,
        weight: &mut [Float],
        gradient: &[Float],
        _slots: &mut [&mut [Float]],
    ) {
        weight.copy_from_slice(gradient);
    }
}
