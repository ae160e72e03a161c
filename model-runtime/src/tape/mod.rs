//! The tape: what happened in a step, in order, so that gradients can be found by walking back.
//!
//! A step is one call of [`run`]. Every operation on a [`Var`] appends a node to the step's arena:
//! its value, the operation, and the nodes it came from. The way back walks the arena from the end
//! to the start and gives each node the gradient of the loss, by the chain rule. A `Var` is only an
//! index into the arena, which the thread keeps; no borrow of it is held while user code runs.

mod backward;
mod grad;
mod grad_recorded;
#[cfg(test)]
mod grad_recorded_tests;
mod mask;
mod op;
mod pending;
mod recorded;
mod scope;
mod term;
mod var;

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};

use model_spec::{Shape, ShapeError};

pub(crate) use backward::backward;
pub use grad::grad;
pub use grad_recorded::grad_recorded;
pub(crate) use mask::set as set_mask;
pub(crate) use op::{Op, Slot, Step};
pub(crate) use pending::{assign, assignments, read, update, updates};
pub(crate) use recorded::Recorded;
#[cfg(all(test, feature = "f64"))]
pub(crate) use recorded::recorded;
#[doc(hidden)]
pub use scope::Scope;
pub(crate) use term::{Added, Purpose, take_added};
pub use term::{add_loss, add_metric, within, without_terms};
pub use var::Var;

use crate::seed::Generator;
use crate::tensor::Tensor;
use crate::{Error, Float, Parameter};

/// What a step is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Predictions: nothing is recorded, Dropout lets everything through.
    Inference,
    /// A training step: gradients can be found, Dropout drops.
    Training,
}

/// A term that is added to the loss, such as a regularizer's.
#[derive(Clone, Copy)]
pub(crate) struct Term {
    /// The identity of what asks for it, so that a shared weight counts once.
    pub source: u64,
    pub value: Var,
}

impl Term {
    /// The weight that it is a penalty of, by its identity; none for one of values of the step.
    pub fn weight(&self) -> Option<u64> {
        (self.source < var::FIRST_SOURCE).then_some(self.source)
    }
}

struct Node {
    value: Tensor,
    /// How to find the gradients of the inputs; none where nobody wants them.
    op: Option<Box<dyn Op<Float>>>,
    inputs: Vec<u32>,
    needs_gradient: bool,
    /// Whether the value is a softmax over the last axis of input 0.
    softmax: bool,
    /// The node of the mask: 1 where a position counts, 0 where it is padding.
    mask: Option<u32>,
    poison: bool,
    /// The line that made it.
    location: &'static Location<'static>,
}

/// By the identity of a weight, which is a number that counts up.
type ById<T> = HashMap<u64, T, BuildHasherDefault<Scatter>>;

struct Tape {
    id: u32,
    mode: Mode,
    nodes: Vec<Node>,
    parameters: ById<u32>,
    assigned: Vec<pending::Assigned>,
    /// The weights that gradients are wanted of, unless they are of all.
    wanted: ById<()>,
    wants_some: bool,
    pending: Vec<pending::Pending>,
    terms: Vec<Term>,
    added: Vec<Added>,
    /// The fields of the models that are being called, a dot after each.
    path: String,
    error: Option<Error>,
    /// The line of the user's that uses the tape.
    location: &'static Location<'static>,
    seed: u64,
    random_ops: u64,
    /// In a loss, values of different shapes are never stretched.
    strict: bool,
    /// Whether something is recorded to find gradients.
    recorded: bool,
    /// While gradients are being recorded: values may be stretched, and carry no masks.
    recording: bool,
}

/// The parts of a tape whose memory is used again.
#[derive(Default)]
struct Memory {
    nodes: Vec<Node>,
    parameters: ById<u32>,
    wanted: ById<()>,
}

thread_local! {
    /// The running steps of this thread, innermost last: a loss may ask another model for a
    /// prediction.
    static TAPES: RefCell<Vec<Tape>> = const { RefCell::new(Vec::new()) };
    /// What is empty, from the tapes of steps before.
    static SPARE: RefCell<Vec<Memory>> = const { RefCell::new(Vec::new()) };
}

static NEXT_TAPE: AtomicU32 = AtomicU32::new(0);

const OUTSIDE: &str =
    "no step is running: a `Var` exists only inside `tape::run`, `fit`, `predict` and the like";

/// Runs a step: what is done with [`Var`]s inside is recorded, and forgotten at the end.
///
/// # Errors
/// The first error that an operation inside has met, such as shapes that do not fit.
///
/// ```
/// use model_runtime::{Mode, Var, tape};
/// use ndarray::array;
/// let sum = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[1.0, 2.0], [3.0, 4.0]]);
///     (x * 2 + 1).to_array()
/// })?;
/// assert_eq!(sum, array![[3.0, 5.0], [7.0, 9.0]].into_dyn());
/// # Ok::<(), model_runtime::Error>(())
/// ```
pub fn run<R>(mode: Mode, step: impl FnOnce() -> R) -> Result<R, Error> {
    run_seeded(mode, 0, step)
}

