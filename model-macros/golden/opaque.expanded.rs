/// | value         | layer                        | shape | parameters |
/// |---------------|------------------------------|-------|-----------:|
/// | `x`           | Input                        | …     |            |
/// | `y`           | `Dense(crate::HIDDEN, relu)` | …     |          … |
/// | `tower`       | `tower`                      | …     |     shared |
/// | `z`           | `Concatenate()`              | …     |          … |
/// | `predictions` | `Dense(10, softmax)`         | …     |          … |
///
/// rustc finds what is `…` here; `Opaque::GRAPH` has it.
pub struct Opaque {
    /// `Dense(crate::HIDDEN, relu)`: … → …, … parameters; called in lines 4 and 5
    pub tower: ::model_runtime::Dense,
    /// `Concatenate()`: …, … → …, … parameters
    pub concatenate: ::model_runtime::Concatenate,
    /// `Dense(10, softmax)`: … → …, … parameters
    pub predictions: ::model_runtime::Dense,
}
impl Opaque {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` … → `predictions` …; the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let y = self.tower.call(x);
        scope.keep(&[x, y]);
        let z = self.concatenate.call(&[y, self.tower.call(x * 2)]);
        scope.keep(&[z]);
        let z = ::model_runtime::functions::softmax(
            z,
            ::model_runtime::private::int(crate::AXIS),
        );
        scope.keep(&[z]);
        let predictions = self
            .predictions
            .call(
                z
                    .slice(
                        ::model_runtime::axes![
                            .., 1.. ::model_runtime::private::position(crate ::END)
                        ],
                    ),
            );
        scope.keep(&[predictions]);
        predictions
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Opaque {
            tower: ::model_runtime::Dense::new(crate::HIDDEN)
                .activation(::model_runtime::Activation::Relu),
            concatenate: ::model_runtime::Concatenate::new(),
            predictions: ::model_runtime::Dense::new(10)
                .activation(::model_runtime::Activation::Softmax),
        }
    }
}
impl ::model_runtime::Layer for Opaque {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.tower, seed.child("tower"), &[value(&Self::SHAPE_0, 0)]);
        Layer::init(
            &mut self.concatenate,
            seed.child("concatenate"),
            &[value(&Self::SHAPE_1, 0), value(&Self::SHAPE_4, 0)],
        );
        Layer::init(
            &mut self.predictions,
            seed.child("predictions"),
            &[value(&Self::SHAPE_7, 0)],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Opaque", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("tower", &self.tower);
        visitor.child("concatenate", &self.concatenate);
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
impl ::model_runtime::Share for Opaque {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Opaque {
            tower: Share::copy_with(&self.tower, copier),
            concatenate: Share::copy_with(&self.concatenate, copier),
            predictions: Share::copy_with(&self.predictions, copier),
        }
    }
}
impl Opaque {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Opaque",
            inputs: &[port("x", value(&Self::SHAPE_0, 0), Input(0))],
            outputs: &[port("predictions", value(&Self::SHAPE_8, 0), Call(6, 0))],
            calls: &[
                layer(
                    "tower",
                    "Dense",
                    Some(Self::SIZE_1),
                    &[Input(0)],
                    &[value(&Self::SHAPE_1, 0)],
                ),
                function("multiply", &[Input(0)], &[value(&Self::SHAPE_2, 0)]),
                layer(
                    "tower",
                    "Dense",
                    Some(Self::SIZE_4),
                    &[Call(1, 0)],
                    &[value(&Self::SHAPE_4, 0)],
                ),
                layer(
                    "concatenate",
                    "Concatenate",
                    Some(Self::SIZE_5),
                    &[Call(0, 0), Call(2, 0)],
                    &[value(&Self::SHAPE_5, 0)],
                ),
                function("softmax", &[Call(3, 0)], &[value(&Self::SHAPE_6, 0)]),
                function("slice", &[Call(4, 0)], &[value(&Self::SHAPE_7, 0)]),
                layer(
                    "predictions",
                    "Dense",
                    Some(Self::SIZE_8),
                    &[Call(5, 0)],
                    &[value(&Self::SHAPE_8, 0)],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Opaque {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Opaque",
            &["x"],
            &[::model_runtime::private::value(&Self::SHAPE_0, 0)],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_8, 0)],
        )
    }
    const INPUTS_0: &[::model_runtime::Value] = &[];
    const ARGS_0: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Tuple(
            ::model_runtime::spec::Tuple::new(&[(crate::WIDTH) as i64]),
        ),
        ::model_runtime::spec::ArgValue::Word("float32"),
    ];
    const SHAPE_0: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Input",
        Self::INPUTS_0,
        ::model_runtime::spec::layers::input::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_0),
            Self::INPUTS_0,
        ),
    );
    const INPUTS_1: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const ARGS_1: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
        ::model_runtime::spec::ArgValue::Word("relu"),
        ::model_runtime::spec::ArgValue::Bool(true),
        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
        ::model_runtime::spec::ArgValue::Word("zeros"),
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
    ];
    const SHAPE_1: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_1,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_1),
            Self::INPUTS_1,
        ),
    );
    const SIZE_1: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_1),
            Self::INPUTS_1,
        )
        .size();
    const INPUTS_2: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const SHAPE_2: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_2,
        ::model_runtime::spec::operators::rule(
            &::model_runtime::spec::Config::new(&[]),
            Self::INPUTS_2,
        ),
    );
    const INPUTS_3: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
        ::model_runtime::private::value(&Self::SHAPE_2, 0),
    ];
    const ARGS_3: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
        ::model_runtime::spec::ArgValue::Word("relu"),
        ::model_runtime::spec::ArgValue::Bool(true),
        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
        ::model_runtime::spec::ArgValue::Word("zeros"),
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
    ];
    const SHAPE_3: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_3,
        ::model_runtime::private::shared(
            "Dense(crate::HIDDEN, relu)",
            {
                let (first, this) = Self::INPUTS_3.split_at(1);
                let rule = ::model_runtime::spec::layers::dense::rule(
                    &::model_runtime::spec::Config::new(Self::ARGS_3),
                    this,
                );
                let first = ::model_runtime::spec::layers::dense::weights(
                    &::model_runtime::spec::Config::new(Self::ARGS_3),
                    first,
                );
                let this = ::model_runtime::spec::layers::dense::weights(
                    &::model_runtime::spec::Config::new(Self::ARGS_3),
                    this,
                );
                (rule.is_ok(), first, this)
            },
        ),
    );
    const INPUTS_4: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_2, 0),
    ];
    const ARGS_4: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::HIDDEN) as i64),
        ::model_runtime::spec::ArgValue::Word("relu"),
        ::model_runtime::spec::ArgValue::Bool(true),
        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
        ::model_runtime::spec::ArgValue::Word("zeros"),
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
    ];
    const SHAPE_4: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_4,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_4),
            Self::INPUTS_4,
        ),
    );
    const SIZE_4: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_4),
            Self::INPUTS_4,
        )
        .size();
    const INPUTS_5: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
        ::model_runtime::private::value(&Self::SHAPE_4, 0),
    ];
    const ARGS_5: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int(-1),
    ];
    const SHAPE_5: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Concatenate",
        Self::INPUTS_5,
        ::model_runtime::spec::layers::concatenate::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_5),
            Self::INPUTS_5,
        ),
    );
    const SIZE_5: usize = ::model_runtime::spec::layers::concatenate::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_5),
            Self::INPUTS_5,
        )
        .size();
    const INPUTS_6: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_5, 0),
    ];
    const ARGS_6: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::AXIS) as i64),
    ];
    const SHAPE_6: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "softmax",
        Self::INPUTS_6,
        ::model_runtime::spec::functions::softmax::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_6),
            Self::INPUTS_6,
        ),
    );
    const INPUTS_7: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_6, 0),
    ];
    const SHAPE_7: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "a slice",
        Self::INPUTS_7,
        ::model_runtime::spec::slice(
            &[
                ::model_runtime::spec::SliceItem::Range(
                    1,
                    ::core::option::Option::Some((crate::END) as i64),
                ),
            ],
            Self::INPUTS_7,
        ),
    );
    const INPUTS_8: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_7, 0),
    ];
    const ARGS_8: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int(10),
        ::model_runtime::spec::ArgValue::Word("softmax"),
        ::model_runtime::spec::ArgValue::Bool(true),
        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
        ::model_runtime::spec::ArgValue::Word("zeros"),
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
    ];
    const SHAPE_8: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_8,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_8),
            Self::INPUTS_8,
        ),
    );
    const SIZE_8: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_8),
            Self::INPUTS_8,
        )
        .size();
}
const _: () = {
    const _: () = ::model_runtime::private::check(&Opaque::SHAPE_0, &[]);
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Opaque::SHAPE_0, 0),
                origin: "from Input(crate::WIDTH), line 2",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Opaque::SHAPE_0, 0),
                origin: "from Input(crate::WIDTH), line 2",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_3,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Opaque::SHAPE_0, 0),
                origin: "first call, line 4",
            },
            ::model_runtime::spec::Operand {
                name: "x * 2",
                value: ::model_runtime::private::value(&Opaque::SHAPE_2, 0),
                origin: "this call",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_4,
        &[
            ::model_runtime::spec::Operand {
                name: "x * 2",
                value: ::model_runtime::private::value(&Opaque::SHAPE_2, 0),
                origin: "line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_5,
        &[
            ::model_runtime::spec::Operand {
                name: "y",
                value: ::model_runtime::private::value(&Opaque::SHAPE_1, 0),
                origin: "from Dense(crate::HIDDEN, relu), line 4",
            },
            ::model_runtime::spec::Operand {
                name: "tower(x * 2)",
                value: ::model_runtime::private::value(&Opaque::SHAPE_4, 0),
                origin: "from Dense(crate::HIDDEN, relu), line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_6,
        &[
            ::model_runtime::spec::Operand {
                name: "z",
                value: ::model_runtime::private::value(&Opaque::SHAPE_5, 0),
                origin: "from Concatenate(), line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_7,
        &[
            ::model_runtime::spec::Operand {
                name: "z",
                value: ::model_runtime::private::value(&Opaque::SHAPE_6, 0),
                origin: "line 6",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Opaque::SHAPE_8,
        &[
            ::model_runtime::spec::Operand {
                name: "z[1..crate::END]",
                value: ::model_runtime::private::value(&Opaque::SHAPE_7, 0),
                origin: "line 7",
            },
        ],
    );
};
