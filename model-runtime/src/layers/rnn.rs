use model_spec::layers::rnn::{self, ENTRY};
use model_spec::{ArgValue, Config, ShapeError, Value};
use ndarray::SliceInfoElem;

use super::accepts;
use crate::share::share;
use crate::{Layer, Seed, Var, Vars, Visitor, tape};

/// How a [`RecurrentCell`] goes over a sequence; the arguments of [`RNN`].
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct Over {
    /// Whether the outputs of all steps are returned, not only the last.
    pub return_sequences: bool,
    /// Whether the states after the last step are returned after the output.
    pub return_state: bool,
    /// Whether the steps are taken from the last to the first.
    pub go_backwards: bool,
    /// Whether the output of a masked step is 0, not the one before.
    pub zero_output_for_mask: bool,
}

/// One step of a recurrent layer: called on the input and the states, or on the input alone where
/// the states are zeros, it returns the output and the new states; what [`RNN`] takes. The first
/// state is what a masked step puts out again.
///
/// ```
/// use model_runtime::prelude::*;
///
/// /// The sum of all inputs so far.
/// struct Sum;
///
/// impl Layer for Sum {
///     fn call(&self, inputs: &[Var]) -> Vars {
///         let sum = inputs.iter().copied().reduce(|a, b| a + b).expect("an input");
///         [sum, sum].into()
///     }
/// }
///
/// impl RecurrentCell for Sum {}
///
/// let sums = RNN::new(Sum).return_sequences(true);
/// let y = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::array![[[1.0], [2.0], [3.0]]]);
///     sums.call(&[x]).one().to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[1.0], [3.0], [6.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// One that can do without a loop over the steps says so:
///
/// ```
/// use model_runtime::prelude::*;
///
/// struct Sum;
///
/// impl Layer for Sum {
///     fn call(&self, inputs: &[Var]) -> Vars {
///         let sum = inputs.iter().copied().reduce(|a, b| a + b).expect("an input");
///         [sum, sum].into()
///     }
/// }
///
/// impl RecurrentCell for Sum {
///     fn over(&self, inputs: &[Var], over: Over) -> Vars {
///         assert!(over.return_sequences && !over.return_state && !over.go_backwards);
///         inputs[0].cumsum(1).into()
///     }
/// }
///
/// let y = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::array![[[1.0], [2.0], [3.0]]]);
///     RNN::new(Sum).return_sequences(true).call(&[x]).one().to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[1.0], [3.0], [6.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
pub trait RecurrentCell: Layer {
    /// The cell over a sequence `(samples, steps, …)`, followed by the states to start from if they
    /// are given. Calls the cell at each step, unless it knows better.
    #[track_caller]
    fn over(&self, inputs: &[Var], over: Over) -> Vars {
        let x = inputs[0];
        let (steps, mask) = (x.shape().dim(1), x.mask());
        let x = x.drop_mask();
        let mut states = inputs[1..].to_vec();
        let mut outputs: Vec<Var> = Vec::new();
        for step in 0..steps {
            let place = if over.go_backwards { steps - 1 - step } else { step };
            let given: Vec<Var> = std::iter::once(at(x, place)).chain(states.clone()).collect();
            let mut new = self.call(&given).to_vec();
            if let Some(poison) = new.iter().find(|var| var.is_poison()) {
                return (*poison).into();
            }
            if new.len() < 2 || (!states.is_empty() && new.len() != states.len() + 1) {
                return tape::fail_shape(not_a_cell(), &given).into();
            }
            if let Some(mask) = mask {
                let counts = at(mask, place);
                // As in Keras, the first state is the output before.
                let before = if over.zero_output_for_mask { None } else { states.first() };
                new[0] = choose(counts, new[0], before.copied());
                for (i, new) in new[1..].iter_mut().enumerate() {
                    *new = choose(counts, *new, states.get(i).copied());
                }
            }
            outputs.push(new[0]);
            states = new[1..].to_vec();
        }
        let Some(&last) = outputs.last() else {
            let error = ShapeError::new("RNN: a cell of one's own needs one step at least");
            return tape::fail_shape(error.help("leave empty sequences out"), inputs).into();
        };
        let mut all = vec![last];
        if over.return_sequences {
            let rows: Vec<Var> = outputs.iter().map(|output| output.expand_dims(1)).collect();
            all[0] = Var::concatenate(&rows, 1);
            if let Some(mask) = mask {
                tape::set_mask(all[0], mask);
            }
        }
        if over.return_state {
            all.extend(states);
        }
        all.into()
    }
}

