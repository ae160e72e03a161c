/// | value    | layer      | shape       | parameters |
/// |----------|------------|-------------|-----------:|
/// | `inputs` | Input      | (10)        |            |
/// | `image`  | Input      | (28, 28, 1) |            |
/// | `dense`  | `Dense(3)` | (3)         |         33 |
/// | total    |            |             |         33 |
pub struct Raw {
    /// `Dense(3)`: (10) → (3), 33 parameters
    pub dense: ::model_runtime::Dense,
}
/// One `T` for each input of [`Raw`].
pub struct RawInputs<T, T1 = T> {
    /// The input `inputs`, (10).
    pub inputs: T,
    /// The input `image`, (28, 28, 1).
    pub image: T1,
}
impl Raw {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `inputs` (10), `image` (28, 28, 1) → `output` (3); the sample axis stands before these.
    pub fn call(
        &self,
        RawInputs { inputs, image }: RawInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = ::model_runtime::functions::relu(inputs * 2 + 1);
        scope.keep(&[image, x]);
        let front = x.slice(::model_runtime::axes![.., ..5]);
        scope.keep(&[front, image, x]);
        let last = x.slice(::model_runtime::axes![.., - 1]);
        scope.keep(&[front, image, last, x]);
        let left = image.slice(::model_runtime::axes![.., .., ..14, ..]);
        scope.keep(&[front, last, left, x]);
        let pooled = ::model_runtime::functions::mean(left, &[1, 2], true);
        scope.keep(&[front, last, pooled, x]);
        let y = ::model_runtime::functions::concatenate(
            &[front, -x.slice(::model_runtime::axes![.., 5..])],
            -1,
        ) / (1 - last);
        scope.keep(&[pooled, y]);
        (self.dense.call(y)) + ::model_runtime::functions::sum(pooled, &[], false)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Raw {
            dense: ::model_runtime::Dense::new(3),
        }
    }
}
impl ::model_runtime::Layer for Raw {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[10])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [inputs, image] = ::model_runtime::private::inputs("Raw", inputs);
        let outputs = self.call(RawInputs { inputs, image });
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Raw {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Raw {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Raw {
    type Inputs<T> = RawInputs<T>;
    type Outputs<T> = T;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs.inputs, inputs.image]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        ::core::option::Option::Some(RawInputs {
            inputs: inputs.next()?,
            image: inputs.next()?,
        })
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
impl ::model_runtime::Share for Raw {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Raw {
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for RawInputs<T, T1> {
    fn clone(&self) -> Self {
        RawInputs {
            inputs: ::core::clone::Clone::clone(&self.inputs),
            image: ::core::clone::Clone::clone(&self.image),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for RawInputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for RawInputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("RawInputs")
            .field("inputs", &self.inputs)
            .field("image", &self.image)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<RawInputs<G>> for RawInputs<T, T1> {
    fn into_ports(self) -> RawInputs<G> {
        RawInputs {
            inputs: ::model_runtime::IntoPorts::into_ports(self.inputs),
            image: ::model_runtime::IntoPorts::into_ports(self.image),
        }
    }
}
impl Raw {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Raw",
            inputs: &[
                port("inputs", Value::float(&[10]), Input(0)),
                port("image", Value::float(&[28, 28, 1]), Input(1)),
            ],
            outputs: &[port("output", Value::float(&[3]), Call(14, 0))],
            calls: &[
                function("multiply", &[Input(0)], &[Value::float(&[10])]),
                function("add", &[Call(0, 0)], &[Value::float(&[10])]),
                function("relu", &[Call(1, 0)], &[Value::float(&[10])]),
                function("slice", &[Call(2, 0)], &[Value::float(&[5])]),
                function("slice", &[Call(2, 0)], &[Value::float(&[])]),
                function("slice", &[Input(1)], &[Value::float(&[28, 14, 1])]),
                function("mean", &[Call(5, 0)], &[Value::float(&[1, 1, 1])]),
                function("slice", &[Call(2, 0)], &[Value::float(&[5])]),
                function("negative", &[Call(7, 0)], &[Value::float(&[5])]),
                function(
                    "concatenate",
                    &[Call(3, 0), Call(8, 0)],
                    &[Value::float(&[10])],
                ),
                function("subtract", &[Call(4, 0)], &[Value::float(&[])]),
                function("divide", &[Call(9, 0), Call(10, 0)], &[Value::float(&[10])]),
                layer("dense", "Dense", Some(33), &[Call(11, 0)], &[Value::float(&[3])]),
                function("sum", &[Call(6, 0)], &[Value::float(&[])]),
                function("add", &[Call(12, 0), Call(13, 0)], &[Value::float(&[3])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Raw {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Raw",
            &["inputs", "image"],
            &[
                ::model_runtime::Value::float(&[10]),
                ::model_runtime::Value::float(&[28, 28, 1]),
            ],
            inputs,
            &[::model_runtime::Value::float(&[3])],
        )
    }
}
