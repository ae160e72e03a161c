use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use model_spec::Shape;
use ndarray::{ArrayBase, ArrayD, Data, Dimension};

use crate::tensor::Tensor;
use crate::var::bounded;
use crate::{Error, Float, Var, parameter, tape};

/// State that training changes, but not by a gradient: the moving mean of a
/// [`BatchNormalization`](crate::BatchNormalization), or a number that a loss adapts as it goes. A
/// handle with an identity, as a [`Parameter`](crate::Parameter) is.
///
/// Inside of a step it is [`read`](Variable::read) and [`update`](Variable::update)d. What a step
/// of training has updated is stored when the step succeeds, with the weights; a batch that fails
/// changes nothing, and neither does `evaluate` or `predict`. A trainer changes the variables of
/// its own model ([`Visitor::variable`](crate::Visitor::variable)) and of its losses
/// ([`Loss::variables`](crate::Loss::variables)), and of nothing else.
///
/// ```
/// use model_runtime::prelude::*;
///
/// /// The squared error, and how large it has been on average.
/// struct Watched {
///     mean: Variable,
/// }
///
/// impl Loss for Watched {
///     fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
///         let error = (y_true - y_pred).square().mean_per_sample();
///         self.mean.update(self.mean.read() * 0.9 + error.mean() * 0.1);
///         error
///     }
///
///     fn variables(&self) -> Vec<&Variable> {
///         vec![&self.mean]
///     }
/// }
///
/// let loss = Watched { mean: Variable::scalar("mean", 0.0) };
/// let mean = loss.mean.share();
/// let net = model! { x = Input(1); Dense(1, kernel_initializer = zeros)(x) };
/// let mut trainer = net.compile("sgd", loss)?;
/// trainer.train_on_batch(&ndarray::array![[1.0]], &ndarray::array![[10.0]])?;
/// assert_eq!(mean.get().sum(), 10.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Variable {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    id: u64,
    name: String,
    value: RwLock<Tensor>,
    trainable: AtomicBool,
    /// Whether it is part of a model. In a loss, the updates of other models are dropped.
    in_model: AtomicBool,
}

impl Variable {
    /// A variable of this name, which errors and logs show, that starts as this array.
    ///
    /// # Panics
    /// If the array has more than 8 axes.
    #[track_caller]
    pub fn new<S, D>(name: impl Into<String>, value: ArrayBase<S, D>) -> Variable
    where
        S: Data<Elem = Float>,
        D: Dimension,
    {
        let shape = match bounded("Variable::new", value.shape()) {
            Ok(shape) => shape,
            Err(error) => panic!("{}", error.message(&[])),
        };
        Variable::of(name.into(), Tensor::new(shape, value.iter().copied().collect()))
    }

    /// A variable of one number.
    pub fn scalar(name: impl Into<String>, value: Float) -> Variable {
        Variable::of(name.into(), Tensor::scalar(value))
    }

    pub(crate) fn of(name: String, value: Tensor) -> Variable {
        let (trainable, in_model) = (AtomicBool::new(true), AtomicBool::new(false));
        let (id, value) = (parameter::next_id(), RwLock::new(value));
        Variable { inner: Arc::new(Inner { id, name, value, trainable, in_model }) }
    }

    /// A variable without numbers, of a layer that has not been initialised.
    pub(crate) fn unset(name: &str) -> Variable {
        Variable::of(name.to_owned(), Tensor::zeros(Shape::new(&[0])))
    }

    /// The identity: equal for handles of the same variable, and that of no weight.
    pub fn id(&self) -> u64 {
        self.inner.id
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The shape.
    pub fn shape(&self) -> Shape {
        *self.tensor().shape()
    }

    /// A copy of the numbers, without what a running step has updated.
    pub fn get(&self) -> ArrayD<Float> {
        self.tensor().to_array()
    }

    /// Replaces the numbers.
    ///
    /// # Errors
    /// [`Error::WeightShape`] if the array does not have this variable's shape.
    pub fn set<S, D>(&self, values: &ArrayBase<S, D>) -> Result<(), Error>
    where
        S: Data<Elem = Float>,
        D: Dimension,
    {
        self.replace(Tensor::of_shape(self.shape(), values)?);
        Ok(())
    }

    /// The value in the running step, with what the step has updated so far. Gradients end here.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn read(&self) -> Var {
        tape::read(self)
    }

