/// Compares two words.
///
/// | value     | layer                   | shape            | parameters |
/// |-----------|-------------------------|------------------|-----------:|
/// | `left`    | Input                   | (10, 8)          |            |
/// | `right`   | Input                   | (10, 8)          |            |
/// | `shared`  | `Container(\|a, b\| …)` | (10, 4), (10, 4) |         96 |
/// | `shared`  | `shared`                | (10, 4), (10, 4) |     shared |
/// | `flatten` | `Flatten()`             | (40)             |          0 |
/// | `output`  | `Dense(1, sigmoid)`     | (1)              |         41 |
/// | total     |                         |                  |        137 |
pub struct Pair {
    /// What both sides have in common.
    ///
    /// `Container(|a, b| …)`: (10, 8), (10, 8) → (10, 4), (10, 4), 96 parameters; called in lines 18 and 19
    pub shared: PairShared,
    /// `Dense(1, sigmoid)`: (40) → (1), 41 parameters
    pub dense: ::model_runtime::Dense,
    /// `Flatten()`: (10, 4) → (40), no parameters
    pub flatten: ::model_runtime::Flatten,
}
/// One `T` for each input of [`Pair`].
pub struct PairInputs<T, T1 = T> {
    /// The input `left`, (10, 8).
    pub left: T,
    /// The input `right`, (10, 8).
    pub right: T1,
}
impl Pair {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `left` (10, 8), `right` (10, 8) → `output` (1); the sample axis stands before these.
    pub fn call(
        &self,
        PairInputs { left, right }: PairInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let [x, y] = ::model_runtime::Layer::call(&self.shared, &[left, right]).array();
        scope.keep(&[left, right, x, y]);
        let [z, _] = ::model_runtime::Layer::call(&self.shared, &[right, left]).array();
        scope.keep(&[x, y, z]);
        self.dense.call(self.flatten.call((x) + (y) + (z)))
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Pair {
            shared: PairShared::unset(),
            dense: ::model_runtime::Dense::new(1)
                .activation(::model_runtime::Activation::Sigmoid),
            flatten: ::model_runtime::Flatten::new(),
        }
    }
}
impl ::model_runtime::Layer for Pair {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(
            &mut self.shared,
            seed.child("shared"),
            &[Value::float(&[10, 8]), Value::float(&[10, 8])],
        );
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[40])]);
        Layer::init(&mut self.flatten, seed.child("flatten"), &[Value::float(&[10, 4])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [left, right] = ::model_runtime::private::inputs("Pair", inputs);
        let outputs = self.call(PairInputs { left, right });
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("shared", &self.shared);
        visitor.child("dense", &self.dense);
        visitor.child("flatten", &self.flatten);
    }
}
impl ::core::default::Default for Pair {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Pair {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Pair {
    type Inputs<T> = PairInputs<T>;
    type Outputs<T> = T;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs.left, inputs.right]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        ::core::option::Option::Some(PairInputs {
            left: inputs.next()?,
            right: inputs.next()?,
        })
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
impl ::model_runtime::Share for Pair
where
    for<'a> PairShared: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Pair {
            shared: Share::copy_with(&self.shared, copier),
            dense: Share::copy_with(&self.dense, copier),
            flatten: Share::copy_with(&self.flatten, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for PairInputs<T, T1> {
    fn clone(&self) -> Self {
        PairInputs {
            left: ::core::clone::Clone::clone(&self.left),
            right: ::core::clone::Clone::clone(&self.right),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for PairInputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for PairInputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("PairInputs")
            .field("left", &self.left)
            .field("right", &self.right)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<PairInputs<G>> for PairInputs<T, T1> {
    fn into_ports(self) -> PairInputs<G> {
        PairInputs {
            left: ::model_runtime::IntoPorts::into_ports(self.left),
            right: ::model_runtime::IntoPorts::into_ports(self.right),
        }
    }
}
impl Pair {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Pair",
            inputs: &[
                port("left", Value::float(&[10, 8]), Input(0)),
                port("right", Value::float(&[10, 8]), Input(1)),
            ],
            outputs: &[port("output", Value::float(&[1]), Call(5, 0))],
            calls: &[
                model(
                    "shared",
                    "Container",
                    &PairShared::GRAPH,
                    &[Input(0), Input(1)],
                    &[Value::float(&[10, 4]), Value::float(&[10, 4])],
                ),
                model(
                    "shared",
                    "Container",
                    &PairShared::GRAPH,
                    &[Input(1), Input(0)],
                    &[Value::float(&[10, 4]), Value::float(&[10, 4])],
                ),
                function("add", &[Call(0, 0), Call(0, 1)], &[Value::float(&[10, 4])]),
                function("add", &[Call(2, 0), Call(1, 0)], &[Value::float(&[10, 4])]),
                layer(
                    "flatten",
                    "Flatten",
                    Some(0),
                    &[Call(3, 0)],
                    &[Value::float(&[40])],
                ),
                layer("dense", "Dense", Some(41), &[Call(4, 0)], &[Value::float(&[1])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Pair {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Pair",
            &["left", "right"],
            &[
                ::model_runtime::Value::float(&[10, 8]),
                ::model_runtime::Value::float(&[10, 8]),
            ],
            inputs,
            &[::model_runtime::Value::float(&[1])],
        )
    }
}
/// The container `shared` of [`Pair`].
///
/// | value    | layer                | shape   | parameters |
/// |----------|----------------------|---------|-----------:|
/// | `a`      | Input                | (10, 8) |            |
/// | `b`      | Input                | (10, 8) |            |
/// | `dense`  | `Dense(4, relu)`     | (10, 4) |         36 |
/// | `dense`  | `dense`              | (10, 4) |     shared |
/// | `x`      | `Dense(4)`           | (10, 4) |         20 |
/// | `x`      | `Dense(4)`           | (10, 4) |         20 |
/// | `scaled` | `Container(\|v\| …)` | (10, 4) |         20 |
/// | total    |                      |         |         96 |
pub struct PairShared {
    /// `Dense(4, relu)`: (10, 8) → (10, 4), 36 parameters; called 2 times in line 8
    pub dense: ::model_runtime::Dense,
    /// `Dense(4)`: (10, 4) → (10, 4), 20 parameters
    pub dense_1: ::model_runtime::Dense,
    /// `Dense(4)`: (10, 4) → (10, 4), 20 parameters
    pub dense_2: ::model_runtime::Dense,
    /// `Container(|v| …)`: (10, 4) → (10, 4), 20 parameters
    pub scaled: PairSharedScaled,
}
/// One `T` for each input of [`PairShared`].
pub struct PairSharedInputs<T, T1 = T> {
    /// The input `a`, (10, 8).
    pub a: T,
    /// The input `b`, (10, 8).
    pub b: T1,
}
/// One `T` for each output of [`PairShared`].
pub struct PairSharedOutputs<T, T1 = T> {
    /// The output `x`, (10, 4).
    pub x: T,
    /// The output `scaled`, (10, 4).
    pub scaled: T1,
}
impl PairShared {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `a` (10, 8), `b` (10, 8) → `x` (10, 4), `scaled` (10, 4); the sample axis stands before these.
    pub fn call(
        &self,
        PairSharedInputs { a, b }: PairSharedInputs<::model_runtime::Var>,
    ) -> PairSharedOutputs<::model_runtime::Var> {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = (self.dense.call(a)) + (self.dense.call(b));
        scope.keep(&[x]);
        let x = self.dense_1.call(x);
        scope.keep(&[x]);
        let x = self.dense_2.call(x);
        scope.keep(&[x]);
        let scaled = ::model_runtime::Layer::call(&self.scaled, &[x]).one();
        scope.keep(&[scaled, x]);
        PairSharedOutputs {
            x: x,
            scaled: scaled,
        }
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        PairShared {
            dense: ::model_runtime::Dense::new(4)
                .activation(::model_runtime::Activation::Relu),
            dense_1: ::model_runtime::Dense::new(4),
            dense_2: ::model_runtime::Dense::new(4),
            scaled: PairSharedScaled::unset(),
        }
    }
}
impl ::model_runtime::Layer for PairShared {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[10, 8])]);
        Layer::init(&mut self.dense_1, seed.child("dense_1"), &[Value::float(&[10, 4])]);
        Layer::init(&mut self.dense_2, seed.child("dense_2"), &[Value::float(&[10, 4])]);
        Layer::init(&mut self.scaled, seed.child("scaled"), &[Value::float(&[10, 4])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [a, b] = ::model_runtime::private::inputs("PairShared", inputs);
        let outputs = self.call(PairSharedInputs { a, b });
        ::core::convert::Into::into([outputs.x, outputs.scaled])
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
        visitor.child("dense_1", &self.dense_1);
        visitor.child("dense_2", &self.dense_2);
        visitor.child("scaled", &self.scaled);
    }
}
impl ::core::default::Default for PairShared {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for PairShared {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for PairShared {
    type Inputs<T> = PairSharedInputs<T>;
    type Outputs<T> = PairSharedOutputs<T>;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs.a, inputs.b]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs.x, outputs.scaled]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        ::core::option::Option::Some(PairSharedInputs {
            a: inputs.next()?,
            b: inputs.next()?,
        })
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(PairSharedOutputs {
            x: outputs.next()?,
            scaled: outputs.next()?,
        })
    }
}
impl ::model_runtime::Share for PairShared
where
    for<'a> PairSharedScaled: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        PairShared {
            dense: Share::copy_with(&self.dense, copier),
            dense_1: Share::copy_with(&self.dense_1, copier),
            dense_2: Share::copy_with(&self.dense_2, copier),
            scaled: Share::copy_with(&self.scaled, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for PairSharedInputs<T, T1> {
    fn clone(&self) -> Self {
        PairSharedInputs {
            a: ::core::clone::Clone::clone(&self.a),
            b: ::core::clone::Clone::clone(&self.b),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for PairSharedInputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for PairSharedInputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("PairSharedInputs")
            .field("a", &self.a)
            .field("b", &self.b)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<PairSharedInputs<G>> for PairSharedInputs<T, T1> {
    fn into_ports(self) -> PairSharedInputs<G> {
        PairSharedInputs {
            a: ::model_runtime::IntoPorts::into_ports(self.a),
            b: ::model_runtime::IntoPorts::into_ports(self.b),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for PairSharedOutputs<T, T1> {
    fn clone(&self) -> Self {
        PairSharedOutputs {
            x: ::core::clone::Clone::clone(&self.x),
            scaled: ::core::clone::Clone::clone(&self.scaled),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for PairSharedOutputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for PairSharedOutputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("PairSharedOutputs")
            .field("x", &self.x)
            .field("scaled", &self.scaled)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<PairSharedOutputs<G>> for PairSharedOutputs<T, T1> {
    fn into_ports(self) -> PairSharedOutputs<G> {
        PairSharedOutputs {
            x: ::model_runtime::IntoPorts::into_ports(self.x),
            scaled: ::model_runtime::IntoPorts::into_ports(self.scaled),
        }
    }
}
impl PairShared {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "PairShared",
            inputs: &[
                port("a", Value::float(&[10, 8]), Input(0)),
                port("b", Value::float(&[10, 8]), Input(1)),
            ],
            outputs: &[
                port("x", Value::float(&[10, 4]), Call(4, 0)),
                port("scaled", Value::float(&[10, 4]), Call(5, 0)),
            ],
            calls: &[
                layer(
                    "dense",
                    "Dense",
                    Some(36),
                    &[Input(0)],
                    &[Value::float(&[10, 4])],
                ),
                layer(
                    "dense",
                    "Dense",
                    Some(36),
                    &[Input(1)],
                    &[Value::float(&[10, 4])],
                ),
                function("add", &[Call(0, 0), Call(1, 0)], &[Value::float(&[10, 4])]),
                layer(
                    "dense_1",
                    "Dense",
                    Some(20),
                    &[Call(2, 0)],
                    &[Value::float(&[10, 4])],
                ),
                layer(
                    "dense_2",
                    "Dense",
                    Some(20),
                    &[Call(3, 0)],
                    &[Value::float(&[10, 4])],
                ),
                model(
                    "scaled",
                    "Container",
                    &PairSharedScaled::GRAPH,
                    &[Call(4, 0)],
                    &[Value::float(&[10, 4])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl PairShared {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "PairShared",
            &["a", "b"],
            &[
                ::model_runtime::Value::float(&[10, 8]),
                ::model_runtime::Value::float(&[10, 8]),
            ],
            inputs,
            &[
                ::model_runtime::Value::float(&[10, 4]),
                ::model_runtime::Value::float(&[10, 4]),
            ],
        )
    }
}
/// The container `scaled` of [`PairShared`].
///
/// | value | layer      | shape   | parameters |
/// |-------|------------|---------|-----------:|
/// | `v`   | Input      | (10, 4) |            |
/// | `v`   | `Dense(4)` | (10, 4) |         20 |
/// | total |            |         |         20 |
pub struct PairSharedScaled {
    /// `Dense(4)`: (10, 4) → (10, 4), 20 parameters
    pub v: ::model_runtime::Dense,
}
impl PairSharedScaled {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `v` (10, 4) → `output` (10, 4); the sample axis stands before these.
    pub fn call(&self, v: ::model_runtime::Var) -> ::model_runtime::Var {
        let v = self.v.call(v);
        v * 2
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        PairSharedScaled {
            v: ::model_runtime::Dense::new(4),
        }
    }
}
impl ::model_runtime::Layer for PairSharedScaled {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.v, seed.child("v"), &[Value::float(&[10, 4])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [v] = ::model_runtime::private::inputs("PairSharedScaled", inputs);
        let outputs = self.call(v);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("v", &self.v);
    }
}
impl ::core::default::Default for PairSharedScaled {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for PairSharedScaled {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for PairSharedScaled {
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
impl ::model_runtime::Share for PairSharedScaled {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        PairSharedScaled {
            v: Share::copy_with(&self.v, copier),
        }
    }
}
impl PairSharedScaled {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "PairSharedScaled",
            inputs: &[port("v", Value::float(&[10, 4]), Input(0))],
            outputs: &[port("output", Value::float(&[10, 4]), Call(1, 0))],
            calls: &[
                layer("v", "Dense", Some(20), &[Input(0)], &[Value::float(&[10, 4])]),
                function("multiply", &[Call(0, 0)], &[Value::float(&[10, 4])]),
            ],
        }
    };
}
#[doc(hidden)]
impl PairSharedScaled {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "PairSharedScaled",
            &["v"],
            &[::model_runtime::Value::float(&[10, 4])],
            inputs,
            &[::model_runtime::Value::float(&[10, 4])],
        )
    }
}
