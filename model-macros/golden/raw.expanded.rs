///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `inputs` | Input | (10) | |
/// | `image` | Input | (28, 28, 1) | |
/// | `dense` | `Dense(3)` | (3) | 33 |
///
/// 33 parameters in all.
pub struct Raw {
    /// `Dense(3)`: (10) → (3), 33 parameters
    pub dense: ::model_runtime::Dense,
}
impl Raw {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Raw",
        inputs: &[
            ::model_runtime::model::Port {
                name: "inputs",
                value: ::model_runtime::Value::float(&[10]),
            },
            ::model_runtime::model::Port {
                name: "image",
                value: ::model_runtime::Value::float(&[28, 28, 1]),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "output",
                value: ::model_runtime::Value::float(&[3]),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "dense",
                layer: "Dense",
                inputs: &["inputs"],
                outputs: &[::model_runtime::Value::float(&[3])],
                parameters: ::core::option::Option::Some(33usize),
            },
        ],
    };
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Layer::init(&mut model, ::model_runtime::Seed::new(seed), &[]);
        model
    }
    /// The model before it has weights.
    fn unset() -> Self {
        Raw {
            dense: ::model_runtime::Dense::new(3),
        }
    }
    /// `inputs` (10), `image` (28, 28, 1) → `output` (3); the sample axis stands before these.
    pub fn call(
        &self,
        RawInputs { inputs, image }: RawInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let x = ::model_runtime::functions::relu(inputs * 2 + 1);
        let front = x
            .slice([
                ::model_runtime::Slice::from(..),
                ::model_runtime::Slice::from(..5),
            ]);
        let last = x
            .slice([::model_runtime::Slice::from(..), ::model_runtime::Slice::from(-1)]);
        let left = image
            .slice([
                ::model_runtime::Slice::from(..),
                ::model_runtime::Slice::from(..),
                ::model_runtime::Slice::from(..14),
                ::model_runtime::Slice::from(..),
            ]);
        let pooled = ::model_runtime::functions::mean(left, &[1, 2], true);
        let y = ::model_runtime::functions::concatenate(
            &[
                front,
                -x
                    .slice([
                        ::model_runtime::Slice::from(..),
                        ::model_runtime::Slice::from(5..),
                    ]),
            ],
            -1,
        ) / (1 - last);
        self.dense.call(y) + ::model_runtime::functions::sum(pooled, &[], false)
    }
}
///One `T` for each input of [`Raw`].
#[derive(Clone, Copy, Debug)]
pub struct RawInputs<T> {
    ///The input `inputs`, (10).
    pub inputs: T,
    ///The input `image`, (28, 28, 1).
    pub image: T,
}
impl ::model_runtime::Layer for Raw {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.dense,
            seed.child("dense"),
            &[::model_runtime::Value::float(&[10])],
        );
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
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
#[doc(hidden)]
impl Raw {
    #[allow(dead_code)]
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
