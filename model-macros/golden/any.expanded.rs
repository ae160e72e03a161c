/// | value   | layer             | shape   | parameters |
/// |---------|-------------------|---------|-----------:|
/// | `words` | Input             | (_, 8)  |            |
/// | `x`     | `Dense(16, tanh)` | (_, 16) |        144 |
/// | total   |                   |         |        144 |
pub struct Sequences {
    /// `Dense(16, tanh)`: (_, 8) → (_, 16), 144 parameters
    pub x: ::model_runtime::Dense,
}
impl Sequences {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `words` (_, 8) → `output` (16); the sample axis stands before these.
    pub fn call(&self, words: ::model_runtime::Var) -> ::model_runtime::Var {
        let x = self.x.call(words);
        ::model_runtime::functions::mean(x, &[1], false)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Sequences {
            x: ::model_runtime::Dense::new(16)
                .activation(::model_runtime::Activation::Tanh),
        }
    }
}
impl ::model_runtime::Layer for Sequences {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(
            &mut self.x,
            seed.child("x"),
            &[Value::float(&[::model_runtime::Shape::ANY, 8])],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [words] = ::model_runtime::private::inputs("Sequences", inputs);
        let outputs = self.call(words);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("x", &self.x);
    }
}
impl ::core::default::Default for Sequences {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Sequences {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Sequences {
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
impl ::model_runtime::Share for Sequences {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Sequences {
            x: Share::copy_with(&self.x, copier),
        }
    }
}
impl Sequences {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Sequences",
            inputs: &[
                port("words", Value::float(&[::model_runtime::Shape::ANY, 8]), Input(0)),
            ],
            outputs: &[port("output", Value::float(&[16]), Call(1, 0))],
            calls: &[
                layer(
                    "x",
                    "Dense",
                    Some(144),
                    &[Input(0)],
                    &[Value::float(&[::model_runtime::Shape::ANY, 16])],
                ),
                function("mean", &[Call(0, 0)], &[Value::float(&[16])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Sequences {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Sequences",
            &["words"],
            &[::model_runtime::Value::float(&[::model_runtime::Shape::ANY, 8])],
            inputs,
            &[::model_runtime::Value::float(&[16])],
        )
    }
}
