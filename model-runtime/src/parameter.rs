use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use model_spec::Shape;
use ndarray::{ArrayBase, ArrayD, Data, Dimension};

use crate::pool::Buffer;
use crate::tape;
use crate::tensor::Tensor;
use crate::{Constraint, Error, Float, Var};

/// A weight that training changes: a handle with an identity. Layers that share a weight hold
/// handles of the same one.
///
/// A layer of one's own makes its weights in [`Layer::init`](crate::Layer::init), with
/// [`Initializer::parameter`](crate::Initializer::parameter), and shows them in
/// [`Layer::visit`](crate::Layer::visit).
///
/// What it does in training can be chosen:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(1); Dense(1, kernel_initializer = ones)(x) };
/// net.dense.kernel.set_constraint(Some(Constraint::NonNeg));
/// assert!(net.dense.kernel.constraint().is_some());
/// net.dense.bias.as_ref().expect("a bias").set_trainable(false);
/// let mut trainer = net.compile(SGD::new(10.0), "mse")?;
/// trainer.train_on_batch(&array![[1.0]], &array![[0.0]])?;
/// // The kernel would be 1 - 10 · 2, and the bias has stayed.
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Parameter {
    /// Behind a lock because [`Model::tie`](crate::Model::tie) reaches a layer's handles as they
    /// are visited.
    inner: RwLock<Arc<Inner>>,
}

/// A weight, as all its handles have it.
#[derive(Debug)]
pub(crate) struct Inner {
    pub id: u64,
    shape: Shape,
    value: RwLock<Tensor>,
    /// How often the numbers have been changed.
    changes: AtomicU64,
    trainable: AtomicBool,
    constraint: RwLock<Option<Constraint>>,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// An identity that nothing has yet.
pub(crate) fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

impl Inner {
    pub fn is_trainable(&self) -> bool {
        self.trainable.load(Ordering::Relaxed)
    }

    /// A snapshot; shares the numbers until one side writes.
    pub fn tensor(&self) -> Tensor {
        self.value.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Parameter {
    /// A weight without numbers, of a layer that has not been initialised.
    fn default() -> Parameter {
        Parameter::unset()
    }
}

impl Parameter {
    pub(crate) fn new(value: Tensor) -> Parameter {
        let (id, shape, trainable) = (next_id(), *value.shape(), AtomicBool::new(true));
        let (value, constraint) = (RwLock::new(value.aligned()), RwLock::new(None));
        let changes = AtomicU64::new(0);
        Parameter::of(Arc::new(Inner { id, shape, value, changes, trainable, constraint }))
    }

    fn of(inner: Arc<Inner>) -> Parameter {
        Parameter { inner: RwLock::new(inner) }
    }

    /// Held for a moment only: what takes longer clones the `Arc`.
    pub(crate) fn inner(&self) -> RwLockReadGuard<'_, Arc<Inner>> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes this a handle of another weight.
    pub(crate) fn become_same(&self, other: &Parameter) {
        let inner = Arc::clone(&other.inner());
        *self.inner.write().unwrap_or_else(PoisonError::into_inner) = inner;
    }

    /// A weight without numbers, of a layer that has not been initialised.
    pub(crate) fn unset() -> Parameter {
        Parameter::new(Tensor::zeros(Shape::new(&[0])))
    }

    /// The identity: equal for handles of the same weight.
    pub fn id(&self) -> u64 {
        self.inner().id
    }

    /// The shape.
    pub fn shape(&self) -> Shape {
        self.inner().shape
    }

    /// A copy of the numbers.
    pub fn get(&self) -> ArrayD<Float> {
        self.tensor().to_array()
    }

    /// Replaces the numbers.
    ///
    /// # Errors
    /// [`Error::WeightShape`] if the array does not have this weight's shape.
    pub fn set<S, D>(&self, values: &ArrayBase<S, D>) -> Result<(), Error>
    where
        S: Data<Elem = Float>,
        D: Dimension,
    {
        self.replace(Tensor::of_shape(self.shape(), values)?);
        Ok(())
    }

    /// Whether training changes it.
    pub fn is_trainable(&self) -> bool {
        self.inner().is_trainable()
    }

    /// Chooses whether training changes it.
    pub fn set_trainable(&self, trainable: bool) {
        self.inner().trainable.store(trainable, Ordering::Relaxed);
    }

    /// What is made of the numbers after each update.
    pub fn constraint(&self) -> Option<Constraint> {
        self.inner().constraint.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Chooses what is made of the numbers after each update.
    pub fn set_constraint(&self, constraint: Option<Constraint>) {
        *self.inner().constraint.write().unwrap_or_else(PoisonError::into_inner) = constraint;
    }

    /// This weight with a constraint.
    pub(crate) fn constrained(self, constraint: Option<&Constraint>) -> Parameter {
        self.set_constraint(constraint.cloned());
        self
    }

    /// The weight as a value of the running step.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn var(&self) -> Var {
        tape::parameter(self)
    }

    /// Another handle of the same weight.
    pub fn share(&self) -> Parameter {
        Parameter::of(Arc::clone(&self.inner()))
    }

    /// A weight of its own with the same numbers, frozen and constrained as this one.
    pub(crate) fn copied(&self) -> Parameter {
        let copy = Parameter::new(self.tensor());
        copy.set_trainable(self.is_trainable());
        copy.constrained(self.constraint().as_ref())
    }

    /// A snapshot; shares the numbers until one side writes.
    pub(crate) fn tensor(&self) -> Tensor {
        self.inner().tensor()
    }

    pub(crate) fn replace(&self, value: Tensor) {
        self.change(|numbers| *numbers = value.aligned());
    }

    /// How often the numbers have been changed, by whomever.
    pub(crate) fn changes(&self) -> u64 {
        self.inner().changes.load(Ordering::Relaxed)
    }

    /// The one way to other numbers: each change counts.
    fn change(&self, change: impl FnOnce(&mut Tensor)) {
        let inner = Arc::clone(&self.inner());
        let mut value = inner.value.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut value);
        debug_assert_eq!(*value.shape(), inner.shape, "a weight keeps its shape");
        inner.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// Changes the numbers in place, or in a copy if somebody still holds a snapshot.
    pub(crate) fn update(&self, change: impl FnOnce(&mut [Float])) {
        self.change(|numbers| change(numbers.data_mut()))
    }

    /// Replaces the numbers by as many others. Returns the buffer of the old ones, unless somebody
    /// still holds a snapshot.
    pub(crate) fn exchange(&self, numbers: Buffer<Float>) -> Option<Buffer<Float>> {
        let mut before = None;
        self.change(|value| {
            let new = Tensor::of(*value.shape(), numbers);
            before = std::mem::replace(value, new).into_data();
        });
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool;

    #[test]
    fn each_change_counts_whoever_makes_it() {
        let weight = Parameter::new(Tensor::zeros(Shape::new(&[2])));
        let other = weight.share();
        weight.update(|numbers| numbers.fill(1.0));
        other.update(|numbers| numbers.fill(2.0));
        weight.replace(Tensor::zeros(Shape::new(&[2])));
        assert_eq!(weight.exchange(pool::full(2, 3.0)), Some(pool::zeros(2)));
        assert_eq!((weight.changes(), other.changes()), (4, 4));
    }
}
