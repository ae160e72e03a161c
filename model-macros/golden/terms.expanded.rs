/// A variational encoder.
///
/// | value  | layer                | shape | parameters |
/// |--------|----------------------|-------|-----------:|
/// | `x`    | Input                | (8)   |            |
/// | `mean` | `Container(\|a\| …)` | (4)   |         36 |
/// | total  |                      |       |         36 |
struct Encoder {
    /// `Container(|a| …)`: (8) → (4), 36 parameters
    pub part: EncoderPart,
}
impl Encoder {
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` (8) → `mean` (4); the sample axis stands before these.
    fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let mean = ::model_runtime::within(
                "part",
                || ::model_runtime::Layer::call(&self.part, &[x]),
            )
            .one();
        scope.keep(&[mean]);
        ::model_runtime::add_loss(
            "kl",
            0.5
                * ::model_runtime::functions::sum(
                    ::model_runtime::functions::square(mean),
                    &[],
                    false,
                ),
        );
        scope.keep(&[mean]);
        ::model_runtime::add_metric(
            "norm",
            ::model_runtime::functions::sum(
                ::model_runtime::functions::abs(mean),
                &[],
                false,
            ),
        );
        scope.keep(&[mean]);
        mean
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Encoder {
            part: EncoderPart::unset(),
        }
    }
}
impl ::model_runtime::Layer for Encoder {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.part, seed.child("part"), &[Value::float(&[8])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Encoder", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("part", &self.part);
    }
}
impl ::core::default::Default for Encoder {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Encoder {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Encoder {
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
impl ::model_runtime::Share for Encoder
where
    for<'a> EncoderPart: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Encoder {
            part: Share::copy_with(&self.part, copier),
        }
    }
}
impl Encoder {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Encoder",
            inputs: &[port("x", Value::float(&[8]), Input(0))],
            outputs: &[port("mean", Value::float(&[4]), Call(0, 0))],
            calls: &[
                model(
                    "part",
                    "Container",
                    &EncoderPart::GRAPH,
                    &[Input(0)],
                    &[Value::float(&[4])],
                ),
                function("square", &[Call(0, 0)], &[Value::float(&[4])]),
                function("sum", &[Call(1, 0)], &[Value::float(&[])]),
                function("multiply", &[Call(2, 0)], &[Value::float(&[])]),
                term("add_loss", "kl", &[Call(3, 0)], &[]),
                function("abs", &[Call(0, 0)], &[Value::float(&[4])]),
                function("sum", &[Call(5, 0)], &[Value::float(&[])]),
                term("add_metric", "norm", &[Call(6, 0)], &[]),
            ],
        }
    };
}
#[doc(hidden)]
impl Encoder {
    #[allow(dead_code, reason = "called by models that contain it")]
    const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Encoder",
            &["x"],
            &[::model_runtime::Value::float(&[8])],
            inputs,
            &[::model_runtime::Value::float(&[4])],
        )
    }
}
/// The container `part` of [`Encoder`].
///
/// | value | layer      | shape | parameters |
/// |-------|------------|-------|-----------:|
/// | `a`   | Input      | (8)   |            |
/// | `h`   | `Dense(4)` | (4)   |         36 |
/// | total |            |       |         36 |
struct EncoderPart {
    /// `Dense(4)`: (8) → (4), 36 parameters
    pub h: ::model_runtime::Dense,
}
impl EncoderPart {
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `a` (8) → `h` (4); the sample axis stands before these.
    fn call(&self, a: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let h = self.h.call(a);
        scope.keep(&[h]);
        ::model_runtime::add_loss(
            "size",
            ::model_runtime::functions::sum((h) * (h), &[], false),
        );
        scope.keep(&[h]);
        h
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        EncoderPart {
            h: ::model_runtime::Dense::new(4),
        }
    }
}
impl ::model_runtime::Layer for EncoderPart {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.h, seed.child("h"), &[Value::float(&[8])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [a] = ::model_runtime::private::inputs("EncoderPart", inputs);
        let outputs = self.call(a);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("h", &self.h);
    }
}
impl ::core::default::Default for EncoderPart {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for EncoderPart {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for EncoderPart {
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
impl ::model_runtime::Share for EncoderPart {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        EncoderPart {
            h: Share::copy_with(&self.h, copier),
        }
    }
}
impl EncoderPart {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "EncoderPart",
            inputs: &[port("a", Value::float(&[8]), Input(0))],
            outputs: &[port("h", Value::float(&[4]), Call(0, 0))],
            calls: &[
                layer("h", "Dense", Some(36), &[Input(0)], &[Value::float(&[4])]),
                function("multiply", &[Call(0, 0), Call(0, 0)], &[Value::float(&[4])]),
                function("sum", &[Call(1, 0)], &[Value::float(&[])]),
                term("add_loss", "size", &[Call(2, 0)], &[]),
            ],
        }
    };
}
#[doc(hidden)]
impl EncoderPart {
    #[allow(dead_code, reason = "called by models that contain it")]
    const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "EncoderPart",
            &["a"],
            &[::model_runtime::Value::float(&[8])],
            inputs,
            &[::model_runtime::Value::float(&[4])],
        )
    }
}