/// [`run`], with the seed of the random numbers that Dropout and its like draw.
pub(crate) fn run_seeded<R>(mode: Mode, seed: u64, step: impl FnOnce() -> R) -> Result<R, Error> {
    /// Forgets the step also when a closure inside panics.
    struct Guard;
    impl Drop for Guard {
        fn drop(&mut self) {
            // Not while they are borrowed: values may be of types of the user's.
            if let Some(tape) = TAPES.with_borrow_mut(Vec::pop) {
                let memory = tape.into_memory();
                SPARE.with_borrow_mut(|spare| spare.push(memory));
            }
        }
    }

    let id = NEXT_TAPE.fetch_add(1, Ordering::Relaxed);
    let location = Location::caller();
    let memory = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
    TAPES.with_borrow_mut(|tapes| {
        tapes.push(Tape {
            id,
            mode,
            nodes: memory.nodes,
            parameters: memory.parameters,
            assigned: Vec::new(),
            wanted: memory.wanted,
            wants_some: false,
            pending: Vec::new(),
            terms: Vec::new(),
            added: Vec::new(),
            path: String::new(),
            error: None,
            location,
            seed,
            random_ops: 0,
            strict: false,
            recorded: false,
            recording: false,
        });
    });
    let _guard = Guard;
    let result = step();
    match with(|tape| tape.error.take()) {
        Some(error) => Err(error),
        None => Ok(result),
    }
}

/// What the running step is for.
///
/// # Panics
/// If no step runs.
#[track_caller]
pub fn mode() -> Mode {
    with(|tape| tape.mode)
}

/// Borrows the innermost tape. Must never surround user code.
#[track_caller]
fn with<R>(f: impl FnOnce(&mut Tape) -> R) -> R {
    let location = Location::caller();
    TAPES.with_borrow_mut(|tapes| match tapes.last_mut() {
        Some(tape) => {
            tape.location = location;
            f(tape)
        }
        None => panic!("{OUTSIDE} (at {location})"),
    })
}

/// Records what an operation makes of its inputs, whose shapes have been checked.
#[track_caller]
pub(crate) fn apply(mut op: impl Op<Float> + 'static, inputs: &[Var]) -> Var {
    // What does not need the operation's type is compiled once for all of them.
    let (result, needs_gradient) = made(&mut op, inputs);
    if needs_gradient {
        keep(result, Box::new(op));
    }
    result
}

/// [`apply`] for an operation of whatever type.
#[track_caller]
pub(crate) fn apply_boxed(mut op: Box<dyn Op<Float>>, inputs: &[Var]) -> Var {
    let (result, needs_gradient) = made(&mut *op, inputs);
    if needs_gradient {
        keep(result, op);
    }
    result
}

/// What an operation makes, and whether the way back needs the operation.
#[track_caller]
fn made(op: &mut dyn Op<Float>, inputs: &[Var]) -> (Var, bool) {
    let Some(tensors) = tensors(inputs) else { return (poison(), false) };
    let keeps_mask = op.keeps_mask() && with(|tape| !tape.recording);
    let masks = if keeps_mask { mask::of(inputs) } else { Vec::new() };
    let tensors: Vec<&Tensor> = tensors.iter().collect();
    let value = op.forward(&tensors);
    let softmax = op.is_softmax();
    let (result, needs_gradient) = with(|tape| {
        let inputs: Vec<u32> = inputs.iter().map(|var| tape.index(*var)).collect();
        let needs_gradient = inputs.iter().any(|&i| tape.nodes[i as usize].needs_gradient);
        let leaf = Node::leaf(value, needs_gradient, tape.location);
        (tape.push(Node { inputs, softmax, ..leaf }), needs_gradient)
    });
    (mask::join(result, &masks), needs_gradient)
}

/// Keeps the operation that has made a value for the way back.
#[track_caller]
fn keep(result: Var, op: Box<dyn Op<Float>>) {
    with(|tape| tape.nodes[result.index as usize].op = Some(op));
}

/// The values of the inputs, or `None` if one of them comes from an operation that failed.
#[track_caller]
fn tensors(inputs: &[Var]) -> Option<Vec<Tensor>> {
    with(|tape| {
        inputs
            .iter()
            .map(|var| {
                let node = &tape.nodes[tape.index(*var) as usize];
                (!node.poison).then(|| node.value().clone())
            })
            .collect()
    })
}

/// A value that nothing is known to depend on.
#[track_caller]
pub(crate) fn constant(value: Tensor) -> Var {
    with(|tape| tape.leaf(value, false))
}

/// A value whose gradient is wanted, though it is no parameter.
#[cfg(test)]
#[track_caller]
pub(crate) fn variable(value: Tensor) -> Var {
    with(|tape| tape.leaf(value, true))
}

/// Wants gradients of no other weights in this step: all others are constants.
pub(crate) fn want(weights: impl Iterator<Item = u64>) {
    with(|tape| {
        tape.wants_some = true;
        tape.wanted.extend(weights.map(|id| (id, ())));
    });
}

