use model_spec::layers::bidirectional::{self, ENTRY};
use model_spec::{ArgValue, Config, Value};

use super::accepts;
use crate::ops::strided::strides;
use crate::ops::view::View;
use crate::share::share;
use crate::var::values;
use crate::{Layer, Seed, Var, Vars, Visitor, tape};

/// How [`Bidirectional`] makes one output of two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MergeMode {
    /// One after the other along the last axis.
    Concat,
    /// The sum.
    Sum,
    /// The product.
    Mul,
    /// The mean.
    Ave,
    /// Both are returned.
    None,
}

impl MergeMode {
    fn word(self) -> &'static str {
        match self {
            MergeMode::Concat => "concat",
            MergeMode::Sum => "sum",
            MergeMode::Mul => "mul",
            MergeMode::Ave => "ave",
            MergeMode::None => "none",
        }
    }
}

/// A layer that can go over a sequence both ways; what [`Bidirectional`] takes.
pub trait BothWays: Layer + Sized {
    /// The layer that goes from the first step to the last and the one that goes from the last to
    /// the first, both without weights. Where all steps are returned, that of a masked one is 0.
    fn both_ways(self) -> (Self, Self);

    /// Whether it goes from the last step to the first.
    fn goes_backwards(&self) -> bool;

    /// Whether it returns the outputs of all steps.
    fn returns_sequences(&self) -> bool;

    /// Whether it returns its states after the output.
    fn returns_state(&self) -> bool;
}

/// A recurrent layer that goes over a sequence both ways, with weights for each way (Schuster and
/// Paliwal, 1997); [Keras's `Bidirectional`](https://keras.io/api/layers/recurrent_layers/bidirectional/).
///
/// - Arguments: the layer, an [`LSTM`](crate::LSTM), [`GRU`](crate::GRU) or
///   [`SimpleRNN`](crate::SimpleRNN); `merge_mode`, how one output is made of two.
/// - Inputs: `(samples, steps, n)`, and if it shall not start from zeros, the states of the way
///   forward, then those of the way back.
/// - Output: that of the layer, the last axis twice as long with `MergeMode::Concat`; of the way
///   back, the steps stand in the order of the input. With `MergeMode::None`, both. With the
///   layer's `return_state`, the states of the way forward and those of the way back follow.
/// - With `return_sequences` the output of a masked step is 0, and the mask stays.
/// - Weights: those of the layer twice, as `forward_layer` and `backward_layer`.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = Bidirectional::new(LSTM::new(3).return_sequences(true));
/// layer.init(Seed::new(0), &[Value::float(&[5, 2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array3::zeros((1, 5, 2)));
///     layer.call(&[x]).one().shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 6]));
/// # Ok::<(), Error>(())
/// ```
///
/// The sums so far from the first step and from the last, added:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let sums = SimpleRNN::new(1)
///     .activation(Activation::Linear)
///     .kernel_initializer(Initializer::Ones)
///     .recurrent_initializer(Initializer::Ones)
///     .return_sequences(true);
/// let mut layer = Bidirectional::new(sums).merge_mode(MergeMode::Sum);
/// layer.init(Seed::new(0), &[Value::float(&[3, 1])]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(&[Var::from_array(&array![[[1.0], [2.0], [3.0]]])]).one().to_array()
/// })?;
/// assert_eq!(y, array![[[1.0 + 6.0], [3.0 + 5.0], [6.0 + 3.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Bidirectional<L> {
    /// The layer that goes from the first step to the last.
    pub forward_layer: L,
    /// The layer that goes from the last step to the first.
    pub backward_layer: L,
    merge_mode: MergeMode,
}

share!(Bidirectional<L>: forward_layer, backward_layer; merge_mode);

impl<L: BothWays> Bidirectional<L> {
    /// This layer both ways, without weights until [`Layer::init`].
    pub fn new(layer: L) -> Bidirectional<L> {
        let (forward_layer, backward_layer) = layer.both_ways();
        Bidirectional { forward_layer, backward_layer, merge_mode: MergeMode::Concat }
    }

    /// How one output is made of two; `MergeMode::Concat` by default.
    pub fn merge_mode(mut self, merge_mode: MergeMode) -> Bidirectional<L> {
        self.merge_mode = merge_mode;
        self
    }

    /// What comes out for the sequence, and the states to go on from, if there are any.
    #[track_caller]
    pub fn call(&self, inputs: &[Var]) -> Vars {
        let args = [ArgValue::Rust, ArgValue::Word(self.merge_mode.word())];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison.into();
        }
        if self.forward_layer.goes_backwards() {
            return tape::fail_shape(bidirectional::goes_backwards(), inputs).into();
        }
        let (forward, backward) = inputs[1..].split_at((inputs.len() - 1) / 2);
        let both = [(&self.forward_layer, forward), (&self.backward_layer, backward)];
        let [forward, backward] = both.map(|(layer, states)| {
            let given: Vec<Var> =
                std::iter::once(inputs[0]).chain(states.iter().copied()).collect();
            layer.call(&given)
        });
        if let Some(poison) = forward.iter().chain(backward.iter()).find(|var| var.is_poison()) {
            return (*poison).into();
        }
        let outer = bidirectional::outer(&Config::new(&args), &values(inputs), &values(&forward));
        if let Err(error) = outer {
            return tape::fail_shape(error, inputs).into();
        }
        let (y, mut y_back) = (forward[0], backward[0]);
        if self.forward_layer.returns_sequences() {
            y_back = flip(y_back);
        }
        let mut outputs = self.merge(y, y_back);
        if let Some(mask) = y.mask() {
            outputs.iter().for_each(|y| {
                tape::set_mask(*y, mask);
            });
        }
        if self.forward_layer.returns_state() {
            outputs.extend(forward[1..].iter().chain(&backward[1..]));
        }
        outputs.into()
    }

    #[track_caller]
    fn merge(&self, y: Var, y_back: Var) -> Vec<Var> {
        vec![match self.merge_mode {
            MergeMode::Concat => Var::concatenate(&[y, y_back], -1),
            MergeMode::Sum => y + y_back,
            MergeMode::Mul => y * y_back,
            MergeMode::Ave => (y + y_back) / 2,
            MergeMode::None => return vec![y, y_back],
        }]
    }
}

/// The steps in the other order.
#[track_caller]
fn flip(x: Var) -> Var {
    let shape = x.shape();
    let mut strides = strides(&shape);
    let start = strides[1] * (shape.dim(1) as isize - 1).max(0);
    strides[1] = -strides[1];
    tape::apply(View { shape, start, strides }, &[x])
}

impl<L: BothWays> Layer for Bidirectional<L> {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        // What does not fit has no weights, which `call` reports.
        if let Ok(given) = bidirectional::rule(&Config::new(&[]), inputs) {
            self.forward_layer.init(seed.child("forward_layer"), given.as_slice());
            self.backward_layer.init(seed.child("backward_layer"), given.as_slice());
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        Bidirectional::call(self, inputs)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("forward_layer", &self.forward_layer);
        visitor.child("backward_layer", &self.backward_layer);
    }
}
