//! What recurrent layers and cells are written with: their arguments, and how they are called.

/// The methods for the arguments that all recurrent layers have, and the impl of `Layer`. `step`
/// makes the step of a sequence, given the layer and its two activations.
macro_rules! recurrent_layer {
    ($layer:ident, $step:expr) => {
        impl $layer {
            /// φ; the hyperbolic tangent by default. One that looks at more than one number, such
            /// as softmax, is an error.
            pub fn activation(mut self, activation: crate::Activation) -> $layer {
                self.settings.activation = activation;
                self
            }

            /// Whether a bias is added; yes by default.
            pub fn use_bias(mut self, use_bias: bool) -> $layer {
                self.bias = use_bias.then(crate::Parameter::unset);
                self
            }

            /// How the kernel starts; Glorot uniform by default.
            pub fn kernel_initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.settings.kernel_initializer = initializer;
                self
            }

            /// How the recurrent kernel starts; orthogonal by default.
            pub fn recurrent_initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.settings.recurrent_initializer = initializer;
                self
            }

            /// How the bias starts; zeros by default.
            pub fn bias_initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.settings.bias_initializer = initializer;
                self
            }

            /// A penalty on the kernel, added to the loss.
            pub fn kernel_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.settings.kernel_regularizer = Some(regularizer);
                self
            }

            /// A penalty on the recurrent kernel, added to the loss.
            pub fn recurrent_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.settings.recurrent_regularizer = Some(regularizer);
                self
            }

            /// A penalty on the bias, added to the loss.
            pub fn bias_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.settings.bias_regularizer = Some(regularizer);
                self
            }

            /// What is made of the kernel after each update.
            pub fn kernel_constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.settings.kernel_constraint = Some(constraint);
                self
            }

            /// What is made of the recurrent kernel after each update.
            pub fn recurrent_constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.settings.recurrent_constraint = Some(constraint);
                self
            }

            /// What is made of the bias after each update.
            pub fn bias_constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.settings.bias_constraint = Some(constraint);
                self
            }

            /// The share of the inputs that is dropped while training, in [0, 1): for each sample
            /// the same in all steps. 0 by default.
            pub fn dropout(mut self, rate: crate::Float) -> $layer {
                self.settings.dropout = rate;
                self
            }

            /// The share of the state that is dropped while training, where it is multiplied with
            /// the recurrent kernel; in [0, 1), for each sample the same in all steps (Gal and
            /// Ghahramani, 2016). 0 by default.
            pub fn recurrent_dropout(mut self, rate: crate::Float) -> $layer {
                self.settings.recurrent_dropout = rate;
                self
            }

            /// A seed of its own for what is dropped, mixed with the step's.
            pub fn seed(mut self, seed: u64) -> $layer {
                self.settings.seed = Some(seed);
                self
            }

            fn parts(&self) -> crate::layers::recurrent::Run<'_> {
                crate::layers::recurrent::Run {
                    entry: &ENTRY,
                    settings: &self.settings,
                    kernel: &self.kernel,
                    recurrent_kernel: &self.recurrent_kernel,
                    bias: self.bias.as_ref(),
                }
            }

            /// What comes out for the input, and the states to go on from, if there are any.
            #[track_caller]
            pub fn call(&self, inputs: &[crate::Var]) -> crate::Vars {
                self.parts().call(inputs, &|activation, recurrent| {
                    let step: fn(&$layer, _, _) -> _ = $step;
                    Box::new(step(self, activation, recurrent))
                })
            }
        }

        impl crate::Layer for $layer {
            fn init(&mut self, seed: crate::Seed, inputs: &[model_spec::Value]) {
                if let Some(weights) = self.parts().init(&seed, inputs) {
                    (self.kernel, self.recurrent_kernel, self.bias) = weights;
                }
            }

            #[track_caller]
            fn call(&self, inputs: &[crate::Var]) -> crate::Vars {
                $layer::call(self, inputs)
            }

            fn visit(&self, visitor: &mut crate::Visitor<'_>) {
                self.parts().visit(visitor);
            }
        }
    };
}
pub(super) use recurrent_layer;

/// The method for the activation of gates.
macro_rules! gate_arguments {
    ($layer:ident) => {
        impl $layer {
            /// σ, the activation of the gates; the sigmoid by default. One that looks at more than
            /// one number, such as softmax, is an error.
            pub fn recurrent_activation(mut self, activation: crate::Activation) -> $layer {
                self.settings.recurrent_activation = activation;
                self
            }
        }
    };
}
pub(super) use gate_arguments;

/// The methods for the arguments of layers over sequences.
macro_rules! sequence_arguments {
    ($layer:ident) => {
        impl $layer {
            /// A penalty on the output, added to the loss as a mean over the samples.
            pub fn activity_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.settings.activity_regularizer = Some(regularizer);
                self
            }

            /// Whether the outputs of all steps are returned, not only the last; no by default.
            pub fn return_sequences(mut self, return_sequences: bool) -> $layer {
                self.settings.return_sequences = return_sequences;
                self
            }

            /// Whether the states after the last step are returned after the output; no by default.
            pub fn return_state(mut self, return_state: bool) -> $layer {
                self.settings.return_state = return_state;
                self
            }

            /// Whether the steps are taken from the last to the first; no by default. The outputs
            /// come in the order in which the steps are taken.
            pub fn go_backwards(mut self, go_backwards: bool) -> $layer {
                self.settings.go_backwards = go_backwards;
                self
            }

            /// Whether the output of a masked step is 0, not the one before; no by default.
            pub fn zero_output_for_mask(mut self, zero_output_for_mask: bool) -> $layer {
                self.settings.zero_output_for_mask = zero_output_for_mask;
                self
            }
        }

        impl crate::layers::BothWays for $layer {
            fn both_ways(mut self) -> ($layer, $layer) {
                self.settings.zero_output_for_mask = self.settings.return_sequences;
                let way = |go_backwards| {
                    let mut layer = $layer::new(self.settings.units);
                    layer.settings = self.settings.clone();
                    layer.settings.go_backwards ^= go_backwards;
                    layer.use_bias(self.bias.is_some())
                };
                (way(false), way(true))
            }

            fn goes_backwards(&self) -> bool {
                self.settings.go_backwards
            }

            fn returns_sequences(&self) -> bool {
                self.settings.return_sequences
            }

            fn returns_state(&self) -> bool {
                self.settings.return_state
            }
        }
    };
}
pub(super) use sequence_arguments;

/// The impl of `RecurrentCell` for a cell: the op of the layer, whose entry in the catalogue is
/// given.
macro_rules! recurrent_cell {
    ($cell:ident, $layer:path, $step:expr) => {
        impl crate::RecurrentCell for $cell {
            #[track_caller]
            fn over(&self, inputs: &[crate::Var], over: crate::Over) -> crate::Vars {
                let settings = Settings {
                    return_sequences: over.return_sequences,
                    return_state: over.return_state,
                    go_backwards: over.go_backwards,
                    zero_output_for_mask: over.zero_output_for_mask,
                    ..self.settings.clone()
                };
                let parts = self.parts();
                // A mistake is the cell's, not that of the layer whose loop it takes.
                if let Err(error) = parts.accepts_steps(inputs) {
                    return crate::tape::fail_shape(error, inputs).into();
                }
                let run =
                    crate::layers::recurrent::Run { entry: &$layer, settings: &settings, ..parts };
                run.call(inputs, &|activation, recurrent| {
                    let step: fn(&$cell, _, _) -> _ = $step;
                    Box::new(step(self, activation, recurrent))
                })
            }
        }
    };
}
pub(super) use recurrent_cell;