/// The node of a weight, made on its first use in the step; the one that it has been assigned
/// last, if it has.
#[track_caller]
pub(crate) fn parameter(parameter: &Parameter) -> Var {
    let known = with(|tape| {
        let assigned = tape.assigned.iter().rfind(|assigned| assigned.is_of(parameter));
        let node = assigned.map(|assigned| assigned.node);
        node.or_else(|| tape.parameters.get(&parameter.id()).copied()).map(|i| tape.var(i))
    });
    known.unwrap_or_else(|| {
        let value = parameter.tensor();
        let trainable = parameter.is_trainable();
        with(|tape| {
            let wanted = !tape.wants_some || tape.wanted.contains_key(&parameter.id());
            let var = tape.leaf(value, wanted && trainable && tape.mode == Mode::Training);
            tape.parameters.insert(parameter.id(), var.index);
            var
        })
    })
}

/// Records an error, if it is the step's first, and returns a value that later operations pass on
/// in silence.
#[track_caller]
pub(crate) fn fail(error: Error) -> Var {
    with(|tape| {
        tape.error.get_or_insert(error);
    });
    poison()
}

/// [`fail`] for shapes, which are given as the tape has them, with the sample axis.
#[track_caller]
pub(crate) fn fail_shape(error: ShapeError, inputs: &[Var]) -> Var {
    let inputs = inputs.iter().map(|var| var.shape().without_first()).collect();
    fail(Error::Shape { error: Box::new(error), inputs, location: Location::caller() })
}

#[track_caller]
fn poison() -> Var {
    with(|tape| {
        let value = Tensor::zeros(Shape::new(&[0]));
        tape.push(Node { poison: true, ..Node::leaf(value, false, tape.location) })
    })
}

/// Adds a term to the step's loss, once for each `source`.
#[track_caller]
pub(crate) fn add_term(source: u64, value: impl FnOnce() -> Var) {
    if with(|tape| tape.terms.iter().all(|term| term.source != source)) {
        let value = value();
        with(|tape| tape.terms.push(Term { source, value }));
    }
}

/// The terms that layers have added so far.
#[track_caller]
pub(crate) fn terms() -> Vec<Term> {
    with(|tape| tape.terms.clone())
}

/// The random numbers of one operation: they depend on the step's seed and on how many such
/// operations came before.
#[track_caller]
pub(crate) fn generator() -> Generator {
    with(|tape| {
        tape.random_ops += 1;
        Generator::stream(tape.seed, tape.random_ops)
    })
}

/// Runs a loss: inside, values of different shapes are never stretched to each other.
#[track_caller]
pub(crate) fn strict<R>(loss: impl FnOnce() -> R) -> R {
    let before = with(|tape| std::mem::replace(&mut tape.strict, true));
    let result = loss();
    with(|tape| tape.strict = before);
    result
}

/// Runs what records gradients, or what does not inside of it.
#[track_caller]
pub(crate) fn recording<R>(recording: bool, run: impl FnOnce() -> R) -> R {
    let before = with(|tape| std::mem::replace(&mut tape.recording, recording));
    let result = run();
    with(|tape| tape.recording = before);
    result
}

/// Whether a loss is running.
#[track_caller]
pub(crate) fn is_strict() -> bool {
    with(|tape| tape.strict && !tape.recording)
}

impl Node {
    /// # Panics
    /// If the numbers have been given back.
    #[track_caller]
    fn value(&self) -> &Tensor {
        assert!(
            !self.value.is_released(),
            "a `Var` from inside of a model is used after the call of the model; make it an output"
        );
        &self.value
    }

    fn leaf(value: Tensor, needs_gradient: bool, location: &'static Location<'static>) -> Node {
        Node {
            value,
            op: None,
            inputs: Vec::new(),
            needs_gradient,
            softmax: false,
            mask: None,
            poison: false,
            location,
        }
    }
}

/// Scatters numbers that count up over a table.
#[derive(Default)]
struct Scatter(u64);

impl Hasher for Scatter {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // The golden ratio (Knuth, The Art of Computer Programming, 6.4).
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Tape {
    /// Forgets all, and keeps the memory.
    fn into_memory(self) -> Memory {
        let Tape { mut nodes, mut parameters, mut wanted, .. } = self;
        nodes.clear();
        parameters.clear();
        wanted.clear();
        Memory { nodes, parameters, wanted }
    }

    fn push(&mut self, node: Node) -> Var {
        self.recorded |= node.needs_gradient;
        self.nodes.push(node);
        self.var(self.nodes.len() as u32 - 1)
    }

    fn leaf(&mut self, value: Tensor, needs_gradient: bool) -> Var {
        self.push(Node::leaf(value, needs_gradient, self.location))
    }

    fn var(&self, index: u32) -> Var {
        Var::new(index, self.id)
    }

    fn index(&self, var: Var) -> u32 {
        assert!(
            var.tape == self.id,
            "a `Var` is used outside of the step that made it; take its numbers out with \
             `to_array` before the step ends (at {})",
            self.location
        );
        var.index
    }
}
