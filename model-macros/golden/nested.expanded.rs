/// | value     | layer             | shape | parameters |
/// |-----------|-------------------|-------|-----------:|
/// | `x`       | Input             | (784) |            |
/// | `h`       | `Dense(64, relu)` | (64)  |     50 240 |
/// | `mean`    | `Dense(2)`        | (2)   |        130 |
/// | `log_var` | `Dense(2)`        | (2)   |        130 |
/// | total     |                   |       |     50 500 |
pub struct Encoder {
    /// `Dense(64, relu)`: (784) → (64), 50 240 parameters
    pub h: ::model_runtime::Dense,
    /// `Dense(2)`: (64) → (2), 130 parameters
    pub mean: ::model_runtime::Dense,
    /// `Dense(2)`: (64) → (2), 130 parameters
    pub log_var: ::model_runtime::Dense,
}
/// One `T` for each output of [`Encoder`].
pub struct EncoderOutputs<T, T1 = T> {
    /// The output `mean`, (2).
    pub mean: T,
    /// The output `log_var`, (2).
    pub log_var: T1,
}
impl Encoder {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` (784) → `mean` (2), `log_var` (2); the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> EncoderOutputs<::model_runtime::Var> {
        let h = self.h.call(x);
        EncoderOutputs {
            mean: self.mean.call(h),
            log_var: self.log_var.call(h),
        }
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Encoder {
            h: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            mean: ::model_runtime::Dense::new(2),
            log_var: ::model_runtime::Dense::new(2),
        }
    }
}
impl ::model_runtime::Layer for Encoder {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.h, seed.child("h"), &[Value::float(&[784])]);
        Layer::init(&mut self.mean, seed.child("mean"), &[Value::float(&[64])]);
        Layer::init(&mut self.log_var, seed.child("log_var"), &[Value::float(&[64])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Encoder", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into([outputs.mean, outputs.log_var])
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("h", &self.h);
        visitor.child("mean", &self.mean);
        visitor.child("log_var", &self.log_var);
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
    type Outputs<T> = EncoderOutputs<T>;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs.mean, outputs.log_var]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        inputs.next()
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(EncoderOutputs {
            mean: outputs.next()?,
            log_var: outputs.next()?,
        })
    }
}
impl ::model_runtime::Share for Encoder {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Encoder {
            h: Share::copy_with(&self.h, copier),
            mean: Share::copy_with(&self.mean, copier),
            log_var: Share::copy_with(&self.log_var, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for EncoderOutputs<T, T1> {
    fn clone(&self) -> Self {
        EncoderOutputs {
            mean: ::core::clone::Clone::clone(&self.mean),
            log_var: ::core::clone::Clone::clone(&self.log_var),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for EncoderOutputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for EncoderOutputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("EncoderOutputs")
            .field("mean", &self.mean)
            .field("log_var", &self.log_var)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<EncoderOutputs<G>> for EncoderOutputs<T, T1> {
    fn into_ports(self) -> EncoderOutputs<G> {
        EncoderOutputs {
            mean: ::model_runtime::IntoPorts::into_ports(self.mean),
            log_var: ::model_runtime::IntoPorts::into_ports(self.log_var),
        }
    }
}
impl Encoder {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Encoder",
            inputs: &[port("x", Value::float(&[784]), Input(0))],
            outputs: &[
                port("mean", Value::float(&[2]), Call(1, 0)),
                port("log_var", Value::float(&[2]), Call(2, 0)),
            ],
            calls: &[
                layer("h", "Dense", Some(50240), &[Input(0)], &[Value::float(&[64])]),
                layer("mean", "Dense", Some(130), &[Call(0, 0)], &[Value::float(&[2])]),
                layer(
                    "log_var",
                    "Dense",
                    Some(130),
                    &[Call(0, 0)],
                    &[Value::float(&[2])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Encoder {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Encoder",
            &["x"],
            &[::model_runtime::Value::float(&[784])],
            inputs,
            &[::model_runtime::Value::float(&[2]), ::model_runtime::Value::float(&[2])],
        )
    }
}
/// | value     | layer       | shape    | parameters |
/// |-----------|-------------|----------|-----------:|
/// | `left`    | Input       | (784)    |            |
/// | `right`   | Input       | (784)    |            |
/// | `encoder` | `Encoder()` | (2), (2) |     50 500 |
/// | `encoder` | `encoder`   | (2), (2) |     shared |
/// | total     |             |          |     50 500 |
struct Pair {
    /// `Encoder()`: (784) → (2), (2), 50 500 parameters; called in lines 10 and 11
    pub encoder: Encoder,
}
/// One `T` for each input of [`Pair`].
struct PairInputs<T, T1 = T> {
    /// The input `left`, (784).
    pub left: T,
    /// The input `right`, (784).
    pub right: T1,
}
impl Pair {
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `left` (784), `right` (784) → `output` (2); the sample axis stands before these.
    fn call(
        &self,
        PairInputs { left, right }: PairInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let [a, _] = ::model_runtime::Layer::call(&self.encoder, &[left]).array();
        scope.keep(&[a, right]);
        let [b, _] = ::model_runtime::Layer::call(&self.encoder, &[right]).array();
        scope.keep(&[a, b]);
        (a) - (b)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Pair { encoder: Encoder::unset() }
    }
}
impl ::model_runtime::Layer for Pair {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.encoder, seed.child("encoder"), &[Value::float(&[784])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [left, right] = ::model_runtime::private::inputs("Pair", inputs);
        let outputs = self.call(PairInputs { left, right });
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("encoder", &self.encoder);
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
    for<'a> Encoder: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Pair {
            encoder: Share::copy_with(&self.encoder, copier),
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
    const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Pair",
            inputs: &[
                port("left", Value::float(&[784]), Input(0)),
                port("right", Value::float(&[784]), Input(1)),
            ],
            outputs: &[port("output", Value::float(&[2]), Call(2, 0))],
            calls: &[
                model(
                    "encoder",
                    "Encoder",
                    &Encoder::GRAPH,
                    &[Input(0)],
                    &[Value::float(&[2]), Value::float(&[2])],
                ),
                model(
                    "encoder",
                    "Encoder",
                    &Encoder::GRAPH,
                    &[Input(1)],
                    &[Value::float(&[2]), Value::float(&[2])],
                ),
                function("subtract", &[Call(0, 0), Call(1, 0)], &[Value::float(&[2])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Pair {
    #[allow(dead_code, reason = "called by models that contain it")]
    const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Pair",
            &["left", "right"],
            &[
                ::model_runtime::Value::float(&[784]),
                ::model_runtime::Value::float(&[784]),
            ],
            inputs,
            &[::model_runtime::Value::float(&[2])],
        )
    }
}
