/// | value           | layer                | shape | parameters |
/// |-----------------|----------------------|-------|-----------:|
/// | `x`             | Input                | (32)  |            |
/// | `x`             | `Dense(units, relu)` | (64)  |      2 112 |
/// | `x`             | `Dense(units, relu)` | (32)  |      2 080 |
/// | `x`             | `Dense(units, act)`  | (16)  |        528 |
/// | `x`             | `Dense(units, act)`  | (32)  |        544 |
/// | `y`             | `Dense(units, act)`  | (32)  |      1 056 |
/// | `block_dense`   | `Dense(units)`       | (32)  |      1 056 |
/// | `y`             | `Dense(units, act)`  | (32)  |      1 056 |
/// | `block_1_dense` | `Dense(units)`       | (32)  |      1 056 |
/// | `output`        | `Dense(10)`          | (10)  |        330 |
/// | total           |                      |       |      9 818 |
pub struct Scopes {
    /// `Dense(units, relu)`: (32) → (64), 2 112 parameters
    pub dense: ::model_runtime::Dense,
    /// `Dense(units, relu)`: (64) → (32), 2 080 parameters
    pub dense_1: ::model_runtime::Dense,
    /// `Dense(units, act)`: (32) → (16), 528 parameters
    pub dense_2: ::model_runtime::Dense,
    /// `Dense(units, act)`: (16) → (32), 544 parameters
    pub dense_3: ::model_runtime::Dense,
    /// `Dense(units, act)`: (32) → (32), 1 056 parameters
    pub block_y: ::model_runtime::Dense,
    /// `Dense(units)`: (32) → (32), 1 056 parameters
    pub block_dense: ::model_runtime::Dense,
    /// `Dense(units, act)`: (32) → (32), 1 056 parameters
    pub block_1_y: ::model_runtime::Dense,
    /// `Dense(units)`: (32) → (32), 1 056 parameters
    pub block_1_dense: ::model_runtime::Dense,
    /// `Dense(10)`: (32) → (10), 330 parameters
    pub dense_4: ::model_runtime::Dense,
}
impl Scopes {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` (32) → `output` (10); the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = self.dense.call(x);
        scope.keep(&[x]);
        let x = self.dense_1.call(x);
        scope.keep(&[x]);
        let x = self.dense_2.call(x);
        scope.keep(&[x]);
        let x = self.dense_3.call(x);
        scope.keep(&[x]);
        let x = {
            let mut scope = ::model_runtime::private::Scope::new();
            let x = x;
            scope.keep(&[x]);
            let y = self.block_y.call(x);
            scope.keep(&[x, y]);
            (self.block_dense.call(y)) + (x)
        };
        scope.keep(&[x]);
        let x = {
            let mut scope = ::model_runtime::private::Scope::new();
            let x = x;
            scope.keep(&[x]);
            let y = self.block_1_y.call(x);
            scope.keep(&[x, y]);
            (self.block_1_dense.call(y)) + (x)
        };
        scope.keep(&[x]);
        self.dense_4.call(x)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Scopes {
            dense: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            dense_1: ::model_runtime::Dense::new(32)
                .activation(::model_runtime::Activation::Relu),
            dense_2: ::model_runtime::Dense::new(16)
                .activation(::model_runtime::Activation::Tanh),
            dense_3: ::model_runtime::Dense::new(32)
                .activation(::model_runtime::Activation::Relu),
            block_y: ::model_runtime::Dense::new(32)
                .activation(::model_runtime::Activation::Tanh),
            block_dense: ::model_runtime::Dense::new(32),
            block_1_y: ::model_runtime::Dense::new(32)
                .activation(::model_runtime::Activation::Relu),
            block_1_dense: ::model_runtime::Dense::new(32),
            dense_4: ::model_runtime::Dense::new(10),
        }
    }
}
impl ::model_runtime::Layer for Scopes {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[32])]);
        Layer::init(&mut self.dense_1, seed.child("dense_1"), &[Value::float(&[64])]);
        Layer::init(&mut self.dense_2, seed.child("dense_2"), &[Value::float(&[32])]);
        Layer::init(&mut self.dense_3, seed.child("dense_3"), &[Value::float(&[16])]);
        Layer::init(&mut self.block_y, seed.child("block_y"), &[Value::float(&[32])]);
        Layer::init(
            &mut self.block_dense,
            seed.child("block_dense"),
            &[Value::float(&[32])],
        );
        Layer::init(
            &mut self.block_1_y,
            seed.child("block_1_y"),
            &[Value::float(&[32])],
        );
        Layer::init(
            &mut self.block_1_dense,
            seed.child("block_1_dense"),
            &[Value::float(&[32])],
        );
        Layer::init(&mut self.dense_4, seed.child("dense_4"), &[Value::float(&[32])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Scopes", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
        visitor.child("dense_1", &self.dense_1);
        visitor.child("dense_2", &self.dense_2);
        visitor.child("dense_3", &self.dense_3);
        visitor.child("block_y", &self.block_y);
        visitor.child("block_dense", &self.block_dense);
        visitor.child("block_1_y", &self.block_1_y);
        visitor.child("block_1_dense", &self.block_1_dense);
        visitor.child("dense_4", &self.dense_4);
    }
}
impl ::core::default::Default for Scopes {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Scopes {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Scopes {
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
impl ::model_runtime::Share for Scopes {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Scopes {
            dense: Share::copy_with(&self.dense, copier),
            dense_1: Share::copy_with(&self.dense_1, copier),
            dense_2: Share::copy_with(&self.dense_2, copier),
            dense_3: Share::copy_with(&self.dense_3, copier),
            block_y: Share::copy_with(&self.block_y, copier),
            block_dense: Share::copy_with(&self.block_dense, copier),
            block_1_y: Share::copy_with(&self.block_1_y, copier),
            block_1_dense: Share::copy_with(&self.block_1_dense, copier),
            dense_4: Share::copy_with(&self.dense_4, copier),
        }
    }
}
impl Scopes {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Scopes",
            inputs: &[port("x", Value::float(&[32]), Input(0))],
            outputs: &[port("output", Value::float(&[10]), Call(10, 0))],
            calls: &[
                layer("dense", "Dense", Some(2112), &[Input(0)], &[Value::float(&[64])]),
                layer(
                    "dense_1",
                    "Dense",
                    Some(2080),
                    &[Call(0, 0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "dense_2",
                    "Dense",
                    Some(528),
                    &[Call(1, 0)],
                    &[Value::float(&[16])],
                ),
                layer(
                    "dense_3",
                    "Dense",
                    Some(544),
                    &[Call(2, 0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "block_y",
                    "Dense",
                    Some(1056),
                    &[Call(3, 0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "block_dense",
                    "Dense",
                    Some(1056),
                    &[Call(4, 0)],
                    &[Value::float(&[32])],
                ),
                function("add", &[Call(5, 0), Call(3, 0)], &[Value::float(&[32])]),
                layer(
                    "block_1_y",
                    "Dense",
                    Some(1056),
                    &[Call(6, 0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "block_1_dense",
                    "Dense",
                    Some(1056),
                    &[Call(7, 0)],
                    &[Value::float(&[32])],
                ),
                function("add", &[Call(8, 0), Call(6, 0)], &[Value::float(&[32])]),
                layer(
                    "dense_4",
                    "Dense",
                    Some(330),
                    &[Call(9, 0)],
                    &[Value::float(&[10])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Scopes {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Scopes",
            &["x"],
            &[::model_runtime::Value::float(&[32])],
            inputs,
            &[::model_runtime::Value::float(&[10])],
        )
    }
}
