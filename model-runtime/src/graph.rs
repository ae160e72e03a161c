//! The graph of a model as plain data.

use std::collections::HashSet;

use model_spec::Value;

/// The graph of a model: what `model!` has checked, as a constant.
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::{Callee, Source};
///
/// model! {
///     pub struct Net {
///         x = Input(4);
///         y = Dense(3)(x);
///         relu(y + 1)
///     }
/// }
///
/// const GRAPH: Graph = Net::GRAPH;
/// assert_eq!(GRAPH.calls[0].callee, Callee::Layer { field: "y", layer: "Dense" });
/// assert_eq!(GRAPH.calls[0].inputs, [Source::Input(0)]);
/// assert_eq!(GRAPH.calls[1].callee, Callee::Function("add"));
/// assert_eq!(GRAPH.outputs[0].source, Source::Call(2, 0));
/// assert_eq!(GRAPH.parameters(), Some(15));
/// ```
///
/// What is called twice has its weights once, and functions are numbered:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::graph::Port;
///
/// model! {
///     pub struct Net {
///         left = Input(4);
///         right = Input(4);
///         tower = Dense(3);
///         BatchNormalization()(relu(tower(left)) + relu(tower(right)))
///     }
/// }
///
/// let graph = Net::GRAPH;
/// let inputs: &[Port] = graph.inputs;
/// assert_eq!((inputs[1].value.shape, inputs[1].value.kind), (Shape::new(&[4]), Kind::Float));
/// let names = ["tower", "relu", "tower", "relu_1", "add", "batch_normalization"];
/// assert_eq!(graph.call_names(), names);
/// assert!(!graph.is_shared(0) && graph.is_shared(2));
/// assert!(graph.updates()); // the moving means
/// let (tower, relu) = (graph.calls[0].callee, graph.calls[1].callee);
/// assert_eq!((tower.name(), tower.field()), ("Dense", Some("tower")));
/// assert_eq!((relu.name(), relu.field()), ("relu", None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Graph {
    /// The model's name.
    pub name: &'static str,
    /// The inputs in the order of their declaration.
    pub inputs: &'static [Port],
    /// The outputs in the order in which the model names them.
    pub outputs: &'static [Port],
    /// The calls of layers and functions, in the order of the source.
    pub calls: &'static [Call],
}

/// An input or output of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Port {
    /// Its name.
    pub name: &'static str,
    /// Its shape without the sample axis, and its kind.
    pub value: Value,
    /// What made it.
    pub source: Source,
}

/// What made a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The input of this index.
    Input(usize),
    /// The call of this index, and which of its outputs it is.
    Call(usize, usize),
    /// Nothing in the graph: a number.
    Nothing,
}

/// A call of a layer or function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// What made each value it is called on.
    pub inputs: &'static [Source],
    /// What it returns, without the sample axis.
    pub outputs: &'static [Value],
    /// The number of its weights, where it is known before the model is made: not for layers of
    /// one's own.
    pub parameters: Option<usize>,
    /// Whether a training step updates state of the layer beside its weights, such as moving means.
    pub updates: bool,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Callee {
    /// A layer.
    Layer {
        /// Its field, such as `dense_1`.
        field: &'static str,
        /// Its name, such as `Dense`.
        layer: &'static str,
    },
    /// A container, or another model.
    Model {
        /// Its field, such as `encoder`.
        field: &'static str,
        /// Its name, such as `Encoder`, or `Container`.
        layer: &'static str,
        /// What is inside.
        graph: &'static Graph,
    },
    /// A function or an operator by the name of the function: `relu`, `add`, `slice`.
    Function(&'static str),
    /// What is added to the loss, or measured.
    Term {
        /// `add_loss` or `add_metric`.
        function: &'static str,
        /// The name that it is given.
        name: &'static str,
    },
}

impl Callee {
    /// The layer's field, if it is a layer.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Callee::Layer { field, .. } | Callee::Model { field, .. } => Some(field),
            Callee::Function(_) | Callee::Term { .. } => None,
        }
    }

    /// The name of the layer or function.
    pub const fn name(&self) -> &'static str {
        match self {
            Callee::Layer { layer, .. } | Callee::Model { layer, .. } => layer,
            Callee::Function(name) => name,
            Callee::Term { function, .. } => function,
        }
    }
}

