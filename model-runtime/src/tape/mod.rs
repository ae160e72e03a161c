//! The tape: what happened in a step, in order, so that gradients can be found by walking back.
//!
//! A step is one call of [`run`]. Every operation on a [`Var`] appends a node to the step's arena:
//! its value, the operation, and the nodes it came from. The way back walks the arena from the end
//! to the start and gives each node the gradient of the loss, by the chain rule. A `Var` is only an
//! index into the arena, which the thread keeps; no borrow of it is held while user code runs.

mod apply;
mod backward;
mod by_id;
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
mod waiting;

use std::cell::RefCell;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};

use apply::poison;
#[cfg(test)]
pub(crate) use apply::variable;
pub(crate) use apply::{apply, apply_boxed, constant, fail, fail_shape, parameter, want};
pub(crate) use backward::backward;
pub(crate) use by_id::ById;
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
use smallvec::SmallVec;
pub(crate) use term::{Added, Purpose, take_added};
pub use term::{add_loss, add_metric, within, without_terms};
pub use var::Var;
pub(crate) use var::look;
pub(crate) use waiting::apply_later;

use crate::seed::Generator;
use crate::tensor::Tensor;
use crate::{Error, Float};

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

/// Something for each input of an operation, of which few have more than four.
type Inputs<T> = SmallVec<[T; 4]>;

struct Node {
    value: Tensor,
    /// How to find the gradients of the inputs; none where nobody wants them.
    op: Option<Box<dyn Op<Float>>>,
    inputs: Inputs<u32>,
    needs_gradient: bool,
    /// Whether the value is a softmax over the last axis of input 0.
    softmax: bool,
    /// The node of the mask: 1 where a position counts, 0 where it is padding.
    mask: Option<u32>,
    poison: bool,
    /// Whether the value is made only when it is used.
    waits: bool,
    /// The line that made it.
    location: &'static Location<'static>,
}

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
    /// How many values wait to be made.
    waiting: usize,
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
            waiting: 0,
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
    TAPES.with_borrow_mut(|tapes| {
        let Some(tape) = tapes.last_mut() else { outside(location) };
        tape.location = location;
        f(tape)
    })
}

/// Not in [`with`], which is compiled for all that it is called with.
#[cold]
fn outside(location: &Location<'_>) -> ! {
    panic!("{OUTSIDE} (at {location})")
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
            inputs: Inputs::new(),
            needs_gradient,
            softmax: false,
            mask: None,
            poison: false,
            waits: false,
            location,
        }
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
