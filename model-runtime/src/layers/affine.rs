//! What layers with weights of their input's shape share, first of all normalisations.

use model_spec::{ArgValue, Config, Entry, Value, Weights};

use super::windows::penalize;
use crate::ops::normalize::Normalize;
use crate::{Constraint, Float, Initializer, Parameter, Regularizer, Seed, Var, tape};

/// The weights that a layer needs; none where there is no memory for them or a size is open, which
/// a call reports.
pub(super) fn needed(entry: &Entry, args: &[ArgValue], inputs: &[Value]) -> Weights {
    let weights = (entry.weights)(&Config::new(args), inputs);
    let most = isize::MAX as usize / size_of::<Float>();
    if weights.size() > most { Weights::NONE } else { weights }
}

/// How γ and β start, their penalties and their constraints.
#[derive(Clone, Debug)]
pub(super) struct Affine {
    pub gamma_initializer: Initializer,
    pub beta_initializer: Initializer,
    pub gamma_regularizer: Option<Regularizer>,
    pub beta_regularizer: Option<Regularizer>,
    pub gamma_constraint: Option<Constraint>,
    pub beta_constraint: Option<Constraint>,
}

impl Affine {
    /// Keras's defaults.
    pub fn new() -> Affine {
        Affine {
            gamma_initializer: Initializer::Ones,
            beta_initializer: Initializer::Zeros,
            gamma_regularizer: None,
            beta_regularizer: None,
            gamma_constraint: None,
            beta_constraint: None,
        }
    }

    /// New weights, as far as the rule has them.
    pub fn draw(&self, seed: &Seed, weights: &Weights) -> [Option<Parameter>; 2] {
        let draw = |name, initializer: &Initializer, constraint: &Option<Constraint>| {
            let shape = weights.as_slice().iter().find(|(of, _)| *of == name)?.1;
            let weight = initializer.parameter(&seed.child(name), shape);
            Some(weight.constrained(constraint.as_ref()))
        };
        [
            draw("gamma", &self.gamma_initializer, &self.gamma_constraint),
            draw("beta", &self.beta_initializer, &self.beta_constraint),
        ]
    }

    /// Applies a normalisation with these weights, and adds their penalties to the step's loss.
    #[track_caller]
    pub fn apply(
        &self,
        op: Normalize,
        x: Var,
        gamma: Option<&Parameter>,
        beta: Option<&Parameter>,
    ) -> Var {
        let op = op.weighted(gamma.is_some(), beta.is_some());
        let weights = [gamma, beta].into_iter().flatten().map(Parameter::var);
        let inputs: Vec<Var> = std::iter::once(x).chain(weights).collect();
        if let Some(gamma) = gamma {
            penalize(&self.gamma_regularizer, gamma);
        }
        if let Some(beta) = beta {
            penalize(&self.beta_regularizer, beta);
        }
        tape::apply(op, &inputs)
    }
}

/// The shapes of γ and β, as far as they exist.
pub(super) fn shapes(gamma: Option<&Parameter>, beta: Option<&Parameter>) -> Weights {
    let mut weights = Weights::NONE;
    for (name, weight) in [("gamma", gamma), ("beta", beta)] {
        if let Some(weight) = weight {
            weights = weights.and(name, weight.shape());
        }
    }
    weights
}

/// The methods for the arguments that normalisations with γ and β have, and `call`.
macro_rules! affine_arguments {
    ($layer:ident) => {
        impl $layer {
            /// What is added to the variance, so that nothing is divided by 0; 0.001 by default.
            pub fn epsilon(mut self, epsilon: crate::Float) -> $layer {
                self.epsilon = epsilon;
                self
            }

            /// Whether `beta` is added; yes by default.
            pub fn center(mut self, center: bool) -> $layer {
                self.beta = center.then(crate::Parameter::unset);
                self
            }

            /// Whether there is a factor `gamma`; yes by default.
            pub fn scale(mut self, scale: bool) -> $layer {
                self.gamma = scale.then(crate::Parameter::unset);
                self
            }

            /// How `beta` starts; zeros by default.
            pub fn beta_initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.affine.beta_initializer = initializer;
                self
            }

            /// How `gamma` starts; ones by default.
            pub fn gamma_initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.affine.gamma_initializer = initializer;
                self
            }

            /// A penalty on `beta`, added to the loss.
            pub fn beta_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.affine.beta_regularizer = Some(regularizer);
                self
            }

            /// A penalty on `gamma`, added to the loss.
            pub fn gamma_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.affine.gamma_regularizer = Some(regularizer);
                self
            }

            /// What is made of `beta` after each update.
            pub fn beta_constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.affine.beta_constraint = Some(constraint);
                self
            }

            /// What is made of `gamma` after each update.
            pub fn gamma_constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.affine.gamma_constraint = Some(constraint);
                self
            }

            /// The output for `x`.
            #[track_caller]
            pub fn call(&self, x: crate::Var) -> crate::Var {
                self.run(&[x])
            }
        }

        impl Default for $layer {
            fn default() -> $layer {
                $layer::new()
            }
        }
    };
}
pub(super) use affine_arguments;
