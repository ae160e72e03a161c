use model_spec::{Kind, Shape, Value};

use crate::graph::{self, Call, Graph, Port, Source};
use crate::*;

const fn port(name: &'static str, dims: &[usize], source: Source) -> Port {
    let value = Value { shape: Shape::new(dims), kind: Kind::Float, mask: false };
    Port { name, value, source }
}

const fn call(field: &'static str, from: &'static [Source], to: &'static [Value]) -> Call {
    graph::layer(field, "Dense", None, from, to)
}

/// Two layers, one after the other.
pub struct Net {
    pub first: Dense,
    pub last: Dense,
    graph: &'static Graph,
}

macro_rules! graph {
    ($units:literal) => {
        const {
            &Graph {
                name: "Net",
                inputs: &[port("inputs", &[2], Source::Input(0))],
                outputs: &[port("last", &[$units], Source::Call(1, 0))],
                calls: &[
                    call("first", &[Source::Input(0)], const { &[Value::float(&[8])] }),
                    call("last", &[Source::Call(0, 0)], const { &[Value::float(&[$units])] }),
                ],
            }
        }
    };
}

impl Net {
    fn new(seed: u64, activations: [Activation; 2], units: usize, graph: &'static Graph) -> Net {
        let [first, last] = activations;
        let first = Dense::new(8).activation(first);
        let mut net = Net { first, last: Dense::new(units).activation(last), graph };
        net.reset(seed);
        net
    }

    pub fn classifier(seed: u64) -> Net {
        Net::new(seed, [Activation::Tanh, Activation::Sigmoid], 1, graph!(1))
    }

    pub fn linear(seed: u64) -> Net {
        Net::new(seed, [Activation::Linear, Activation::Linear], 1, graph!(1))
    }

    /// Three classes.
    pub fn softmax(seed: u64) -> Net {
        Net::new(seed, [Activation::Tanh, Activation::custom(Var::softmax)], 3, graph!(3))
    }

    /// Sets a penalty on the last kernel.
    pub fn penalize(&mut self, regularizer: Regularizer) {
        let last = std::mem::replace(&mut self.last, Dense::new(1));
        self.last = last.kernel_regularizer(regularizer);
    }
}

impl Layer for Net {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.first.init(seed.child("first"), inputs);
        self.last.init(seed.child("last"), const { &[Value::float(&[8])] });
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        self.last.call(self.first.call(inputs[0])).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("first", &self.first);
        visitor.child("last", &self.last);
    }
}

impl Model for Net {
    fn graph(&self) -> &'static Graph {
        self.graph
    }
}

impl Functional for Net {
    type Inputs<T> = T;
    type Outputs<T> = T;

    fn inputs_to_vec<T>(inputs: T) -> Vec<T> {
        vec![inputs]
    }

    fn outputs_to_vec<T>(outputs: T) -> Vec<T> {
        vec![outputs]
    }

    fn inputs_from_iter<T>(mut inputs: impl Iterator<Item = T>) -> Option<T> {
        inputs.next()
    }

    fn outputs_from_iter<T>(mut outputs: impl Iterator<Item = T>) -> Option<T> {
        outputs.next()
    }
}

/// One input and two outputs.
pub struct Fork {
    left: Dense,
    right: Dense,
}

pub struct ForkOutputs<T, T1 = T> {
    pub left: T,
    pub right: T1,
}

impl<P, T: IntoPorts<P>, T1: IntoPorts<P>> IntoPorts<ForkOutputs<P>> for ForkOutputs<T, T1> {
    fn into_ports(self) -> ForkOutputs<P> {
        ForkOutputs { left: self.left.into_ports(), right: self.right.into_ports() }
    }
}

impl Fork {
    pub fn new(seed: u64) -> Fork {
        let mut fork = Fork { left: Dense::new(1), right: Dense::new(1) };
        fork.reset(seed);
        fork
    }
}

impl Layer for Fork {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.left.init(seed.child("left"), inputs);
        self.right.init(seed.child("right"), inputs);
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        [self.left.call(inputs[0]), self.right.call(inputs[0])].into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("left", &self.left);
        visitor.child("right", &self.right);
    }
}

impl Model for Fork {
    fn graph(&self) -> &'static Graph {
        const {
            &Graph {
                name: "Fork",
                inputs: &[port("inputs", &[2], Source::Input(0))],
                outputs: &[
                    port("left", &[1], Source::Call(0, 0)),
                    port("right", &[1], Source::Call(1, 0)),
                ],
                calls: &[
                    call("left", &[Source::Input(0)], const { &[Value::float(&[1])] }),
                    call("right", &[Source::Input(0)], const { &[Value::float(&[1])] }),
                ],
            }
        }
    }
}

impl Functional for Fork {
    type Inputs<T> = T;
    type Outputs<T> = ForkOutputs<T>;

    fn inputs_to_vec<T>(inputs: T) -> Vec<T> {
        vec![inputs]
    }

    fn outputs_to_vec<T>(outputs: ForkOutputs<T>) -> Vec<T> {
        vec![outputs.left, outputs.right]
    }

    fn inputs_from_iter<T>(mut inputs: impl Iterator<Item = T>) -> Option<T> {
        inputs.next()
    }

    fn outputs_from_iter<T>(mut outputs: impl Iterator<Item = T>) -> Option<ForkOutputs<T>> {
        Some(ForkOutputs { left: outputs.next()?, right: outputs.next()? })
    }
}

/// All weights of a model, bit by bit.
pub fn bits(model: &dyn Model) -> Vec<Vec<u64>> {
    let weights = model.parameters().into_iter();
    weights
        .map(|(_, weight)| weight.get().iter().map(|w| f64::from(*w).to_bits()).collect())
        .collect()
}
