/// Classifies digits.
///
/// | value         | layer                                      | shape | parameters |
/// |---------------|--------------------------------------------|-------|-----------:|
/// | `inputs`      | Input                                      | (784) |            |
/// | `x`           | `Dense(64, relu)`                          | (64)  |     50 240 |
/// | `x`           | `Dropout(0.5)`                             | (64)  |          0 |
/// | `x`           | `Dense(64, activation = relu, kernel_reg…` | (64)  |      4 160 |
/// | `predictions` | `Dense(10, softmax)`                       | (10)  |        650 |
/// | total         |                                            |       |     55 050 |
pub struct Classifier {
    /// `Dense(64, relu)`: (784) → (64), 50 240 parameters
    pub dense: ::model_runtime::Dense,
    /// `Dropout(0.5)`: (64) → (64), no parameters
    pub dropout: ::model_runtime::Dropout,
    /// `Dense(64, activation = relu, kernel_reg…`: (64) → (64), 4 160 parameters
    pub dense_1: ::model_runtime::Dense,
    /// `Dense(10, softmax)`: (64) → (10), 650 parameters
    pub predictions: ::model_runtime::Dense,
}
impl Classifier {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `inputs` (784) → `predictions` (10); the sample axis stands before these.
    pub fn call(&self, inputs: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = self.dense.call(inputs);
        scope.keep(&[x]);
        let x = self.dropout.call(x);
        scope.keep(&[x]);
        let x = self.dense_1.call(x);
        scope.keep(&[x]);
        let predictions = self.predictions.call(x);
        scope.keep(&[predictions]);
        predictions
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Classifier {
            dense: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            dropout: ::model_runtime::Dropout::new(0.5),
            dense_1: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu)
                .kernel_regularizer(::model_runtime::Regularizer::L2(1e-4)),
            predictions: ::model_runtime::Dense::new(10)
                .activation(::model_runtime::Activation::Softmax),
        }
    }
}
impl ::model_runtime::Layer for Classifier {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[784])]);
        Layer::init(&mut self.dropout, seed.child("dropout"), &[Value::float(&[64])]);
        Layer::init(&mut self.dense_1, seed.child("dense_1"), &[Value::float(&[64])]);
        Layer::init(
            &mut self.predictions,
            seed.child("predictions"),
            &[Value::float(&[64])],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [inputs] = ::model_runtime::private::inputs("Classifier", inputs);
        let outputs = self.call(inputs);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
        visitor.child("dropout", &self.dropout);
        visitor.child("dense_1", &self.dense_1);
        visitor.child("predictions", &self.predictions);
    }
}
impl ::core::default::Default for Classifier {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Classifier {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Classifier {
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
impl ::model_runtime::Share for Classifier {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Classifier {
            dense: Share::copy_with(&self.dense, copier),
            dropout: Share::copy_with(&self.dropout, copier),
            dense_1: Share::copy_with(&self.dense_1, copier),
            predictions: Share::copy_with(&self.predictions, copier),
        }
    }
}
impl Classifier {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Classifier",
            inputs: &[port("inputs", Value::float(&[784]), Input(0))],
            outputs: &[port("predictions", Value::float(&[10]), Call(3, 0))],
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
                    "dense_1",
                    "Dense",
                    Some(4160),
                    &[Call(1, 0)],
                    &[Value::float(&[64])],
                ),
                layer(
                    "predictions",
                    "Dense",
                    Some(650),
                    &[Call(2, 0)],
                    &[Value::float(&[10])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Classifier {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Classifier",
            &["inputs"],
            &[::model_runtime::Value::float(&[784])],
            inputs,
            &[::model_runtime::Value::float(&[10])],
        )
    }
}
