use std::marker::PhantomData;

use model_spec::Shape;
use ndarray::{ArrayBase, ArrayD, Data, Dimension};

use super::{constant, fail_shape, waiting, with};
use crate::float::Scalar;
use crate::tensor::Tensor;
use crate::var::bounded;
use crate::{Float, pool};

/// A value of the running step: the output of a layer, an operation or a weight, with the sample
/// axis first.
///
/// It is an index into the step's tape, so it is `Copy`, reads as an array does in NumPy (`x * 2 +
/// y`), and is worth nothing outside of its step.
#[derive(Clone, Copy)]
pub struct Var {
    pub(super) index: u32,
    pub(super) tape: u32,
    /// The tape belongs to a thread.
    not_send: PhantomData<*const ()>,
}

/// Shows the shapes of values, sample axis first, and whether they carry masks. Returns the first
/// that comes from an operation that failed, if one does.
#[track_caller]
pub(crate) fn look(values: &[Var], mut see: impl FnMut(&Shape, bool)) -> Result<(), Var> {
    with(|tape| {
        let node = |var: &Var| &tape.nodes[tape.index(*var) as usize];
        match values.iter().find(|var| node(var).poison) {
            Some(poison) => Err(*poison),
            None => {
                let nodes = values.iter().map(node);
                nodes.for_each(|node| see(node.value.shape(), node.mask.is_some()));
                Ok(())
            }
        }
    })
}

/// The least of the numbers that stand for values of a step: there are fewer weights.
pub(super) const FIRST_SOURCE: u64 = u64::MAX - u32::MAX as u64;

impl Var {
    pub(super) fn new(index: u32, tape: u32) -> Var {
        Var { index, tape, not_send: PhantomData }
    }

    /// A constant of the running step. More than 8 axes are the step's error.
    ///
    /// # Panics
    /// If no step runs.
    #[track_caller]
    pub fn from_array<S, D>(array: &ArrayBase<S, D>) -> Var
    where
        S: Data<Elem = Float>,
        D: Dimension,
    {
        let shape = match bounded("from_array", array.shape()) {
            Ok(shape) => shape,
            Err(error) => return fail_shape(error, &[]),
        };
        let numbers = match array.as_slice() {
            Some(numbers) => pool::copy(numbers),
            None => array.iter().copied().collect(),
        };
        constant(Tensor::of(shape, numbers))
    }

    /// One number as a constant of the running step.
    ///
    /// # Panics
    /// If no step runs.
    #[track_caller]
    pub fn scalar(value: Float) -> Var {
        constant(Tensor::scalar(value))
    }

    /// A copy of the numbers. Empty where an operation before has failed.
    ///
    /// # Panics
    /// If the step that made it has ended.
    #[track_caller]
    pub fn to_array(self) -> ArrayD<Float> {
        self.tensor().to_array()
    }

    /// The shape, sample axis first.
    ///
    /// # Panics
    /// If the step that made it has ended.
    #[track_caller]
    pub fn shape(self) -> Shape {
        with(|tape| *tape.nodes[tape.index(self) as usize].value.shape())
    }

    /// Whether an operation before has failed, so that there are no numbers.
    #[track_caller]
    pub(crate) fn is_poison(self) -> bool {
        with(|tape| tape.nodes[tape.index(self) as usize].poison)
    }

    /// A number that no other value of the step and no weight has.
    pub(crate) fn source(self) -> u64 {
        FIRST_SOURCE + u64::from(self.index)
    }

    /// The numbers, shared.
    #[track_caller]
    pub(crate) fn tensor(self) -> Tensor {
        waiting::finish(&[self]);
        with(|tape| tape.nodes[tape.index(self) as usize].value().clone())
    }

    /// Where this is a softmax over the last axis: what it was taken of.
    #[track_caller]
    pub(crate) fn softmax_logits(self) -> Option<Var> {
        with(|tape| {
            let node = &tape.nodes[tape.index(self) as usize];
            node.softmax.then(|| tape.var(node.inputs[0]))
        })
    }
}

/// [`Var::scalar`], so that methods of two values take numbers as operators do, and no more types
/// of them: with more, rustc would not know what a literal is.
impl From<Float> for Var {
    #[track_caller]
    fn from(number: Float) -> Var {
        Var::scalar(number)
    }
}

/// As of a [`Float`].
impl From<i32> for Var {
    #[track_caller]
    fn from(number: i32) -> Var {
        Var::scalar(Float::of(f64::from(number)))
    }
}

impl std::fmt::Debug for Var {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Var({})", self.index)
    }
}
