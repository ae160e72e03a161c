///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `x` | Input | (784) | |
/// | `h` | `Dense(64, relu)` | (64) | 50 240 |
/// | `mean` | `Dense(2)` | (2) | 130 |
/// | `log_var` | `Dense(2)` | (2) | 130 |
///
/// 50 500 parameters in all.
pub struct Encoder {
    /// `Dense(64, relu)`: (784) → (64), 50 240 parameters
    pub h: ::model_runtime::Dense,
    /// `Dense(2)`: (64) → (2), 130 parameters
    pub mean: ::model_runtime::Dense,
    /// `Dense(2)`: (64) → (2), 130 parameters
    pub log_var: ::model_runtime::Dense,
}
impl Encoder {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Encoder",
        inputs: &[
            ::model_runtime::model::Port {
                name: "x",
                value: ::model_runtime::Value::float(&[784]),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "mean",
                value: ::model_runtime::Value::float(&[2]),
            },
            ::model_runtime::model::Port {
                name: "log_var",
                value: ::model_runtime::Value::float(&[2]),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "h",
                layer: "Dense",
                inputs: &["x"],
                outputs: &[::model_runtime::Value::float(&[64])],
                parameters: ::core::option::Option::Some(50240usize),
            },
            ::model_runtime::model::Call {
                field: "mean",
                layer: "Dense",
                inputs: &["h"],
                outputs: &[::model_runtime::Value::float(&[2])],
                parameters: ::core::option::Option::Some(130usize),
            },
            ::model_runtime::model::Call {
                field: "log_var",
                layer: "Dense",
                inputs: &["h"],
                outputs: &[::model_runtime::Value::float(&[2])],
                parameters: ::core::option::Option::Some(130usize),
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
        Encoder {
            h: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            mean: ::model_runtime::Dense::new(2),
            log_var: ::model_runtime::Dense::new(2),
        }
    }
    /// `x` (784) → `mean` (2), `log_var` (2); the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> EncoderOutputs<::model_runtime::Var> {
        let h = self.h.call(x);
        EncoderOutputs {
            mean: self.mean.call(h),
            log_var: self.log_var.call(h),
        }
    }
}
///One `T` for each output of [`Encoder`].
#[derive(Clone, Copy, Debug)]
pub struct EncoderOutputs<T> {
    ///The output `mean`, (2).
    pub mean: T,
    ///The output `log_var`, (2).
    pub log_var: T,
}
impl ::model_runtime::Layer for Encoder {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.h,
            seed.child("h"),
            &[::model_runtime::Value::float(&[784])],
        );
        ::model_runtime::Layer::init(
            &mut self.mean,
            seed.child("mean"),
            &[::model_runtime::Value::float(&[64])],
        );
        ::model_runtime::Layer::init(
            &mut self.log_var,
            seed.child("log_var"),
            &[::model_runtime::Value::float(&[64])],
        );
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
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(EncoderOutputs {
            mean: outputs.next()?,
            log_var: outputs.next()?,
        })
    }
}
#[doc(hidden)]
impl Encoder {
    #[allow(dead_code)]
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
///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `left` | Input | (784) | |
/// | `right` | Input | (784) | |
/// | `encoder` | `Encoder()` | (2), (2) | 50 500 |
/// | `encoder` | `Encoder()` | (2), (2) | 50 500 |
///
/// 50 500 parameters in all.
struct Pair {
    /// `Encoder()`: (784) → (2), (2), 50 500 parameters; called 2 times, in lines 10, 11
    pub encoder: Encoder,
}
impl Pair {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Pair",
        inputs: &[
            ::model_runtime::model::Port {
                name: "left",
                value: ::model_runtime::Value::float(&[784]),
            },
            ::model_runtime::model::Port {
                name: "right",
                value: ::model_runtime::Value::float(&[784]),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "output",
                value: ::model_runtime::Value::float(&[2]),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "encoder",
                layer: "Encoder",
                inputs: &["left"],
                outputs: &[
                    ::model_runtime::Value::float(&[2]),
                    ::model_runtime::Value::float(&[2]),
                ],
                parameters: ::core::option::Option::Some(50500usize),
            },
            ::model_runtime::model::Call {
                field: "encoder",
                layer: "Encoder",
                inputs: &["right"],
                outputs: &[
                    ::model_runtime::Value::float(&[2]),
                    ::model_runtime::Value::float(&[2]),
                ],
                parameters: ::core::option::Option::Some(50500usize),
            },
        ],
    };
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Layer::init(&mut model, ::model_runtime::Seed::new(seed), &[]);
        model
    }
    /// The model before it has weights.
    fn unset() -> Self {
        Pair { encoder: Encoder::unset() }
    }
    /// `left` (784), `right` (784) → `output` (2); the sample axis stands before these.
    fn call(
        &self,
        PairInputs { left, right }: PairInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let [a, _] = ::model_runtime::Layer::call(&self.encoder, &[left]).array();
        let [b, _] = ::model_runtime::Layer::call(&self.encoder, &[right]).array();
        a - b
    }
}
///One `T` for each input of [`Pair`].
#[derive(Clone, Copy, Debug)]
struct PairInputs<T> {
    ///The input `left`, (784).
    pub left: T,
    ///The input `right`, (784).
    pub right: T,
}
impl ::model_runtime::Layer for Pair {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.encoder,
            seed.child("encoder"),
            &[::model_runtime::Value::float(&[784])],
        );
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
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
#[doc(hidden)]
impl Pair {
    #[allow(dead_code)]
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