    /// Gives it another value, for the rest of the step at once, and for good if this is a step of
    /// training that succeeds. Gradients end here. A value of another shape is the step's error; a
    /// frozen variable stays as it is.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn update(&self, value: Var) {
        tape::update(self, value);
    }

    /// Whether training changes it.
    pub fn is_trainable(&self) -> bool {
        self.inner.trainable.load(Ordering::Relaxed)
    }

    /// Chooses whether training changes it.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! { x = Input(1); BatchNormalization(momentum = 0.0)(x) };
    /// net.batch_normalization.moving_mean.set_trainable(false);
    /// assert_eq!(net.batch_normalization.moving_mean.name(), "moving_mean");
    /// let mut trainer = net.compile("sgd", "mse")?;
    /// trainer.train_on_batch(&array![[3.0], [5.0]], &array![[0.0], [0.0]])?;
    /// let norm = &trainer.model().batch_normalization;
    /// assert_eq!(norm.moving_mean.get().sum(), 0.0);
    /// assert_eq!(norm.moving_variance.get().sum(), 1.0);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn set_trainable(&self, trainable: bool) {
        self.inner.trainable.store(trainable, Ordering::Relaxed);
    }

    /// Another handle of the same variable.
    pub fn share(&self) -> Variable {
        Variable { inner: Arc::clone(&self.inner) }
    }

    /// A variable of its own with the same name and numbers, frozen as this one.
    pub(crate) fn copied(&self) -> Variable {
        let copy = Variable::of(self.name().to_owned(), self.tensor());
        copy.set_trainable(self.is_trainable());
        copy.inner.in_model.store(self.is_in_model(), Ordering::Relaxed);
        copy
    }

    /// A snapshot; shares the numbers until one side writes.
    pub(crate) fn tensor(&self) -> Tensor {
        self.inner.value.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn replace(&self, value: Tensor) {
        *self.inner.value.write().unwrap_or_else(PoisonError::into_inner) = value;
    }

    pub(crate) fn is_in_model(&self) -> bool {
        self.inner.in_model.load(Ordering::Relaxed)
    }

    pub(crate) fn set_in_model(&self) {
        self.inner.in_model.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{arr0, array};

    use super::*;
    use crate::Mode;

    #[test]
    fn a_handle_has_a_name_a_shape_and_numbers() {
        let v = Variable::new("v", array![[1.0, 2.0]]);
        let other = v.share();
        assert_eq!((other.name(), other.shape(), other.id()), ("v", Shape::new(&[1, 2]), v.id()));
        other.set(&array![[3.0, 4.0]]).unwrap();
        assert_eq!(v.get(), array![[3.0, 4.0]].into_dyn());
        assert!(matches!(v.set(&array![1.0]), Err(Error::WeightShape { .. })));
        assert_ne!(Variable::scalar("v", 0.0).id(), v.id());
    }

    #[test]
    fn a_step_sees_its_own_updates_in_order_and_stores_none_by_itself() {
        for mode in [Mode::Training, Mode::Inference] {
            let v = Variable::scalar("v", 1.0);
            let seen = tape::run(mode, || {
                let before = v.read();
                v.update(v.read() + 1);
                v.update(v.read() * 10);
                [before.to_array(), v.read().to_array()]
            });
            assert_eq!(seen, Ok([arr0(1.0).into_dyn(), arr0(20.0).into_dyn()]));
            assert_eq!(v.get(), arr0(1.0).into_dyn());
        }
    }

    #[test]
    fn a_frozen_variable_stays() {
        let v = Variable::scalar("v", 1.0);
        v.set_trainable(false);
        let seen = tape::run(Mode::Training, || {
            v.update(Var::scalar(2.0));
            v.read().to_array()
        });
        assert_eq!(seen, Ok(arr0(1.0).into_dyn()));
    }

    #[test]
    fn gradients_end_here() {
        let v = Variable::scalar("v", 2.0);
        tape::run(Mode::Training, || {
            let x = tape::variable(Tensor::scalar(3.0));
            v.update(x * x);
            let loss = v.read() * x;
            assert_eq!(tape::backward(loss).of(x), Some([9.0].as_slice()));
        })
        .unwrap();
    }

    #[test]
    fn another_shape_is_an_error_that_names_it() {
        let v = Variable::scalar("k", 2.0);
        let error = tape::run(Mode::Training, || v.update(Var::from_array(&array![1.0, 2.0])));
        let text = error.unwrap_err().to_string();
        let start = "the variable `k` has the shape (), but was updated with (2)\n";
        assert!(text.starts_with(start) && text.contains("variable.rs"), "{text}");
    }

    #[test]
    #[should_panic(expected = "no step is running")]
    fn outside_of_a_step_there_is_no_value() {
        Variable::scalar("k", 2.0).read();
    }

    #[test]
    #[should_panic(expected = "at most 8 axes")]
    fn nine_axes_are_too_many() {
        let _ = Variable::new("v", ArrayD::<Float>::zeros(vec![1; 9]));
    }
}
