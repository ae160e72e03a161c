use std::ops::Deref;
use std::panic::Location;

use model_spec::Value;
use smallvec::{SmallVec, smallvec};

use crate::{Error, Parameter, Seed, Var, Variable, tape};

/// Something with weights, or without, that makes values from values. Every layer of the catalogue
/// is one, every model that `model!` makes, and so can be a type of your own.
///
/// ```
/// use model_runtime::prelude::*;
///
/// /// Doubles its input.
/// struct Twice;
///
/// impl Layer for Twice {
///     fn call(&self, inputs: &[Var]) -> Vars {
///         (inputs[0] * 2).into()
///     }
/// }
/// ```
///
/// The example `own_layer` (`examples/examples/own_layer.rs`) is one with all that a layer of the
/// catalogue has, and with the tests that it needs: weights ([`Initializer::parameter`] in `init`,
/// [`Parameter::var`] in `call`, shown in `visit`), state ([`Variable`]), the mode
/// ([`tape::mode`]), a penalty on a weight ([`Regularizer::penalize`]), a loss of its own
/// ([`add_loss`](crate::add_loss)), [`Share`](crate::Share), and the `const fn output_shape` that
/// `model!` asks for the shape.
///
/// [`Initializer::parameter`]: crate::Initializer::parameter
/// [`Regularizer::penalize`]: crate::Regularizer::penalize
pub trait Layer: Send + Sync {
    /// Draws new weights for inputs of these shapes. Nothing to do for a layer without weights.
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let _ = (seed, inputs);
    }

    /// The outputs for these inputs, sample axis first.
    fn call(&self, inputs: &[Var]) -> Vars;

    /// Shows every weight and every variable, under its name, to a visitor.
    fn visit(&self, visitor: &mut Visitor<'_>) {
        let _ = visitor;
    }

    /// Freezes (`false`) or thaws (`true`) everything that is in here: training leaves frozen
    /// weights and variables as they are, and a frozen
    /// [`BatchNormalization`](crate::BatchNormalization) computes as in inference.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); h = Dense(3)(x); Dense(1)(h) };
    /// net.h.set_trainable(false);
    /// let mut trainer = net.compile("sgd", "mse")?;
    /// let before = trainer.model().get_weights();
    /// trainer.train_on_batch(&ndarray::array![[1.0, 2.0]], &ndarray::array![[3.0]])?;
    /// let after = trainer.model().get_weights();
    /// assert!(before[..2] == after[..2] && before[2..] != after[2..]);
    /// # Ok::<(), Error>(())
    /// ```
    fn set_trainable(&self, trainable: bool) {
        let parameters = &mut |_: &str, parameter: &Parameter| parameter.set_trainable(trainable);
        let variables = &mut |_: &str, variable: &Variable| variable.set_trainable(trainable);
        self.visit(&mut Visitor::of_both(parameters, variables));
    }
}

/// The values that a layer returns: one or several. Reads as a slice.
#[derive(Clone, Debug)]
pub struct Vars(SmallVec<[Var; 2]>);

impl Vars {
    /// The only value. Where there are several, an error of the step is recorded.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn one(self) -> Var {
        let [var] = self.array();
        var
    }

    /// The values as an array, to be taken apart: `let [output, state] = layer.call(&[x]).array();`
    /// Where there are more or fewer, an error of the step is recorded.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn array<const N: usize>(self) -> [Var; N] {
        match <[Var; N]>::try_from(self.0.as_slice()) {
            Ok(vars) => vars,
            Err(_) => {
                let location = Location::caller();
                let (expected, got) = (N, self.0.len());
                [tape::fail(Error::Outputs { expected, got, location }); N]
            }
        }
    }
}

impl Deref for Vars {
    type Target = [Var];

    fn deref(&self) -> &[Var] {
        &self.0
    }
}

impl From<Var> for Vars {
    fn from(var: Var) -> Vars {
        Vars(smallvec![var])
    }
}

impl<const N: usize> From<[Var; N]> for Vars {
    fn from(vars: [Var; N]) -> Vars {
        Vars(SmallVec::from_slice(&vars))
    }
}

impl From<Vec<Var>> for Vars {
    fn from(vars: Vec<Var>) -> Vars {
        Vars(vars.into())
    }
}

/// Walks through the weights and variables of a layer or model; see [`Layer::visit`].
pub struct Visitor<'a> {
    path: String,
    parameters: Option<See<'a, Parameter>>,
    variables: Option<See<'a, Variable>>,
}

type See<'a, T> = &'a mut dyn FnMut(&str, &T);

impl<'a> Visitor<'a> {
    /// A visitor that calls `see` with the path (`encoder.dense.kernel`) and the handle of each
    /// weight. A weight that is shared is shown under every path it has.
    pub fn new(see: &'a mut dyn FnMut(&str, &Parameter)) -> Visitor<'a> {
        Visitor { path: String::new(), parameters: Some(see), variables: None }
    }

    /// The same for variables (`batch_normalization.moving_mean`), and not for weights.
    pub fn of_variables(see: &'a mut dyn FnMut(&str, &Variable)) -> Visitor<'a> {
        Visitor { path: String::new(), parameters: None, variables: Some(see) }
    }

    /// The same for both, in the order in which layers show them.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! {
    ///     x = Input(2);
    ///     h = Dense(3)(x);
    ///     norm = BatchNormalization(scale = false)(h);
    /// };
    /// let (mut weights, mut state) = (Vec::new(), Vec::new());
    /// net.visit(&mut Visitor::of_both(
    ///     &mut |path, _| weights.push(path.to_owned()),
    ///     &mut |path, _| state.push(path.to_owned()),
    /// ));
    /// assert_eq!(weights, ["h.kernel", "h.bias", "norm.beta"]);
    /// assert_eq!(state, ["norm.moving_mean", "norm.moving_variance"]);
    /// let mut count = 0;
    /// net.visit(&mut Visitor::of_variables(&mut |_, variable| count += variable.get().len()));
    /// assert_eq!(count, 3 + 3);
    /// ```
    pub fn of_both(
        parameters: &'a mut dyn FnMut(&str, &Parameter),
        variables: &'a mut dyn FnMut(&str, &Variable),
    ) -> Visitor<'a> {
        let (parameters, variables) = (Some(parameters as _), Some(variables as _));
        Visitor { path: String::new(), parameters, variables }
    }

    /// Shows a weight.
    pub fn parameter(&mut self, name: &str, parameter: &Parameter) {
        let parent = self.enter(name);
        if let Some(see) = &mut self.parameters {
            see(&self.path, parameter);
        }
        self.path.truncate(parent);
    }

    /// Shows a variable: state that changes in training, but not by a gradient.
    pub fn variable(&mut self, name: &str, variable: &Variable) {
        let parent = self.enter(name);
        if let Some(see) = &mut self.variables {
            see(&self.path, variable);
        }
        self.path.truncate(parent);
    }

    /// Shows the weights and variables of a part.
    pub fn child(&mut self, name: &str, layer: &dyn Layer) {
        let parent = self.enter(name);
        layer.visit(self);
        self.path.truncate(parent);
    }

    /// Adds a name to the path, and returns how long it was.
    fn enter(&mut self, name: &str) -> usize {
        let parent = self.path.len();
        if parent > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        parent
    }
}