fn not_a_cell() -> ShapeError {
    ShapeError::new("RNN: a cell returns its output and as many states as it is called on")
        .help("return them in the order in which the cell takes them: [output, state, …]")
}

/// One step of a sequence.
#[track_caller]
fn at(x: Var, step: usize) -> Var {
    let all = SliceInfoElem::Slice { start: 0, end: None, step: 1 };
    x.slice([all, SliceInfoElem::Index(step as isize)])
}

/// The new value where a step counts, else the one before, or zeros if there is none.
#[track_caller]
fn choose(counts: Var, new: Var, before: Option<Var>) -> Var {
    let axes = new.shape().rank() - counts.shape().rank();
    let counts = (0..axes).fold(counts, |counts, _| counts.expand_dims(-1));
    match before {
        Some(before) => new * counts + before * (1 - counts),
        None => new * counts,
    }
}

/// A cell over a sequence;
/// [Keras's `RNN`](https://keras.io/api/layers/recurrent_layers/rnn/).
///
/// - Argument: the cell, an [`LSTMCell`](crate::LSTMCell), [`GRUCell`](crate::GRUCell),
///   [`SimpleRNNCell`](crate::SimpleRNNCell), or outside of `model!` one of your own
///   ([`RecurrentCell`]).
/// - Inputs: `(samples, steps, …)`, and if it shall not start from zeros, the states of the cell.
/// - Output: the last output `(samples, …)`, with `return_sequences` all of them `(samples, steps,
///   …)`; with `return_state`, the states after the last step follow.
/// - A masked step leaves the states as they are, and the output is the one before. With
///   `return_sequences` the mask stays.
/// - Weights: those of the cell, as `cell`.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = RNN::new(GRUCell::new(3));
/// layer.init(Seed::new(0), &[Value::float(&[5, 2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array3::zeros((1, 5, 2)));
///     layer.call(&[x]).one().shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 3]));
/// # Ok::<(), Error>(())
/// ```
///
/// Backwards, with the state, where a masked step has the output 0:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(3, 1);
///     x = Masking()(x);
///     (y, state) = RNN(
///         SimpleRNNCell(1, relu, kernel_initializer = ones, recurrent_initializer = ones),
///         return_sequences = true, return_state = true, go_backwards = true,
///         zero_output_for_mask = true)(x);
///     (y, state)
/// };
/// let outputs = net.predict(&array![[[1.0], [0.0], [3.0]]])?;
/// assert_eq!(outputs.y, array![[[3.0], [0.0], [4.0]]].into_dyn());
/// assert_eq!(outputs.state, array![[4.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct RNN<C> {
    /// The cell.
    pub cell: C,
    over: Over,
}

share!(RNN<C>: cell; over);

impl<C: RecurrentCell> RNN<C> {
    /// This cell over a sequence.
    pub fn new(cell: C) -> RNN<C> {
        RNN { cell, over: Over::default() }
    }

    /// Whether the outputs of all steps are returned, not only the last; no by default.
    pub fn return_sequences(mut self, return_sequences: bool) -> RNN<C> {
        self.over.return_sequences = return_sequences;
        self
    }

    /// Whether the states after the last step are returned after the output; no by default.
    pub fn return_state(mut self, return_state: bool) -> RNN<C> {
        self.over.return_state = return_state;
        self
    }

    /// Whether the steps are taken from the last to the first; no by default. The outputs come in
    /// the order in which the steps are taken.
    pub fn go_backwards(mut self, go_backwards: bool) -> RNN<C> {
        self.over.go_backwards = go_backwards;
        self
    }

    /// Whether the output of a masked step is 0, not the one before; no by default.
    pub fn zero_output_for_mask(mut self, zero_output_for_mask: bool) -> RNN<C> {
        self.over.zero_output_for_mask = zero_output_for_mask;
        self
    }

    /// What comes out for the sequence, and the states to go on from, if there are any.
    #[track_caller]
    pub fn call(&self, inputs: &[Var]) -> Vars {
        let (all, state) = (self.over.return_sequences, self.over.return_state);
        let args = [ArgValue::Rust, ArgValue::Bool(all), ArgValue::Bool(state)];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison.into();
        }
        self.cell.over(inputs, self.over)
    }
}

impl<C: RecurrentCell> Layer for RNN<C> {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        // What does not fit has no weights, which `call` reports.
        if let Ok(given) = rnn::rule(&Config::new(&[]), inputs) {
            self.cell.init(seed.child("cell"), given.as_slice());
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        RNN::call(self, inputs)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("cell", &self.cell);
    }
}