impl Graph {
    /// The number of weights, shared ones once; `None` if a layer's is not known.
    pub const fn parameters(&self) -> Option<usize> {
        let mut sum = 0usize;
        let mut i = 0;
        while i < self.calls.len() {
            if !self.is_shared(i) {
                match self.calls[i].parameters {
                    Some(count) => sum += count,
                    None => return None,
                }
            }
            i += 1;
        }
        Some(sum)
    }

    /// A name for each call: the field of a layer, a term's name, and for functions their own,
    /// numbered as in Keras: `add`, `add_1`.
    pub fn call_names(&self) -> Vec<String> {
        let fields = self.calls.iter().filter_map(|call| call.callee.field());
        let inputs = self.inputs.iter().map(|port| port.name);
        let mut taken: HashSet<String> = fields.chain(inputs).map(str::to_owned).collect();
        let name = |call: &Call| match call.callee {
            Callee::Layer { field, .. } | Callee::Model { field, .. } => field.to_owned(),
            Callee::Term { name, .. } => name.to_owned(),
            Callee::Function(function) => {
                let numbered = (1..).map(|i| format!("{function}_{i}"));
                let mut names = [function.to_owned()].into_iter().chain(numbered);
                let free = names.find(|name| taken.insert(name.clone()));
                free.unwrap_or_default()
            }
        };
        self.calls.iter().map(name).collect()
    }

    /// Whether a training step updates state of a layer beside its weights.
    pub const fn updates(&self) -> bool {
        let mut i = 0;
        while i < self.calls.len() {
            if self.calls[i].updates {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Whether the layer of this call was called before.
    pub const fn is_shared(&self, call: usize) -> bool {
        let Some(field) = self.calls[call].callee.field() else { return false };
        let mut i = 0;
        while i < call {
            if let Some(other) = self.calls[i].callee.field()
                && model_spec::str_eq(other, field)
            {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// An input or output as an expansion writes it.
pub const fn port(name: &'static str, value: Value, source: Source) -> Port {
    Port { name, value, source }
}

/// A call as an expansion writes it.
pub const fn layer(
    field: &'static str,
    layer: &'static str,
    parameters: Option<usize>,
    inputs: &'static [Source],
    outputs: &'static [Value],
) -> Call {
    Call { callee: Callee::Layer { field, layer }, inputs, outputs, parameters, updates: false }
}

/// A call of a layer with state that training updates, as an expansion writes it.
pub const fn updated(call: Call) -> Call {
    Call { updates: true, ..call }
}

/// A call of another model as an expansion writes it.
pub const fn model(
    field: &'static str,
    layer: &'static str,
    graph: &'static Graph,
    inputs: &'static [Source],
    outputs: &'static [Value],
) -> Call {
    let (parameters, updates) = (graph.parameters(), graph.updates());
    Call { callee: Callee::Model { field, layer, graph }, inputs, outputs, parameters, updates }
}

/// A call of a function as an expansion writes it.
pub const fn function(
    name: &'static str,
    inputs: &'static [Source],
    outputs: &'static [Value],
) -> Call {
    Call { callee: Callee::Function(name), inputs, outputs, parameters: Some(0), updates: false }
}

/// A term as an expansion writes it.
pub const fn term(
    function: &'static str,
    name: &'static str,
    inputs: &'static [Source],
    outputs: &'static [Value],
) -> Call {
    Call {
        callee: Callee::Term { function, name },
        inputs,
        outputs,
        parameters: Some(0),
        updates: false,
    }
}
