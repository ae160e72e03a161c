/// | value    | layer            | shape | parameters |
/// |----------|------------------|-------|-----------:|
/// | `image`  | Input            | (784) |            |
/// | `output` | `Dense(32, elu)` | (32)  |     25 120 |
/// | total    |                  |       |     25 120 |
pub(crate) struct Encoder {
    /// `Dense(32, elu)`: (784) → (32), 25 120 parameters
    pub dense: ::model_runtime::Dense,
}
impl Encoder {
    /// A model with new weights, which follow from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `image` (784) → `output` (32); the sample axis stands before these.
    pub(crate) fn call(&self, image: ::model_runtime::Var) -> ::model_runtime::Var {
        self.dense.call(image)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Encoder {
            dense: ::model_runtime::Dense::new(32)
                .activation(::model_runtime::Activation::Elu),
        }
    }
}
impl ::model_runtime::Layer for Encoder {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[784])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [image] = ::model_runtime::private::inputs("Encoder", inputs);
        let outputs = self.call(image);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
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
impl ::model_runtime::Share for Encoder {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Encoder {
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl Encoder {
    /// The graph as plain data.
    pub(crate) const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Encoder",
            inputs: &[port("image", Value::float(&[784]), Input(0))],
            outputs: &[port("output", Value::float(&[32]), Call(0, 0))],
            calls: &[
                layer("dense", "Dense", Some(25120), &[Input(0)], &[Value::float(&[32])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Encoder {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub(crate) const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Encoder",
            &["image"],
            &[::model_runtime::Value::float(&[784])],
            inputs,
            &[::model_runtime::Value::float(&[32])],
        )
    }
}
/// | value    | layer                 | shape | parameters |
/// |----------|-----------------------|-------|-----------:|
/// | `image`  | Input                 | (784) |            |
/// | `code`   | `Encoder()`           | (32)  |     25 120 |
/// | `output` | `Dense(784, sigmoid)` | (784) |     25 872 |
/// | total    |                       |       |     50 992 |
pub(crate) struct Autoencoder {
    /// `Encoder()`: (784) → (32), 25 120 parameters
    pub code: Encoder,
    /// `Dense(784, sigmoid)`: (32) → (784), 25 872 parameters
    pub dense: ::model_runtime::Dense,
}
impl Autoencoder {
    /// A model with new weights, which follow from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `image` (784) → `output` (784); the sample axis stands before these.
    pub(crate) fn call(&self, image: ::model_runtime::Var) -> ::model_runtime::Var {
        let code = ::model_runtime::Layer::call(&self.code, &[image]).one();
        self.dense.call(code)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Autoencoder {
            code: Encoder::unset(),
            dense: ::model_runtime::Dense::new(784)
                .activation(::model_runtime::Activation::Sigmoid),
        }
    }
}
impl ::model_runtime::Layer for Autoencoder {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.code, seed.child("code"), &[Value::float(&[784])]);
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[32])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [image] = ::model_runtime::private::inputs("Autoencoder", inputs);
        let outputs = self.call(image);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("code", &self.code);
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Autoencoder {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Autoencoder {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Autoencoder {
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
impl ::model_runtime::Share for Autoencoder
where
    for<'a> Encoder: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Autoencoder {
            code: Share::copy_with(&self.code, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl Autoencoder {
    /// The graph as plain data.
    pub(crate) const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Autoencoder",
            inputs: &[port("image", Value::float(&[784]), Input(0))],
            outputs: &[port("output", Value::float(&[784]), Call(1, 0))],
            calls: &[
                model(
                    "code",
                    "Encoder",
                    &Encoder::GRAPH,
                    &[Input(0)],
                    &[Value::float(&[32])],
                ),
                layer(
                    "dense",
                    "Dense",
                    Some(25872),
                    &[Call(0, 0)],
                    &[Value::float(&[784])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Autoencoder {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub(crate) const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Autoencoder",
            &["image"],
            &[::model_runtime::Value::float(&[784])],
            inputs,
            &[::model_runtime::Value::float(&[784])],
        )
    }
}
