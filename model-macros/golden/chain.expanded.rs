/// | value             | layer             | shape       | parameters |
/// |-------------------|-------------------|-------------|-----------:|
/// | `image`           | Input             | (28, 28, 1) |            |
/// | `flatten`         | `Flatten()`       | (784)       |          0 |
/// | `dense`           | `Dense(64, relu)` | (64)        |     50 240 |
/// | `dropout`         | `Dropout(0.2)`    | (64)        |          0 |
/// | `encoder_dense`   | `Dense(32, relu)` | (32)        |      2 080 |
/// | `encoder_dense_1` | `Dense(8)`        | (8)         |        264 |
/// | `encoder_dense`   | `encoder_dense`   | (32)        |     shared |
/// | `encoder_dense_1` | `encoder_dense_1` | (8)         |     shared |
/// | total             |                   |             |     52 584 |
pub struct Chain {
    /// `Flatten()`: (28, 28, 1) → (784), no parameters
    pub flatten: ::model_runtime::Flatten,
    /// `Dense(64, relu)`: (784) → (64), 50 240 parameters
    pub dense: ::model_runtime::Dense,
    /// `Dropout(0.2)`: (64) → (64), no parameters
    pub dropout: ::model_runtime::Dropout,
    /// `Dense(32, relu)`: (64) → (32), 2 080 parameters; called in lines 5 and 6
    pub encoder_dense: ::model_runtime::Dense,
    /// `Dense(8)`: (32) → (8), 264 parameters; called in lines 5 and 6
    pub encoder_dense_1: ::model_runtime::Dense,
}
impl Chain {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `image` (28, 28, 1) → `output` (8); the sample axis stands before these.
    pub fn call(&self, image: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = self.dropout.call(self.dense.call(self.flatten.call(image)));
        scope.keep(&[x]);
        let y = self.encoder_dense_1.call(self.encoder_dense.call(x));
        scope.keep(&[x, y]);
        let z = self.encoder_dense_1.call(self.encoder_dense.call(x * 2));
        scope.keep(&[y, z]);
        (y) - (z)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Chain {
            flatten: ::model_runtime::Flatten::new(),
            dense: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            dropout: ::model_runtime::Dropout::new(0.2),
            encoder_dense: ::model_runtime::Dense::new(32)
                .activation(::model_runtime::Activation::Relu),
            encoder_dense_1: ::model_runtime::Dense::new(8),
        }
    }
}
impl ::model_runtime::Layer for Chain {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(
            &mut self.flatten,
            seed.child("flatten"),
            &[Value::float(&[28, 28, 1])],
        );
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[784])]);
        Layer::init(&mut self.dropout, seed.child("dropout"), &[Value::float(&[64])]);
        Layer::init(
            &mut self.encoder_dense,
            seed.child("encoder_dense"),
            &[Value::float(&[64])],
        );
        Layer::init(
            &mut self.encoder_dense_1,
            seed.child("encoder_dense_1"),
            &[Value::float(&[32])],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [image] = ::model_runtime::private::inputs("Chain", inputs);
        let outputs = self.call(image);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("flatten", &self.flatten);
        visitor.child("dense", &self.dense);
        visitor.child("dropout", &self.dropout);
        visitor.child("encoder_dense", &self.encoder_dense);
        visitor.child("encoder_dense_1", &self.encoder_dense_1);
    }
}
impl ::core::default::Default for Chain {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Chain {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Chain {
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
impl ::model_runtime::Share for Chain {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Chain {
            flatten: Share::copy_with(&self.flatten, copier),
            dense: Share::copy_with(&self.dense, copier),
            dropout: Share::copy_with(&self.dropout, copier),
            encoder_dense: Share::copy_with(&self.encoder_dense, copier),
            encoder_dense_1: Share::copy_with(&self.encoder_dense_1, copier),
        }
    }
}
impl Chain {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Chain",
            inputs: &[port("image", Value::float(&[28, 28, 1]), Input(0))],
            outputs: &[port("output", Value::float(&[8]), Call(8, 0))],
            calls: &[
                layer(
                    "flatten",
                    "Flatten",
                    Some(0),
                    &[Input(0)],
                    &[Value::float(&[784])],
                ),
                layer(
                    "dense",
                    "Dense",
                    Some(50240),
                    &[Call(0, 0)],
                    &[Value::float(&[64])],
                ),
                layer(
                    "dropout",
                    "Dropout",
                    Some(0),
                    &[Call(1, 0)],
                    &[Value::float(&[64])],
                ),
                layer(
                    "encoder_dense",
                    "Dense",
                    Some(2080),
                    &[Call(2, 0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "encoder_dense_1",
                    "Dense",
                    Some(264),
                    &[Call(3, 0)],
                    &[Value::float(&[8])],
                ),
                function("multiply", &[Call(2, 0)], &[Value::float(&[64])]),
                layer(
                    "encoder_dense",
                    "Dense",
                    Some(2080),
                    &[Call(5, 0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "encoder_dense_1",
                    "Dense",
                    Some(264),
                    &[Call(6, 0)],
                    &[Value::float(&[8])],
                ),
                function("subtract", &[Call(4, 0), Call(7, 0)], &[Value::float(&[8])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Chain {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Chain",
            &["image"],
            &[::model_runtime::Value::float(&[28, 28, 1])],
            inputs,
            &[::model_runtime::Value::float(&[8])],
        )
    }
}
