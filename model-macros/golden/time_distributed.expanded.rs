/// Looks at each picture of a film.
///
/// | value    | layer                                        | shape        | parameters |
/// |----------|----------------------------------------------|--------------|-----------:|
/// | `frames` | Input                                        | (5, 8, 8, 1) |            |
/// | `first`  | `TimeDistributed([Conv2D(4, 3, activatio…`   | (5, 3)       |        475 |
/// | `second` | `look`                                       | (5, 3)       |     shared |
/// | `gated`  | `TimeDistributed(Container(\|v\| { v * Den…` | (5, 3)       |         12 |
/// | total    |                                              |              |        487 |
pub struct Film {
    /// `TimeDistributed([Conv2D(4, 3, activatio…`: (5, 8, 8, 1) → (5, 3), 475 parameters; called in lines 5 and 6
    pub look: ::model_runtime::TimeDistributed<FilmLook>,
    /// `TimeDistributed(Container(|v| { v * Den…`: (5, 3) → (5, 3), 12 parameters
    pub gated: ::model_runtime::TimeDistributed<FilmGated>,
}
impl Film {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `frames` (5, 8, 8, 1) → `gated` (5, 3); the sample axis stands before these.
    pub fn call(&self, frames: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let first = self.look.call(frames);
        scope.keep(&[first, frames]);
        let second = self.look.call(frames * 2);
        scope.keep(&[first, second]);
        let gated = self.gated.call((first) + (second));
        scope.keep(&[gated]);
        gated
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Film {
            look: ::model_runtime::TimeDistributed::new(FilmLook::unset()),
            gated: ::model_runtime::TimeDistributed::new(FilmGated::unset()),
        }
    }
}
impl ::model_runtime::Layer for Film {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.look, seed.child("look"), &[Value::float(&[5, 8, 8, 1])]);
        Layer::init(&mut self.gated, seed.child("gated"), &[Value::float(&[5, 3])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [frames] = ::model_runtime::private::inputs("Film", inputs);
        let outputs = self.call(frames);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("look", &self.look);
        visitor.child("gated", &self.gated);
    }
}
impl ::core::default::Default for Film {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Film {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Film {
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
impl ::model_runtime::Share for Film
where
    for<'a> ::model_runtime::TimeDistributed<FilmLook>: ::model_runtime::Share,
    for<'a> ::model_runtime::TimeDistributed<FilmGated>: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Film {
            look: Share::copy_with(&self.look, copier),
            gated: Share::copy_with(&self.gated, copier),
        }
    }
}
impl Film {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Film",
            inputs: &[port("frames", Value::float(&[5, 8, 8, 1]), Input(0))],
            outputs: &[port("gated", Value::float(&[5, 3]), Call(4, 0))],
            calls: &[
                layer(
                    "look",
                    "TimeDistributed",
                    Some(475),
                    &[Input(0)],
                    &[Value::float(&[5, 3])],
                ),
                function("multiply", &[Input(0)], &[Value::float(&[5, 8, 8, 1])]),
                layer(
                    "look",
                    "TimeDistributed",
                    Some(475),
                    &[Call(1, 0)],
                    &[Value::float(&[5, 3])],
                ),
                function("add", &[Call(0, 0), Call(2, 0)], &[Value::float(&[5, 3])]),
                layer(
                    "gated",
                    "TimeDistributed",
                    Some(12),
                    &[Call(3, 0)],
                    &[Value::float(&[5, 3])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Film {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Film",
            &["frames"],
            &[::model_runtime::Value::float(&[5, 8, 8, 1])],
            inputs,
            &[::model_runtime::Value::float(&[5, 3])],
        )
    }
}
/// The layer inside of `look` of [`Film`].
///
/// | value     | layer                             | shape     | parameters |
/// |-----------|-----------------------------------|-----------|-----------:|
/// | `inputs`  | Input                             | (8, 8, 1) |            |
/// | `conv2d`  | `Conv2D(4, 3, activation = relu)` | (6, 6, 4) |         40 |
/// | `flatten` | `Flatten()`                       | (144)     |          0 |
/// | `dense`   | `Dense(3)`                        | (3)       |        435 |
/// | total     |                                   |           |        475 |
pub struct FilmLook {
    /// `Conv2D(4, 3, activation = relu)`: (8, 8, 1) → (6, 6, 4), 40 parameters
    pub conv2d: ::model_runtime::Conv2D,
    /// `Flatten()`: (6, 6, 4) → (144), no parameters
    pub flatten: ::model_runtime::Flatten,
    /// `Dense(3)`: (144) → (3), 435 parameters
    pub dense: ::model_runtime::Dense,
}
impl FilmLook {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `inputs` (8, 8, 1) → `output` (3); the sample axis stands before these.
    pub fn call(&self, inputs: ::model_runtime::Var) -> ::model_runtime::Var {
        self.dense.call(self.flatten.call(self.conv2d.call(inputs)))
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        FilmLook {
            conv2d: ::model_runtime::Conv2D::new(4, &[3])
                .activation(::model_runtime::Activation::Relu),
            flatten: ::model_runtime::Flatten::new(),
            dense: ::model_runtime::Dense::new(3),
        }
    }
}
impl ::model_runtime::Layer for FilmLook {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.conv2d, seed.child("conv2d"), &[Value::float(&[8, 8, 1])]);
        Layer::init(
            &mut self.flatten,
            seed.child("flatten"),
            &[Value::float(&[6, 6, 4])],
        );
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[144])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [inputs] = ::model_runtime::private::inputs("FilmLook", inputs);
        let outputs = self.call(inputs);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("conv2d", &self.conv2d);
        visitor.child("flatten", &self.flatten);
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for FilmLook {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for FilmLook {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for FilmLook {
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
impl ::model_runtime::Share for FilmLook {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        FilmLook {
            conv2d: Share::copy_with(&self.conv2d, copier),
            flatten: Share::copy_with(&self.flatten, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl FilmLook {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "FilmLook",
            inputs: &[port("inputs", Value::float(&[8, 8, 1]), Input(0))],
            outputs: &[port("output", Value::float(&[3]), Call(2, 0))],
            calls: &[
                layer(
                    "conv2d",
                    "Conv2D",
                    Some(40),
                    &[Input(0)],
                    &[Value::float(&[6, 6, 4])],
                ),
                layer(
                    "flatten",
                    "Flatten",
                    Some(0),
                    &[Call(0, 0)],
                    &[Value::float(&[144])],
                ),
                layer("dense", "Dense", Some(435), &[Call(1, 0)], &[Value::float(&[3])]),
            ],
        }
    };
}
#[doc(hidden)]
impl FilmLook {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "FilmLook",
            &["inputs"],
            &[::model_runtime::Value::float(&[8, 8, 1])],
            inputs,
            &[::model_runtime::Value::float(&[3])],
        )
    }
}
/// The layer inside of `gated` of [`Film`].
///
/// | value   | layer               | shape | parameters |
/// |---------|---------------------|-------|-----------:|
/// | `v`     | Input               | (3)   |            |
/// | `dense` | `Dense(3, sigmoid)` | (3)   |         12 |
/// | total   |                     |       |         12 |
pub struct FilmGated {
    /// `Dense(3, sigmoid)`: (3) → (3), 12 parameters
    pub dense: ::model_runtime::Dense,
}
impl FilmGated {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `v` (3) → `output` (3); the sample axis stands before these.
    pub fn call(&self, v: ::model_runtime::Var) -> ::model_runtime::Var {
        (v) * (self.dense.call(v))
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        FilmGated {
            dense: ::model_runtime::Dense::new(3)
                .activation(::model_runtime::Activation::Sigmoid),
        }
    }
}
impl ::model_runtime::Layer for FilmGated {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[3])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [v] = ::model_runtime::private::inputs("FilmGated", inputs);
        let outputs = self.call(v);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for FilmGated {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for FilmGated {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for FilmGated {
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
impl ::model_runtime::Share for FilmGated {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        FilmGated {
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl FilmGated {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "FilmGated",
            inputs: &[port("v", Value::float(&[3]), Input(0))],
            outputs: &[port("output", Value::float(&[3]), Call(1, 0))],
            calls: &[
                layer("dense", "Dense", Some(12), &[Input(0)], &[Value::float(&[3])]),
                function("multiply", &[Input(0), Call(0, 0)], &[Value::float(&[3])]),
            ],
        }
    };
}
#[doc(hidden)]
impl FilmGated {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "FilmGated",
            &["v"],
            &[::model_runtime::Value::float(&[3])],
            inputs,
            &[::model_runtime::Value::float(&[3])],
        )
    }
}
