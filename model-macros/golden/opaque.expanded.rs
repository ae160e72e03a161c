///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `x` | Input | found by rustc | |
/// | `y` | `Dense(crate::HIDDEN, relu)` | found by rustc | ? |
/// | `tower` | `Dense(crate::HIDDEN, relu)` | found by rustc | ? |
/// | `z` | `Concatenate()` | found by rustc | ? |
/// | `predictions` | `Dense(10, softmax)` | found by rustc | ? |
pub struct Opaque {
    /// `Dense(crate::HIDDEN, relu)`: found by rustc → found by rustc, parameters found by rustc; called 2 times, in lines 4, 5
    pub tower: ::model_runtime::Dense,
    /// `Concatenate()`: found by rustc, found by rustc → found by rustc, parameters found by rustc
    pub z: ::model_runtime::Concatenate,
    /// `Dense(10, softmax)`: found by rustc → found by rustc, parameters found by rustc
    pub predictions: ::model_runtime::Dense,
}
impl Opaque {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Opaque",
        inputs: &[
            ::model_runtime::model::Port {
                name: "x",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "predictions",
                value: ::model_runtime::private::value(&Self::SHAPE_7, 0usize),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "tower",
                layer: "Dense",
                inputs: &["x"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_1),
            },
            ::model_runtime::model::Call {
                field: "tower",
                layer: "Dense",
                inputs: &["x"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_4, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_4),
            },
            ::model_runtime::model::Call {
                field: "z",
                layer: "Concatenate",
                inputs: &["tower", "tower"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_5, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_5),
            },
            ::model_runtime::model::Call {
                field: "predictions",
                layer: "Dense",
                inputs: &["z"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_7, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_7),
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
        Opaque {
            tower: ::model_runtime::Dense::new(crate::HIDDEN)
                .activation(::model_runtime::Activation::Relu),
            z: ::model_runtime::Concatenate::new(),
            predictions: ::model_runtime::Dense::new(10)
                .activation(::model_runtime::Activation::Softmax),
        }
    }
    /// `x` found by rustc → `predictions` found by rustc; the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let y = self.tower.call(x);
        let z = self.z.call(&[y, self.tower.call(x * 2)]);
        let predictions = self
            .predictions
            .call(
                z
                    .slice([
                        ::model_runtime::Slice::from(..),
                        ::model_runtime::Slice::from(1..),
                    ]),
            );
        predictions
    }
}
impl ::model_runtime::Layer for Opaque {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.tower,
            seed.child("tower"),
            &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
        );
        ::model_runtime::Layer::init(
            &mut self.z,
            seed.child("z"),
            &[
                ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
                ::model_runtime::private::value(&Self::SHAPE_4, 0usize),
            ],
        );
        ::model_runtime::Layer::init(
            &mut self.predictions,
            seed.child("predictions"),
            &[::model_runtime::private::value(&Self::SHAPE_6, 0usize)],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Opaque", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("tower", &self.tower);
        visitor.child("z", &self.z);
        visitor.child("predictions", &self.predictions);
    }
}
impl ::core::default::Default for Opaque {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Opaque {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Opaque {
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
impl Opaque {
    const SHAPE_0: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 0usize] = [];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::input::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Tuple(
                            ::model_runtime::spec::Tuple::new(&[(crate::WIDTH) as i64]),
                        ),
                        ::model_runtime::spec::ArgValue::Word("float32"),
                    ],
                ),
                &inputs,
            ),
        )
    };
    const SHAPE_1: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::dense::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
                        ::model_runtime::spec::ArgValue::Word("relu"),
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
    const SIZE_1: usize = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::spec::layers::dense::weights(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
                        ::model_runtime::spec::ArgValue::Word("relu"),
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
    const SHAPE_2: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::operators::rule(
                &::model_runtime::spec::Config::new(&[]),
                &inputs,
            ),
        )
    };
    const SHAPE_3: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 2usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
            ::model_runtime::private::value(&Self::SHAPE_2, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::private::shared(
                "Dense(crate::HIDDEN, relu)",
                {
                    let config = [
                        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
                        ::model_runtime::spec::ArgValue::Word("relu"),
                        ::model_runtime::spec::ArgValue::Bool(true),
                        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
                        ::model_runtime::spec::ArgValue::Word("zeros"),
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                    ];
                    let config = ::model_runtime::spec::Config::new(&config);
                    let (first, this) = inputs.split_at(inputs.len() / 2);
                    let rule = ::model_runtime::spec::layers::dense::rule(&config, this);
                    let first = ::model_runtime::spec::layers::dense::weights(
                        &config,
                        first,
                    );
                    let this = ::model_runtime::spec::layers::dense::weights(
                        &config,
                        this,
                    );
                    (rule.is_ok(), first, this)
                },
            ),
        )
    };
    const SHAPE_4: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_2, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::dense::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
                        ::model_runtime::spec::ArgValue::Word("relu"),
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
            ::model_runtime::private::value(&Self::SHAPE_2, 0usize),
        ];
        ::model_runtime::spec::layers::dense::weights(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
                        ::model_runtime::spec::ArgValue::Word("relu"),
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
    const SHAPE_5: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 2usize] = [
            ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
            ::model_runtime::private::value(&Self::SHAPE_4, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::concatenate::rule(
                &::model_runtime::spec::Config::new(
                    &[::model_runtime::spec::ArgValue::Int(-1)],
                ),
                &inputs,
            ),
        )
    };
    const SIZE_5: usize = {
        let inputs: [::model_runtime::Value; 2usize] = [
            ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
            ::model_runtime::private::value(&Self::SHAPE_4, 0usize),
        ];
        ::model_runtime::spec::layers::concatenate::weights(
                &::model_runtime::spec::Config::new(
                    &[::model_runtime::spec::ArgValue::Int(-1)],
                ),
                &inputs,
            )
            .size()
    };
    const SHAPE_6: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_5, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::slice(
                &[
                    ::model_runtime::spec::SliceItem::Range(
                        1,
                        ::core::option::Option::None,
                    ),
                ],
                &inputs,
            ),
        )
    };
    const SHAPE_7: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_6, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::dense::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int(10),
                        ::model_runtime::spec::ArgValue::Word("softmax"),
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
    const SIZE_7: usize = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_6, 0usize),
        ];
        ::model_runtime::spec::layers::dense::weights(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int(10),
                        ::model_runtime::spec::ArgValue::Word("softmax"),
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
            "Opaque",
            &["x"],
            &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_7, 0usize)],
        )
    }
}
const _: () = {
    const _: () = ::model_runtime::private::check(&Opaque::SHAPE_0, &[]);
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Opaque::SHAPE_0, 0usize),
                origin: "from Input(crate::WIDTH), line 2",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Opaque::SHAPE_0, 0usize),
                origin: "from Input(crate::WIDTH), line 2",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_3,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Opaque::SHAPE_0, 0usize),
                origin: "from Input(crate::WIDTH), line 2",
            },
            ::model_runtime::spec::Operand {
                name: "x * 2",
                value: ::model_runtime::private::value(&Opaque::SHAPE_2, 0usize),
                origin: "line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_4,
        &[
            ::model_runtime::spec::Operand {
                name: "x * 2",
                value: ::model_runtime::private::value(&Opaque::SHAPE_2, 0usize),
                origin: "line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_5,
        &[
            ::model_runtime::spec::Operand {
                name: "y",
                value: ::model_runtime::private::value(&Opaque::SHAPE_1, 0usize),
                origin: "from Dense(crate::HIDDEN, relu), line 4",
            },
            ::model_runtime::spec::Operand {
                name: "tower(x * 2)",
                value: ::model_runtime::private::value(&Opaque::SHAPE_4, 0usize),
                origin: "from Dense(crate::HIDDEN, relu), line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_6,
        &[
            ::model_runtime::spec::Operand {
                name: "z",
                value: ::model_runtime::private::value(&Opaque::SHAPE_5, 0usize),
                origin: "from Concatenate(), line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_7,
        &[
            ::model_runtime::spec::Operand {
                name: "z[1..]",
                value: ::model_runtime::private::value(&Opaque::SHAPE_6, 0usize),
                origin: "line 6",
            },
        ],
    );
};
