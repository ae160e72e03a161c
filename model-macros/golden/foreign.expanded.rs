///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `x` | Input | (10) | |
/// | `x` | `crate::nets::Scale(3.0)` | found by rustc | ? |
/// | `e` | `crate::nets::Encoder(name = "enc")` | found by rustc | ? |
/// | `two` | `crate::nets::Two()` | found by rustc, found by rustc | ? |
/// | `output` | `Dense(3)` | found by rustc | ? |
pub struct Outside {
    /// `crate::nets::Scale(3.0)`: (10) → found by rustc, parameters found by rustc
    pub scale: crate::nets::Scale,
    /// `crate::nets::Encoder(name = "enc")`: found by rustc → found by rustc, parameters found by rustc
    pub enc: crate::nets::Encoder,
    /// `crate::nets::Two()`: found by rustc → found by rustc, found by rustc, parameters found by rustc
    pub two: crate::nets::Two,
    /// `Dense(3)`: found by rustc → found by rustc, parameters found by rustc
    pub dense: ::model_runtime::Dense,
}
impl Outside {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Outside",
        inputs: &[
            ::model_runtime::model::Port {
                name: "x",
                value: ::model_runtime::Value::float(&[10]),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "output",
                value: ::model_runtime::private::value(&Self::SHAPE_4, 0usize),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "scale",
                layer: "crate::nets::Scale",
                inputs: &["x"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
                parameters: ::core::option::Option::None,
            },
            ::model_runtime::model::Call {
                field: "enc",
                layer: "crate::nets::Encoder",
                inputs: &["scale"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
                parameters: ::core::option::Option::None,
            },
            ::model_runtime::model::Call {
                field: "two",
                layer: "crate::nets::Two",
                inputs: &["enc"],
                outputs: &[
                    ::model_runtime::private::value(&Self::SHAPE_2, 0usize),
                    ::model_runtime::private::value(&Self::SHAPE_2, 1usize),
                ],
                parameters: ::core::option::Option::None,
            },
            ::model_runtime::model::Call {
                field: "dense",
                layer: "Dense",
                inputs: &["two"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_4, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_4),
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
        Outside {
            scale: <crate::nets::Scale>::new(3.0),
            enc: <crate::nets::Encoder as ::core::default::Default>::default(),
            two: <crate::nets::Two as ::core::default::Default>::default(),
            dense: ::model_runtime::Dense::new(3),
        }
    }
    /// `x` (10) → `output` found by rustc; the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let x = ::model_runtime::Layer::call(&self.scale, &[x]).one();
        let e = ::model_runtime::Layer::call(&self.enc, &[x]).one();
        let [p, q] = ::model_runtime::Layer::call(&self.two, &[e]).array();
        self.dense.call(p * q)
    }
}
impl ::model_runtime::Layer for Outside {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.scale,
            seed.child("scale"),
            &[::model_runtime::Value::float(&[10])],
        );
        ::model_runtime::Layer::init(
            &mut self.enc,
            seed.child("enc"),
            &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
        );
        ::model_runtime::Layer::init(
            &mut self.two,
            seed.child("two"),
            &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
        );
        ::model_runtime::Layer::init(
            &mut self.dense,
            seed.child("dense"),
            &[::model_runtime::private::value(&Self::SHAPE_3, 0usize)],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Outside", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("scale", &self.scale);
        visitor.child("enc", &self.enc);
        visitor.child("two", &self.two);
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Outside {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Outside {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Outside {
    type Inputs<T> = T;
    type Outputs<T> = T;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs]
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
impl Outside {
    const SHAPE_0: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::Value::float(&[10]),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::private::returns(
                <crate::nets::Scale>::output_shape(3.0, &inputs),
                1usize,
            ),
        )
    };
    const SHAPE_1: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::private::returns(
                <crate::nets::Encoder>::output_shape(&inputs),
                1usize,
            ),
        )
    };
    const SHAPE_2: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::private::returns(
                <crate::nets::Two>::output_shape(&inputs),
                2usize,
            ),
        )
    };
    const SHAPE_3: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 2usize] = [
            ::model_runtime::private::value(&Self::SHAPE_2, 0usize),
            ::model_runtime::private::value(&Self::SHAPE_2, 1usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::operators::rule(
                &::model_runtime::spec::Config::new(&[]),
                &inputs,
            ),
        )
    };
    const SHAPE_4: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_3, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::dense::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int(3),
                        ::model_runtime::spec::ArgValue::Word("linear"),
                        ::model_runtime::spec::ArgValue::Bool(true),
                        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
                        ::model_runtime::spec::ArgValue::Word("zeros"),
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                    ],
                ),
                &inputs,
            ),
        )
    };
    const SIZE_4: usize = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_3, 0usize),
        ];
        ::model_runtime::spec::layers::dense::weights(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int(3),
                        ::model_runtime::spec::ArgValue::Word("linear"),
                        ::model_runtime::spec::ArgValue::Bool(true),
                        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
                        ::model_runtime::spec::ArgValue::Word("zeros"),
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                    ],
                ),
                &inputs,
            )
            .size()
    };
    #[allow(dead_code)]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Outside",
            &["x"],
            &[::model_runtime::Value::float(&[10])],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_4, 0usize)],
        )
    }
}
const _: () = {
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_0,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::Value::float(&[10]),
                origin: "from Input(10), line 2",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Outside::SHAPE_0, 0usize),
                origin: "from crate::nets::Scale(3.0), line 3",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "e",
                value: ::model_runtime::private::value(&Outside::SHAPE_1, 0usize),
                origin: "from crate::nets::Encoder(name = \"enc\"), line 4",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_3,
        &[
            ::model_runtime::spec::Operand {
                name: "p",
                value: ::model_runtime::private::value(&Outside::SHAPE_2, 0usize),
                origin: "from crate::nets::Two(), line 5",
            },
            ::model_runtime::spec::Operand {
                name: "q",
                value: ::model_runtime::private::value(&Outside::SHAPE_2, 1usize),
                origin: "from crate::nets::Two(), line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_4,
        &[
            ::model_runtime::spec::Operand {
                name: "p * q",
                value: ::model_runtime::private::value(&Outside::SHAPE_3, 0usize),
                origin: "line 6",
            },
        ],
    );
};
