fn expression() -> impl ::model_runtime::Model {
    {
        /// | value         | layer                      | shape | parameters |
        /// |---------------|----------------------------|-------|-----------:|
        /// | `inputs`      | Input                      | (784) |            |
        /// | `x`           | `Dense(64, relu)`          | (64)  |     50 240 |
        /// | `x`           | `Dropout(rate)`            | (64)  |          0 |
        /// | `x`           | `Lambda(\|x\| x * factor)` | (64)  |          0 |
        /// | `predictions` | `Dense(10, softmax)`       | (10)  |        650 |
        /// | total         |                            |       |     50 890 |
        struct AnonymousModel {
            /// `Dense(64, relu)`: (784) → (64), 50 240 parameters
            pub dense: ::model_runtime::Dense,
            /// `Dropout(rate)`: (64) → (64), no parameters
            pub dropout: ::model_runtime::Dropout,
            /// `Lambda(|x| x * factor)`: (64) → (64), no parameters
            pub lambda: ::model_runtime::Lambda,
            /// `Dense(10, softmax)`: (64) → (10), 650 parameters
            pub predictions: ::model_runtime::Dense,
            /// A number from around the model.
            pub captured_0: ::model_runtime::Float,
        }
        impl AnonymousModel {
            /// `inputs` (784) → `predictions` (10); the sample axis stands before these.
            fn call(&self, inputs: ::model_runtime::Var) -> ::model_runtime::Var {
                let mut scope = ::model_runtime::private::Scope::new();
                let x = self.dense.call(inputs);
                scope.keep(&[x]);
                let x = self.dropout.call(x);
                scope.keep(&[x]);
                let x = self.lambda.call(&[x]);
                scope.keep(&[x]);
                let predictions = self.predictions.call(x * self.captured_0);
                scope.keep(&[predictions]);
                predictions
            }
        }
        impl ::model_runtime::Layer for AnonymousModel {
            fn init(
                &mut self,
                seed: ::model_runtime::Seed,
                _inputs: &[::model_runtime::Value],
            ) {
                use ::model_runtime::private::short::*;
                Layer::init(
                    &mut self.dense,
                    seed.child("dense"),
                    &[Value::float(&[784])],
                );
                Layer::init(
                    &mut self.dropout,
                    seed.child("dropout"),
                    &[Value::float(&[64])],
                );
                Layer::init(
                    &mut self.lambda,
                    seed.child("lambda"),
                    &[Value::float(&[64])],
                );
                Layer::init(
                    &mut self.predictions,
                    seed.child("predictions"),
                    &[Value::float(&[64])],
                );
            }
            fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
                let [inputs] = ::model_runtime::private::inputs(
                    "AnonymousModel",
                    inputs,
                );
                let outputs = self.call(inputs);
                ::core::convert::Into::into(outputs)
            }
            fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
                visitor.child("dense", &self.dense);
                visitor.child("dropout", &self.dropout);
                visitor.child("lambda", &self.lambda);
                visitor.child("predictions", &self.predictions);
            }
        }
        impl ::model_runtime::Model for AnonymousModel {
            fn graph(&self) -> &'static ::model_runtime::Graph {
                &Self::GRAPH
            }
        }
        impl ::model_runtime::Functional for AnonymousModel {
            type Inputs<T> = T;
            type Outputs<T> = T;
            fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
                ::std::vec![inputs]
            }
            fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
                ::std::vec![outputs]
            }
            fn inputs_from_iter<T>(
                mut inputs: impl ::core::iter::Iterator<Item = T>,
            ) -> ::core::option::Option<Self::Inputs<T>> {
                inputs.next()
            }
            fn outputs_from_iter<T>(
                mut outputs: impl ::core::iter::Iterator<Item = T>,
            ) -> ::core::option::Option<Self::Outputs<T>> {
                outputs.next()
            }
        }
        impl ::model_runtime::Share for AnonymousModel {
            fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
                use ::model_runtime::private::short::*;
                AnonymousModel {
                    dense: Share::copy_with(&self.dense, copier),
                    dropout: Share::copy_with(&self.dropout, copier),
                    lambda: Share::copy_with(&self.lambda, copier),
                    predictions: Share::copy_with(&self.predictions, copier),
                    captured_0: self.captured_0,
                }
            }
        }
        impl AnonymousModel {
            /// The graph as plain data.
            const GRAPH: ::model_runtime::Graph = {
                use ::model_runtime::private::short::*;
                Graph {
                    name: "AnonymousModel",
                    inputs: &[port("inputs", Value::float(&[784]), Input(0))],
                    outputs: &[port("predictions", Value::float(&[10]), Call(4, 0))],
                    calls: &[
                        layer(
                            "dense",
                            "Dense",
                            Some(50240),
                            &[Input(0)],
                            &[Value::float(&[64])],
                        ),
                        layer(
                            "dropout",
                            "Dropout",
                            Some(0),
                            &[Call(0, 0)],
                            &[Value::float(&[64])],
                        ),
                        layer(
                            "lambda",
                            "Lambda",
                            Some(0),
                            &[Call(1, 0)],
                            &[Value::float(&[64])],
                        ),
                        function("multiply", &[Call(2, 0)], &[Value::float(&[64])]),
                        layer(
                            "predictions",
                            "Dense",
                            Some(650),
                            &[Call(3, 0)],
                            &[Value::float(&[10])],
                        ),
                    ],
                }
            };
        }
        let mut model: AnonymousModel = AnonymousModel {
            dense: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            dropout: ::model_runtime::Dropout::new((rate) as ::model_runtime::Float),
            lambda: ::model_runtime::Lambda::new(move |x: ::model_runtime::Var| {
                x * factor
            }),
            predictions: ::model_runtime::Dense::new(10)
                .activation(::model_runtime::Activation::Softmax),
            captured_0: ({ factor } as ::model_runtime::Float),
        };
        ::model_runtime::Model::reset(&mut model, 0);
        model
    }
}
